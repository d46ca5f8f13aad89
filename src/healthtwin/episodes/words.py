"""What an alert says: what was seen, what to do, and when it is over; first-aid steps with their source.

What is never said: that all is well, what the matter is, or that a medicine should be taken. "Unusual for
you" is a fact; a diagnosis is not. In a critical alert the emergency number comes first, always.
"""

from __future__ import annotations

from types import MappingProxyType
from typing import TYPE_CHECKING, Final

from healthtwin.domain import RULE_BY_NAME, RULES, Advice, AlertLevel, Verb
from healthtwin.domain.rules import DOUBTFUL, SEEN_NOW_H, within_h_of
from healthtwin.domain.said import Said
from healthtwin.episodes.episodes import SILENCE_KEY

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence


def _step(code: str, audience: str = "person") -> Advice:
    return Advice(Said.of(f"advice-{code}"), Said.of(f"advice-{code}.source"), (), audience)


_CALL: Final = _step("call")
_NOT_ALONE: Final = _step("not-alone")
_SEEN_NOW: Final = _step("seen-now")
_CLINICIAN: Final = _step("clinician")
_AGAIN: Final = _step("again")
_AGAIN_SOON: Final = _step("again-soon")
_AGAIN_WARM: Final = _step("again-warm")
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
_SUGAR: Final = _step("sugar")
_SUGAR_HIGH: Final = _step("sugar-high")

_HELPS: Final = (
    ("oxygen_saturation_very_low", (_BREATHING, _OXIMETER)),
    ("oxygen_saturation", (_BREATHING,)),
    ("breathing_up_oxygen_down", (_BREATHING,)),
    ("respiratory_rate_very_low", (_CONFUSED,)),
    ("respiratory_rate_low", (_CONFUSED,)),
    ("respiratory_rate", (_BREATHING,)),
    ("heart_rate_very_low", (_FAINT,)),
    ("heart_rate_low", (_FAINT,)),
    ("heart_rate", (_RHYTHM,)),
    ("blood_pressure_very_low", (_FAINT,)),
    ("blood_pressure_low", (_FAINT,)),
    ("blood_glucose_very_low", (_SUGAR, _CONFUSED)),
    ("blood_glucose_low", (_SUGAR,)),
    ("blood_glucose", (_SUGAR_HIGH,)),
    ("body_temperature_very_high", (_COOL,)),
    ("body_temperature_high", (_COOL,)),
    ("body_temperature_raised", (_COOL,)),
    ("body_temperature", (_WARM,)),
    ("not_alert", (_CONFUSED,)),
)
"""What helps while the first step is under way, by how a rule's name begins; the first that fits."""

_MEASURE: Final = (
    ("oxygen_saturation", _AGAIN_WARM),
    ("respiratory_rate_very_low", _AGAIN_SOON),
    ("respiratory_rate_low", _AGAIN_SOON),
    ("reading_doubtful", _AGAIN_SOON),
    ("blood_pressure", _PRESSURE),
)
"""When to measure again, by how a rule's name begins: one interval for each vital, else 15 minutes."""

_POSTURES: Final = (_BREATHING, _FAINT)

_SCORE: Final = "news2"
_MEASURED: Final = ("oxygen", "heart", "respiratory", "blood", "body", "not_alert", _SCORE)
"""How names of rules begin whose vital can be measured again."""

MOST_NAMED: Final = 3
"""More signs than these in one sentence are not read; the card lists all."""

_LAST_WORDS: Final[Mapping[Verb, str]] = MappingProxyType(
    {
        Verb.RESOLVED: "alert-over-resolved",
        Verb.CLOSED: "alert-over-closed",
        Verb.WITHDRAWN: "alert-over-withdrawn",
    }
)


def summary(level: AlertLevel, rules: Sequence[str] | str, dedup_key: str, verb: Verb) -> Said:
    """What stands at the head of a card or a message; of a warning also within how long.

    Args:
        rules: names of the rules that stand, gravest first; or the one that does.
        verb: the last thing that happened to it (of a correction, what it corrected to).

    >>> summary(AlertLevel.CRITICAL, ["oxygen_saturation_very_low"], "vitals", Verb.OPENED).facts["what"].code
    'rule-oxygen-saturation-very-low'
    >>> summary(AlertLevel.WARNING, ["unusual_for_you"], "vitals", Verb.RESOLVED).code
    'alert-over-resolved'
    """
    if (dedup_key, verb) == (SILENCE_KEY, Verb.RESOLVED):
        return Said.of("alert-over-heard-again")
    if verb in _LAST_WORDS:
        return Said(_LAST_WORDS[verb])
    rules = (rules,) if isinstance(rules, str) else rules
    named = _to_name(rules)
    what = named[0] if len(named) == 1 else named
    if dedup_key == SILENCE_KEY:
        return Said.of("alert-summary-silence", what=what)
    within = within_h_of(level, rules) or 0
    return Said.of("alert-summary", level=level.word, within=within, what=what)


def _to_name(rules: Sequence[str]) -> tuple[Said, ...]:
    """Which rules stand in one sentence: those of their own vital before a score that sums them up."""
    names = list(dict.fromkeys(rules))
    plain = [name for name in names if not name.startswith(_SCORE)] or names
    known = [RULE_BY_NAME[name].said for name in plain if name in RULE_BY_NAME]
    return tuple(known[:MOST_NAMED]) or (Said.of("alert-attention"),)


def advice(level: AlertLevel, rules: Sequence[str], dedup_key: str) -> tuple[Advice, ...]:
    """What to do, most urgent first, each step with its source; never a medicine.

    Args:
        rules: names of the rules that stand, gravest first.

    >>> [step.said.code for step in advice(AlertLevel.CRITICAL, ["not_alert"], "vitals")]
    ['advice-call', 'advice-confused', 'advice-not-alone']
    >>> [step.said.code for step in advice(AlertLevel.WARNING, ["blood_pressure_high"], "vitals")]
    ['advice-clinician', 'advice-pressure']
    """
    if dedup_key == SILENCE_KEY:
        return (_LOOK,)
    helps = _one_posture(step for rule in rules for step in _helps(rule))
    repeats = list(dict.fromkeys(_again(rule) for rule in rules if not rule.startswith(_SCORE)))
    again = tuple(step for step in repeats if step is not _AGAIN) or (_AGAIN,)
    if level is AlertLevel.CRITICAL:
        while_waiting = tuple(step for step in again if step in (_PRESSURE, _AGAIN_SOON))
        return (_CALL, *helps, *while_waiting, _NOT_ALONE)
    if level is AlertLevel.WARNING:
        first = _SEEN_NOW if within_h_of(level, rules) == SEEN_NOW_H else _CLINICIAN
        return (first, *helps, *again)
    if rules and rules[0] == RULES[DOUBTFUL].name:
        return (*again, _REASON)
    return (_REASON, *helps)


def _helps(rule: str) -> tuple[Advice, ...]:
    return next((steps for name, steps in _HELPS if rule.startswith(name)), ())


def _again(rule: str) -> Advice:
    return next((step for name, step in _MEASURE if rule.startswith(name)), _AGAIN)


def _one_posture(steps: Iterable[Advice]) -> tuple[Advice, ...]:
    """Each step once; nobody can sit up and lie down, so the gravest sign decides."""
    chosen: list[Advice] = []
    for step in steps:
        if step in chosen or (step in _POSTURES and any(other in _POSTURES for other in chosen)):
            continue
        chosen.append(step)
    return tuple(chosen)


def closing(level: AlertLevel, rules: Sequence[str], dedup_key: str) -> Said | None:
    """What would close an open episode; None where only time and further readings tell."""
    if dedup_key == SILENCE_KEY:
        return Said.of("alert-closes-silence")
    if not any(rule.startswith(_MEASURED) for rule in rules):
        return None
    return Said.of("alert-closes", times="two" if level is AlertLevel.CRITICAL else "one")
