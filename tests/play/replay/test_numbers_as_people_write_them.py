"""Decimal marks, marks between thousands, units in cells and in headers, and what stands around a table."""

from __future__ import annotations

from contextlib import suppress
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from healthtwin.domain.errors import InvalidInput, MalformedInput
from healthtwin.play.replay.cells import NoNumber, read_cell
from tests.play.replay.reading_a_file import recording_of, refused


@pytest.mark.parametrize(
    ("text", "decimal", "number"),
    [
        ("1.024", ",", 1024),
        ("12.345", ",", 12345),
        ("1.024,5", ",", 1024.5),
        ("36,6", ",", 36.6),
        ("1,024", ".", 1024),
        ("1,024.5", None, 1024.5),
        ("1,234,567", None, 1234567),
        ("1'024", None, 1024),
        ("1’024", None, 1024),
        ("1\u2009024", None, 1024),
        ("1\u202f024", ",", 1024),
        ("-0.5", None, -0.5),
        ("\N{MINUS SIGN}3", None, -3),
        ("7e1", None, 70),
        (".5", None, 0.5),
        ("٧٢", None, 72),
        ("٣٦\N{ARABIC DECIMAL SEPARATOR}٦", None, 36.6),
        ("٣٦\N{ARABIC DECIMAL SEPARATOR}٦", ",", 36.6),
    ],
)
def test_a_number_is_read_as_it_is_meant(text: str, decimal: str | None, number: float) -> None:
    assert read_cell(text, decimal).number == number


@pytest.mark.parametrize(
    ("text", "decimal"),
    [
        ("7_2", None),
        ("1_000", ","),
        ("1,024", None),
        ("36,6", None),
        ("36.6", ","),
        ("1.02", ","),
        ("12,34.5", None),
        ("1.024.5", ","),
        ("0x48", None),
        ("120/80", None),
        ("72-80", None),
        ("<40", None),
        ("HI", None),
        ("inf", None),
        ("1e999", None),
        ("", None),
        ("seventy", None),
    ],
)
def test_what_could_be_two_numbers_is_none(text: str, decimal: str | None) -> None:
    with pytest.raises(NoNumber):
        read_cell(text, decimal)


@given(st.floats(allow_nan=False, allow_infinity=False))
def test_whatever_a_program_writes_is_read_exactly(number: float) -> None:
    assert read_cell(repr(number)).number == number


@given(
    st.integers(0, 10**12),
    st.integers(0, 99),
    st.sampled_from([",", ".", "'", "\u2009"]),
    st.sampled_from([",", "."]),
)
def test_marks_between_thousands_never_change_a_number(
    whole: int, part: int, between: str, mark: str
) -> None:
    if between == mark:
        return
    text = f"{whole:,}".replace(",", between) + f"{mark}{part:02}"
    assert read_cell(text, mark).number == float(f"{whole}.{part:02}")


@given(st.text(max_size=12))
def test_no_text_breaks_the_reader(text: str) -> None:
    for decimal in (None, ".", ","):
        with suppress(NoNumber):
            read_cell(text.strip(), decimal)


def test_thousands_in_a_file_are_thousands_or_unreadable_with_their_line(tmp_path: Path) -> None:
    csv = "when;steps\n2026-03-01T08:00:00Z;1.024\n2026-03-01T09:00:00Z;12.345\n2026-03-01T10:00:00Z;7_2\n"
    recording = recording_of(tmp_path, csv, metrics='steps = "steps"', more='decimal = ","')
    assert recording.values[:, 0].tolist() == [1024, 12345]
    assert refused(recording) == [("steps", "7_2", 4)]


def test_a_unit_beside_a_number_counts(tmp_path: Path) -> None:
    csv = (
        "when,hr,t\n2026-03-01T08:00:00Z,72 bpm,98.6 °F\n2026-03-01T09:00:00Z,1.2Hz,37.0°C\n"
        "2026-03-01T10:00:00Z,72 furlongs,310.15 K\n2026-03-01T11:00:00Z,70 kg,\n"
    )
    recording = recording_of(tmp_path, csv, metrics='heart_rate = "hr"\nbody_temperature = "t"')
    assert recording.values[:, 0].tolist()[:2] == [72, 72]
    assert recording.values[:3, 1].tolist() == [37, 37, 37]
    assert [line for _, _, line in refused(recording)] == [4, 5]
    assert "furlongs" in recording.counts.unreadable[0].allowed


def test_a_unit_in_the_header_counts(tmp_path: Path) -> None:
    csv = "when,Weight (lb)\n2026-03-01T08:00:00Z,150\n"
    recording = recording_of(tmp_path, csv, metrics='body_weight = "Weight (lb)"')
    assert recording.values.tolist() == [[68.0388555]]


@pytest.mark.parametrize(
    "csv",
    [
        "sep=;\nwhen;hr\n2026-03-01T08:00:00Z;72\n",
        "when;hr;\n2026-03-01T08:00:00Z;72;\n",
        "when;hr\n2026-03-01T08:00:00Z;72;\n",
        "when\thr\n2026-03-01T08:00:00Z\t72\n",
        "My watch\nExport of March\n\nwhen,hr\n2026-03-01T08:00:00Z,72\n",
        '"sep=|"\r\nwhen|hr\r\n2026-03-01T08:00:00Z|72\r\n\r\n',
        "when,hr\n2026-03-01T08:00:00Z,72\n,\n",
    ],
    ids=["sep", "separator at the end", "in rows only", "tabs", "title", "sep in quotes", "empty row"],
)
def test_what_stands_around_a_table_is_no_obstacle(tmp_path: Path, csv: str) -> None:
    recording = recording_of(tmp_path, csv)
    assert recording.values.tolist() == [[72]]
    assert all("above the header" in warning for warning in recording.counts.warnings)


@pytest.mark.parametrize(
    ("csv", "more", "said"),
    [
        ("when;hr\n2026-03-01T08:00:00Z;72\n", 'delimiter = ","', "separated by ';'"),
        ("when,hr\n2026-03-01T08:00:00Z,72,5\n", "", "line 2.*decimal comma"),
        ("title\nwhen,hr\n2026-03-01T08:00:00Z\n", "", "line 3.*1 cells"),
        ("when;puls\n2026-03-01T08:00:00Z;72\n", "", "hr too"),
    ],
)
def test_a_form_that_cannot_be_read_is_refused_by_its_true_reason(
    tmp_path: Path, csv: str, more: str, said: str
) -> None:
    with pytest.raises((InvalidInput, MalformedInput), match=said):
        recording_of(tmp_path, csv, more=more)
