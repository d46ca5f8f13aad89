"""A table is read whole or refused in words that say what to do."""

from __future__ import annotations

import gzip
import sys
from pathlib import Path

import numpy as np
import pytest

from healthtwin.domain.errors import ConfigurationError, InvalidInput, MalformedInput
from healthtwin.play.replay import ColumnMapping, load_mapping, read_recording

MAPPING = """
name = "my watch"

[[table]]
person_is = "me"
time = { column = "when", format = "iso", timezone = "Europe/Berlin" }

[table.metrics]
heart_rate = "pulse"
"""


@pytest.fixture
def mapping(tmp_path: Path) -> ColumnMapping:
    return mapping_of(tmp_path, MAPPING)


def mapping_of(folder: Path, text: str) -> ColumnMapping:
    file = folder / "mapping.toml"
    file.write_text(text, encoding="utf-8")
    return load_mapping(file)


def table(folder: Path, content: bytes | str, name: str = "table.csv") -> Path:
    file = folder / name
    file.write_bytes(content.encode() if isinstance(content, str) else content)
    return file


def test_a_csv_is_read_with_its_local_times_and_missing_values(
    tmp_path: Path, mapping: ColumnMapping
) -> None:
    content = (
        "when,pulse\n2026-07-01 12:00,61\n2026-01-01 12:00,\n2026-01-01 13:00,NaN\n2026-01-02 12:00,70\n"
    )
    recording = read_recording(table(tmp_path, content), mapping)
    assert recording.values[:, 0].tolist() == [70, 61]
    # Noon in Berlin is 11:00 UTC in winter and 10:00 UTC in summer.
    assert recording.times_ms.tolist() == [1_767_351_600_000, 1_782_900_000_000]
    assert (recording.counts.rows, recording.counts.without_values) == (4, 2)


def test_gzip_a_byte_order_mark_and_lines_within_quotes_are_read(
    tmp_path: Path, mapping: ColumnMapping
) -> None:
    content = gzip.compress('﻿when,note,pulse\r\n2026-01-01,"two\nlines",61\r\n'.encode())
    recording = read_recording(table(tmp_path, content, "table.csv.gz"), mapping)
    assert recording.values.tolist() == [[61]]
    assert recording.counts.unused_columns == ("note",)


def test_a_cell_that_is_no_number_is_counted_and_the_rest_of_the_file_kept(
    tmp_path: Path, mapping: ColumnMapping
) -> None:
    content = "when,pulse\n2026-01-01,fast\n2026-01-02,inf\n2026-01-03,61\n"
    recording = read_recording(table(tmp_path, content), mapping)
    (unreadable,) = recording.counts.unreadable
    assert (unreadable.column, unreadable.count, unreadable.examples) == ("pulse", 2, ("fast", "inf"))
    assert recording.rows == 1


def test_a_row_whose_time_cannot_be_read_is_counted_and_not_sent(
    tmp_path: Path, mapping: ColumnMapping
) -> None:
    recording = read_recording(table(tmp_path, "when,pulse\nsoon,61\n2026-01-03,62\n"), mapping)
    assert recording.counts.without_time == 1
    assert recording.values.tolist() == [[62]]


def test_a_decimal_comma_and_another_delimiter_are_read_when_the_mapping_says_so(tmp_path: Path) -> None:
    told = mapping_of(tmp_path, MAPPING.replace("person_is", 'delimiter = ";"\ndecimal = ","\nperson_is'))
    assert read_recording(table(tmp_path, "when;pulse\n2026-01-01;61,5\n"), told).values.tolist() == [[61.5]]


@pytest.mark.parametrize(
    ("content", "said"),
    [
        ("", "a header line"),
        ("when,pulse\n", "at least one row"),
        ("when,heart\n2026-01-01,60\n", "pulse"),
        ("when,pulse\n2026-01-01\n", "line 2"),
        ("when,pulse,pulse\n2026-01-01,1,2\n", "each column name once"),
        (b"when,pulse\n2026-01-01,60\n2026-01-02,\xff\n", "line 3"),
        ("when,pulse\n01.02.2026,60\n", "time.format"),
    ],
    ids=["empty", "header only", "missing column", "short row", "column twice", "not UTF-8", "other time"],
)
def test_a_file_that_cannot_be_read_is_refused_saying_where_and_what_would_be_right(
    tmp_path: Path, mapping: ColumnMapping, content: bytes | str, said: str
) -> None:
    with pytest.raises(InvalidInput, match=said):
        read_recording(table(tmp_path, content), mapping)


def test_a_gzip_file_that_was_cut_short_is_refused(tmp_path: Path, mapping: ColumnMapping) -> None:
    whole = gzip.compress(b"when,pulse\n" + b"2026-01-01,61\n" * 1000)
    with pytest.raises(MalformedInput, match="whole gzip"):
        read_recording(table(tmp_path, whole[:-20], "table.csv.gz"), mapping)


def test_a_path_that_is_not_there_is_refused(tmp_path: Path) -> None:
    with pytest.raises(InvalidInput, match="exists"):
        read_recording(tmp_path / "nothing.csv")


def test_a_table_that_nobody_knows_asks_for_a_mapping(tmp_path: Path) -> None:
    with pytest.raises(InvalidInput, match="--mapping"):
        read_recording(table(tmp_path, "a,b\n1,2\n"))


def test_parquet_without_the_package_that_reads_it_says_how_to_install_it(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(sys.modules, "pyarrow", None)
    with pytest.raises(ConfigurationError, match=r"pip install 'healthtwin\[parquet\]'"):
        read_recording(table(tmp_path, b"PAR1", "table.parquet"))


def test_a_file_that_only_calls_itself_parquet_is_refused(tmp_path: Path) -> None:
    pytest.importorskip("pyarrow")
    with pytest.raises(MalformedInput, match="whole Parquet"):
        read_recording(table(tmp_path, b"when,pulse\n", "table.parquet"))


def test_a_32_bit_number_is_the_decimal_that_was_meant(tmp_path: Path) -> None:
    parquet = pytest.importorskip("pyarrow.parquet")
    arrow = pytest.importorskip("pyarrow")
    columns = {"when": arrow.array(["2026-01-01"]), "pulse": arrow.array(np.array([36.3], np.float32))}
    file = tmp_path / "table.parquet"
    parquet.write_table(arrow.table(columns), file)
    assert read_recording(file, mapping_of(tmp_path, MAPPING)).values.tolist() == [[36.3]]
