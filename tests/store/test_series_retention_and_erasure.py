import struct
from pathlib import Path

import pytest

from healthtwin.domain import DAY_MS, HOUR_MS
from healthtwin.store import SeriesRow, SeriesStore

ADA, BEN = "ba75bb794d557bc4c817b000", "ca75bb794d557bc4c817b111"
HEART_RATE, WEIGHT = 1, 20
FIRST_DAY = 20_454 * DAY_MS  # 2026-01-01


def quarter_hours(person: str, day: int, value: float) -> list[SeriesRow]:
    start = FIRST_DAY + day * DAY_MS
    return [(person, HEART_RATE, start + i * HOUR_MS // 4, value, 1.0) for i in range(96)]


@pytest.fixture
def short(tmp_path: Path) -> SeriesStore:
    return SeriesStore(tmp_path / "short.db", raw_days=10, daily_days=40)


def test_rows_go_after_their_days_and_their_summaries_stay(short: SeriesStore) -> None:
    for day in range(30):
        short.append(quarter_hours(ADA, day, 60.0 + day), day)
    now = FIRST_DAY + 32 * DAY_MS
    short.seal(now)

    short.retain(now)

    t, _ = short.range(ADA, HEART_RATE, 0, now)
    assert t[0] == now - 10 * DAY_MS
    days = short.daily(ADA, HEART_RATE, FIRST_DAY, now)
    assert days.mean.tolist() == [60.0 + day for day in range(30)]
    short.close()


def test_summaries_go_after_their_days_too(short: SeriesStore) -> None:
    for day in range(30):
        short.append(quarter_hours(ADA, day, 60.0), day)
    now = FIRST_DAY + 60 * DAY_MS
    short.seal(now)

    short.retain(now)

    days = short.daily(ADA, HEART_RATE, FIRST_DAY, now)
    assert min(days.t) >= now - 41 * DAY_MS
    assert len(short.range(ADA, HEART_RATE, 0, now)[0]) == 0
    short.close()


def test_a_month_of_a_sparse_metric_stays_until_all_of_it_is_too_old(short: SeriesStore) -> None:
    short.append([(ADA, WEIGHT, FIRST_DAY + day * DAY_MS, 70.0, 1.0) for day in range(31)], 1)
    short.seal(FIRST_DAY + 40 * DAY_MS)

    short.retain(FIRST_DAY + 40 * DAY_MS)  # the horizon is January 31
    assert len(short.range(ADA, WEIGHT, 0, 2**50)[0]) == 31

    short.retain(FIRST_DAY + 41 * DAY_MS)
    assert len(short.range(ADA, WEIGHT, 0, 2**50)[0]) == 0
    short.close()


def test_a_row_that_comes_after_its_day_was_forgotten_still_counts_in_its_summary(short: SeriesStore) -> None:
    short.append(quarter_hours(ADA, 0, 60.0), 1)
    now = FIRST_DAY + 20 * DAY_MS
    short.seal(now)
    short.retain(now)

    short.append([(ADA, HEART_RATE, FIRST_DAY + 7, 157.0, 1.0)], 2)

    for _ in range(2):
        day = short.daily(ADA, HEART_RATE, FIRST_DAY, FIRST_DAY)
        assert (day.count.tolist(), day.mean.tolist(), day.maximum.tolist()) == ([97], [61.0], [157.0])
        short.seal(now)
        short.retain(now)
    short.retain(FIRST_DAY + 50 * DAY_MS)  # a single row lies in the block of its month
    assert len(short.range(ADA, HEART_RATE, 0, 2**50)[0]) == 0
    short.close()


def test_by_default_rows_stay_four_hundred_days(series: SeriesStore) -> None:
    series.append(quarter_hours(ADA, 0, 60.0) + quarter_hours(ADA, 1, 61.0), 1)
    series.seal(FIRST_DAY + 100 * DAY_MS)

    series.retain(FIRST_DAY + 401 * DAY_MS)

    assert set(series.range(ADA, HEART_RATE, 0, 2**50)[1].tolist()) == {61.0}


def test_an_erased_person_is_gone_and_others_are_not(series: SeriesStore) -> None:
    for person in (ADA, BEN):
        series.append(quarter_hours(person, 0, 60.0) + quarter_hours(person, 9, 61.0), series.offset + 1)
    series.seal(FIRST_DAY + 5 * DAY_MS)

    series.erase(ADA)

    assert len(series.range(ADA, HEART_RATE, 0, 2**50)[0]) == 0
    assert series.latest(ADA) == {}
    assert len(series.daily(ADA, HEART_RATE, 0, 2**50)) == 0
    assert len(series.range(BEN, HEART_RATE, 0, 2**50)[0]) == 192
    assert series.size().people == 1


def test_nothing_of_an_erased_person_is_left_in_the_files(tmp_path: Path) -> None:
    """Also not where a hot row lay before it was sealed."""
    canary = 1234.567890123
    bits = struct.pack(">d", canary)  # as SQLite writes a float
    with SeriesStore(tmp_path / "s.db") as store:
        store.append(
            quarter_hours(BEN, 0, 60.0) + [(ADA, HEART_RATE, FIRST_DAY + i, canary, 1.0) for i in range(300)],
            1,
        )
        assert any(bits in path.read_bytes() for path in tmp_path.iterdir())
        store.seal(FIRST_DAY + 5 * DAY_MS)
        store.append([(ADA, HEART_RATE, FIRST_DAY + 6 * DAY_MS, canary, 1.0)], 3)

        store.erase(ADA)

        content = b"".join(path.read_bytes() for path in tmp_path.iterdir())
    assert bits not in content
    assert ADA.encode() not in content


def test_a_person_may_come_back_after_erasure(series: SeriesStore) -> None:
    series.append(quarter_hours(ADA, 0, 60.0), 1)
    series.erase(ADA)

    series.append([(ADA, HEART_RATE, FIRST_DAY, 70.0, 1.0)], 2)

    assert series.range(ADA, HEART_RATE, 0, 2**50)[1].tolist() == [70.0]


def test_the_file_shrinks_when_much_of_it_is_free(short: SeriesStore) -> None:
    for person in range(20):
        short.append(
            [row for day in range(5) for row in quarter_hours(f"p{person}", day, 60.0 + day)], person
        )
    short.seal(FIRST_DAY + 10 * DAY_MS)
    full = short.size().file_bytes

    short.retain(FIRST_DAY + 100 * DAY_MS)

    assert short.size().file_bytes < full / 4
    short.close()
