"""The laws of the one step, on the real twin, members and episodes: cuts and arrival order change nothing."""

from __future__ import annotations

from typing import TYPE_CHECKING

import msgspec
import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from healthtwin.domain import HOUR_MS, MINUTE_MS, SECOND_MS
from healthtwin.episodes import EpisodeChange, Verb, decode_change
from healthtwin.pipeline import HouseStep
from healthtwin.stream import Caused, Fold
from tests.pipeline.recordings_of_people import ADA, BOB, START, in_the_log, profile, tick, vitals

if TYPE_CHECKING:
    from healthtwin.stream import LogRecord

LATENESS = 15 * MINUTE_MS

heart_rates = st.sampled_from([58.0, 62.0, 66.0, 118.0, 138.0, 160.0])
saturations = st.sampled_from([97.0, 96.0, 93.0, 90.0, 84.0])
moments = st.lists(
    st.tuples(st.integers(0, 12), heart_rates, saturations, st.sampled_from([ADA, BOB])),
    min_size=2,
    max_size=14,
)


def told_by(fold: Fold, records: list[LogRecord], cuts: set[int] = frozenset()) -> list[EpisodeChange]:  # type: ignore[assignment]
    changes: list[Caused] = []
    batch: list[LogRecord] = []
    for number, record in enumerate(records):
        if number in cuts and batch:
            changes += fold.take(batch)
            batch = []
        batch.append(record)
    changes += fold.take(batch)
    return [decode_change(change.payload) for _, change in changes]


def by_person(changes: list[EpisodeChange]) -> dict[str, list[EpisodeChange]]:
    """Order is promised for each person, not among people."""
    return {person: [change for change in changes if change.person == person] for person in (ADA, BOB)}


def new_fold() -> Fold:
    return Fold(HouseStep(LATENESS), LATENESS, 2 * LATENESS)


def states(fold: Fold) -> dict[str, tuple[bytes, bytes]]:
    return {person: tuple(state.tobytes() for state in fold.peek(person) or ()) for person in (ADA, BOB)}  # type: ignore[misc]


def newest(fold: Fold) -> list[tuple[bytes, ...]]:
    return [both[1:] for both in states(fold).values()]


def messages(chosen: list[tuple[int, float, float, str]]) -> list[LogRecord]:
    """One message per person and five minutes, the first of those drawn."""
    seen: dict[tuple[int, str], LogRecord] = {}
    for step, heart_rate, saturation, person in chosen:
        at = START + step * 5 * MINUTE_MS
        seen.setdefault(
            (at, person),
            vitals(at, person=person, heart_rate=heart_rate, spo2=saturation, respiratory_rate=15),
        )
    return [seen[key] for key in sorted(seen)]


def episodes(fold: Fold) -> dict[str, tuple[int, int, int, int]]:
    found = {}
    for person in (ADA, BOB):
        both = fold.peek(person)
        if both is not None:
            vital = both[1]["vitals"]
            found[person] = tuple(vital[name].tolist() for name in ("started_ms", "level", "state", "signs"))
    return found


@given(moments, st.sets(st.integers(1, 13)))
@settings(max_examples=25)
def test_how_messages_are_cut_into_batches_changes_not_a_byte(
    chosen: list[tuple[int, float, float, str]], cuts: set[int]
) -> None:
    records = in_the_log([*messages(chosen), tick(START + 3 * HOUR_MS)])
    whole, pieces = new_fold(), new_fold()
    assert by_person(told_by(whole, records)) == by_person(told_by(pieces, records, cuts))
    assert states(whole) == states(pieces)


@given(moments, st.data())
@settings(max_examples=25)
def test_arrival_order_within_the_lateness_changes_neither_state_nor_episodes(
    chosen: list[tuple[int, float, float, str]], data: st.DataObject
) -> None:
    in_order = messages(chosen)
    delays = data.draw(
        st.lists(st.integers(0, LATENESS - MINUTE_MS), min_size=len(in_order), max_size=len(in_order))
    )
    delayed = [
        msgspec.structs.replace(record, arrived_ms=record.time_ms + delay)
        for record, delay in zip(in_order, delays, strict=True)
    ]
    delayed.sort(key=lambda record: record.arrived_ms)
    straight, shuffled = new_fold(), new_fold()
    told_straight = told_by(straight, in_the_log(in_order))
    told_shuffled = told_by(shuffled, in_the_log(delayed))
    assert newest(straight) == newest(shuffled)
    assert episodes(straight) == episodes(shuffled)
    assert standing_alerts(told_straight) == standing_alerts(told_shuffled)


def standing_alerts(changes: list[EpisodeChange]) -> dict[str, tuple[int, int, str]]:
    """What an alert table holds after these changes: renamed rows moved, withdrawn ones gone."""
    table: dict[str, tuple[int, int, str]] = {}
    for change in changes:
        if change.previous_alert_id is not None:
            table.pop(change.previous_alert_id, None)
        if change.verb is Verb.WITHDRAWN:
            table.pop(change.alert_id, None)
        else:
            table[change.alert_id] = (change.started_ms, int(change.level), change.state.value)
    return table


@given(st.integers(0, 14), st.integers(85, 200))
@settings(max_examples=15)
def test_a_silence_noted_between_readings_leaves_settled_and_newest_state_in_step(
    delay_min: int, gap_min: int
) -> None:
    """Ticks pass while readings are still pending; a delayed one makes the newest state be computed again."""
    limit = HOUR_MS
    person = profile(START, silence_after_ms=limit)
    first = [vitals(START + minute * MINUTE_MS, heart_rate=60) for minute in (0, 5, 10)]
    ticks = [tick(START + minute * MINUTE_MS) for minute in range(15, gap_min + 10, 15)]
    back = START + (gap_min + 10) * MINUTE_MS
    again = vitals(back, heart_rate=61)
    late_one = vitals(back - delay_min * MINUTE_MS, heart_rate=62, arrived_ms=back)
    fold = new_fold()
    told = told_by(fold, in_the_log([person, *first, *ticks, again, late_one]))
    once = {change.id: change for change in told if change.dedup_key == "silence"}
    silences = [change for change in once.values() if change.verb is not Verb.CORRECTED]
    assert [change.verb for change in silences] == [Verb.OPENED, Verb.RESOLVED]
    assert all(change.started_ms == START + 10 * MINUTE_MS + limit for change in silences)
    assert not [change for change in told if change.verb is Verb.WITHDRAWN]


@given(st.integers(0, 2**32 - 1))
@settings(max_examples=4, deadline=None)
def test_states_kept_along_the_pending_readings_change_not_a_byte_and_not_a_word(seed: int) -> None:
    random = np.random.default_rng(seed)
    measured = []
    for n in range(48):
        at = START + n * 5 * SECOND_MS
        delay_ms = int(random.integers(20)) * SECOND_MS
        saturation = 97.0 if random.random() < 0.9 else 84.0
        device = str(random.choice(["d-phone", "d-watch"]))
        measured.append(
            vitals(at, device=device, arrived_ms=at + delay_ms, heart_rate=60.0 + n % 9, spo2=saturation)
        )
    measured.insert(40, tick(measured[39].arrived_ms))
    log = in_the_log(sorted(measured, key=lambda record: record.arrived_ms))
    plain = Fold(HouseStep(LATENESS), LATENESS, 2 * LATENESS, checkpoint_bytes=0)
    quick = new_fold()
    outboxes: list[dict[str, bytes]] = []
    for fold in (plain, quick):
        outbox: dict[str, bytes] = {}
        for _, change in fold.take(log):
            outbox.setdefault(change.id, change.payload)
        outboxes.append(outbox)
    assert states(quick) == states(plain)
    assert list(outboxes[1].items()) == list(outboxes[0].items())


def test_a_delayed_reading_ends_the_silence_that_it_disproves() -> None:
    person = profile(START, silence_after_ms=HOUR_MS)
    spoke = vitals(START, heart_rate=60)
    missed = tick(START + HOUR_MS + MINUTE_MS)
    delayed = vitals(START + 50 * MINUTE_MS, heart_rate=60, arrived_ms=START + 62 * MINUTE_MS)
    told = told_by(new_fold(), in_the_log([person, spoke, missed, delayed]))
    assert [change.verb for change in told] == [Verb.OPENED, Verb.RESOLVED]
