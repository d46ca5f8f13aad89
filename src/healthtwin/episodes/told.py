"""What of an episode was told: signs with their newest values, and which of them are news to whom.

An item is what is told once: ``"0.0.heart_rate_very_high:1"`` is a rule, ``"0.2.spo2_down:4"`` the fourth
rung of a ladder. Before the name stands how often all of it, and that vital, had ceased before: what ceased
and came back is a new item. A rung includes those above it.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from healthtwin.domain import RULE_BY_NAME, RULES, SECOND_MS, Evidence, Said, Sign
from healthtwin.domain.rules import GRAVEST_FIRST, NEWS2_RED
from healthtwin.domain.signs import rules_in, says
from healthtwin.episodes.ladders import CHANNELS, NEWS2, RULES_OF, SPEAKS, VITAL_OF, VITALS, Channel

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    import numpy as np

    from healthtwin.domain.rules import Rule

Told = dict[str, int]
"""What was told, by item without its rung: the worst rung."""

_GRAVITY: Final = {RULES[number].name: place for place, number in enumerate(GRAVEST_FIRST) if number in RULES}
_RED: Final = RULES[NEWS2_RED].name


def parted(item: str) -> tuple[str, int]:
    """An item's name and rung.

    >>> parted("0.2.spo2_down:4")
    ('0.2.spo2_down', 4)
    """
    name, _, rung = item.rpartition(":")
    return name, int(rung)


def is_news(item: str, told: Mapping[str, int]) -> bool:
    """Whether an item is worse than what was told of it.

    >>> is_news("0.0.spo2_down:3", {"0.0.spo2_down": 4})
    False
    """
    name, rung = parted(item)
    return rung > told.get(name, 0)


def with_told(told: Mapping[str, int], signs: Iterable[Sign]) -> Told:
    """What was told, with these signs."""
    result = dict(told)
    for sign in signs:
        name, rung = parted(sign.item)
        result[name] = max(result.get(name, 0), rung)
    return result


def told_in(episode: np.void, ladder: np.void | None) -> Told:
    """What of an episode was told and has not ceased."""
    return with_told({}, standing_signs(episode, ladder))


def standing_signs(episode: np.void, ladder: np.void | None) -> tuple[Sign, ...]:
    """The signs that were told and have not ceased, each with its newest value; gravest first."""
    told = rules_in(episode["told"])
    era = int(episode["era"])
    signs = []
    for rule in told:
        vital = _vital_of(rule)
        eras = f"{era}.{int(ladder['era'][vital]) if ladder is not None and vital is not None else 0}"
        metric, value, time_ms = _newest(ladder, vital)
        now = ladder is None or vital is None or _side(ladder, vital) in (_side_of(rule.name), None)
        now = now and not (ladder is not None and vital is not None and not _stands(ladder, vital))
        signs.append(Sign(rule.name, metric, value, time_ms, f"{eras}.{rule.name}:1", now))
    if ladder is not None:
        for i, channel in enumerate(CHANNELS):
            rung = int(ladder["told_rung"][i])
            if rung >= SPEAKS[i]:
                vital = int(VITAL_OF[i])
                metric, value, time_ms = _newest(ladder, vital)
                item = f"{era}.{int(ladder['era'][vital])}.{channel.name}:{rung}"
                now = int(ladder["seen_rung"][i]) > 0
                signs.append(Sign(_rule_of(channel, told), metric, value, time_ms, item, now))
    return tuple(sorted(signs, key=lambda sign: (_GRAVITY.get(sign.rule, len(_GRAVITY)), sign.item)))


def shown_signs(signs: Iterable[Sign]) -> tuple[Sign, ...]:
    """One sign for each vital and one for each rule without one: what people are shown.

    Of a vital that fell after it had been high, the newest value speaks of the one and not of the other.
    """
    found: dict[tuple[str, str | None], Sign] = {}
    measured: set[str] = set()
    for sign in sorted(signs, key=lambda sign: not sign.now):
        key = ("", sign.metric) if sign.metric is not None else (sign.rule, None)
        if sign.metric is not None:
            measured |= {sign.rule, _RED}  # which parameter is red stands there with its value
        found.setdefault(key, sign)
    shown = [sign for sign in found.values() if sign.metric is not None or sign.rule not in measured]
    return tuple(sorted(shown, key=lambda sign: (not sign.now, _GRAVITY.get(sign.rule, len(_GRAVITY)))))


def sign_said(sign: Sign) -> Said:
    """A sign with its newest value, for people; where that speaks no more of it, that it was told before."""
    rule = RULE_BY_NAME.get(sign.rule)
    said = Said.of("alert-attention") if rule is None else rule.said
    if sign.metric is None or sign.value is None or sign.metric == "consciousness":
        return said
    if sign.now:
        return Said.of("evidence-limit", metric=sign.metric, value=sign.value, rule=said)
    return Said.of("evidence-standing", metric=sign.metric, value=sign.value, rule=said)


def standing_facts(signs: Iterable[Sign], mentioned: Iterable[str | None]) -> tuple[Evidence, ...]:
    """The newest value of every standing vital that other facts do not speak of."""
    spoken_of = set(mentioned)
    facts = []
    for sign in shown_signs(signs):
        rule = RULE_BY_NAME.get(sign.rule)
        if rule is None or sign.metric is None or sign.metric in spoken_of or sign.value is None:
            continue
        facts.append(Evidence(sign_said(sign), rule.cited, sign.metric, sign.value, time_ms=sign.time_ms))
    return tuple(facts)


def untold_facts(episode: np.void, ladder: np.void, mentioned: Iterable[str | None]) -> tuple[Evidence, ...]:
    """What stands on a rung by itself and was not told: shown, and told when a later reading shows it too."""
    spoken_of = set(mentioned)
    facts: list[Evidence] = []
    for i, channel in enumerate(CHANNELS):
        rung, vital = int(ladder["seen_rung"][i]), int(VITAL_OF[i])
        metric, value, time_ms = _newest(ladder, vital)
        if rung < SPEAKS[i] or int(ladder["told_rung"][i]) or metric is None or metric in spoken_of:
            continue
        rule = _rule_of(channel, rules_in(episode["signs"]))
        facts += standing_facts([Sign(rule, metric, value, time_ms)], spoken_of)
    return tuple(facts)


def _side_of(rule: str) -> bool | None:
    """Whether a rule speaks of what is too high (True), too low (False), or of neither."""
    if any(word in rule for word in ("low", "below")):
        return False
    if any(word in rule for word in ("high", "raised", "severe", "beyond")):
        return True
    return None


def _side(ladder: np.void, vital: int) -> bool | None:
    """On which side the newest value of a vital stands on a rung: up True, down False."""
    for i, channel in enumerate(CHANNELS):
        if int(VITAL_OF[i]) == vital and int(ladder["seen_rung"][i]) > 0:
            return channel.up
    return None


def _stands(ladder: np.void, vital: int) -> bool:
    """Whether the newest value stands on a rung; one that was never read on any counts as standing."""
    mine = vital == VITAL_OF
    return bool((ladder["seen_rung"][mine] > 0).any()) or not bool((ladder["seen_s"][mine] > 0).any())


def _vital_of(rule: Rule) -> int | None:
    for i in range(len(VITALS)):
        if says(RULES_OF[i], rule.number):
            return i
    return None


def _rule_of(channel: Channel, told: Iterable[Rule]) -> str:
    """The gravest rule that was told of a channel; a score's where it has none of its own."""
    vital = VITALS.index(channel.vital)
    own = [rule.name for rule in told if says(RULES_OF[vital], rule.number)]
    sided = [name for name in own if _side_of(name) in (channel.up, None)]
    return (sided or [_RED])[0]


def _newest(ladder: np.void | None, vital: int | None) -> tuple[str | None, float | None, int | None]:
    if ladder is None or vital is None or not int(ladder["read_s"][vital]):
        return None, None, None
    metric = None if VITALS[vital] == NEWS2 else VITALS[vital]
    value = round(float(ladder["value"][vital]), 2)
    return metric, value, int(ladder["read_s"][vital]) * SECOND_MS
