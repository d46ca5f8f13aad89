"""The laws of the fold: cuts, order of arrival and clocks that are wrong change nothing they should not."""

from __future__ import annotations

import itertools
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from healthtwin.domain import MINUTE_MS, partition_of
from healthtwin.stream import Caused, Fold, LogRecord, NewRecord
from tests.stream.heart_step import HeartStep, episodes_in, episodes_told, reading, tick

START_MS = 1_772_366_400_000
LATENESS_MS = 15 * MINUTE_MS
IDLE_MS = 30 * MINUTE_MS
VALUES = [60.0, 85.0, 95.0, 105.0, 130.0]
PEOPLE = ["ada", "bob", "cyd"]
DEVICES = ["phone", "watch"]


def logged(records: Sequence[NewRecord]) -> list[LogRecord]:
    return [
        LogRecord(
            r.person,
            r.kind,
            r.time_ms,
            r.arrived_ms,
            r.device,
            r.sequence,
            r.key_id,
            r.payload,
            offset,
            partition_of(r.person),
        )
        for offset, r in enumerate(records, 1)
    ]


def new_fold() -> Fold:
    return Fold(HeartStep(), LATENESS_MS, IDLE_MS)


def states(fold: Fold) -> dict[str, bytes]:
    """Everything the fold would save, by person."""
    return {saved.person: repr(saved).encode() for saved in fold.snapshots(fold.changed(), 0)}


def both(fold: Fold, person: str) -> tuple[bytes, bytes]:
    found = fold.peek(person)
    assert found is not None
    return found[0].tobytes(), found[1].tobytes()


def told_by_person(told: Sequence[Caused]) -> dict[str, list[str]]:
    result: dict[str, list[str]] = {}
    for _, change in told:
        ids = result.setdefault(change.person, [])
        if change.id not in ids:
            ids.append(change.id)
    return result


@dataclass(frozen=True)
class Measured:
    person: str
    device: str
    time_ms: int
    value: float
    delay_ms: int

    def record(self, sequence: int | None) -> NewRecord:
        return reading(
            self.person,
            self.time_ms,
            self.value,
            device=f"{self.person}'s {self.device}",
            sequence=sequence,
            arrived_ms=self.time_ms + self.delay_ms,
        )


def measured(most_delay_minutes: int) -> st.SearchStrategy[list[Measured]]:
    one = st.builds(
        Measured,
        st.sampled_from(PEOPLE),
        st.sampled_from(DEVICES),
        st.integers(0, 90).map(lambda minutes: START_MS + minutes * MINUTE_MS),
        st.sampled_from(VALUES),
        st.integers(0, most_delay_minutes).map(lambda minutes: minutes * MINUTE_MS),
    )
    return st.lists(one, max_size=40, unique_by=lambda m: (m.person, m.device, m.time_ms, m.value))


any_record = st.one_of(
    st.builds(
        lambda person, device, at, value, ahead, sequence: reading(
            person,
            START_MS + (at + ahead) * MINUTE_MS,
            value,
            device=device,
            sequence=sequence,
            arrived_ms=START_MS + at * MINUTE_MS,
        ),
        st.sampled_from(PEOPLE),
        st.sampled_from(["", *DEVICES]),
        st.integers(0, 300),
        st.sampled_from(VALUES),
        st.integers(-120, 120),
        st.one_of(st.none(), st.integers(0, 5)),
    ),
    st.builds(lambda at: tick(START_MS + at * MINUTE_MS), st.integers(0, 400)),
)


@given(st.lists(any_record, max_size=60), st.lists(st.integers(0, 60), max_size=8))
def test_how_the_log_is_cut_into_batches_changes_nothing(records: list[NewRecord], cuts: list[int]) -> None:
    log = logged(records)
    one_by_one, in_batches = new_fold(), new_fold()
    told_singly = [change for record in log for change in one_by_one.take([record])]
    edges = sorted({0, len(log), *(min(cut, len(log)) for cut in cuts)})
    told_in_batches: list[Caused] = []
    for start, end in itertools.pairwise(edges):
        told_in_batches += in_batches.take(log[start:end])
    assert states(in_batches) == states(one_by_one)
    assert told_by_person(told_in_batches) == told_by_person(told_singly)


@given(measured(most_delay_minutes=15), st.booleans())
def test_arrival_order_within_the_lateness_changes_neither_states_nor_episodes(
    history: list[Measured], numbered: bool
) -> None:
    in_order = sorted(history, key=lambda m: (m.time_ms, m.person, m.device, m.value))
    records = [(m, m.record(sequence if numbered else None)) for sequence, m in enumerate(in_order)]
    as_measured = [record for _, record in records]
    as_arrived = [record for m, record in sorted(records, key=lambda pair: pair[1].arrived_ms)]
    straight, scrambled = new_fold(), new_fold()
    told_straight = straight.take(logged(as_measured))
    told_scrambled = scrambled.take(logged(as_arrived))
    people = {m.person for m in history}
    for person in people:
        assert both(straight, person)[1] == both(scrambled, person)[1]
    for fold, told in ((straight, told_straight), (scrambled, told_scrambled)):
        believed = episodes_told(told)
        for person in people:
            found = fold.peek(person)
            assert found is not None
            assert found[0]["late"] == found[1]["late"] == 0
            assert believed.get(person, set()) == episodes_in(found[1])

    # Once the watermark has passed everything, what is settled is equal too.
    later = START_MS + 600 * MINUTE_MS
    flush = [
        reading(person, later, 70.0, device=f"{person}'s {device}", sequence=10_000, arrived_ms=later)
        for person in sorted(people)
        for device in DEVICES
    ]
    straight.take(logged(flush))
    scrambled.take(logged(flush))
    for person in people:
        assert both(straight, person) == both(scrambled, person)


@given(measured(most_delay_minutes=0), st.integers(1, 24 * 60))
def test_one_fast_clock_makes_no_other_device_late(history: list[Measured], fast_minutes: int) -> None:
    fold = new_fold()
    ordered = sorted(history, key=lambda m: m.time_ms)
    records = []
    for m in ordered:
        ahead_ms = fast_minutes * MINUTE_MS if m.device == "watch" else 0
        records.append(
            reading(
                m.person,
                m.time_ms + ahead_ms,
                m.value,
                device=f"{m.person}'s {m.device}",
                arrived_ms=m.time_ms,
            )
        )
    fold.take(logged(records))
    for person in {m.person for m in history}:
        found = fold.peek(person)
        assert found is not None
        assert found[1]["late"] == 0
        assert found[1]["rows"] == sum(m.person == person for m in history)


def test_a_row_older_than_the_watermark_teaches_but_raises_nothing() -> None:
    fold = new_fold()
    told = fold.take(logged([reading("ada", START_MS + m * MINUTE_MS, 70.0) for m in (0, 20, 40)]))
    old = reading("ada", START_MS + 10 * MINUTE_MS, 150.0, arrived_ms=START_MS + 41 * MINUTE_MS)
    before = fold.peek("ada")
    told += fold.take(logged([old]))
    after = fold.peek("ada")
    assert before is not None
    assert after is not None
    assert told == []
    assert after[1]["late"] == 1
    assert after[1]["mean"] > before[1]["mean"]


def test_a_device_that_fell_silent_no_longer_holds_the_others_back() -> None:
    fold = new_fold()
    minutes = range(0, 61, 5)
    readings = [reading("ada", START_MS, 70.0, device="watch")]
    readings += [reading("ada", START_MS + m * MINUTE_MS, 70.0, device="phone") for m in minutes]
    records = logged(readings)
    fold.take([r for r in records if r.time_ms <= START_MS + IDLE_MS])
    held = fold.peek("ada")
    assert held is not None
    assert held[0]["rows"] == 0  # the watch may still have something to say about the first minutes
    fold.take([r for r in records if r.time_ms > START_MS + IDLE_MS])
    released = fold.peek("ada")
    assert released is not None
    assert released[0]["last_ms"] == START_MS + 40 * MINUTE_MS  # the last before 60 minutes less the lateness
    assert released[1]["last_ms"] == START_MS + 60 * MINUTE_MS


def test_what_the_house_does_moves_no_watermark() -> None:
    fold = new_fold()
    fold.take(logged([reading("ada", START_MS, 70.0, device="phone")]))
    much_later = START_MS + 600 * MINUTE_MS
    fold.take(logged([reading("ada", much_later, 70.0, device="")]))
    queued = [
        reading("ada", START_MS + m * MINUTE_MS, 70.0, device="phone", arrived_ms=much_later) for m in (5, 10)
    ]
    fold.take(logged(queued))
    found = fold.peek("ada")
    assert found is not None
    assert found[1]["late"] == 0
    assert found[1]["last_ms"] == much_later


def test_an_early_row_that_came_second_moves_the_start_of_the_episode() -> None:
    fold = new_fold()
    first = reading("ada", START_MS + 10 * MINUTE_MS, 130.0, sequence=2)
    second = reading("ada", START_MS + 5 * MINUTE_MS, 120.0, sequence=1, arrived_ms=START_MS + 11 * MINUTE_MS)
    told = fold.take(logged([first, second]))
    assert episodes_told(told) == {"ada": {(START_MS + 5 * MINUTE_MS, 0)}}


def test_an_episode_withdrawn_and_restored_and_withdrawn_is_told_each_time() -> None:
    at = [START_MS + m * MINUTE_MS for m in range(10)]
    arrived = at[9]
    fold = new_fold()
    records = [
        reading("ada", at[8], 130.0, sequence=8, arrived_ms=arrived),  # opens at 8
        reading("ada", at[4], 130.0, sequence=4, arrived_ms=arrived),  # no: at 4
        reading("ada", at[6], 60.0, sequence=6, arrived_ms=arrived),  # closed at 6, so again at 8
        reading("ada", at[7], 130.0, sequence=7, arrived_ms=arrived),  # no: at 7
    ]
    told = fold.take(logged(records))
    assert episodes_told(told) == {"ada": {(at[4], at[6]), (at[7], 0)}}
    assert len({change.id for _, change in told if "/withdrawn/" in change.id}) >= 2


def test_time_passing_raises_silence_once() -> None:
    fold = new_fold()
    fold.take(logged([reading("ada", START_MS, 70.0)]))
    told = fold.take(logged([tick(START_MS + m * MINUTE_MS) for m in (30, 61, 90)]))
    assert [change.id for _, change in told] == [f"ada/silent/{START_MS}/0"]


@given(st.integers(1, 400), st.integers(0, 2**32 - 1))
def test_a_crowd_gets_what_each_would_get_alone(count: int, seed: int) -> None:
    random = np.random.default_rng(seed)
    records = [
        reading(
            f"p{random.integers(40)}",
            START_MS + int(random.integers(60)) * MINUTE_MS,
            float(random.choice(VALUES)),
            sequence=sequence,
            arrived_ms=START_MS + 60 * MINUTE_MS,
        )
        for sequence in range(count)
    ]
    crowd = new_fold()
    crowd.take(logged(records))
    for person in ("p0", "p7"):
        alone = new_fold()
        alone.take([r for r in logged(records) if r.person == person])
        together = crowd.peek(person)
        if together is None:
            assert alone.peek(person) is None
        else:
            assert both(alone, person) == both(crowd, person)
