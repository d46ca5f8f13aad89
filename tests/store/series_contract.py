"""What every store of values over time promises, as tests; an engine's test class inherits them.

::

    class TestSqliteSeries(SeriesContract):
        @pytest.fixture
        def open_series(self, tmp_path):
            return lambda **days: SeriesStore(tmp_path / "series.db", **days)
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor

import numpy as np
import pytest

from healthtwin.domain import DAY_MS, HOUR_MS, MINUTE_MS
from healthtwin.domain.errors import InvalidInput
from healthtwin.store import Series, SeriesRow

ADA, BEN = "ba75bb794d557bc4c817b000", "ca75bb794d557bc4c817b111"
HEART_RATE, SPO2, WEIGHT = 1, 4, 20
MORNING = 20_000 * DAY_MS
NEW_YEAR = 20_454 * DAY_MS  # 2026-01-01
FEBRUARY = 20_500 * DAY_MS  # 2026-02-16: the days below reach over the end of a month


def quarter_hours(person: str, day: int, value: float) -> list[SeriesRow]:
    start = NEW_YEAR + day * DAY_MS
    return [(person, HEART_RATE, start + i * HOUR_MS // 4, value, 1.0) for i in range(96)]


def five_minutes(person: str, day: int) -> list[SeriesRow]:
    times = [FEBRUARY + day * DAY_MS + i * 5 * MINUTE_MS for i in range(288)]
    return [(person, HEART_RATE, t, 60.0 + (i * 7 + day) % 23 / 10, 1.0) for i, t in enumerate(times)]


class SeriesContract:
    @pytest.fixture
    def open_series(self) -> Callable[..., Series]:
        """How to open one place: with `raw_days` and `daily_days` in days, by default the engine's own."""
        raise NotImplementedError

    @pytest.fixture
    def series(self, open_series: Callable[..., Series]) -> Iterator[Series]:
        series = open_series()
        yield series
        series.close()

    @pytest.fixture
    def short(self, open_series: Callable[..., Series]) -> Iterator[Series]:
        series = open_series(raw_days=10, daily_days=40)
        yield series
        series.close()

    def test_what_was_appended_is_there_after_reopening(self, open_series: Callable[..., Series]) -> None:
        series = open_series()
        series.append([(ADA, HEART_RATE, 10, 60.0, 1.0)], 7)
        series.sync()
        series.close()

        again = open_series()
        assert again.offset == 7
        assert again.range(ADA, HEART_RATE, 0, 100)[1].tolist() == [60.0]
        again.close()

    def test_both_ends_of_a_range_are_included(self, series: Series) -> None:
        series.append([(ADA, HEART_RATE, t, float(t), 1.0) for t in (10, 20, 30, 40)], 1)

        t, v = series.range(ADA, HEART_RATE, 20, 30)

        assert t.tolist() == [20, 30]
        assert v.tolist() == [20.0, 30.0]
        assert t.dtype == np.int64
        assert v.dtype == np.float64

    def test_rows_come_back_ascending_however_they_arrived(self, series: Series) -> None:
        series.append([(ADA, HEART_RATE, t, float(t), 1.0) for t in (30, 10, 40, 20)], 1)

        assert series.range(ADA, HEART_RATE, 0, 100)[0].tolist() == [10, 20, 30, 40]

    def test_two_values_of_one_instant_are_two_rows_and_the_same_one_is_one(self, series: Series) -> None:
        series.append([(ADA, SPO2, 10, 97.0, 1.0), (ADA, SPO2, 10, 86.0, 1.0)], 1)
        series.append([(ADA, SPO2, 10, 86.0, 0.4), (ADA, SPO2, 10, 97.0, 1.0)], 2)

        t, v, q = series.range_with_quality(ADA, SPO2, 0, 100)

        assert (t.tolist(), v.tolist(), q.tolist()) == ([10, 10], [86.0, 97.0], [1.0, 1.0])

    @pytest.mark.parametrize(
        ("metric", "values", "shown"),
        [(SPO2, (97.0, 86.0), 86.0), (HEART_RATE, (71.0, 99.0), 99.0), (HEART_RATE, (38.0, 71.0), 38.0)],
    )
    @pytest.mark.parametrize("sealed", ["neither", "first", "both"])
    def test_of_two_newest_values_the_graver_is_shown_whichever_came_last(
        self, series: Series, metric: int, values: tuple[float, float], shown: float, sealed: str
    ) -> None:
        now = MORNING + 5 * DAY_MS
        for offset, value in enumerate(values):
            series.append([(ADA, metric, MORNING, value, 1.0)], offset)
            if sealed == "both" or (sealed == "first" and offset == 0):
                series.seal(now)

        assert series.latest(ADA) == {metric: (MORNING, shown)}
        assert series.range(ADA, metric, 0, now)[1].tolist() == sorted(values)
        day = series.daily(ADA, metric, MORNING, MORNING)
        assert (day.count.tolist(), day.minimum.tolist(), day.maximum.tolist()) == (
            [2],
            [min(values)],
            [max(values)],
        )

    @pytest.mark.parametrize("seed", range(12))
    def test_no_order_of_arrival_and_no_sealing_between_changes_what_is_there(
        self, series: Series, seed: int
    ) -> None:
        order = np.random.default_rng(seed)
        minutes = order.integers(0, 5, 60)
        rows: list[SeriesRow] = [
            (ADA, HEART_RATE, MORNING + int(minute) * 20_000_000, float(order.integers(60, 64)), 1.0)
            for minute in minutes
        ]
        for offset, row in enumerate(rows):
            series.append([row], offset)
            if order.random() < 0.1:
                series.seal(MORNING + 5 * DAY_MS)

        t, v = series.range(ADA, HEART_RATE, 0, MORNING + DAY_MS * 5)

        told = sorted({(row[2], row[3]) for row in rows})
        assert list(zip(t.tolist(), v.tolist(), strict=True)) == told

    def test_people_and_metrics_are_kept_apart(self, series: Series) -> None:
        series.append(
            [(ADA, HEART_RATE, 10, 60.0, 1.0), (BEN, HEART_RATE, 10, 90.0, 1.0), (ADA, SPO2, 10, 97.0, 1.0)],
            1,
        )

        assert series.range(ADA, HEART_RATE, 0, 100)[1].tolist() == [60.0]
        assert series.range(BEN, HEART_RATE, 0, 100)[1].tolist() == [90.0]
        assert series.range(BEN, SPO2, 0, 100)[1].tolist() == []

    def test_an_unknown_person_has_no_rows(self, series: Series) -> None:
        assert len(series.range("nobody", HEART_RATE, 0, 100)[0]) == 0
        assert len(series.daily("nobody", HEART_RATE, 0, 100)) == 0
        assert series.latest("nobody") == {}
        series.erase("nobody")

    def test_a_replayed_batch_changes_nothing(self, series: Series) -> None:
        series.append([(ADA, HEART_RATE, 10, 60.0, 1.0)], 7)

        series.append([(ADA, HEART_RATE, 10, 99.0, 1.0), (ADA, HEART_RATE, 20, 99.0, 1.0)], 7)

        assert series.range(ADA, HEART_RATE, 0, 100)[1].tolist() == [60.0]
        assert series.offset == 7

    def test_the_offset_moves_even_where_a_batch_has_no_rows(self, series: Series) -> None:
        assert series.offset == -1

        series.append([], 12)

        assert series.offset == 12

    @pytest.mark.parametrize(
        ("row", "told"),
        [
            ((ADA, HEART_RATE, 10, float("nan"), 1.0), "row 1, value"),
            ((ADA, HEART_RATE, 10, float("inf"), 1.0), "row 1, value"),
            ((ADA, HEART_RATE, 10, 60.0, 1.5), "row 1, quality"),
            ((ADA, HEART_RATE, 2**60, 60.0, 1.0), "row 1, time_ms"),
        ],
    )
    def test_a_bad_row_refuses_its_batch_as_a_whole(self, series: Series, row: SeriesRow, told: str) -> None:
        with pytest.raises(InvalidInput, match=told):
            series.append([(BEN, HEART_RATE, 10, 60.0, 1.0), row], 1)

        assert series.offset == -1
        assert series.size().people == 0
        series.append([(BEN, HEART_RATE, 10, 61.0, 1.0)], 1)
        assert series.range(BEN, HEART_RATE, 0, 100)[1].tolist() == [61.0]

    def test_a_pseudonym_is_never_taken_for_a_statement(self, series: Series) -> None:
        wicked = "x'; DROP TABLE hot; --"

        series.append([(wicked, HEART_RATE, 10, 60.0, 1.0)], 1)

        assert series.range(wicked, HEART_RATE, 0, 100)[1].tolist() == [60.0]
        assert series.latest("' OR 1=1 --") == {}

    def test_bins_start_at_multiples_of_the_step_and_empty_ones_are_left_out(self, series: Series) -> None:
        minutes = {0: 60.0, 59: 70.0, 60: 80.0, 200: 90.0}
        series.append([(ADA, HEART_RATE, MORNING + m * 60_000, v, 1.0) for m, v in minutes.items()], 1)

        bins = series.downsample(ADA, HEART_RATE, MORNING, MORNING + DAY_MS, HOUR_MS)

        assert [(t - MORNING) // HOUR_MS for t in bins.t.tolist()] == [0, 1, 3]
        assert bins.mean.tolist() == [65.0, 80.0, 90.0]
        assert bins.minimum.tolist() == [60.0, 80.0, 90.0]
        assert bins.maximum.tolist() == [70.0, 80.0, 90.0]
        assert bins.count.tolist() == [2, 1, 1]

    def test_bins_hold_only_rows_of_the_time_asked_for(self, series: Series) -> None:
        series.append([(ADA, HEART_RATE, MORNING + t, float(t), 1.0) for t in (0, 10, 20, 30)], 1)

        bins = series.downsample(ADA, HEART_RATE, MORNING + 10, MORNING + 20, HOUR_MS)

        assert (bins.minimum.tolist(), bins.maximum.tolist(), bins.count.tolist()) == ([10.0], [20.0], [2])

    def test_times_before_1970_fall_into_the_bin_below(self, series: Series) -> None:
        series.append([(ADA, HEART_RATE, -1, 60.0, 1.0)], 1)

        assert series.downsample(ADA, HEART_RATE, -HOUR_MS, 0, HOUR_MS).t.tolist() == [-HOUR_MS]
        assert series.daily(ADA, HEART_RATE, -1, 0).t.tolist() == [-DAY_MS]

    def test_whoever_asks_for_all_time_gets_everything(self, series: Series) -> None:
        series.append([(ADA, HEART_RATE, t, 60.0, 1.0) for t in (-DAY_MS, 0, MORNING)], 1)

        assert len(series.range(ADA, HEART_RATE, -(10**30), 10**30)[0]) == 3
        assert len(series.daily(ADA, HEART_RATE, -(10**30), 10**30)) == 3
        assert len(series.range(ADA, HEART_RATE, 10, 9)[0]) == 0

    def test_a_step_that_is_none_is_refused(self, series: Series) -> None:
        with pytest.raises(InvalidInput, match="step: got 0"):
            series.downsample(ADA, HEART_RATE, 0, 1, 0)

    def test_many_threads_read_while_one_appends(self, series: Series) -> None:
        def read(_: int) -> bool:
            t, v = series.range(ADA, HEART_RATE, 0, 10**9)
            return bool(np.array_equal(t, np.arange(len(t))) and np.array_equal(v, t.astype(float)))

        with ThreadPoolExecutor(8) as readers:
            answers = []
            for number in range(100):
                series.append([(ADA, HEART_RATE, number, float(number), 1.0)], number)
                answers += [readers.submit(read, n) for n in range(4)]

        assert all(answer.result() for answer in answers)

    def test_rows_go_after_their_days_and_their_summaries_stay(self, short: Series) -> None:
        for day in range(30):
            short.append(quarter_hours(ADA, day, 60.0 + day), day)
        now = NEW_YEAR + 32 * DAY_MS
        short.seal(now)

        short.retain(now)

        t, _ = short.range(ADA, HEART_RATE, 0, now)
        assert t[0] == now - 10 * DAY_MS
        days = short.daily(ADA, HEART_RATE, NEW_YEAR, now)
        assert days.mean.tolist() == [60.0 + day for day in range(30)]
        short.close()

    def test_summaries_go_after_their_days_too(self, short: Series) -> None:
        for day in range(30):
            short.append(quarter_hours(ADA, day, 60.0), day)
        now = NEW_YEAR + 60 * DAY_MS
        short.seal(now)

        short.retain(now)

        days = short.daily(ADA, HEART_RATE, NEW_YEAR, now)
        assert min(days.t) >= now - 41 * DAY_MS
        assert len(short.range(ADA, HEART_RATE, 0, now)[0]) == 0
        short.close()

    def test_a_month_of_a_sparse_metric_stays_until_all_of_it_is_too_old(self, short: Series) -> None:
        short.append([(ADA, WEIGHT, NEW_YEAR + day * DAY_MS, 70.0, 1.0) for day in range(31)], 1)
        short.seal(NEW_YEAR + 40 * DAY_MS)

        short.retain(NEW_YEAR + 40 * DAY_MS)  # the horizon is January 31
        assert len(short.range(ADA, WEIGHT, 0, 2**50)[0]) == 31

        short.retain(NEW_YEAR + 41 * DAY_MS)
        assert len(short.range(ADA, WEIGHT, 0, 2**50)[0]) == 0
        short.close()

    def test_a_row_of_a_day_that_was_forgotten_still_counts_in_its_summary(self, short: Series) -> None:
        short.append(quarter_hours(ADA, 0, 60.0), 1)
        now = NEW_YEAR + 20 * DAY_MS
        short.seal(now)
        short.retain(now)

        short.append([(ADA, HEART_RATE, NEW_YEAR + 7, 157.0, 1.0)], 2)

        for _ in range(2):
            day = short.daily(ADA, HEART_RATE, NEW_YEAR, NEW_YEAR)
            assert (day.count.tolist(), day.mean.tolist(), day.maximum.tolist()) == ([97], [61.0], [157.0])
            short.seal(now)
            short.retain(now)
        short.retain(NEW_YEAR + 50 * DAY_MS)  # a single row lies in the block of its month
        assert len(short.range(ADA, HEART_RATE, 0, 2**50)[0]) == 0
        short.close()

    def test_by_default_rows_stay_four_hundred_days(self, series: Series) -> None:
        series.append(quarter_hours(ADA, 0, 60.0) + quarter_hours(ADA, 1, 61.0), 1)
        series.seal(NEW_YEAR + 100 * DAY_MS)

        series.retain(NEW_YEAR + 401 * DAY_MS)

        assert set(series.range(ADA, HEART_RATE, 0, 2**50)[1].tolist()) == {61.0}

    def test_an_erased_person_is_gone_and_others_are_not(self, series: Series) -> None:
        for person in (ADA, BEN):
            series.append(quarter_hours(person, 0, 60.0) + quarter_hours(person, 9, 61.0), series.offset + 1)
        series.seal(NEW_YEAR + 5 * DAY_MS)

        series.erase(ADA)

        assert len(series.range(ADA, HEART_RATE, 0, 2**50)[0]) == 0
        assert series.latest(ADA) == {}
        assert len(series.daily(ADA, HEART_RATE, 0, 2**50)) == 0
        assert len(series.range(BEN, HEART_RATE, 0, 2**50)[0]) == 192
        assert series.size().people == 1

    def test_a_person_may_come_back_after_erasure(self, series: Series) -> None:
        series.append(quarter_hours(ADA, 0, 60.0), 1)
        series.erase(ADA)

        series.append([(ADA, HEART_RATE, NEW_YEAR, 70.0, 1.0)], 2)

        assert series.range(ADA, HEART_RATE, 0, 2**50)[1].tolist() == [70.0]

    def test_a_sealed_day_reads_as_it_did_when_it_was_hot(self, series: Series) -> None:
        series.append(five_minutes(ADA, 0) + five_minutes(BEN, 0), 1)
        before = [series.range(person, HEART_RATE, 0, 2**50) for person in (ADA, BEN)]

        report = series.seal(FEBRUARY + 3 * DAY_MS)

        after = [series.range(person, HEART_RATE, 0, 2**50) for person in (ADA, BEN)]
        assert (report.blocks, report.rows) == (2, 576)
        assert series.size().hot_rows == 0
        for (t, v), (t2, v2) in zip(before, after, strict=True):
            assert np.array_equal(t, t2)
            assert np.array_equal(v, v2)

    def test_a_day_stays_hot_until_it_has_settled(self, series: Series) -> None:
        series.append(five_minutes(ADA, 0), 1)

        assert series.seal(FEBRUARY + 2 * DAY_MS - 1).rows == 0
        assert series.seal(FEBRUARY + 2 * DAY_MS).rows == 288

    def test_a_caller_with_other_duties_seals_bit_by_bit(self, series: Series) -> None:
        series.append(five_minutes(ADA, 0) + five_minutes(ADA, 20) + five_minutes(BEN, 0), 1)
        now = FEBRUARY + 100 * DAY_MS

        reports = [series.seal(now, at_most_s=0) for _ in range(4)]

        assert [report.rows for report in reports] == [288, 288, 288, 0]
        assert [report.finished for report in reports] == [False, False, False, True]
        assert series.size().hot_rows == 0

    def test_sealing_twice_changes_nothing(self, series: Series) -> None:
        series.append(five_minutes(ADA, 0), 1)
        series.seal(FEBRUARY + 3 * DAY_MS)

        assert series.seal(FEBRUARY + 3 * DAY_MS).rows == 0

    def test_a_late_row_lies_beside_its_block_and_joins_it_at_the_next_sealing(self, series: Series) -> None:
        series.append(five_minutes(ADA, 0), 1)
        series.seal(FEBRUARY + 3 * DAY_MS)

        series.append([(ADA, HEART_RATE, FEBRUARY + 1, 99.0, 1.0), (ADA, HEART_RATE, FEBRUARY, 98.0, 1.0)], 2)

        for _ in range(2):
            t, v = series.range(ADA, HEART_RATE, FEBRUARY, FEBRUARY + 1)
            assert (t.tolist(), v.tolist()) == ([FEBRUARY, FEBRUARY, FEBRUARY + 1], [60.0, 98.0, 99.0])
            assert series.daily(ADA, HEART_RATE, FEBRUARY, FEBRUARY).count.tolist() == [290]
            series.seal(FEBRUARY + 3 * DAY_MS)
        assert (series.size().blocks, series.size().sealed_rows) == (1, 290)

    def test_a_sparse_metric_gets_one_block_a_month(self, series: Series) -> None:
        series.append([(ADA, WEIGHT, FEBRUARY + d * DAY_MS, 70.0 + d / 10, 1.0) for d in range(30)], 1)

        series.seal(FEBRUARY + 100 * DAY_MS)

        assert (series.size().blocks, series.size().sealed_rows) == (2, 30)  # February and March
        assert len(series.daily(ADA, WEIGHT, FEBRUARY, FEBRUARY + 29 * DAY_MS)) == 30

    def test_appends_go_on_while_another_thread_seals(self, series: Series) -> None:
        for day in range(5):
            series.append(five_minutes(ADA, day) + five_minutes(BEN, day), day)

        with ThreadPoolExecutor(1) as sealer:
            sealing = sealer.submit(series.seal, FEBRUARY + 10 * DAY_MS)
            for day in range(5, 10):
                series.append(five_minutes(ADA, day), day)
            sealing.result()
        series.seal(FEBRUARY + 100 * DAY_MS)

        assert len(series.range(ADA, HEART_RATE, 0, 2**50)[0]) == 2880
        assert len(series.range(BEN, HEART_RATE, 0, 2**50)[0]) == 1440
