"""What alarms cost quiet people, and what they find: synthetic adults through the house's own step.

Every person lives `days` ordinary days, and then, from the same learned state, each thing that can happen to
them (`healthtwin.simulate.SCENARIOS`), clear, weak, and as a placebo that bears the name and changes nothing.
Beside the product, on the same messages, stand what it has to beat: NEWS2 alone (a red parameter or 5
points), and "three standard deviations from this person's own mean" per vital, which needs no model.

The people are made up. The figures compare one version of the rules with another, and with plainer rules;
they say nothing of real people, for whom `healthtwin replay` counts alarms on recordings.
"""

from __future__ import annotations

from abc import ABC, abstractmethod
from copy import deepcopy
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Final

import numpy as np

from healthtwin import __version__
from healthtwin.domain import DAY_MS, MINUTE_MS, AlertLevel, decode_change
from healthtwin.domain.arrays import COLUMN, blank_observations
from healthtwin.domain.episode_change import Verb
from healthtwin.episodes import VITALS_KEY
from healthtwin.forecast.news2 import PARAMETERS, URGENT_TOTAL, news2
from healthtwin.pipeline import IS_VITALS, HouseStep, blank_rows
from healthtwin.simulate import SCENARIOS, Strength, draw_person, history, play
from healthtwin_lab.bootstrap import with_interval

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

    from healthtwin.simulate import Scenario, SyntheticMessage, SyntheticPerson

    StructuredArray = NDArray[np.void]

UNTIL_MS: Final = 1_772_366_400_000
"""Where the ordinary days end: 2026-03-01T12:00:00Z."""

LEARNING_DAYS: Final = 14
"""Days before the alarms of quiet life are counted: the twin and the plain rule both learn in them."""

_LATENESS_MS: Final = 15 * MINUTE_MS
_BEFORE_MS: Final = 60 * MINUTE_MS
_CALM_MS: Final = 30 * MINUTE_MS
_TICK_AFTER_MS: Final = 16 * MINUTE_MS
"""What waits for a second reading rises after 15 minutes."""

_RESAMPLES: Final = 2_000
_OWN_SD: Final = 3.0
_LEAST_READINGS: Final = 50
_CARRIED_MS: Final = 4 * 3600 * 1000

_TELLS: Final = frozenset({Verb.OPENED, Verb.RAISED, Verb.WORSENED, Verb.REOPENED, Verb.WOKEN})
_STRENGTHS: Final = (Strength.CLEAR, Strength.WEAK, Strength.NULL)
_LEVELS: Final = {AlertLevel.INFO: "info", AlertLevel.WARNING: "warning", AlertLevel.CRITICAL: "critical"}


@dataclass(slots=True)
class _Heard:
    """What one rule said of one person: times of tellings by level, ms."""

    at: dict[AlertLevel, list[int]] = field(default_factory=lambda: {level: [] for level in AlertLevel})

    def add(self, level: AlertLevel, time_ms: int) -> None:
        self.at[level].append(time_ms)

    def count(self, least: AlertLevel, most: AlertLevel, from_ms: int) -> int:
        return sum(
            time >= from_ms for level in AlertLevel if least <= level <= most for time in self.at[level]
        )

    def first(self, least: AlertLevel, from_ms: int) -> int | None:
        return min(
            (time for level in AlertLevel if level >= least for time in self.at[level] if time >= from_ms),
            default=None,
        )


class _PlainRule(ABC):
    """A rule without episodes of its own: it is told again once it was calm for half an hour."""

    def __init__(self) -> None:
        self.heard = _Heard()
        self._spoke_ms = -(10**15)

    def see(self, message: SyntheticMessage) -> None:
        """Judge one message."""
        if self._speaks(message):
            if message.time_ms - self._spoke_ms > _CALM_MS:
                self.heard.add(AlertLevel.WARNING, message.time_ms)
            self._spoke_ms = message.time_ms

    @abstractmethod
    def _speaks(self, message: SyntheticMessage) -> bool:
        """Whether one message is worth an alarm."""


class _News2(_PlainRule):
    def __init__(self) -> None:
        super().__init__()
        self._latest: dict[str, tuple[int, float]] = {}

    def _speaks(self, message: SyntheticMessage) -> bool:
        if message.values.get("activity_level", 0.0) >= 1.0:  # a score of people at rest
            return False
        for name in PARAMETERS:
            if name in message.values:
                self._latest[name] = (message.time_ms, message.values[name])
        fresh = {
            name: value
            for name, (at_ms, value) in self._latest.items()
            if message.time_ms - at_ms <= _CARRIED_MS
        }
        score = news2(fresh)
        return bool(score.red) or score.total >= URGENT_TOTAL


class _OwnDeviation(_PlainRule):
    """More than three standard deviations from the mean of everything seen of this person so far."""

    def __init__(self) -> None:
        super().__init__()
        self._sums: dict[str, tuple[int, float, float]] = {}

    def _speaks(self, message: SyntheticMessage) -> bool:
        spoke = False
        for name, value in message.values.items():
            if name == "activity_level":
                continue
            count, mean, squares = self._sums.get(name, (0, 0.0, 0.0))
            if count >= _LEAST_READINGS:
                spoke |= abs(value - mean) > _OWN_SD * (squares / (count - 1)) ** 0.5
            count += 1
            step = value - mean
            mean += step / count
            self._sums[name] = (count, mean, squares + step * (value - mean))
        return spoke


RIVALS: Final[dict[str, type[_PlainRule]]] = {
    "NEWS2 alone": _News2,
    "3 sd from the own mean": _OwnDeviation,
}

_Rivals = dict[str, list[_PlainRule]]


def evaluate_alarms(people: int, days: int, seed: int = 0) -> dict[str, Any]:
    """The whole table.

    Args:
        people: how many adults are made up. days: of ordinary life of each, more than `LEARNING_DAYS`.
    """
    rng = np.random.default_rng(seed)
    cast = [draw_person(rng, this_year=2026) for _ in range(people)]
    past = [history(person, days=days, until_ms=UNTIL_MS, rng=rng) for person in cast]
    step = HouseStep(_LATENESS_MS)
    blank = {name: [rule() for _ in cast] for name, rule in RIVALS.items()}
    states, quiet, learned = _live(step, step.blank(people), blank, past)
    draws = rng.integers(people, size=(_RESAMPLES, people))
    from_ms = UNTIL_MS - (days - LEARNING_DAYS) * DAY_MS
    found: dict[str, Any] = {
        "label": "Synthetic people: nothing here was measured on anybody",
        "version": __version__,
        "seed": seed,
        "people": people,
        "quiet_person_days": people * (days - LEARNING_DAYS),
        "quiet": {
            name: _per_day(heard, from_ms, days - LEARNING_DAYS, draws) for name, heard in quiet.items()
        },
        "scenarios": {},
    }
    for scenario in SCENARIOS.values():
        if scenario.silent:
            continue
        found["scenarios"][scenario.name] = {
            "label": scenario.label,
            "wanted": scenario.alarms,
            **{
                str(strength): _scenario(step, states, learned, cast, scenario, strength, rng)
                for strength in _STRENGTHS
            },
        }
    return found


def _scenario(
    step: HouseStep,
    states: StructuredArray,
    learned: _Rivals,
    cast: Sequence[SyntheticPerson],
    scenario: Scenario,
    strength: Strength,
    rng: np.random.Generator,
) -> dict[str, Any]:
    onset_ms = UNTIL_MS + _BEFORE_MS
    sizes = [strength.draw(rng) for _ in cast]
    stretch = [
        play(person, scenario, start_ms=UNTIL_MS, onset_ms=onset_ms, size=size, rng=rng)
        for person, size in zip(cast, sizes, strict=True)
    ]
    _, heard, _ = _live(step, states.copy(), learned, stretch)
    return {name: _found(each, onset_ms) for name, each in heard.items()}


def _live(
    step: HouseStep,
    states: StructuredArray,
    rivals: _Rivals,
    messages: Sequence[Sequence[SyntheticMessage]],
) -> tuple[StructuredArray, dict[str, list[_Heard]], _Rivals]:
    """Everybody's messages through the step, and through copies of the plain rules."""
    product = [_Heard() for _ in messages]
    for k in range(max(map(len, messages))):
        who = np.array([i for i, each in enumerate(messages) if len(each) > k], np.intp)
        part = states[who]
        told = step.advance(part, _rows(who, [messages[i][k] for i in who]), late=False)
        told += _tick_before_the_next(step, part, [messages[i] for i in who], k)
        states[who] = part
        for i, change in told:
            said = decode_change(change.payload)
            if said.verb in _TELLS and said.dedup_key == VITALS_KEY:
                product[int(who[i])].add(said.level, said.at_ms)
    after = deepcopy(rivals)
    for rules in after.values():
        for rule, each in zip(rules, messages, strict=True):
            for message in each:
                rule.see(message)
    heard = {name: [rule.heard for rule in rules] for name, rules in after.items()}
    return states, {"healthtwin": product, **heard}, after


def _tick_before_the_next(
    step: HouseStep, part: StructuredArray, messages: Sequence[Sequence[SyntheticMessage]], k: int
) -> list[tuple[int, Any]]:
    """Let the clock pass for each whose next message comes later than what waits for a second reading."""
    told = []
    for i, each in enumerate(messages):
        due_ms = each[k].time_ms + _TICK_AFTER_MS
        if k + 1 == len(each) or each[k + 1].time_ms > due_ms:
            one = part[i : i + 1]
            told += [(i, change) for _, change in step.tick(one, one.copy(), due_ms)]
    return told


def _rows(who: NDArray[np.intp], messages: Sequence[SyntheticMessage]) -> StructuredArray:
    seen = blank_observations(len(messages))
    for i, message in enumerate(messages):
        seen[i]["time_ms"] = seen[i]["arrived_ms"] = message.time_ms
        for name, value in message.values.items():
            if name == "activity_level":
                seen[i]["activity"] = value
            else:
                seen[i]["value"][COLUMN[name]] = value
    rows = blank_rows(len(messages))
    rows["kind"], rows["observation"] = IS_VITALS, seen
    rows["time_ms"] = rows["arrived_ms"] = seen["time_ms"]
    rows["person"] = [f"person-{i}".encode() for i in who]
    return rows


def _per_day(
    heard: Sequence[_Heard], from_ms: int, days: int, draws: NDArray[np.intp]
) -> dict[str, dict[str, float]]:
    found = {}
    for level, name in _LEVELS.items():
        counts = np.array([each.count(level, level, from_ms) for each in heard], np.float64)
        found[name] = with_interval(counts / days, draws)
    return found


def _found(heard: Sequence[_Heard], onset_ms: int) -> dict[str, Any]:
    """Told at warning or worse after the onset: how many of all, and how long after it."""
    firsts = [each.first(AlertLevel.WARNING, onset_ms) for each in heard]
    minutes = [(first - onset_ms) / MINUTE_MS for first in firsts if first is not None]
    critical = sum(each.first(AlertLevel.CRITICAL, onset_ms) is not None for each in heard)
    only_info = sum(
        first is None and each.first(AlertLevel.INFO, onset_ms) is not None
        for first, each in zip(firsts, heard, strict=True)
    )
    return {
        "told": len(minutes),
        "of": len(heard),
        "critical": critical,
        "only_info": only_info,
        "median_minutes": float(np.median(minutes)) if minutes else None,
    }
