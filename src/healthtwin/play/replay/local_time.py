"""Local times as instants, on the nights when clocks are set.

In autumn an hour (on Lord Howe Island, half of one) comes twice. The order of a file tells which is the
second: times that only grow step back once. Where nothing tells, the first is taken and it is said. In spring
an hour does not come at all: a time within it says that a clock was wrong, and is no time.
"""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from functools import lru_cache
from itertools import pairwise
from typing import TYPE_CHECKING, Final, NamedTuple
from zoneinfo import ZoneInfo

from healthtwin.domain import DAY_MS, to_ms

if TYPE_CHECKING:
    from collections.abc import Hashable, Sequence

DISORDER: Final = 0.05
"""Share of steps against the order up to which a file still has one."""


class Instants(NamedTuple):
    """What local times come to.

    Attributes:
        ms: epoch ms of each; None where there is no such time.
        skipped: places of times that their clocks never showed.
        unsure: places of times that came twice, where nothing tells which is meant; the first was taken.
    """

    ms: list[int | None]
    skipped: list[int]
    unsure: list[int]


def instants(
    moments: Sequence[datetime | None], zones: Sequence[str], series: Sequence[Hashable]
) -> Instants:
    """The instants of local times.

    Args:
        moments: without a zone, or with their own offset; None where nothing could be read.
        zones: IANA zone of each that has no offset.
        series: whose each is, and of what: times of one series are in the order of the file, or are not.
    """
    first: list[int | None] = [None] * len(moments)
    second: dict[int, int] = {}
    skipped: list[int] = []
    for i, moment in enumerate(moments):
        if moment is None:
            continue
        if moment.tzinfo is not None:
            first[i] = to_ms(moment.astimezone(UTC))
            continue
        early, late = _candidates(moment, zones[i])
        if early > late:
            skipped.append(i)
            continue
        first[i] = early
        if early < late:
            second[i] = late
    unsure = _settle(first, second, series) if second else []
    return Instants(first, skipped, unsure)


@lru_cache(maxsize=65_536)
def _candidates(moment: datetime, zone: str) -> tuple[int, int]:
    """The instants before and after clocks were set back; the later one first where they were set forward."""
    at = ZoneInfo(zone)
    before, after = (moment.replace(tzinfo=at, fold=fold).utcoffset() or timedelta() for fold in (0, 1))
    told = to_ms(moment.replace(tzinfo=UTC))
    step = timedelta(milliseconds=1)
    return told - before // step, told - after // step


def _settle(first: list[int | None], second: dict[int, int], series: Sequence[Hashable]) -> list[int]:
    """Choose in place; places of which nothing tells."""
    places: dict[Hashable, list[int]] = {}
    for i, at in enumerate(first):
        if at is not None:
            places.setdefault(series[i], []).append(i)
    unsure = []
    for of_one in places.values():
        if not any(i in second for i in of_one):
            continue
        chosen = _in_order(of_one, first, second)
        if chosen is None:
            unsure += [i for i in of_one if i in second]
            continue
        for run in _runs(of_one, second):
            if all(chosen[i] == second[i] for i in run) or all(chosen[i] != second[i] for i in run):
                unsure += run  # only one of the two hours is in the file, and it could be either
                continue
            for i in run:
                first[i] = chosen[i]
    return sorted(unsure)


def _in_order(places: list[int], first: list[int | None], second: dict[int, int]) -> dict[int, int] | None:
    """The choice by which times grow, or shrink, all along; None where the file has no order."""
    plain = [first[i] for i in places if i not in second]
    # Where no other time stands twice, the second of two equal ones is an hour later.
    apart = len(plain) > 1 and all(a != b for a, b in pairwise(plain))
    rising = _followed(places, first, second, 1, apart)
    falling = _followed(places, first, second, -1, apart)
    broken, chosen = min(rising, falling, key=lambda told: told[0])
    return chosen if broken <= DISORDER * len(places) else None


def _followed(
    places: list[int], first: list[int | None], second: dict[int, int], sign: int, apart: bool
) -> tuple[int, dict[int, int]]:
    """Steps against the order, and which instant was taken of each that came twice."""
    before: int | None = None
    broken, chosen = 0, {}
    for i in places:
        early = first[i]
        if early is None:
            continue
        options = (early, second.get(i, early))[::sign]
        at = options[0]
        if before is not None:
            step = sign * (at - before)
            if step < 0 or (step == 0 and apart):
                at = options[1]
            broken += sign * (at - before) < 0
        if i in second:
            chosen[i] = at
        before = at
    return broken, chosen


def _runs(places: list[int], second: dict[int, int]) -> list[list[int]]:
    """Places that came twice, by the night: those of one night lie within a day."""
    runs: list[list[int]] = []
    for i in sorted((i for i in places if i in second), key=lambda i: (second[i], i)):
        if runs and second[i] - second[runs[-1][-1]] < DAY_MS:
            runs[-1].append(i)
        else:
            runs.append([i])
    return runs
