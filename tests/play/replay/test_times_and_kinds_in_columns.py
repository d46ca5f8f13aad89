"""Dates beside times, counts since 1970, a kind and a unit row by row: right, or refused with the reason."""

from __future__ import annotations

from pathlib import Path

import pytest

from healthtwin.domain.errors import ConfigurationError, InvalidInput, MalformedInput
from tests.play.replay.reading_a_file import instants, recording_of, refused

CUFF = 'blood_pressure_systolic = "Sys"\nblood_pressure_diastolic = "Dia"'
THREE_A_DAY = (
    "Date,Time,Sys,Dia\n2026-03-01,08:00,120,80\n2026-03-01,12:30,131,82\n2026-03-01,8:15 PM,125,81\n"
)
LONG = (
    "when,type,value,unit\n2026-03-01T08:00:00Z,HeartRate,72,bpm\n2026-03-01T08:00:00Z,SpO2,97,%\n"
    "2026-03-01T08:00:00Z,Temp,98.6,°F\n2026-03-01T08:05:00Z,Mood,4,\n"
)


def test_date_and_time_in_two_columns_are_one_time(tmp_path: Path) -> None:
    told = '{ column = "Date", time_column = "Time" }'
    recording = recording_of(tmp_path, THREE_A_DAY, metrics=CUFF, time=told)
    assert instants(recording) == ["2026-03-01T08:00:00Z", "2026-03-01T12:30:00Z", "2026-03-01T20:15:00Z"]


def test_both_columns_may_have_patterns_of_their_own(tmp_path: Path) -> None:
    told = '{ column = "d", format = "%d.%m.%Y", time_column = "t", time_format = "%H.%M Uhr" }'
    recording = recording_of(tmp_path, "d,t,hr\n01.03.2026,08.05 Uhr,60\n", time=told)
    assert instants(recording) == ["2026-03-01T08:05:00Z"]


@pytest.mark.parametrize(
    "csv",
    [
        THREE_A_DAY,
        "Date,Uhrzeit,Sys,Dia\n2026-03-01,08:00:30,120,80\n2026-03-02,09:00:00,120,80\n",
        "Date,Sys,Dia\n2026-03-01,120,80\n2026-03-02,119,80\n2026-03-01,131,82\n",
    ],
    ids=["three a day", "one a day, its time beside it", "two a day without any time"],
)
def test_a_day_alone_is_not_the_time(tmp_path: Path, csv: str) -> None:
    with pytest.raises(InvalidInput, match="time_column"):
        recording_of(tmp_path, csv, metrics=CUFF, time='{ column = "Date" }')


def test_one_row_of_a_day_stands_at_noon(tmp_path: Path) -> None:
    recording = recording_of(
        tmp_path, "when,steps\n2026-03-01,8000\n2026-03-02,9000\n", metrics='steps = "steps"'
    )
    assert instants(recording) == ["2026-03-01T12:00:00Z", "2026-03-02T12:00:00Z"]


def test_a_time_of_day_that_is_none_is_refused_row_by_row(tmp_path: Path) -> None:
    csv = "d,t,hr\n2026-03-01,08:00,60\n2026-03-01,noonish,61\n"
    recording = recording_of(tmp_path, csv, time='{ column = "d", time_column = "t" }')
    assert refused(recording) == [("d", "2026-03-01 noonish", 3)]


@pytest.mark.parametrize(
    ("told", "count", "right"),
    [
        ("epoch_ms", "1772352000", "epoch_s"),
        ("epoch_s", "1772352000000", "epoch_ms"),
        ("epoch_ms", "1772352000000000", "epoch_us"),
        ("epoch_us", "1772352000000000000", "epoch_ns"),
        ("iso", "1772352000", "epoch_s"),
        ("iso", "1712012000123", "epoch_ms"),
        ("epoch_s", "46082.33", "1899-12-30"),
    ],
)
def test_a_count_in_another_unit_than_stated_is_refused_by_its_true_one(
    tmp_path: Path, told: str, count: str, right: str
) -> None:
    with pytest.raises(MalformedInput, match=right):
        recording_of(tmp_path, f"when,hr\n{count},60\n", time=f'{{ column = "when", format = "{told}" }}')


@pytest.mark.parametrize("zeros", ["", "000", "000000", "000000000"])
def test_a_count_since_1970_may_leave_its_unit_to_its_size(tmp_path: Path, zeros: str) -> None:
    told = '{ column = "when", format = "epoch" }'
    recording = recording_of(tmp_path, f"when,hr\n1772352000{zeros},60\n1772352060{zeros},61\n", time=told)
    assert instants(recording) == ["2026-03-01T08:00:00Z", "2026-03-01T08:01:00Z"]


def test_one_count_in_another_unit_costs_its_row_alone(tmp_path: Path) -> None:
    csv = "when,hr\n1772352000,60\n1772352060000,61\n1772352120,62\n"
    recording = recording_of(tmp_path, csv, time='{ column = "when", format = "epoch_s" }')
    assert recording.values[:, 0].tolist() == [60, 62]
    assert refused(recording) == [("when", "1772352060000", 3)]


def test_a_leap_second_is_the_instant_after_it(tmp_path: Path) -> None:
    csv = "when,hr\n2016-12-31T23:59:60Z,60\n2017-01-01T00:59:60+01:00,61\n"
    assert instants(recording_of(tmp_path, csv)) == ["2017-01-01T00:00:00Z"] * 2


def test_a_table_of_one_kind_per_row_is_read_by_its_kinds(tmp_path: Path) -> None:
    recording = recording_of(
        tmp_path,
        LONG,
        metrics='heart_rate = "HeartRate"\noxygen_saturation = "SpO2"\nbody_temperature = "Temp"',
        more='type = { column = "type", value = "value", unit = "unit" }',
    )
    assert recording.metrics == ("heart_rate", "oxygen_saturation", "body_temperature")
    assert [[each for each in row if each == each] for row in recording.values.tolist()] == [[72], [97], [37]]  # noqa: PLR0124
    assert "Mood (1)" in recording.counts.warnings[0]


@pytest.mark.parametrize(
    "kinds", [("HeartRate", "SpO2"), ("Puls", "Sauerstoff"), ("HKQuantityTypeIdentifierHeartRate", "steps")]
)
def test_a_kind_row_by_row_is_never_overlooked(tmp_path: Path, kinds: tuple[str, str]) -> None:
    csv = "when,kind,value\n" + "".join(
        f"2026-03-01T08:0{i}:00Z,{kind},9{i}\n" for i, kind in enumerate(kinds)
    )
    with pytest.raises(InvalidInput, match="type ="):
        recording_of(tmp_path, csv, metrics='heart_rate = "value"')


def test_a_column_of_devices_is_no_column_of_kinds(tmp_path: Path) -> None:
    csv = "when,device,hr\n2026-03-01T08:00:00Z,heart strap,60\n2026-03-01T08:01:00Z,left arm,61\n"
    assert recording_of(tmp_path, csv).rows == 2


@pytest.mark.parametrize("units", [("lb", "kg"), ("lb", "lb")])
def test_a_unit_row_by_row_is_read_or_asked_for(tmp_path: Path, units: tuple[str, str]) -> None:
    csv = "when,w,in\n" + "".join(f"2026-03-0{i + 1}T08:00:00Z,150,{unit}\n" for i, unit in enumerate(units))
    with pytest.raises(InvalidInput, match="unit_column"):
        recording_of(tmp_path, csv, metrics='body_weight = "w"')
    told = 'body_weight = { column = "w", unit_column = "in" }'
    values = recording_of(tmp_path, csv, metrics=told).values[:, 0].tolist()
    assert values == [{"lb": 68.0388555, "kg": 150}[unit] for unit in units]


def test_a_time_of_day_beside_a_whole_time_is_refused(tmp_path: Path) -> None:
    with pytest.raises(ConfigurationError, match="time_column"):
        recording_of(
            tmp_path, "when,t,hr\n1,2,3\n", time='{ column = "when", format = "epoch_s", time_column = "t" }'
        )
