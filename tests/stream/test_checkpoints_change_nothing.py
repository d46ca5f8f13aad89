"""Checkpoints along the pending rows save work and nothing else: the plain fold is what counts."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from healthtwin.domain import DAY_MS, SECOND_MS
from healthtwin.stream import Caused, Fold, LogRecord, NewRecord
from tests.stream.heart_step import HeartStep, StructuredArray, reading, tick
from tests.stream.test_order_and_lateness import (
    IDLE_MS,
    LATENESS_MS,
    START_MS,
    VALUES,
    logged,
    states,
)

if TYPE_CHECKING:
    from healthtwin.stream import Change

PLAIN = 0
FEW = 6 * HeartStep().state_dtype.itemsize
ENOUGH = 1 << 20


class TickingStep(HeartStep):
    """What a tick leaves behind outlives the next reading, unlike silence."""

    def __init__(self) -> None:
        super().__init__()
        self.state_dtype = np.dtype([*self.state_dtype.descr, ("ticks", "i8")])
        self.tick_fields = ("silent", "ticks")  # type: ignore[assignment]

    def blank(self, count: int) -> StructuredArray:
        return np.zeros(count, self.state_dtype)

    def tick(
        self, head: StructuredArray, committed: StructuredArray, now_ms: int, payload: bytes
    ) -> list[tuple[int, Change]]:
        head["ticks"] += 1
        committed["ticks"] += 1
        return super().tick(head, committed, now_ms, payload)


class CountingStep(HeartStep):
    """Counts how often a row was taken."""

    taken = 0

    def advance(
        self, state: StructuredArray, rows: StructuredArray, *, late: bool
    ) -> list[tuple[int, Change]]:
        self.taken += len(rows)
        return super().advance(state, rows, late=late)


def new_fold(checkpoint_bytes: int, step: HeartStep | None = None) -> Fold:
    return Fold(step or TickingStep(), LATENESS_MS, IDLE_MS, checkpoint_bytes)


def overtaking(seed: int, count: int, most_delay_s: int, people: int) -> list[LogRecord]:
    """Readings every few seconds from three devices each, delayed at random, with ticks between.

    One in forty is so late that the watermark passed it; half an hour passes once, so that silence is noted.
    """
    random = np.random.default_rng(seed)
    pause_s = int(random.integers(count))
    records: list[tuple[int, NewRecord]] = []
    for n in range(count):
        time_ms = START_MS + (n * 10 + (4000 if n > pause_s else 0)) * SECOND_MS
        delay_s = int(random.integers(most_delay_s + 1)) + (1200 if random.random() < 0.025 else 0)
        arrived_ms = time_ms + delay_s * SECOND_MS
        if random.random() < 0.03:
            records.append((arrived_ms, tick(arrived_ms)))
            continue
        person = f"p{random.integers(people)}"
        record = reading(
            person,
            time_ms - int(random.integers(3)) * SECOND_MS,
            float(random.choice(VALUES)),
            device=f"{person}'s {random.choice(['phone', 'watch', 'ring'])}",
            sequence=int(random.integers(4)) if random.random() < 0.5 else None,
            arrived_ms=arrived_ms,
        )
        records.append((arrived_ms, record))
    records.sort(key=lambda each: each[0])
    return logged([record for _, record in records])


def first_told(told: list[Caused]) -> dict[str, list[Caused]]:
    """What an outbox keeps of it, by person."""
    kept: dict[str, dict[str, Caused]] = {}
    for caused in told:
        change = caused[1]
        kept.setdefault(change.person, {}).setdefault(change.id, caused)
    return {person: list(changes.values()) for person, changes in kept.items()}


@given(
    seed=st.integers(0, 2**32 - 1),
    count=st.integers(40, 130),
    most_delay_s=st.sampled_from([0, 20, 120, 600, 900]),
    people=st.integers(1, 3),
    kept=st.sampled_from([FEW, ENOUGH]),
    stop_after=st.floats(0, 0.5),
)
@settings(max_examples=12, deadline=None)
def test_a_fold_with_checkpoints_knows_and_tells_what_a_plain_one_does(
    seed: int, count: int, most_delay_s: int, people: int, kept: int, stop_after: float
) -> None:
    log = overtaking(seed, count, most_delay_s, people)
    plain, quick = new_fold(PLAIN), new_fold(kept)
    stop = int(stop_after * len(log))
    told_plain, told_quick = plain.take(log[:stop]), quick.take(log[:stop])
    assert states(quick) == states(plain)

    # A restart has no checkpoints and goes on all the same.
    restarted = new_fold(kept)
    restarted.clock_ms = quick.clock_ms
    for person in quick.snapshots(np.arange(len(quick.people)), stop):
        restarted.load(person)
    before_restart = list(told_quick)
    for start in range(stop, len(log), 7):
        told_plain += plain.take(log[start : start + 7])
        told_quick += quick.take(log[start : start + 7])
        before_restart += restarted.take(log[start : start + 7])
        assert states(quick) == states(plain)
    assert states(quick) == states(plain)
    assert first_told(told_quick) == first_told(told_plain)
    assert first_told(before_restart) == first_told(told_plain)
    assert all(restarted.peek(p)[1] == plain.peek(p)[1] for p in plain.people)  # type: ignore[index]


def test_an_overtaken_row_costs_what_overtook_it_not_what_is_pending() -> None:
    pending, swapped = 600, 200
    order = list(range(pending))
    for n in range(pending - 2 * swapped, pending, 2):
        order[n], order[n + 1] = order[n + 1], order[n]
    log = logged(
        [
            reading("ada", START_MS + n * SECOND_MS, VALUES[n % len(VALUES)], sequence=n, arrived_ms=START_MS)
            for n in order
        ]
    )
    step = CountingStep()
    fold = new_fold(ENOUGH, step)
    fold.take(log)
    found = fold.peek("ada")
    assert found is not None
    assert found[0]["rows"] == 0
    assert found[1]["rows"] == pending
    assert step.taken < 2 * pending + 5 * swapped  # without them swapped * pending = 120,000


def test_an_upload_of_the_past_that_begins_with_its_newest_row_holds_nobody_up() -> None:
    rows, arrived_ms = 3_000, START_MS + DAY_MS
    log = logged(
        [
            reading("ada", START_MS + n * SECOND_MS, VALUES[n % len(VALUES)], arrived_ms=arrived_ms)
            for n in reversed(range(rows))
        ]
    )
    step = CountingStep()
    fold = new_fold(ENOUGH, step)
    fold.take(log)
    found = fold.peek("ada")
    assert found is not None
    assert found[1]["rows"] + found[1]["late"] == rows
    assert step.taken < 5 * rows  # with the whole lateness for it 135 times the rows


def test_memory_for_checkpoints_is_bounded_for_everybody_together() -> None:
    random = np.random.default_rng(7)
    crowd = [
        reading(
            f"p{n % 20}",
            START_MS + int(random.integers(600)) * SECOND_MS,
            float(random.choice(VALUES)),
            sequence=n,
            arrived_ms=START_MS,
        )
        for n in range(1_000)
    ]
    plain, quick = new_fold(PLAIN), new_fold(FEW)
    plain.take(logged(crowd))
    quick.take(logged(crowd))
    assert states(quick) == states(plain)


def forty_then(*after: tuple[str, int, float]) -> list[LogRecord]:
    """Forty readings ten seconds apart, of which the last but one is overtaken; then what is given."""
    order = [*range(38), 39, 38]
    rows = [
        reading("p0", START_MS + n * 10 * SECOND_MS, VALUES[n % 3], arrived_ms=START_MS + 400 * SECOND_MS)
        for n in order
    ]
    later: list[NewRecord] = []
    for kind, second, value in after:
        at_ms = START_MS + second * SECOND_MS
        arrived_ms = START_MS + (500 + len(later)) * SECOND_MS
        later.append(
            tick(arrived_ms) if kind == "tick" else reading("p0", at_ms, value, arrived_ms=arrived_ms)
        )
    return logged([*rows, *later])


def test_a_late_row_makes_checkpoints_worthless() -> None:
    """It changes what is settled; an overtaken row after it must not build on what was kept before."""
    far_ahead = LATENESS_MS // SECOND_MS + 60
    log = forty_then(("row", far_ahead, VALUES[0]), ("row", -30, 199.0), ("row", far_ahead - 5, VALUES[1]))
    plain, quick = new_fold(PLAIN), new_fold(ENOUGH)
    plain.take(log)
    quick.take(log)
    assert states(quick) == states(plain)


def test_a_tick_makes_checkpoints_worthless() -> None:
    log = forty_then(("tick", 0, 0.0), ("row", 385, VALUES[1]))
    plain, quick = new_fold(PLAIN), new_fold(ENOUGH)
    plain.take(log)
    quick.take(log)
    assert states(quick) == states(plain)
