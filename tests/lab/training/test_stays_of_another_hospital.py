"""A file from a hospital never seen: what may differ, what is dropped, what is refused with a clear word."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
import pytest

from healthtwin.domain.arrays import COLUMN
from healthtwin.domain.errors import ConfigurationError, InvalidInput
from healthtwin_lab.cohorts.tables import feature_table, load_stays

if TYPE_CHECKING:
    from pathlib import Path

pa = pytest.importorskip("pyarrow")
parquet = pytest.importorskip("pyarrow.parquet")


def columns(hours: int = 12, people: int = 6) -> dict[str, Any]:
    rng = np.random.default_rng(0)
    count = hours * people
    return {
        "pid": [f"p{who}" for who in range(people) for _ in range(hours)],
        "HR": rng.normal(85, 8, count),
        "O2Sat": rng.normal(95, 2, count),
        "Temp": rng.normal(37, 0.4, count),
        "SBP": rng.normal(120, 10, count),
        "DBP": rng.normal(65, 8, count),
        "Resp": rng.normal(18, 3, count),
        "Age": [float(40 + who) for who in range(people) for _ in range(hours)],
        "Gender": [who % 2 for who in range(people) for _ in range(hours)],
        "ICULOS": [float(hour + 1) for _ in range(people) for hour in range(hours)],
        "SepsisLabel": [0.0] * count,
    }


def written(path: Path, table: dict[str, Any]) -> Path:
    file = path / "stays.parquet"
    parquet.write_table(pa.table(table), file)
    return file


def test_an_ordinary_file_is_read_as_it_is(tmp_path: Path) -> None:
    stays = load_stays(written(tmp_path, columns()))
    assert stays.time_unit == "hours"
    assert stays.missing == ()
    assert stays.people.tolist() == [f"p{who}" for who in range(6)]
    assert stays.age.tolist() == [40.0 + who for who in range(6)]
    assert stays.sex.tolist() == [0, 1, 0, 1, 0, 1]


@pytest.mark.parametrize(("unit", "factor"), [("minutes", 60.0), ("seconds", 3600.0), ("days", 1 / 24)])
def test_another_unit_of_time_gives_the_same_table(tmp_path: Path, unit: str, factor: float) -> None:
    table = columns()
    same = feature_table(load_stays(written(tmp_path, table)))
    table["ICULOS"] = np.array(table["ICULOS"]) * factor
    stays = load_stays(written(tmp_path, table))
    other = feature_table(stays)
    assert stays.time_unit == unit
    assert np.array_equal(same.targets, other.targets)
    assert np.array_equal(same.eligible, other.eligible)
    assert np.allclose(same.x, other.x, rtol=1e-4, atol=1e-4, equal_nan=True)


def test_timestamps_are_times_too(tmp_path: Path) -> None:
    table = columns()
    same = feature_table(load_stays(written(tmp_path, table)))
    start = np.datetime64("2021-03-04T05:06:07", "ms")
    table["ICULOS"] = start + (np.array(table["ICULOS"]) * 3_600_000).astype("timedelta64[ms]")
    stays = load_stays(written(tmp_path, table))
    assert stays.time_unit == "timestamps"
    assert np.array_equal(same.eligible, feature_table(stays).eligible)


def test_rows_in_any_order_give_the_same_stays(tmp_path: Path) -> None:
    table = columns()
    in_order = load_stays(written(tmp_path, table))
    shuffled = np.random.default_rng(1).permutation(len(table["pid"]))
    mixed = load_stays(written(tmp_path, {k: np.array(v)[shuffled] for k, v in table.items()}))
    assert np.array_equal(in_order.value, mixed.value, equal_nan=True)
    assert np.array_equal(in_order.hours, mixed.hours)


def test_columns_that_are_missing_are_named_and_nothing_breaks(tmp_path: Path) -> None:
    table = columns()
    for name in ("DBP", "Temp", "Age", "Gender", "ICULOS", "SepsisLabel"):
        del table[name]
    stays = load_stays(written(tmp_path, table))
    assert set(stays.missing) == {"DBP", "Temp", "Age", "Gender", "ICULOS", "SepsisLabel"}
    assert stays.hours[:12].tolist() == [float(hour) for hour in range(1, 13)]
    assert np.isnan(stays.age).all()
    assert (stays.label == -1).all()
    found = feature_table(stays)
    assert found.eligible[:, 0].any()
    assert not found.eligible[:, -1].any()


def test_forty_percent_missing_values_are_no_obstacle(tmp_path: Path) -> None:
    table = columns(hours=30)
    rng = np.random.default_rng(2)
    for name in ("HR", "O2Sat", "Temp", "SBP", "DBP", "Resp"):
        table[name] = np.where(rng.random(len(table[name])) < 0.4, np.nan, table[name])
    found = feature_table(load_stays(written(tmp_path, table)))
    assert found.eligible[:, 0].any()
    assert np.isfinite(found.x).any(axis=1).all()


def test_impossible_values_are_dropped_and_counted(tmp_path: Path) -> None:
    table = columns()
    table["O2Sat"][:3] = [0.0, 120.0, 97.0]
    stays = load_stays(written(tmp_path, table))
    assert stays.impossible["oxygen_saturation"] == 2
    assert np.isnan(stays.value[:2, COLUMN["oxygen_saturation"]]).all()


def test_words_for_sex_and_text_in_number_columns_are_understood(tmp_path: Path) -> None:
    table = columns()
    table["Gender"] = ["Female", "M"] * 36
    table["Gender"] = [["Female", "M", "x"][who % 3] for who in range(6) for _ in range(12)]
    table["HR"] = [f"{value:.1f}" if i else "n/a" for i, value in enumerate(table["HR"])]
    stays = load_stays(written(tmp_path, table))
    assert stays.sex.tolist() == [0, 1, -1, 0, 1, -1]
    assert np.isnan(stays.value[0, COLUMN["heart_rate"]])
    assert np.isfinite(stays.value[1, COLUMN["heart_rate"]])


def test_people_who_are_numbers_stay_numbers(tmp_path: Path) -> None:
    table = columns()
    table["pid"] = [int(name[1:]) * 10 for name in table["pid"]]
    stays = load_stays(written(tmp_path, table))
    assert stays.people.tolist() == [0, 10, 20, 30, 40, 50]


def test_a_choice_of_people_keeps_their_rows_together(tmp_path: Path) -> None:
    stays = load_stays(written(tmp_path, columns()))
    chosen = stays.of_people(np.array([False, True, False, True, False, False]))
    assert chosen.people.tolist() == ["p1", "p3"]
    assert chosen.starts.tolist() == [0, 12]
    assert np.array_equal(chosen.value[:12], stays.value[12:24], equal_nan=True)


def test_a_file_without_people_is_refused_with_what_is_wanted(tmp_path: Path) -> None:
    table = columns()
    del table["pid"]
    with pytest.raises(InvalidInput, match="a column pid"):
        load_stays(written(tmp_path, table))


def test_an_empty_file_is_refused(tmp_path: Path) -> None:
    with pytest.raises(InvalidInput, match="a file with rows"):
        load_stays(written(tmp_path, {name: found[:0] for name, found in columns().items()}))


def test_time_with_holes_is_refused(tmp_path: Path) -> None:
    table = columns()
    table["ICULOS"][4] = float("nan")
    with pytest.raises(InvalidInput, match="a number or a timestamp in every row"):
        load_stays(written(tmp_path, table))


def test_no_file_and_no_parquet_are_told_apart(tmp_path: Path) -> None:
    with pytest.raises(ConfigurationError, match="no file"):
        load_stays(tmp_path / "absent.parquet")
    (tmp_path / "text.parquet").write_text("pid,HR\n")
    with pytest.raises(ConfigurationError, match="cannot be read as Parquet"):
        load_stays(tmp_path / "text.parquet")
