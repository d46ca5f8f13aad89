from __future__ import annotations

import gzip
from pathlib import Path

import numpy as np
import pytest

from healthtwin.domain.errors import InvalidInput, MalformedInput, TooLarge
from healthtwin.sensing.files.light import read_light
from healthtwin.sensing.files.table import read_columns, take_clock


def written(folder: Path, text: str | bytes, name: str = "signal.csv") -> Path:
    file = folder / name
    file.write_bytes(text.encode() if isinstance(text, str) else text)
    return file


@pytest.mark.parametrize(
    ("header", "unit"),
    [
        ("time", 1.0),
        ("Time_ms", 1.0),
        ("Time [s]", 1000.0),
        ("t (ms)", 1.0),
        ("timestamp", 1.0),
        ("elapsed_s", 1000.0),
        ("time_us", 0.001),
    ],
)
def test_a_clock_is_known_by_its_name_and_unit(tmp_path: Path, header: str, unit: float) -> None:
    file = written(tmp_path, f"{header},red\n1,5\n2,6\n\n4,7\n")
    time_ms, channels = read_light(file)
    assert np.allclose(time_ms, np.array([1, 2, 4]) * unit)
    assert np.array_equal(channels[0], [5, 6, 7])


@pytest.mark.parametrize("header", ["R,G,B", "red,GREEN,blue", "Blue,Red,mean_g"])
def test_colours_are_known_by_their_names_in_any_order(tmp_path: Path, header: str) -> None:
    _, channels = read_light(written(tmp_path, f"{header}\n1,2,3\n1,2,3\n"), rate_hz=30)
    assert len(channels) == 3


def test_a_rate_stands_in_for_a_clock_that_was_rounded(tmp_path: Path) -> None:
    file = written(tmp_path, "time,ppg\n0,1\n0,2\n1,3\n")
    time_ms, channels = read_light(file, rate_hz=50)
    assert np.allclose(time_ms, [0, 20, 40])
    assert len(channels) == 1


@pytest.mark.parametrize(
    ("text", "complaint"),
    [
        ("", "empty"),
        ("time,R\n", "no row"),
        ("1,2\n3,4\n", "header"),
        ("time,R,R\n1,2,3\n", "each column name once"),
        ("time,R\n1,2\n2\n", "line 3.*cut short"),
        ("time,R\n1,2\n2,x\n", "line 3, column R.*'x'"),
        ("time,R\n1,\n", "line 2, column R"),
        (b"time,R\n1,2\n\xff\xfe,3\n", "line 3"),
        ('time,R\n1,"2' + "x" * 200_000, "line"),
    ],
)
def test_a_broken_file_is_named_by_its_line(tmp_path: Path, text: str | bytes, complaint: str) -> None:
    with pytest.raises(MalformedInput, match=complaint):
        read_columns(written(tmp_path, text))


@pytest.mark.parametrize(
    ("text", "rate", "column", "complaint"),
    [
        ("R\n1\n2\n", None, None, "--rate 30"),
        ("R\n1\n2\n", 0.0, None, "above 0"),
        ("R\n1\n2\n", float("inf"), None, "above 0"),
        ("time [h],R\n1,2\n", None, None, "unit"),
        ("time,x,y\n1,2,3\n", None, None, "--column"),
        ("time,a,b\n1,2,3\n", None, "c", "one of a, b"),
    ],
)
def test_a_file_that_leaves_a_question_is_asked(
    tmp_path: Path, text: str, rate: float | None, column: str | None, complaint: str
) -> None:
    with pytest.raises(InvalidInput, match=complaint):
        read_light(written(tmp_path, text), rate, column)


def test_one_column_of_many_can_be_named(tmp_path: Path) -> None:
    _, channels = read_light(written(tmp_path, "time,a,b\n1,2,3\n2,4,5\n"), column="b")
    assert [channel.tolist() for channel in channels] == [[3, 5]]


def test_a_missing_file_is_named(tmp_path: Path) -> None:
    with pytest.raises(InvalidInput, match=r"nothing\.csv"):
        read_columns(tmp_path / "nothing.csv")


def test_a_large_file_is_refused_also_when_it_is_packed(tmp_path: Path) -> None:
    text = b"time,R\n" + b"1,2\n" * 1000
    for name, content in (("a.csv", text), ("a.csv.gz", gzip.compress(text))):
        with pytest.raises(TooLarge, match="MiB"):
            read_columns(written(tmp_path, content, name), most_bytes=1000)


def test_a_packed_file_that_was_cut_short_is_refused(tmp_path: Path) -> None:
    packed = gzip.compress(b"time,R\n" + b"1,2\n" * 1000)
    for content in (packed[: len(packed) // 2], b"time,R\n1,2\n"):
        with pytest.raises(MalformedInput, match="whole gzip"):
            read_columns(written(tmp_path, content, "a.csv.gz"))


def test_a_header_with_many_columns_is_shown_in_part(tmp_path: Path) -> None:
    names = ",".join(f"c{i}" for i in range(30))
    columns = read_columns(written(tmp_path, f"{names}\n{','.join('1' * 30)}\n"))
    with pytest.raises(InvalidInput, match="…"):
        take_clock(tmp_path / "x.csv", columns, None)
