"""Laws over all interleavings of readings, clicks, ticks and lateness, on the real step and fold.

Acknowledged stays acknowledged unless something new or worse came; nothing is told twice; whatever is
dangerous and not covered is told; how records are cut into batches, and in which order readings arrive,
changes nothing.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import msgspec
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from healthtwin.domain import AlertLevel, EpisodeChange, decode_change
from healthtwin.episodes import with_told
from healthtwin.stream import Caused, Fold, LogRecord
from tests.pipeline.one_house import LATENESS, OneHouse, at
from tests.pipeline.recordings_of_people import ADA, vitals

BOUNDED = settings(
    max_examples=15,
    deadline=None,
    phases=[Phase.explicit, Phase.reuse, Phase.generate],
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large],
)


@dataclass(frozen=True)
class Reading:
    """A message of one of two devices, some minutes late."""

    minute: int
    late: int
    device: str
    values: tuple[tuple[str, float], ...]


@dataclass(frozen=True)
class Click:
    """Somebody decides on what stands."""

    verb: str


@dataclass(frozen=True)
class Tick:
    """The clock is read."""


spo2 = st.sampled_from([97.0, 96.0, 91.0, 88.0, 84.0, 79.0, 70.0])
heart = st.sampled_from([70.0, 80.0, 122.0, 134.0, 156.0, 175.0, 38.0])
breath = st.sampled_from([15.0, 16.0, 26.0, 32.0, 7.0])
some = st.fixed_dictionaries(
    {}, optional={"spo2": spo2, "heart_rate": heart, "respiratory_rate": breath}
).filter(bool)
readings = st.builds(
    Reading,
    minute=st.integers(1, 9),
    late=st.integers(0, 12),
    device=st.sampled_from(["d-phone", "d-watch"]),
    values=some.map(lambda values: tuple(sorted(values.items()))),
)
clicks = st.builds(Click, st.sampled_from(["acknowledge", "acknowledge", "snooze", "resolve", "reopen"]))
what_happens = st.lists(st.one_of(readings, readings, clicks, st.just(Tick())), min_size=3, max_size=18)


def fields(reading: Reading) -> dict[str, Any]:
    """What was measured, by field."""
    return dict(reading.values)


def play(what: list[Reading | Click | Tick]) -> OneHouse:
    """Let it happen, one after the other; a reading is `late` minutes old when it comes."""
    house, now = OneHouse(), 20.0
    for each in what:
        if isinstance(each, Reading):
            now += each.minute
            minute = now - each.late
            house.see(minute, arrives=now, device=each.device, **fields(each))
        elif isinstance(each, Click):
            now += 0.25
            house.act(each.verb, now, until=now + 30 if each.verb == "snooze" else None)
        else:
            now += 1
            house.tick(now)
    house.tick(now + 1)
    return house


@given(what_happens)
@BOUNDED
def test_nothing_is_told_twice(what: list[Reading | Click | Tick]) -> None:
    house = play(what)
    for alert in house.alerts.values():
        told: dict[str, int] = {}
        for message in alert.messages:
            if message.verb in ("woken", "reminded"):
                continue
            known, told = told, with_told(told, message.news)
            raised = message.verb in ("opened", "raised")
            assert raised or told != known, f"{message.verb} told nothing new"
        levels = [message.level for message in alert.messages if message.verb in ("opened", "raised")]
        assert len(set(levels)) == len(levels), "a level was told twice"
    ids = [change.id for change in house.changes]
    assert len(set(ids)) == len(ids)


@given(what_happens)
@BOUNDED
def test_what_somebody_has_in_hand_stays_so_unless_something_new_or_worse_came(
    what: list[Reading | Click | Tick],
) -> None:
    house = OneHouse()
    original = house.put

    def checked(*records: object) -> list[EpisodeChange]:
        quiet = house.fold.peek(ADA) is not None and house.state in ("acknowledged", "snoozed")
        before, messages = house.fold.peek(ADA), len(house.messages)
        told = original(*records)  # type: ignore[arg-type]
        if quiet and house.state == "triggered":
            assert before is not None
            assert len(house.messages) > messages, "it sounds again and nobody was told why"
            newest = house.messages[-1]
            level = int(before[1]["vitals"]["level"])
            assert newest.news or newest.level > level or newest.verb == "woken"
        return told

    house.put = checked  # type: ignore[method-assign]
    now = 20.0
    for each in what:
        if isinstance(each, Reading):
            now += each.minute
            house.see(now - each.late, arrives=now, device=each.device, **fields(each))
        elif isinstance(each, Click):
            now += 0.25
            house.act(each.verb, now, until=now + 30 if each.verb == "snooze" else None)
        else:
            now += 1
            house.tick(now)


URGENT = {
    "spo2_down": ("spo2", 80.0, -1),
    "heart_rate_up": ("heart_rate", 170.0, 1),
}


@given(what_happens)
@BOUNDED
def test_whatever_is_urgent_and_was_not_told_is_told(what: list[Reading | Click | Tick]) -> None:
    """An urgent rung needs no second reading: whoever knew of less is told, whatever they have done."""
    house = play(what)
    urgent = {
        name
        for each in what
        if isinstance(each, Reading) and each.late <= LATENESS // 60_000
        for name, (metric, limit, side) in URGENT.items()
        if any(field == metric and (value - limit) * side >= 0 for field, value in each.values)
    }
    told = {
        sign.item.rpartition(":")[0].rpartition(".")[2]
        for message in house.messages
        for sign in (*message.news, *message.standing)
    }
    late = {each.device for each in what if isinstance(each, Reading) and each.late > 2}
    if not late:  # one that is behind its own device's younger ones teaches and raises nothing
        assert urgent <= told
    if urgent and not late:
        assert any(message.level is AlertLevel.CRITICAL for message in house.messages)


@given(what_happens, st.sets(st.integers(1, 40), max_size=12))
@BOUNDED
def test_how_records_are_cut_into_batches_changes_neither_a_state_nor_a_word(
    what: list[Reading | Click | Tick], cuts: set[int]
) -> None:
    house = play(what)
    again = Fold(house.fold._step, LATENESS, 2 * LATENESS)  # noqa: SLF001 - the same step, fed otherwise
    told: list[Caused] = []
    batch: list[LogRecord] = []
    for number, record in enumerate(house.records):
        if number in cuts and batch:
            told += again.take(batch)
            batch = []
        batch.append(record)
    told += again.take(batch)
    both, others = house.fold.peek(ADA), again.peek(ADA)
    assert both is not None
    assert others is not None
    assert [state.tobytes() for state in both] == [state.tobytes() for state in others]
    once: dict[str, EpisodeChange] = {}
    for _, change in told:
        said = decode_change(change.payload)
        once.setdefault(said.id, said)  # what is computed again may say the same again: the table drops it
    assert list(once.values()) == house.changes


@given(st.lists(readings, min_size=2, max_size=12, unique_by=lambda each: each.device + str(each.late)))
@BOUNDED
def test_the_order_in_which_readings_arrive_decides_nothing(chosen: list[Reading]) -> None:
    """The same readings in time and late: the same episode stands, and the same of it counts as told."""
    measured = [(20 + 4 * number, each.late, each.device, fields(each)) for number, each in enumerate(chosen)]
    straight, shuffled = OneHouse(), OneHouse()
    for minute, _, device, values in measured:
        straight.see(minute, device=device, **values)
    arriving = sorted(measured, key=lambda each: each[0] + each[1])
    records = [
        vitals(at(minute), device=device, arrived_ms=at(minute + late), activity_level=0, **values)
        for minute, late, device, values in arriving
    ]
    for record in records:
        shuffled.put(msgspec.structs.replace(record))
    last = max(minute + late for minute, late, _, _ in measured) + 1
    straight.tick(last)
    shuffled.tick(last)
    one, other = straight.episode, shuffled.episode
    names = ("started_ms", "state", "level", "signs", "told", "resolved_ms")
    assert [one[name].tolist() for name in names] == [other[name].tolist() for name in names]
    assert straight.head["ladder"].tobytes() == shuffled.head["ladder"].tobytes()
