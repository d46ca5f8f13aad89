"""A recording goes through the real server into a home of its own, and the report says what came of it."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from healthtwin.domain.errors import ConfigurationError, InvalidInput
from healthtwin.play.replay import load_mapping, read_recording, replay, report_lines, shortened
from healthtwin.store import Home, HomeKind, SeriesStore, Tables
from healthtwin.store.people import People

MAPPING = """
name = "ward"
label_means = "fever"

[[table]]
person = "bed"
time = { column = "hour", format = "hours", epoch = 2026-01-01T00:00:00Z }
label = "ill"

[table.metrics]
heart_rate = "pulse"
oxygen_saturation = "spo2"
blood_pressure_systolic = "sys"
blood_pressure_diastolic = "dia"

[people]
age = "age"
timezone = "UTC"
"""

CALM = "72,97,120,80"


def ward() -> str:
    """Two beds, hourly: one stays well, the other's oxygen falls; some cells are impossible."""
    lines = ["bed,hour,pulse,spo2,sys,dia,age,ill"]
    lines += [f"a,{hour},{CALM},40,0" for hour in range(12)]
    lines += [f"b,{hour},{CALM},70,0" for hour in range(6)]
    lines += [f"b,{hour},118,85,120,80,70,1" for hour in range(6, 12)]
    lines += [
        "a,12,0,97,120,80,40,0",  # no pulse: the rest of the row counts
        "a,13,72,97,80,120,40,0",  # the upper pressure below the lower one: both go
        "a,14,-1,,,,40,0",  # nothing left: lost
        "a,15,,,,,40,0",  # nothing measured: not sent
        "a,11,72,97,120,80,40,0",  # known already
    ]
    return "\n".join(lines) + "\n"


@pytest.fixture
def files(tmp_path: Path) -> tuple[Path, Path]:
    (tmp_path / "ward.csv").write_text(ward(), encoding="utf-8")
    (tmp_path / "ward.toml").write_text(MAPPING, encoding="utf-8")
    return tmp_path / "ward.csv", tmp_path / "ward.toml"


def test_a_ward_is_replayed_and_every_row_accounted_for(files: tuple[Path, Path], tmp_path: Path) -> None:
    recording = read_recording(files[0], load_mapping(files[1]))
    done: list[int] = []
    report = replay(recording, tmp_path / "home", progress=done.append)

    rows = report.rows
    assert (rows.in_file, rows.without_values, rows.sent) == (29, 1, 28)
    assert (rows.accepted, rows.duplicates, rows.refused) == (25, 1, 2)
    assert (rows.resent, rows.accepted_in_part, rows.lost) == (1, 1, 1)
    assert rows.accepted + rows.duplicates + rows.refused == rows.sent == sum(done)
    assert {(told.field, told.rows) for told in report.refused} == {
        ("heart_rate", 2),
        ("blood_pressure_diastolic", 1),
    }
    assert report.readings_accepted == 25 * 4 + 3 + 2

    assert (report.people, report.too_short_to_learn) == (2, 2)
    assert report.person_days == round((15 + 12) / 24, 2)
    assert report.alerts.by_level["critical"] == report.alerts.total == 1
    assert report.by_label is not None
    assert (report.by_label.labelled.alerts, report.by_label.unlabelled.alerts) == (1, 0)
    assert report.false_alarms.per_person_day == 0
    assert (report.latency_ms.alert.count, report.latency_ms.answer.count) == (1, 15)
    assert report.replayed
    assert not report.synthetic
    assert "ward" in dict(report_lines(report))["recording"]


def test_the_home_holds_the_recording_and_says_what_it_is(files: tuple[Path, Path], tmp_path: Path) -> None:
    recording = read_recording(files[0], load_mapping(files[1]))
    replay(recording, tmp_path / "home")
    home = Home.open(tmp_path / "home")
    assert home.kind is HomeKind.REPLAY
    with Tables.of(home) as tables:
        people = {person.name: person for person in People(tables).list()}
        series = SeriesStore(home.series_path, keys=tables.keys)
        times, values = series.range(people["b"].pseudonym, 4, 0, 2**62)
        series.close()
    assert people["b"].profile.birth_year == 1956
    assert people["a"].profile.labels == {"recording": "ward"}
    assert values.tolist() == [97] * 6 + [85] * 6
    assert times[0] == recording.times_ms[0]


def test_a_directory_that_holds_something_is_not_touched(files: tuple[Path, Path], tmp_path: Path) -> None:
    Home.create(tmp_path / "home", HomeKind.LIVE)
    recording = read_recording(files[0], load_mapping(files[1]))
    with pytest.raises(ConfigurationError, match="not empty"):
        replay(recording, tmp_path / "home")
    assert [entry.name for entry in (tmp_path / "home").iterdir()] == ["home.json"]


def test_the_same_recording_at_any_speed_raises_the_same_alerts(
    files: tuple[Path, Path], tmp_path: Path
) -> None:
    recording = shortened(read_recording(files[0], load_mapping(files[1])), rows=18)
    fast = replay(recording, tmp_path / "fast")
    slow = replay(recording, tmp_path / "slow", speed=36_000.0)
    assert slow.alerts == fast.alerts
    assert slow.rows == fast.rows


def test_a_recording_without_a_single_value_is_refused(files: tuple[Path, Path], tmp_path: Path) -> None:
    files[0].write_text("bed,hour,pulse,spo2,sys,dia,age,ill\na,1,,,,,40,0\n", encoding="utf-8")
    recording = read_recording(files[0], load_mapping(files[1]))
    with pytest.raises(InvalidInput, match="at least one measured value"):
        replay(recording, tmp_path / "home")
    assert not (tmp_path / "home").exists()


def command(*arguments: object) -> subprocess.CompletedProcess[str]:
    words = [str(Path(sys.executable).with_name("healthtwin")), *map(str, arguments)]
    return subprocess.run(words, capture_output=True, text=True, timeout=120, check=False)


def test_the_command_prints_json_alone_and_serve_refuses_what_it_made(
    files: tuple[Path, Path], tmp_path: Path
) -> None:
    home = tmp_path / "home"
    done = command("replay", files[0], "--mapping", files[1], "--home", home, "--speed", "max", "--json")
    assert done.returncode == 0, done.stderr
    report: dict[str, Any] = json.loads(done.stdout)
    assert report["replayed"] is True
    assert report["rows"]["refused"] == 2
    assert report["alerts"]["by_level"]["critical"] == 1
    served = command("serve", "--home", home, "--port", 0)
    assert served.returncode == 2
    assert "replay" in served.stderr


def test_the_command_names_what_is_wrong_in_one_line(tmp_path: Path) -> None:
    done = command("replay", tmp_path / "nothing.csv", "--home", tmp_path / "home")
    assert (done.returncode, done.stdout) == (2, "")
    assert "nothing.csv" in done.stderr
    assert len(done.stderr.splitlines()) == 1


def test_real_days_of_a_wearable_go_through(recordings: Path, tmp_path: Path) -> None:
    recording = shortened(read_recording(recordings / "lifesnaps_daily"), people=4)
    report = replay(recording, tmp_path / "home")
    rows = report.rows
    assert rows.sent == rows.accepted + rows.duplicates + rows.refused == recording.rows
    assert rows.lost == 0
    assert report.people == 4
    assert report.false_alarms.per_person_day == report.alerts.per_person_day["warning_or_worse"]
