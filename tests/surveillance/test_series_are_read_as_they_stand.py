"""Files of weekly counts: weeks in any notation, gaps that stay gaps, and errors that say where."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pytest

from healthtwin.domain.errors import HealthTwinError, InvalidInput
from healthtwin.surveillance import read_series

if TYPE_CHECKING:
    from pathlib import Path


def written(folder: Path, *lines: str) -> Path:
    path = folder / "series.csv"
    path.write_text("\n".join(["week,cases,state", *lines]) + "\n")
    return path


def test_weeks_in_disorder_are_put_in_order_and_gaps_are_missing(tmp_path: Path) -> None:
    series = read_series(written(tmp_path, "2026-W03,5,0", "2026-W01,3,0", "2026-W05,,1"))
    assert series.weeks == ("2026-W01", "2026-W02", "2026-W03", "2026-W04", "2026-W05")
    np.testing.assert_array_equal(series.cases, [3, np.nan, 5, np.nan, np.nan])


def test_week_53_has_a_place_of_its_own(tmp_path: Path) -> None:
    series = read_series(written(tmp_path, "2026-W52,3,", "2026-W53,4,", "2027-W01,5,"))
    assert series.weeks == ("2026-W52", "2026-W53", "2027-W01")
    assert not np.isnan(series.cases).any()


def test_dates_and_counted_weeks_are_weeks_too(tmp_path: Path) -> None:
    dates = read_series(written(tmp_path, "2026-01-05,3,", "2026-01-12,4,"))
    assert len(dates) == 2
    assert read_series(written(tmp_path, "1,0,0", "2,1,TRUE")).outbreak is not None


def test_months_are_no_weeks(tmp_path: Path) -> None:
    months = [f"2025-{month:02}-01,9,0" for month in range(1, 13)]
    with pytest.raises(InvalidInput, match="a row a week"):
        read_series(written(tmp_path, *months))


@pytest.mark.parametrize(
    ("line", "names"),
    [
        ("2026-W01,-3,0", "line 2, cases"),
        ("2026-W01,2.5,0", "line 2, cases"),
        ("2026-W01,many,0", "line 2, cases"),
        ("2026-W54,3,0", "line 2, week"),
        ("January,3,0", "line 2, week"),
        ("2026-W01,3,perhaps", "line 2, state"),
        ("2026-W01", "line 2"),
    ],
)
def test_an_error_names_the_line_and_what_would_be_right(tmp_path: Path, line: str, names: str) -> None:
    with pytest.raises(HealthTwinError, match=names):
        read_series(written(tmp_path, line))


def test_a_week_that_stands_twice_counts_once_and_two_counts_for_it_are_refused(tmp_path: Path) -> None:
    assert read_series(written(tmp_path, "2026-W01,3,0", "2026-W01,3,0")).cases.tolist() == [3]
    with pytest.raises(InvalidInput, match="each week once"):
        read_series(written(tmp_path, "2026-W01,3,0", "2026-W01,4,0"))


def test_a_file_without_the_columns_says_which_it_needs(tmp_path: Path) -> None:
    path = tmp_path / "other.csv"
    path.write_text("date,count\n2026-01-05,3\n")
    with pytest.raises(HealthTwinError, match="a header with week"):
        read_series(path)
