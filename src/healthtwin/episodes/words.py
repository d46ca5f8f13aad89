"""What an alert says: what was seen, what to do, and when it is over; first-aid steps with their source.

What is never said: that all is well, what the matter is, or that a medicine should be taken. "Unusual for
you" is a fact; a diagnosis is not. In a critical alert the emergency number comes first, always.
"""

from __future__ import annotations

from types import MappingProxyType
from typing import TYPE_CHECKING, Final

from healthtwin.domain import RULE_BY_NAME, Advice, AlertLevel, Verb
from healthtwin.domain.said import Said
from healthtwin.episodes.episodes import SILENCE_KEY

if TYPE_CHECKING:
    from collections.abc import Mapping


def _step(code: str, audience: str = "person") -> Advice:
    return Advice(Said.of(f"advice-{code}"), Said.of(f"advice-{code}.source"), (), audience)


_CALL: Final = _step("call")
_NOT_ALONE: Final = _step("not-alone")
_CLINICIAN: Final = _step("clinician")
_AGAIN: Final = _step("again")
_REASON: Final = _step("reason")
_LOOK: Final = _step("look", "family")
_BREATHING: Final = _step("breathing")
_OXIMETER: Final = _step("oximeter")
_RHYTHM: Final = _step("rhythm")
_FAINT: Final = _step("faint")
_COOL: Final = _step("cool")
_WARM: Final = _step("warm")
_PRESSURE: Final = _step("pressure")
_CONFUSED: Final = _step("confused", "family")

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
    {
        Verb.RESOLVED: "alert-over-resolved",
        Verb.CLOSED: "alert-over-closed",
        Verb.WITHDRAWN: "alert-over-withdrawn",
    }
)


def summary(level: AlertLevel, rule: str, dedup_key: str, verb: Verb) -> Said:
    """What stands at the head of a card or a message.

    Args:
        rule: name of the gravest rule that has spoken in the episode.
        verb: the last thing that happened to it (of a correction, what it corrected to).

    >>> summary(AlertLevel.CRITICAL, "oxygen_saturation_very_low", "vitals", Verb.OPENED).facts["what"].code
    'rule-oxygen-saturation-very-low'
    >>> summary(AlertLevel.WARNING, "unusual_for_you", "vitals", Verb.RESOLVED).code
    'alert-over-resolved'
    """
    if (dedup_key, verb) == (SILENCE_KEY, Verb.RESOLVED):
        return Said.of("alert-over-heard-again")
    if verb in _LAST_WORDS:
        return Said(_LAST_WORDS[verb])
    spoken = RULE_BY_NAME.get(rule)
    what = Said.of("alert-attention") if spoken is None else spoken.said
    if dedup_key == SILENCE_KEY:
        return Said.of("alert-summary-silence", what=what)
    return Said.of("alert-summary", level=level.word, what=what)


def advice(level: AlertLevel, rule: str, dedup_key: str) -> tuple[Advice, ...]:
    """What to do, most urgent first, each step with its source; never a medicine.

    >>> [step.said.code for step in advice(AlertLevel.CRITICAL, "not_alert", "vitals")]
    ['advice-call', 'advice-confused', 'advice-not-alone']
    """
    if dedup_key == SILENCE_KEY:
        return (_LOOK,)
    helps = _STEPS.get(rule, ())
    if level is AlertLevel.CRITICAL:
        return (_CALL, *helps, _NOT_ALONE)
    if level is AlertLevel.WARNING:
        return (_CLINICIAN, *helps, _AGAIN)
    return (_REASON, *helps)
