"""What every log promises, as tests. A log's own test class inherits these and says how to open it.

::

    class TestSqliteLog(LogContract):
        @pytest.fixture
        def open_log(self, tmp_path):
            return lambda: SqliteLog(tmp_path / "log.db")
"""

from __future__ import annotations

import itertools
import threading
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field

import msgspec
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from healthtwin.domain import PARTITIONS, partition_of
from healthtwin.domain.errors import InvalidInput
from healthtwin.domain.log import ERASED
from healthtwin.stream import Appended, Log, NewRecord
from tests.stream.heart_step import reading

_RUNS = itertools.count()
T = 1_772_366_400_000


@dataclass
class Shelf:
    """A place where one log lies: opened, closed and opened again."""

    open_log: Callable[[], Log]
    log: Log = field(init=False)

    def __post_init__(self) -> None:
        self.log = self.open_log()

    def reopened(self) -> Log:
        self.log.close()
        self.log = self.open_log()
        return self.log


class LogContract:
    @pytest.fixture
    def open_log(self) -> Callable[[], Log]:
        """How to open the log at one place; the first call creates it empty."""
        raise NotImplementedError

    @pytest.fixture
    def shelf(self, open_log: Callable[[], Log]) -> Iterator[Shelf]:
        shelf = Shelf(open_log)
        yield shelf
        shelf.log.close()

    @pytest.fixture
    def log(self, shelf: Shelf) -> Log:
        return shelf.log

    def test_an_empty_log_has_head_zero_and_nothing_to_read(self, log: Log) -> None:
        assert log.head() == 0
        assert log.read(0, 10) == []
        assert log.append([]) == []

    def test_records_come_back_as_they_went_in(self, log: Log) -> None:
        given_records = [
            NewRecord("ba75", "vitals", T, T + 5, "d-1", 1, 7, b"\x00\xff"),
            NewRecord("", "tick", T + 1, T + 1, "", None, 0, b""),
            NewRecord("ada ü 人", "event", -T, T, "d-ü", 2**63 - 1, 0, b"x" * 100_000),
        ]
        log.append(given_records)
        found = log.read(0, 10)
        assert [NewRecord(*msgspec.structs.astuple(r)[:8]) for r in found] == given_records
        assert [r.partition for r in found] == [partition_of(r.person) for r in given_records]
        assert all(0 <= r.partition < PARTITIONS for r in found)

    def test_offsets_grow_across_appends_and_openings(self, shelf: Shelf) -> None:
        first = shelf.log.append([reading("ada", T, 1.0, sequence=1), reading("ada", T, 2.0, sequence=2)])
        second = shelf.reopened().append([reading("ada", T, 3.0, sequence=3)])
        offsets = [a.offset for a in first + second]
        assert offsets == sorted(set(offsets))
        assert offsets[0] > 0
        assert shelf.log.head() == offsets[-1]

    def test_reading_starts_after_an_offset_and_stops_at_the_limit(self, log: Log) -> None:
        log.append([reading("ada", T, float(i), sequence=i) for i in range(10)])
        everything = log.read(0, 100)
        assert log.read(everything[3].offset, 4) == everything[4:8]
        assert log.read(everything[-1].offset, 4) == []

    def test_single_records_are_found_by_their_offsets(self, log: Log) -> None:
        log.append([reading("ada", T + n, 60.0, sequence=n) for n in range(10)])
        everything = log.read(0, 100)
        asked = [everything[n].offset for n in (0, 3, 4, 9)]
        assert log.at(asked) == [everything[n] for n in (0, 3, 4, 9)]
        assert log.at([]) == []
        log.trim(asked[1])
        assert log.at(asked) == [everything[4], everything[9]]

    def test_the_same_sequence_with_the_same_content_is_a_duplicate(self, shelf: Shelf) -> None:
        record = reading("ada", T, 60.0, sequence=1)
        [stored] = shelf.log.append([record])
        again = msgspec.structs.replace(record, arrived_ms=T + 99)  # sent again, so it arrived later
        assert shelf.log.append([again]) == [Appended(stored.offset, "duplicate")]
        assert shelf.reopened().append([again]) == [Appended(stored.offset, "duplicate")]
        assert len(shelf.log.read(0, 10)) == 1

    def test_the_same_sequence_with_other_content_is_a_conflict_and_drops_nothing(self, log: Log) -> None:
        [stored] = log.append([reading("ada", T, 60.0, sequence=1)])
        outcomes = log.append(
            [
                reading("ada", T, 61.0, sequence=1),
                reading("ada", T + 1, 60.0, sequence=1),
                reading("bob", T, 60.0, sequence=1),
                reading("ada", T, 61.0, sequence=2),
            ]
        )
        assert outcomes[:3] == [Appended(stored.offset, "conflict")] * 3
        assert outcomes[3].outcome == "new"
        assert [r.sequence for r in log.read(0, 10)] == [1, 2]

    def test_each_device_counts_for_itself(self, log: Log) -> None:
        outcomes = log.append(
            [reading("ada", T, 60.0, sequence=1, device=device) for device in ("phone", "watch", "")]
        )
        assert [a.outcome for a in outcomes] == ["new"] * 3

    def test_without_a_sequence_the_content_tells_duplicates(self, shelf: Shelf) -> None:
        outcomes = shelf.log.append(
            [
                reading("ada", T, 60.0),
                reading("ada", T, 60.0, arrived_ms=T + 9),
                reading("ada", T + 1, 60.0),
                reading("ada", T, 61.0),
                reading("bob", T, 60.0),
                reading("ada", T, 60.0, device="watch"),
            ]
        )
        assert [a.outcome for a in outcomes] == ["new", "duplicate", "new", "new", "new", "new"]
        assert outcomes[1].offset == outcomes[0].offset
        [again] = shelf.reopened().append([reading("ada", T, 60.0)])
        assert again == Appended(outcomes[0].offset, "duplicate")

    def test_gaps_and_any_order_of_sequences_are_fine(self, log: Log) -> None:
        outcomes = log.append([reading("ada", T, 60.0, sequence=n) for n in (900, 2, 2**40, 0)])
        assert [a.outcome for a in outcomes] == ["new"] * 4
        assert [r.sequence for r in log.read(0, 10)] == [900, 2, 2**40, 0]

    @pytest.mark.parametrize("sequence", [-1, 2**63])
    def test_an_impossible_sequence_is_refused_with_its_place(self, log: Log, sequence: int) -> None:
        good = reading("ada", T, 60.0, sequence=1)
        with pytest.raises(InvalidInput, match=f"row 1, sequence: got {sequence}; allowed: a whole number"):
            log.append([good, reading("ada", T, 60.0, sequence=sequence)])
        assert log.read(0, 10) == []
        assert log.append([good])[0].outcome == "new"

    def test_trimmed_records_are_gone_but_still_recognised(self, shelf: Shelf) -> None:
        records = [reading("ada", T + i, 60.0, sequence=i if i % 2 else None) for i in range(10)]
        stored = shelf.log.append(records)
        shelf.log.trim(stored[6].offset)
        assert [r.offset for r in shelf.log.read(0, 100)] == [a.offset for a in stored[7:]]
        assert shelf.log.trimmed_through() == stored[6].offset
        assert shelf.reopened().append(records) == [Appended(a.offset, "duplicate") for a in stored]

    def test_a_log_trimmed_empty_goes_on_counting(self, shelf: Shelf) -> None:
        [stored] = shelf.log.append([reading("ada", T, 60.0, sequence=1)])
        shelf.log.trim(stored.offset + 1_000)
        assert shelf.log.read(0, 10) == []
        assert shelf.reopened().head() == stored.offset
        assert shelf.log.append([reading("ada", T, 60.0, sequence=2)])[0].offset > stored.offset

    def test_who_is_erased_leaves_places_and_arrivals_and_nothing_else(self, shelf: Shelf) -> None:
        ada, bob = (reading(person, T, 60.0, device=person, sequence=1) for person in ("ada", "bob"))
        shelf.log.append([ada, bob, reading("ada", T + 1, 61.0, device="ada")])
        before = shelf.log.read(0, 10)

        shelf.log.erase("ada", ["ada"])
        shelf.log.erase("ada", ["ada"])

        on_its_way = reading("ada", T + 2, 62.0, device="ada")
        assert shelf.log.append([on_its_way])[0].outcome == "new"
        after = shelf.reopened().read(0, 10)
        assert [record.offset for record in after] == [1, 2, 3, 4]
        assert [record.person for record in after] == ["", "bob", "", ""]
        assert [record.kind for record in after if not record.person] == [ERASED] * 3
        assert [record.payload for record in after if not record.person] == [b""] * 3
        assert [record.arrived_ms for record in after[:3]] == [record.arrived_ms for record in before]
        assert after[1] == before[1]
        assert shelf.log.about("ada", 0, 10) == []
        assert shelf.log.about("bob", 0, 10) == [after[1]]
        assert shelf.log.append([bob])[0].outcome == "duplicate"
        assert shelf.log.append([ada])[0].outcome == "new"  # nobody remembers that it ever came

    def test_several_threads_append_and_read_at_once(self, log: Log) -> None:
        outcomes: list[Appended] = []
        seen: list[int] = []

        def send(device: str) -> None:
            for n in range(20):
                outcomes.extend(log.append([reading("ada", T + n, 60.0, sequence=n, device=device)]))
                seen.append(len(log.read(0, 1_000)))

        threads = [threading.Thread(target=send, args=(f"d-{i}",)) for i in range(4)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        assert sorted(a.offset for a in outcomes) == [r.offset for r in log.read(0, 1_000)]
        assert {a.outcome for a in outcomes} == {"new"}
        assert max(seen) == 80

    @settings(max_examples=30, suppress_health_check=[HealthCheck.function_scoped_fixture])
    @given(
        st.lists(
            st.lists(
                st.tuples(
                    st.sampled_from(["phone", "watch"]),
                    st.one_of(st.none(), st.integers(0, 4)),
                    st.sampled_from([60.0, 61.0]),
                ),
                max_size=8,
            ),
            max_size=8,
        )
    )
    def test_every_append_agrees_with_a_plain_dictionary(
        self, log: Log, batches: list[list[tuple[str, int | None, float]]]
    ) -> None:
        run = next(_RUNS)  # one log serves all examples, so each has devices of its own
        held: dict[tuple[str, object], tuple[int, float]] = {}
        for batch in batches:
            records = [
                reading("ada", T, value, device=f"{device}-{run}", sequence=sequence)
                for device, sequence, value in batch
            ]
            for (device, sequence, value), outcome in zip(batch, log.append(records), strict=True):
                key = (device, ("content", value)) if sequence is None else (device, sequence)
                assert (outcome.outcome == "new") == (key not in held)
                offset, content = held.setdefault(key, (outcome.offset, value))
                assert outcome.offset == offset
                if outcome.outcome != "new":
                    assert outcome.outcome == ("duplicate" if content == value else "conflict")
