"""What an alert says: what was seen, what to do, and when it is over. First-aid steps carry their source.

What is never said: that all is well, what the matter is, or that a medicine should be taken. "Unusual for
you" is a fact; a diagnosis is not. In a critical alert the emergency number comes first, always.
"""

from __future__ import annotations

from types import MappingProxyType
from typing import TYPE_CHECKING, Final

from healthtwin.domain import RULE_BY_NAME, Advice, AlertLevel
from healthtwin.episodes.changes import Verb
from healthtwin.episodes.episodes import SILENCE_KEY

if TYPE_CHECKING:
    from collections.abc import Mapping

BACK_IN_RANGE: Final = "Back in your usual range; if you feel ill, call."
DEALT_WITH: Final = "Closed by hand; if you feel ill, call."
EXPLAINED_LATER: Final = "Withdrawn: a reading that arrived later explains it; if you feel ill, call."
HEARD_AGAIN: Final = "Readings are coming in again; they say nothing about the time before."

_HEAD: Final[Mapping[AlertLevel, str]] = MappingProxyType(
    {
        AlertLevel.CRITICAL: "Act now",
        AlertLevel.WARNING: "Contact a clinician within 24 hours",
        AlertLevel.INFO: "Be aware",
    }
)

NHS_999: Final = "NHS, When to call 999 (nhs.uk)"
NHS_111: Final = "NHS, When to use 111 (nhs.uk)"

_CALL: Final = Advice(
    "Call your local emergency number now (112 in Europe, 999 in the United Kingdom, 911 in the United "
    "States and Canada), and say what was measured.",
    NHS_999,
    (),
    "person",
)
_NOT_ALONE: Final = Advice(
    "Do not drive yourself. Unlock the door and let somebody know, so that you are not alone.",
    NHS_999,
    (),
    "person",
)
_CLINICIAN: Final = Advice(
    "Talk to a doctor or nurse within 24 hours; at once if you feel worse. With chest pain, trouble "
    "breathing, confusion, fainting, or weakness on one side call your local emergency number now.",
    NHS_111,
    (),
    "person",
)
_AGAIN: Final = Advice(
    "Sit quietly and measure again in 15 minutes.",
    "Royal College of Physicians, NEWS2 (2017): a raised score is measured again and more often",
    (),
    "person",
)
_REASON: Final = Advice(
    "Is there a reason, such as effort, little sleep, alcohol, heat, or an infection coming on? If you feel "
    "ill, call a doctor; with an emergency sign, your local emergency number.",
    "own baseline: unusual is not the same as ill",
    (),
    "person",
)
_LOOK: Final = Advice(
    "Find out how the person is. Then look at the device: worn, charged, connected?",
    "silence cannot tell an empty battery from a fall",
    (),
    "family",
)

_BREATHING: Final = Advice(
    "Sit upright, lean slightly forward, and loosen tight clothes.",
    "NHS, Shortness of breath (nhs.uk)",
    (),
    "person",
)
_OXIMETER: Final = Advice(
    "While help is on its way, check the oximeter: warm hand, no nail polish, hand still for a minute.",
    "FDA, Pulse Oximeter Basics (fda.gov)",
    (),
    "person",
)
_RHYTHM: Final = Advice(
    "Sit or lie down and stop every effort.", "NHS, Heart palpitations (nhs.uk)", (), "person"
)
_FAINT: Final = Advice("Lie down and raise your legs.", "NHS, Fainting (nhs.uk)", (), "person")
_COOL: Final = Advice(
    "Go to a cool place, take off what keeps you warm, cool the skin with water, and drink if you can.",
    "NHS, Heat exhaustion and heatstroke (nhs.uk)",
    (),
    "person",
)
_WARM: Final = Advice(
    "Go indoors, take off wet clothes, wrap up, and drink something warm and sweet if you are fully awake.",
    "NHS, Hypothermia (nhs.uk)",
    (),
    "person",
)
_PRESSURE: Final = Advice(
    "Sit still for 5 minutes with your back and arm supported, then measure again.",
    "American Heart Association, When to call 911 for high blood pressure (heart.org)",
    (),
    "person",
)
_CONFUSED: Final = Advice(
    "Stay with the person, speak calmly and in short sentences, and do not leave them alone.",
    "NHS, Sudden confusion (delirium) (nhs.uk)",
    (),
    "family",
)

_STEPS: Final[Mapping[str, tuple[Advice, ...]]] = MappingProxyType(
    {
        "oxygen_saturation_very_low": (_BREATHING, _OXIMETER),
        "oxygen_saturation_below_own": (_BREATHING,),
        "breathing_up_oxygen_down": (_BREATHING,),
        "respiratory_rate_very_high": (_BREATHING,),
        "respiratory_rate_very_low": (_CONFUSED,),
        "heart_rate_very_high": (_RHYTHM,),
        "heart_rate_beyond_effort": (_RHYTHM,),
        "heart_rate_very_low": (_FAINT,),
        "blood_pressure_very_low": (_FAINT,),
        "blood_pressure_very_high": (_PRESSURE,),
        "blood_pressure_high": (_PRESSURE,),
        "body_temperature_very_high": (_COOL,),
        "body_temperature_very_low": (_WARM,),
        "not_alert": (_CONFUSED,),
    }
)
"""What helps while the first step is under way, by rule."""

_LAST_WORDS: Final[Mapping[Verb, str]] = MappingProxyType(
    {Verb.RESOLVED: BACK_IN_RANGE, Verb.CLOSED: DEALT_WITH, Verb.WITHDRAWN: EXPLAINED_LATER}
)


def summary(level: AlertLevel, rule: str, dedup_key: str, verb: Verb) -> str:
    """One sentence for the head of a card or a message.

    Args:
        rule: name of the gravest rule that has spoken in the episode.
        verb: the last thing that happened to it (of a correction, what it corrected to).

    >>> summary(AlertLevel.CRITICAL, "oxygen_saturation_very_low", "vitals", Verb.OPENED)
    'Act now: oxygen saturation is very low.'
    >>> summary(AlertLevel.WARNING, "unusual_for_you", "vitals", Verb.RESOLVED)
    'Back in your usual range; if you feel ill, call.'
    """
    if verb in _LAST_WORDS:
        return HEARD_AGAIN if (dedup_key, verb) == (SILENCE_KEY, Verb.RESOLVED) else _LAST_WORDS[verb]
    spoken = RULE_BY_NAME.get(rule)
    what = "your readings need attention" if spoken is None else spoken.text
    head = "Look after this person" if dedup_key == SILENCE_KEY else _HEAD[level]
    return f"{head}: {what}."


def advice(level: AlertLevel, rule: str, dedup_key: str) -> tuple[Advice, ...]:
    """What to do, most urgent first, each step with its source; never a medicine.

    >>> [step.source for step in advice(AlertLevel.CRITICAL, "not_alert", "vitals")][0]
    'NHS, When to call 999 (nhs.uk)'
    """
    if dedup_key == SILENCE_KEY:
        return (_LOOK,)
    helps = _STEPS.get(rule, ())
    if level is AlertLevel.CRITICAL:
        return (_CALL, *helps, _NOT_ALONE)
    if level is AlertLevel.WARNING:
        return (_CLINICIAN, *helps, _AGAIN)
    return (_REASON, *helps)
