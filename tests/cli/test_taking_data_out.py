"""What commands write for a person, and for research: whether or not the house is being served."""

from __future__ import annotations

import json
import zipfile
from typing import TYPE_CHECKING

import pytest

from healthtwin.house import open_house

if TYPE_CHECKING:
    from pathlib import Path

    from tests.cli.conftest import Commands


def test_a_person_takes_everything_away_whether_the_house_is_served_or_not(
    healthtwin: Commands, ada: str, tmp_path: Path
) -> None:
    house = open_house(healthtwin.home)
    house.start()
    try:
        served = healthtwin(
            "person", "export", ada, "--out", str(tmp_path / "a.zip"), "--lang", "de", "--json"
        )
    finally:
        house.stop()
    alone = healthtwin("person", "export", ada, "--out", str(tmp_path / "b.zip"), "--lang", "en", "--json")
    for made, word in ((served, "Meine Daten"), (alone, "My data")):
        assert made.status == 0
        with zipfile.ZipFile(made.json["file"]) as packed:
            assert packed.namelist() == made.json["parts"]
            assert word in packed.read("index.html").decode()
            assert json.loads(packed.read("fhir/bundle.json"))["resourceType"] == "Bundle"
            looked = packed.read("audit.jsonl").decode()
    assert "console person export" in looked  # who took it away stands in it, too
    assert list(healthtwin.home.glob("exports/*")) == []


@pytest.mark.parametrize(
    ("options", "says"),
    [
        (("--from", "soon"), "--from"),
        (("--from", "2026-03-02", "--to", "2026-03-01"), "not before"),
        (("--lang", "xx"), "en"),
        (("--to", "2026-13-01"), "--to"),
    ],
)
def test_a_range_or_language_that_cannot_be_is_refused_and_nothing_is_written(
    healthtwin: Commands, ada: str, tmp_path: Path, options: tuple[str, ...], says: str
) -> None:
    answer = healthtwin("person", "export", ada, "--out", str(tmp_path / "a.zip"), *options)
    assert answer.status == 2
    assert says in answer.err
    assert not list(tmp_path.glob("*.zip"))


def test_data_for_research_needs_consent_and_enough_people(
    healthtwin: Commands, ada: str, tmp_path: Path
) -> None:
    out = ("--out", str(tmp_path / "r.zip"), "--recipient", "University")
    refused = healthtwin("export", "research", "--person", ada, *out)
    assert refused.status == 2
    assert "agreed" in refused.err
    names = [f"P{number}" for number in range(4)]
    for name in names:
        healthtwin("person", "add", "--name", name, "--timezone", "UTC", "--birth-year", "1980", "--json")
    for name in ("Ada", *names[:3]):
        agreed = healthtwin("export", "consent", "--person", name, "--recipient", "University", "--json")
        assert agreed.json["allowed"]
    four = healthtwin("export", "research", *out)
    assert four.status == 2
    assert "4 people cannot be 5-anonymous" in four.err
    healthtwin("export", "consent", "--person", names[3], "--recipient", "University", "--json")
    made = healthtwin("person", "export-research", *out, "--k", "4", "--l", "1", "--lang", "en", "--json")
    assert made.status == 0
    assert made.json["released"] + made.json["left_out"] == 5
    assert made.json["released"] >= 4
    healthtwin("export", "consent", "--person", "Ada", "--recipient", "University", "--withdraw", "--json")
    again = healthtwin("export", "research", "--out", str(tmp_path / "s.zip"), "--recipient", "University")
    assert again.status == 2
