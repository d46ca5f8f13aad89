import sqlite3
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import numpy as np
import pytest

from healthtwin.domain import DAY_MS, HOUR_MS
from healthtwin.domain.errors import CorruptStorage, InvalidInput, StorageBusy, StorageError, StorageFull
from healthtwin.store import SeriesRow, SeriesStore

ADA, BEN = "ba75bb794d557bc4c817b000", "ca75bb794d557bc4c817b111"
HEART_RATE, SPO2 = 1, 4
MORNING = 20_000 * DAY_MS


def test_both_ends_of_a_range_are_included(series: SeriesStore) -> None:
    series.append([(ADA, HEART_RATE, t, float(t), 1.0) for t in (10, 20, 30, 40)], 1)

    t, v = series.range(ADA, HEART_RATE, 20, 30)

    assert t.tolist() == [20, 30]
    assert v.tolist() == [20.0, 30.0]
    assert t.dtype == np.int64
    assert v.dtype == np.float64


def test_rows_come_back_ascending_however_they_arrived(series: SeriesStore) -> None:
    series.append([(ADA, HEART_RATE, t, float(t), 1.0) for t in (30, 10, 40, 20)], 1)

    assert series.range(ADA, HEART_RATE, 0, 100)[0].tolist() == [10, 20, 30, 40]


def test_the_last_of_two_rows_for_one_instant_stands(series: SeriesStore) -> None:
    series.append([(ADA, HEART_RATE, 10, 60.0, 1.0), (ADA, HEART_RATE, 10, 61.0, 1.0)], 1)
    series.append([(ADA, HEART_RATE, 10, 62.0, 0.4)], 2)

    t, v, q = series.range_with_quality(ADA, HEART_RATE, 0, 100)

    assert (t.tolist(), v.tolist(), q.tolist()) == ([10], [62.0], [0.4])


def test_people_and_metrics_are_kept_apart(series: SeriesStore) -> None:
    series.append(
        [(ADA, HEART_RATE, 10, 60.0, 1.0), (BEN, HEART_RATE, 10, 90.0, 1.0), (ADA, SPO2, 10, 97.0, 1.0)], 1
    )

    assert series.range(ADA, HEART_RATE, 0, 100)[1].tolist() == [60.0]
    assert series.range(BEN, HEART_RATE, 0, 100)[1].tolist() == [90.0]
    assert series.range(BEN, SPO2, 0, 100)[1].tolist() == []


def test_an_unknown_person_has_no_rows(series: SeriesStore) -> None:
    assert len(series.range("nobody", HEART_RATE, 0, 100)[0]) == 0
    assert len(series.daily("nobody", HEART_RATE, 0, 100)) == 0
    assert series.latest("nobody") == {}
    series.erase("nobody")


def test_a_replayed_batch_changes_nothing(series: SeriesStore) -> None:
    series.append([(ADA, HEART_RATE, 10, 60.0, 1.0)], 7)

    series.append([(ADA, HEART_RATE, 10, 99.0, 1.0), (ADA, HEART_RATE, 20, 99.0, 1.0)], 7)

    assert series.range(ADA, HEART_RATE, 0, 100)[1].tolist() == [60.0]
    assert series.offset == 7


def test_the_offset_moves_even_where_a_batch_has_no_rows(series: SeriesStore) -> None:
    assert series.offset == -1

    series.append([], 12)

    assert series.offset == 12


def test_what_was_appended_is_there_after_reopening(tmp_path: Path) -> None:
    with SeriesStore(tmp_path / "s.db") as store:
        store.append([(ADA, HEART_RATE, 10, 60.0, 1.0)], 3)
        assert store.sync() == 3

    with SeriesStore(tmp_path / "s.db") as store:
        assert store.offset == 3
        assert store.range(ADA, HEART_RATE, 0, 100)[1].tolist() == [60.0]


@pytest.mark.parametrize(
    ("row", "told"),
    [
        ((ADA, HEART_RATE, 10, float("nan"), 1.0), "row 1, value"),
        ((ADA, HEART_RATE, 10, float("inf"), 1.0), "row 1, value"),
        ((ADA, HEART_RATE, 10, 60.0, 1.5), "row 1, quality"),
        ((ADA, HEART_RATE, 2**60, 60.0, 1.0), "row 1, time_ms"),
    ],
)
def test_a_bad_row_refuses_its_batch_as_a_whole(series: SeriesStore, row: SeriesRow, told: str) -> None:
    with pytest.raises(InvalidInput, match=told):
        series.append([(BEN, HEART_RATE, 10, 60.0, 1.0), row], 1)

    assert series.offset == -1
    assert series.size().people == 0
    series.append([(BEN, HEART_RATE, 10, 61.0, 1.0)], 1)
    assert series.range(BEN, HEART_RATE, 0, 100)[1].tolist() == [61.0]


def test_a_pseudonym_is_never_taken_for_a_statement(series: SeriesStore) -> None:
    wicked = "x'; DROP TABLE hot; --"

    series.append([(wicked, HEART_RATE, 10, 60.0, 1.0)], 1)

    assert series.range(wicked, HEART_RATE, 0, 100)[1].tolist() == [60.0]
    assert series.latest("' OR 1=1 --") == {}


def test_bins_start_at_multiples_of_the_step_and_empty_ones_are_left_out(series: SeriesStore) -> None:
    minutes = {0: 60.0, 59: 70.0, 60: 80.0, 200: 90.0}
    series.append([(ADA, HEART_RATE, MORNING + m * 60_000, v, 1.0) for m, v in minutes.items()], 1)

    bins = series.downsample(ADA, HEART_RATE, MORNING, MORNING + DAY_MS, HOUR_MS)

    assert [(t - MORNING) // HOUR_MS for t in bins.t.tolist()] == [0, 1, 3]
    assert bins.mean.tolist() == [65.0, 80.0, 90.0]
    assert bins.minimum.tolist() == [60.0, 80.0, 90.0]
    assert bins.maximum.tolist() == [70.0, 80.0, 90.0]
    assert bins.count.tolist() == [2, 1, 1]


def test_bins_hold_only_rows_of_the_time_asked_for(series: SeriesStore) -> None:
    series.append([(ADA, HEART_RATE, MORNING + t, float(t), 1.0) for t in (0, 10, 20, 30)], 1)

    bins = series.downsample(ADA, HEART_RATE, MORNING + 10, MORNING + 20, HOUR_MS)

    assert (bins.minimum.tolist(), bins.maximum.tolist(), bins.count.tolist()) == ([10.0], [20.0], [2])


def test_times_before_1970_fall_into_the_bin_below(series: SeriesStore) -> None:
    series.append([(ADA, HEART_RATE, -1, 60.0, 1.0)], 1)

    assert series.downsample(ADA, HEART_RATE, -HOUR_MS, 0, HOUR_MS).t.tolist() == [-HOUR_MS]
    assert series.daily(ADA, HEART_RATE, -1, 0).t.tolist() == [-DAY_MS]


def test_whoever_asks_for_all_time_gets_everything(series: SeriesStore) -> None:
    series.append([(ADA, HEART_RATE, t, 60.0, 1.0) for t in (-DAY_MS, 0, MORNING)], 1)

    assert len(series.range(ADA, HEART_RATE, -(10**30), 10**30)[0]) == 3
    assert len(series.daily(ADA, HEART_RATE, -(10**30), 10**30)) == 3
    assert len(series.range(ADA, HEART_RATE, 10, 9)[0]) == 0


def test_a_step_that_is_none_is_refused(series: SeriesStore) -> None:
    with pytest.raises(InvalidInput, match="step: got 0"):
        series.downsample(ADA, HEART_RATE, 0, 1, 0)


def test_many_threads_read_while_one_appends(series: SeriesStore) -> None:
    def read(_: int) -> bool:
        t, v = series.range(ADA, HEART_RATE, 0, 10**9)
        return bool(np.array_equal(t, np.arange(len(t))) and np.array_equal(v, t.astype(float)))

    with ThreadPoolExecutor(8) as readers:
        answers = []
        for number in range(100):
            series.append([(ADA, HEART_RATE, number, float(number), 1.0)], number)
            answers += [readers.submit(read, n) for n in range(4)]

    assert all(answer.result() for answer in answers)


def test_a_file_that_is_no_database_is_called_damaged(tmp_path: Path) -> None:
    (tmp_path / "s.db").write_bytes(b"no database at all, but long enough to be looked at as one" * 100)

    with pytest.raises(CorruptStorage, match=r"s\.db: the file is damaged"):
        SeriesStore(tmp_path / "s.db")


def test_a_file_of_a_later_version_is_refused(tmp_path: Path) -> None:
    SeriesStore(tmp_path / "s.db").close()
    database = sqlite3.connect(tmp_path / "s.db")
    database.execute("PRAGMA user_version=2")
    database.close()

    with pytest.raises(CorruptStorage, match="format 2"):
        SeriesStore(tmp_path / "s.db")


def test_a_folder_that_is_not_there_is_named(tmp_path: Path) -> None:
    with pytest.raises(StorageError, match="nowhere"):
        SeriesStore(tmp_path / "nowhere" / "s.db")


def test_a_file_that_another_process_holds_is_called_busy(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("healthtwin.engines.sqlite.BUSY_TIMEOUT_S", 0.05)
    with SeriesStore(tmp_path / "s.db") as store:
        other = sqlite3.connect(tmp_path / "s.db", isolation_level=None)
        other.execute("BEGIN IMMEDIATE")
        with pytest.raises(StorageBusy, match=r"s\.db: another program holds the file"):
            store.append([(ADA, HEART_RATE, 10, 60.0, 1.0)], 1)
        other.execute("ROLLBACK")
        other.close()

        store.append([(ADA, HEART_RATE, 10, 60.0, 1.0)], 1)

        assert store.offset == 1


def test_a_full_disk_refuses_the_batch_and_keeps_what_was_there(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """SQLite's own limit on pages fails in the same place and with the same code as a full disk."""
    with SeriesStore(tmp_path / "s.db") as store:
        store.append([(ADA, HEART_RATE, 10, 60.0, 1.0)], 1)
        store._writer.execute("PRAGMA max_page_count=12")  # noqa: SLF001 - no public way to fill a disk
        with pytest.raises(StorageFull, match="no room left"):
            store.append([(ADA, HEART_RATE, t, 60.0, 1.0) for t in range(20_000)], 2)
        store._writer.execute("PRAGMA max_page_count=1000000")  # noqa: SLF001

        assert store.offset == 1
        assert store.range(ADA, HEART_RATE, 0, 10**6)[0].tolist() == [10]
        store.append([(ADA, HEART_RATE, 20, 60.0, 1.0)], 2)
        assert store.range(ADA, HEART_RATE, 0, 10**6)[0].tolist() == [10, 20]
