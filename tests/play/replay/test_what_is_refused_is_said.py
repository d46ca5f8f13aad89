"""A replay comes to its end whatever is refused, and says which line, which value, and why."""

from __future__ import annotations

import json
import re
import time
from pathlib import Path
from typing import Any

import pytest
from typer.testing import CliRunner

from healthtwin.cli import app
from healthtwin.play.replay import replay
from tests.play.replay.reading_a_file import recording_of

MAPPING = 'name = "x"\n[[table]]\nperson_is = "me"\ntime = {{ column = "when" }}\n[table.metrics]\n{}\n{}'


def test_a_first_message_without_anything_taken_holds_nobody_up(tmp_path: Path) -> None:
    csv = "when,hr\n2026-03-01T08:00:00Z,0\n2026-03-01T08:15:00Z,71\n2026-03-01T08:30:00Z,72\n"
    began = time.monotonic()
    report = replay(recording_of(tmp_path, csv), tmp_path / "home")
    assert time.monotonic() - began < 60, "it waited for what never came"
    assert (report.rows.accepted, report.rows.refused, report.rows.lost) == (2, 1, 1)
    (refused,) = report.refused
    assert [(example.line, example.value) for example in refused.examples] == [(2, "0.0")]
    assert refused.likely is not None
    assert "not worn" in refused.likely


@pytest.mark.parametrize(
    ("csv", "metrics", "people", "said"),
    [
        ("when,hr\n2026-03-01T08:00:00Z,0\n2026-03-01T08:15:00Z,0\n", 'heart_rate = "hr"', "", "not worn"),
        ("when,t\n2026-03-01T08:00:00Z,98.6\n", 'body_temperature = "t"', "", r"\[degF\]"),
        ("when,s\n2026-03-01T08:00:00Z,0.97\n", 'oxygen_saturation = "s"', "", "unit = '1'"),
        (
            "when,hr,born\n2026-03-01T08:00:00Z,60,2030\n",
            'heart_rate = "hr"',
            '[people]\nbirth_year = "born"',
            "year of birth",
        ),
    ],
    ids=["zeros", "Fahrenheit", "fractions", "born later"],
)
def test_where_nothing_is_taken_the_exit_status_and_the_reason_say_so(
    tmp_path: Path, csv: str, metrics: str, people: str, said: str
) -> None:
    (tmp_path / "t.csv").write_text(csv, encoding="utf-8")
    (tmp_path / "m.toml").write_text(MAPPING.format(metrics, people), encoding="utf-8")
    arguments = ["replay", "t.csv", "--mapping", "m.toml", "--home", "home", "--json"]
    done = CliRunner().invoke(
        app, [str(tmp_path / word) if "." in word or word == "home" else word for word in arguments]
    )
    assert done.exit_code == 2
    report: dict[str, Any] = json.loads(done.stdout)
    assert report["rows"]["accepted"] == 0
    assert report["refused"][0]["examples"][0]["line"] == 2
    assert not (tmp_path / "home").exists(), "a better mapping finds room there"
    assert re.search(said, done.stderr), done.stderr
