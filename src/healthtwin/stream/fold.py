"""Everybody's state as a function of the log: order, lateness and time, without clock, thread or file."""

from __future__ import annotations

from types import MappingProxyType
from typing import TYPE_CHECKING, Any, Final

import numpy as np

from healthtwin.domain import MINUTE_MS
from healthtwin.domain.log import ERASED, STATELESS, TICK
from healthtwin.stream.checkpoints import CHAIN_WITHOUT, CHECKPOINT_BYTES, Checkpoint, Checkpoints
from healthtwin.stream.devices import NOT_YET, DeviceClocks
from healthtwin.stream.growing import grow, newest_keys
from healthtwin.stream.log_clock import clock_after
from healthtwin.stream.outdated import NEVER_MS, WHEN, Outdated, rebuilt_after_ms, told_anew
from healthtwin.stream.pending import NO_ROW, PendingRows
from healthtwin.stream.person_snapshot import PersonSnapshot, packed, unpacked
from healthtwin.stream.rounds import Round, rounds_of
from healthtwin.stream.sensor_clocks import ClockProblem, SensorClocks
from healthtwin.stream.touched import Touched

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping, Sequence

    from numpy.typing import NDArray

    from healthtwin.domain.arrays import StructuredArray
    from healthtwin.domain.log import LogRecord
    from healthtwin.stream.step import Caused, Step

    People = NDArray[np.int64]
    Stamped = tuple[LogRecord, int]  # with the log's clock at it

PAST_LATENESS_MS: Final = 2 * MINUTE_MS
"""How much later than its device's younger ones a row of the past may come: what an upload may shuffle."""

OVERTAKEN_AT_ONCE: Final = 16
"""A newest state is computed again at once for a row that so many others overtook: an hour of five-minute
readings that comes newest first, or the jitter of two devices at once a second."""

IN_ONE_GO: Final = 64
"""Pending rows that are taken again without a pause; of somebody with more, slice by slice between others."""

_TICK_CHUNK: Final = 16_384
"""People per call of `tick`: what is copied to see who changed stays a few megabytes."""


class Fold:
    """The states of all people after a prefix of the log.

    Each person has two: `committed`, in which every row older than the person's watermark was taken in order
    of (time, sequence), and `head`, which is `committed` with the pending rows on top. A row that comes in
    order advances the head at once; one that a few others overtook has it computed again; one older than
    the watermark is late: it is learned from and raises nothing. After a late row, or one that many
    overtook, the head is computed again when the log's clock has moved on by a time that grows with the
    pending rows, or before a tick: so no order of rows makes them dear, and when it happens follows from the
    log alone. So is one that arrived longer after it was measured than the allowed lateness, if its device
    spoke of `PAST_LATENESS_MS` later before: a device that sends its newest rows first would else have all
    pending ones taken again for each, and everybody's alarms wait for it.

    A person's watermark is the time that all devices still talking have reached, less the allowed lateness.
    A device that speaks of the future counts as having reached the present only, so that one fast clock makes
    nobody else late. A row of a sensor whose clock is known to be slow (`SensorClocks`) is judged as of when
    it would have been by a right one. Where the house's own clock went back by more than the allowed
    lateness (`clock_after`), it was ahead before: what people's states hold of times to come is taken back
    to the present, so that nothing is late for it. All of it follows from the log alone, so a replay takes
    the same decisions.

    Args:
        step: what a row means.
        allowed_lateness_ms: how much later than a younger row a row may come and still count in full.
        idle_after_ms: a device silent for longer no longer holds its person's watermark back.
        checkpoint_bytes: memory for states along the pending rows, so that a row that was overtaken costs as
            many steps as rows overtook it, not as many as are pending. They change nothing else: with 0
            there are none.
    """

    def __init__(
        self,
        step: Step,
        allowed_lateness_ms: int,
        idle_after_ms: int,
        checkpoint_bytes: int = CHECKPOINT_BYTES,
    ) -> None:
        self._step = step
        self._lateness_ms = allowed_lateness_ms
        self._idle_after_ms = idle_after_ms
        self.people: list[str] = []
        self._number: dict[str, int] = {}
        self._committed: StructuredArray = np.empty(0, step.state_dtype)
        self._head: StructuredArray = np.empty(0, step.state_dtype)
        self._watermark: NDArray[np.int64] = np.empty(0, np.int64)
        self._changed: NDArray[np.bool_] = np.empty(0, np.bool_)
        self._contains: NDArray[np.int64] = np.empty(0, np.int64)  # last record in the loaded snapshot
        self._contained = 0
        self._gone: set[int] = set()  # places of people who were erased
        self._deferred: set[int] = set()  # who has records waiting, as a caller says
        self._outdated: dict[int, Outdated] = {}  # by person
        self._under_way: dict[
            int, tuple[StructuredArray, int]
        ] = {}  # due: computed so far, shape (1,), to which row
        self._next_due_ms = NEVER_MS  # no outdated head of those who do not wait is due before
        self._pending = PendingRows(step.row_dtype)
        self._checkpoints = Checkpoints(step.state_dtype.itemsize, checkpoint_bytes)
        self._devices = DeviceClocks()
        self._sensors = SensorClocks(allowed_lateness_ms)
        self._heard_ms: NDArray[np.int64] = np.empty(0, np.int64)  # the log's clock at everybody's last row
        self.clock_ms: int = int(NOT_YET)

    def take(self, records: Sequence[LogRecord]) -> list[Caused]:
        """Take the next records of the log; returns what the world must be told, in order for each person."""
        told: list[Caused] = []
        rows: list[Stamped] = []
        for record, now_ms in self.stamped(records):
            if record.kind == TICK:
                told += self.take_rows(rows)
                rows = []
                told += self.tick(record, now_ms)
            else:
                rows.append((record, now_ms))
        told += self.take_rows(rows)
        while self.has_due:
            told += self.compute_due(IN_ONE_GO)
        return told

    def stamped(self, records: Sequence[LogRecord]) -> list[Stamped]:
        """The records that states still lack, each with the log's clock at it; moves that clock on.

        From then on the records of one person may wait while those of others are taken.
        """
        result: list[Stamped] = []
        for record in records:
            if record.kind == ERASED:  # others are judged as if it still said something
                self.clock_ms = clock_after(self.clock_ms, record, self._lateness_ms)
            elif record.kind == TICK or (record.person and record.kind not in STATELESS):
                self.clock_ms = clock_after(self.clock_ms, record, self._lateness_ms)
                if record.offset > self._contained or not self._is_contained(record):
                    result.append((record, self.clock_ms))
        return result

    def _is_contained(self, record: LogRecord) -> bool:
        """Whether the loaded snapshot of its person has this record; a tick reaches each by themselves."""
        number = self._number.get(record.person)
        return number is not None and record.offset <= int(self._contains[number])

    def defer(self, person: str) -> int:
        """Somebody has records waiting: no tick reaches them until `resume`. Returns their number."""
        number = int(self._numbers([person])[0])
        self._deferred.add(number)
        return number

    def resume(self, number: int) -> None:
        """Nothing of this person waits any more."""
        self._deferred.remove(number)
        if number in self._outdated:
            self._next_due_ms = min(self._next_due_ms, self._outdated[number].due_ms)

    def peek(self, person: str) -> tuple[np.void, np.void] | None:
        """Copies of a person's (committed, head); None for somebody the log has not mentioned."""
        number = self._number.get(person)
        if number is None:
            return None
        committed = self._committed[number : number + 1].copy()
        if number not in self._outdated:
            return committed[0], self._head[number : number + 1].copy()[0]
        head = committed.copy()
        one = np.array([number])
        for _, _, rows in self._pending.in_order(one, np.full(1, NO_ROW, np.int32)):
            self._step.advance(head, rows, late=False)  # what it raises is told when its time has come
        return committed[0], head[0]

    def reached(self, person: str, device: int) -> int | None:
        """The newest time that a device of a person spoke of, by its key; None when it never spoke."""
        return self._devices.reached(self._number[person], device) if person in self._number else None

    def glance(self, person: str, field: str) -> np.void | None:
        """A copy of one field of a person's newest state; any thread may ask while another takes records."""
        number = self._number.get(person)
        if number is None or number >= len(self._head):
            return None
        # One call copies the record: a view would dangle when the array grows under it.
        copied: np.void = self._head[[number]][field][0]
        return copied

    def clock_problems(self, person: str) -> list[ClockProblem]:
        """Sensors of a person whose clocks are wrong."""
        number = self._number.get(person)
        return [] if number is None else self._sensors.problems(number, self.clock_ms)

    def wrong_clocks(self) -> int:
        """How many sensors of all people have wrong clocks; any thread may ask."""
        return self._sensors.wrong(self.clock_ms)

    def pooled(self, pick: Callable[[StructuredArray], NDArray[Any]], part: slice) -> NDArray[Any]:
        """What `pick` finds in the newest states of these people, added up over them."""
        heads = self._head[: len(self.people)][part]
        gone = [number - part.start for number in self._gone if part.start <= number < part.stop]
        return np.asarray(pick(np.delete(heads, gone) if gone else heads).sum(axis=0, dtype=np.float64))

    def changed(self) -> NDArray[np.intp]:
        """Numbers of everybody who changed since they were settled, ascending."""
        return np.flatnonzero(self._changed[: len(self.people)])

    def snapshots(
        self, numbers: NDArray[np.intp], offset: int, held: Mapping[int, int] = MappingProxyType({})
    ) -> Iterator[PersonSnapshot]:
        """These people as they are after the last record taken.

        Args:
            numbers: whose.
            offset: of that record.
            held: of those who wait, by number: the record up to which theirs are taken.
        """
        for number in numbers.tolist():
            yield PersonSnapshot(
                number,
                self.people[number],
                int(self._watermark[number]),
                self._committed[number].tobytes(),
                self._head[number].tobytes(),
                self._when_bytes(number) + self._pending.of(number).tobytes(),
                packed(self._devices.of(number), self._sensors.of(number)),
                held.get(number, offset),
            )

    def settle(self, numbers: NDArray[np.intp]) -> None:
        """The snapshots of these people are stored."""
        self._changed[numbers] = False

    def load(self, saved: PersonSnapshot) -> None:
        """Restore one person; people come in the order of their numbers.

        Records that the snapshot contains may be taken again; they are skipped for this person.
        """
        number = int(self._numbers([saved.person])[0])
        self._watermark[number] = saved.watermark
        if saved.committed:
            self._committed[number] = np.frombuffer(saved.committed, self._step.state_dtype)[0]
            self._head[number] = np.frombuffer(saved.head, self._step.state_dtype)[0]
            heard_ms, *outdated = np.frombuffer(saved.pending, WHEN, 1)[0].tolist()
            self._heard_ms[number] = heard_ms
            it = Outdated(*outdated)
            if it.due_ms != NEVER_MS:
                self._outdated[number] = it
                self._next_due_ms = min(self._next_due_ms, it.due_ms)
            chain = np.frombuffer(saved.pending, self._pending.dtype, -1, WHEN.itemsize)
            self._pending.load(number, chain)
        else:  # of somebody who was erased nothing is left but the place
            self._gone.add(number)
        devices, clocks = unpacked(saved.devices)
        self._devices.load(number, devices)
        self._sensors.load(number, clocks)
        self._changed[number] = False
        self._contains[number] = saved.offset
        self._contained = max(self._contained, saved.offset)

    def _when_bytes(self, number: int) -> bytes:
        it = self._outdated.get(number, Outdated(0, 0, NEVER_MS))
        return np.array((self._heard_ms[number], it.offset, it.arrived_ms, it.due_ms), WHEN).tobytes()

    def forget(self, person: str) -> None:
        """Forget a person; nothing happens when nobody has heard of them.

        The place stays, as that of somebody of whom nothing is known, so that all others keep theirs.
        """
        number = self._number.pop(person, None)
        if number is None:
            return
        self.people[number] = f"{ERASED}-{number}"
        self._number[self.people[number]] = number
        self._pending.clear(np.array([number]))
        self._checkpoints.forget([number])
        self._devices.clear(number)
        self._sensors.clear(number)
        self._outdated.pop(number, None)
        self._under_way.pop(number, None)
        self._deferred.discard(number)
        self._gone.add(number)
        self._committed[number] = self._head[number] = self._step.blank(1)[0]
        self._watermark[number] = self._heard_ms[number] = NOT_YET
        self._changed[number] = False

    def _numbers(self, persons: Sequence[str]) -> People:
        known = self._number
        before = len(known)
        numbers = np.fromiter(
            (known.setdefault(person, len(known)) for person in persons), np.int64, len(persons)
        )
        if len(known) > before:
            self.people.extend(
                list(known)[before:] if before == 0 else newest_keys(known, len(known) - before)
            )
            self._reserve(before, len(known))
        return numbers

    def _reserve(self, before: int, people: int) -> None:
        grow(self._committed, people)
        grow(self._head, people)
        self._committed[before:people] = self._step.blank(people - before)
        self._head[before:people] = self._committed[before:people]
        grow(self._watermark, people, int(NOT_YET))
        grow(self._heard_ms, people, int(NOT_YET))
        grow(self._changed, people)
        self._changed[before:people] = True
        grow(self._contains, people)
        self._pending.reserve(people)
        self._devices.reserve(people)
        self._sensors.reserve(people)

    def take_rows(self, stamped: Sequence[Stamped]) -> list[Caused]:
        """Take rows of any people, those of each person in the order of the log; no ticks among them."""
        if not stamped:
            return []
        people = self._numbers([record.person for record, _ in stamped])
        everything = Round.of(people, stamped, self._step)
        told: list[Caused] = []
        for which in rounds_of(people):
            told += self._take_round(everything.at(which))
        return told + self._compute_due_heads()

    def _take_round(self, batch: Round) -> list[Caused]:
        people, rows = batch.people, batch.rows
        self._changed[people] = True
        told = self._compute_outdated_heads(
            [
                person
                for person, now_ms in zip(people.tolist(), batch.now_ms.tolist(), strict=True)
                if person in self._outdated and self._outdated[person].due_ms <= now_ms
            ]
            if self._outdated
            else ()
        )
        told += self._come_back(people, batch.now_ms)
        self._heard_ms[people] = batch.now_ms
        rows["time_ms"] = self._sensors.note(
            people, rows["device"], rows["sensor"], rows["time_ms"], rows["arrived_ms"], batch.now_ms
        )
        reached_ms = np.minimum(rows["time_ms"], rows["arrived_ms"])
        behind_ms = self._devices.note(people, rows["device"], reached_ms, batch.now_ms)
        past = rows["arrived_ms"] - rows["time_ms"] > self._lateness_ms
        late = (rows["time_ms"] < self._watermark[people]) | (past & (behind_ms > PAST_LATENESS_MS))
        watermark = np.maximum(self._watermark[people], self._passed_ms(people, batch.now_ms))
        if late.any():
            told += self._take_late(batch.only(late))
        if not late.all():
            told += self._take_in_time(batch.only(~late), watermark[~late])
        self._watermark[people] = watermark
        self._commit(people)
        return told

    def _come_back(self, people: People, now_ms: NDArray[np.int64]) -> list[Caused]:
        """Of these, take back to the present who was last heard while the house's clock was ahead."""
        heard_ms = self._heard_ms[people]
        ahead = (heard_ms != NOT_YET) & (heard_ms - self._lateness_ms > now_ms)
        if not ahead.any():
            return []
        those, back_to_ms = people[ahead], now_ms[ahead]
        told = self._compute_outdated_heads([one for one in those.tolist() if one in self._outdated])
        state = self._head[those]
        self._step.come_back(state, back_to_ms, heard_ms[ahead])
        self._head[those] = self._committed[those] = state
        self._pending.clear(those)
        self._checkpoints.forget(those.tolist())
        self._changed[those] = True
        self._heard_ms[those] = back_to_ms
        self._watermark[those] = np.minimum(self._watermark[those], back_to_ms - self._lateness_ms)
        for one, at_ms in zip(those.tolist(), back_to_ms.tolist(), strict=True):
            self._devices.come_back(one, at_ms)
        return told

    def _take_late(self, batch: Round) -> list[Caused]:
        """Learn only; the head is computed again once for a whole message, not for each row."""
        state = self._committed[batch.people]
        changes = self._step.advance(state, batch.rows, late=True)
        self._committed[batch.people] = state
        self._checkpoints.forget(batch.people.tolist())
        self._outdate(batch)
        return [(int(batch.offsets[i]), change) for i, change in changes]

    def _outdate(self, batch: Round) -> None:
        """What came beneath these people's heads is seen in them later: at the latest when first planned."""
        after_ms = rebuilt_after_ms(self._pending.counts(batch.people))
        columns = (batch.people, batch.offsets, batch.rows["arrived_ms"], batch.now_ms + after_ms)
        for person, offset, arrived_ms, due_ms in zip(*(part.tolist() for part in columns), strict=True):
            known = self._outdated.get(person)
            due = due_ms if known is None else min(known.due_ms, due_ms)
            self._outdated[person] = Outdated(offset, arrived_ms, due)
            self._next_due_ms = min(self._next_due_ms, due)

    def _take_in_time(self, batch: Round, watermark: NDArray[np.int64]) -> list[Caused]:
        follow = self._pending.follow(batch.people, batch.rows, batch.content)
        told: list[Caused] = []
        if follow.any():
            part = batch.only(follow)
            self._settle_heads(part.people, watermark[follow])
            told += self._take_in_order(part)
        if not follow.all():
            told += self._take_overtaken(batch.only(~follow))
        return told

    def _take_overtaken(self, batch: Round) -> list[Caused]:
        known = self._checkpoints_before(batch)
        after = np.fromiter((NO_ROW if one is None else one.slot for one in known), np.int32, len(known))
        slots = self._pending.insert(batch.people, batch.rows, batch.content, after)
        later = np.fromiter(
            (
                person in self._outdated or self._pending.has_more_after(slot, OVERTAKEN_AT_ONCE)
                for person, slot in zip(batch.people.tolist(), slots.tolist(), strict=True)
            ),
            np.bool_,
            len(slots),
        )
        if later.any():
            self._outdate(batch.only(later))
        now = batch.only(~later)
        kept = [one for one, waits in zip(known, later.tolist(), strict=True) if not waits]
        return self._compute_heads(now.people, now.offsets, now.rows["arrived_ms"], kept)

    def _checkpoints_before(self, batch: Round) -> list[Checkpoint | None]:
        columns = [batch.rows[name].tolist() for name in ("time_ms", "sequence", "device")]
        people, settled_ms = batch.people.tolist(), self._watermark[batch.people].tolist()
        keys = zip(*columns, batch.content.tolist(), strict=True)
        return [self._checkpoints.before(*each) for each in zip(people, keys, settled_ms, strict=True)]

    def _take_in_order(self, batch: Round) -> list[Caused]:
        state = self._head[batch.people]
        changes = self._step.advance(state, batch.rows, late=False)
        self._head[batch.people] = state
        self._pending.append(batch.people, batch.rows, batch.content)
        return [(int(batch.offsets[i]), change) for i, change in changes]

    def _compute_due_heads(self) -> list[Caused]:
        """Of those who do not wait: for them the log's clock shows what it shows."""
        if self.clock_ms < self._next_due_ms:
            return []
        others = {
            person: it
            for person, it in self._outdated.items()
            if person not in self._deferred and person not in self._under_way
        }
        due = [person for person, it in others.items() if it.due_ms <= self.clock_ms]
        counts = self._pending.counts(np.array(due, np.int64)).tolist()
        self._under_way.update(
            (person, (self._committed[person : person + 1].copy(), NO_ROW))
            for person, count in zip(due, counts, strict=True)
            if count > IN_ONE_GO
        )
        told = self._compute_outdated_heads([person for person in due if person not in self._under_way])
        left = (it.due_ms for person, it in others.items() if it.due_ms > self.clock_ms)
        self._next_due_ms = min(left, default=NEVER_MS)
        return told

    @property
    def has_due(self) -> bool:
        """Whether a newest state is due whose pending rows are too many to be taken again in one go."""
        return bool(self._under_way)

    def compute_due(self, rounds: int) -> list[Caused]:
        """Go on with one such state, by at most so many rows; the person's next record does it at once."""
        person = next(iter(self._under_way))
        state, slot = self._under_way.pop(person)
        if person in self._deferred:
            return []
        cause = self._outdated[person]
        one = np.array([person], np.int64)
        told: list[Caused] = []
        for taken, (_, slots, rows) in enumerate(self._pending.in_order(one, np.array([slot], np.int32))):
            if taken == rounds:
                self._under_way[person] = state, slot
                return told
            changes = self._step.advance(state, rows, late=False)
            told += [(cause.offset, change) for _, change in changes if self._step.tells_on_the_way]
            slot = int(slots[0])
        before = self._head[one]
        self._head[one] = state
        self._changed[one] = True
        del self._outdated[person]
        self._checkpoints.forget([person])
        changed = self._step.reconcile(before[0], state[0], cause.arrived_ms)
        return told + [(cause.offset, told_anew(change, cause.offset)) for change in changed]

    def _compute_outdated_heads(self, people: Sequence[int]) -> list[Caused]:
        if not people:
            return []
        causes = [self._outdated.pop(person) for person in people]
        for person in people:
            self._under_way.pop(person, None)
        self._checkpoints.forget(people)
        self._changed[people] = True
        return self._compute_heads(
            np.array(people, np.int64),
            np.array([cause.offset for cause in causes], np.int64),
            np.array([cause.arrived_ms for cause in causes], np.int64),
        )

    def _compute_heads(
        self,
        people: People,
        offsets: NDArray[np.int64],
        arrived_ms: NDArray[np.int64],
        known: Sequence[Checkpoint | None] = (),
    ) -> list[Caused]:
        """Heads as their committed states and pending rows make them, because of the records at `offsets`.

        What the rows before a checkpoint raise was told when it was made.
        """
        told: list[Caused] = []
        before = self._head[people]
        after = self._committed[people]
        begin = np.full(len(people), NO_ROW, np.int32)
        nth = np.zeros(len(people), np.int64)
        for i, checkpoint in enumerate(known):
            if checkpoint is not None:
                after[i], begin[i], nth[i] = checkpoint.state[0], checkpoint.slot, checkpoint.nth
        for which, slots, rows in self._pending.in_order(people, begin):
            state = after[which]
            changes = self._step.advance(state, rows, late=False)
            after[which] = state
            if self._step.tells_on_the_way:
                told += [(int(offsets[which[i]]), change) for i, change in changes]
            nth[which] += 1
            for i in np.flatnonzero(nth[which] > CHAIN_WITHOUT).tolist():
                key = self._pending.key(int(slots[i]))
                one = Checkpoint(key, int(slots[i]), int(nth[which[i]]), state[i : i + 1].copy())
                self._checkpoints.add(int(people[which[i]]), one)
        self._head[people] = after
        for i, offset in enumerate(offsets.tolist()):
            changed = self._step.reconcile(before[i], after[i], int(arrived_ms[i]))
            told += [(offset, told_anew(change, offset)) for change in changed]
        return told

    def _passed_ms(self, people: People, now_ms: NDArray[np.int64]) -> NDArray[np.int64]:
        """What all devices still talking have reached, less the allowed lateness."""
        slowest = self._devices.slowest(people, now_ms, self._idle_after_ms)
        begun = slowest != NOT_YET
        slowest[begun] -= self._lateness_ms
        return slowest

    def _settle_heads(self, people: People, watermark: NDArray[np.int64]) -> None:
        """Where the watermark passes all that is pending, the head is what would be settled: copy it.

        An import, or a device that speaks once an hour, then costs each row once instead of twice.
        """
        whole = people[self._pending.all_older(people, watermark)]
        if self._outdated:
            whole = whole[[person not in self._outdated for person in whole.tolist()]]
        if whole.size:
            self._committed[whole] = self._head[whole]
            self._pending.clear(whole)
            self._checkpoints.forget(whole.tolist())

    def _commit(self, people: People) -> None:
        """Take into `committed` what the watermarks passed. The head told of it already."""
        waiting = people
        while waiting.size:
            waiting, rows = self._pending.pop_older(waiting, self._watermark[waiting])
            if waiting.size:
                state = self._committed[waiting]
                self._step.advance(state, rows, late=False)
                self._committed[waiting] = state

    def tick(self, record: LogRecord, clock_ms: int) -> list[Caused]:
        """Let time pass for everybody but those who wait; `clock_ms` is the log's clock there."""
        told: list[Caused] = []
        waiting = np.fromiter(self._deferred, np.int64)
        for start in range(0, len(self.people), _TICK_CHUNK):
            end = min(start + _TICK_CHUNK, len(self.people))
            missing = self._contains[start:end] < record.offset
            missing[waiting[(waiting >= start) & (waiting < end)] - start] = False
            if missing.all():
                told += self.tick_those(slice(start, end), record, clock_ms)
            elif missing.any():
                told += self.tick_those(np.flatnonzero(missing) + start, record, clock_ms)
        return told

    def tick_those(self, people: slice | NDArray[np.intp], record: LogRecord, clock_ms: int) -> list[Caused]:
        """Let time pass for these people, whose records before this one are all taken."""
        numbers = np.arange(people.start, people.stop) if isinstance(people, slice) else people
        told = self._compute_before_tick(people)
        told += self._come_back(numbers, np.full(len(numbers), clock_ms, np.int64))
        head, committed = self._head[people], self._committed[people]  # copies, but for a slice
        before = Touched((head, committed), self._step.tick_fields)
        changes = self._step.tick(head, committed, record.time_ms, record.payload)
        touched = before.since()
        if isinstance(people, slice):
            numbers = np.flatnonzero(touched) + people.start
        else:
            self._head[people], self._committed[people] = head, committed
            numbers = people[touched]
        self._changed[numbers] = True
        self._checkpoints.forget(numbers.tolist())
        return told + [(record.offset, change) for _, change in changes]

    def _compute_before_tick(self, people: slice | NDArray[np.intp]) -> list[Caused]:
        """A tick judges newest states, so they are made the newest."""
        if not self._outdated:
            return []
        among = set(range(people.start, people.stop) if isinstance(people, slice) else people.tolist())
        return self._compute_outdated_heads(sorted(among & self._outdated.keys()))
