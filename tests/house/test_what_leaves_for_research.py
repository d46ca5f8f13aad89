"""De-identified data out of a real house: of those who agreed, about nobody, with a report that says so."""

from __future__ import annotations

import csv
import io
import json
import re
import zipfile
from datetime import date
from typing import TYPE_CHECKING, Any

import pytest

from healthtwin.domain import DAY_MS, METRICS, Profile
from healthtwin.domain.errors import InvalidInput
from healthtwin.house.research import ResearchConsents, ResearchWish, release_to
from healthtwin.store import Home, SeriesStore, Tables
from healthtwin.store.people import People
from healthtwin.store.statements import Statements, Subject

if TYPE_CHECKING:
    from pathlib import Path

NOW = 1_772_366_400_000
HEART = METRICS["heart_rate"].code
TO = "University of Example"


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Home:
    """Sixteen people who agreed, one who did not."""
    made = Home.create(tmp_path_factory.mktemp("research") / "home")
    with Tables.of(made) as tables:
        consents, people = ResearchConsents(tables), People(tables)
        rows = []
        for number in range(17):
            born = 1930 if number == 15 else 1980 + number % 2
            sex = "female" if number % 2 else "male"
            person = people.add(
                f"Person Number{number}", Profile("Europe/Berlin", birth_year=born, sex=sex), NOW
            )
            Statements(tables).state(
                person.id,
                Subject.GENES,
                {"CYP2D6": "*4/*4" if number % 3 else "*1/*1", "DPYD": "*2A/*2A" if number == 7 else "*1/*1"},
                actor="t",
                now_ms=NOW,
            )
            if number < 16:
                consents.give(person.id, TO, NOW)
            rows += [(person.pseudonym, HEART, NOW - day * DAY_MS, 60.0 + number, 1.0) for day in range(20)]
        with SeriesStore(made.series_path) as series:
            series.append(rows, 1)
    return made


def packed(home: Home, out: Path, **wish: Any) -> tuple[dict[str, Any], zipfile.ZipFile]:  # noqa: ANN401
    report = release_to(home, ResearchWish(TO, **wish), out, NOW)
    return report, zipfile.ZipFile(out)


def table(file: zipfile.ZipFile, name: str) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(file.read(name).decode())))


def test_only_those_who_agreed_are_in_it_and_nobody_is_alone(home: Home, tmp_path: Path) -> None:
    report, file = packed(home, tmp_path / "r.zip")
    rows = table(file, "people.csv")
    assert report["people"] == 16
    assert len(rows) == report["released"] == 16 - report["left_out"]
    for column in [*(each for each in rows[0] if each != "person")]:
        values = [row[column] for row in rows]
        assert all(values.count(value) >= 5 for value in values), column
    assert all(each["smallest_class"] >= 5 for each in report["quasi_identifiers"])
    assert json.loads(file.read("report.json")) == report


def test_no_real_date_no_name_no_place_and_no_id_is_anywhere(home: Home, tmp_path: Path) -> None:
    _, file = packed(home, tmp_path / "r.zip", series="weekly", genes=True)
    with Tables.of(home) as tables:
        ids = [name for each in People(tables).list() for name in (each.id, each.pseudonym, each.name)]
    for info in file.infolist():
        assert info.date_time == (1980, 1, 1, 0, 0, 0)
        text = file.read(info).decode()
        assert not [each for each in ids if each in text]
        assert "Berlin" not in text
        assert not re.search(r"\b\d{13}\b", text)
        assert info.filename.startswith("series/") or not re.search(r"\b\d{4}-\d\d-\d\d\b", text)
    assert (tmp_path / "r.zip").stat().st_mtime == 0


def test_weeks_move_by_whole_weeks_each_person_by_their_own(home: Home, tmp_path: Path) -> None:
    _, file = packed(home, tmp_path / "r.zip", series="weekly")
    rows = table(file, "series/heart_rate.csv")
    weeks: dict[str, list[date]] = {}
    for row in rows:
        weeks.setdefault(row["person"], []).append(date.fromisoformat(row["week"]))
    assert all(day.weekday() == 0 for days in weeks.values() for day in days)
    assert {tuple((day - days[0]).days for day in days) for days in weeks.values()} == {(0, 7, 14)}
    assert len({days[0] for days in weeks.values()}) > 3


def test_two_exports_share_no_name_and_for_one_recipient_the_same_shift(home: Home, tmp_path: Path) -> None:
    _, first = packed(home, tmp_path / "a.zip", series="weekly")
    _, second = packed(home, tmp_path / "b.zip", series="weekly")
    names = [{row["person"] for row in table(file, "people.csv")} for file in (first, second)]
    assert not names[0] & names[1]
    told = [
        sorted((row["week"], row["mean"]) for row in table(file, "series/heart_rate.csv"))
        for file in (first, second)
    ]
    assert told[0] == told[1]


def test_readings_stay_at_home_unless_they_are_asked_for(home: Home, tmp_path: Path) -> None:
    report, file = packed(home, tmp_path / "r.zip")
    assert sorted(file.namelist()) == ["people.csv", "report.json", "report.txt"]
    assert report["series"] == []
    report, _ = packed(home, tmp_path / "s.zip", series="weekly")
    assert {"columns": ["series"], "smallest_class": 1} in report["quasi_identifiers"]


def test_a_rare_gene_variant_is_left_out_and_the_report_says_so(home: Home, tmp_path: Path) -> None:
    report, file = packed(home, tmp_path / "r.zip", genes=True, least=1)
    assert report["columns_left_out"]["DPYD"] == "rare-value"
    assert "DPYD" not in table(file, "people.csv")[0]
    assert "DPYD" in file.read("report.txt").decode()
    _, german = packed(home, tmp_path / "d.zip", genes=True, least=1, language="de")
    assert "Nicht gesagt: DPYD" in german.read("report.txt").decode()


def test_a_house_of_four_is_refused_in_plain_words(home: Home, tmp_path: Path) -> None:
    with Tables.of(home) as tables:
        four = tuple(sorted(ResearchConsents(tables).shifts(TO, NOW)))[:4]
    with pytest.raises(InvalidInput, match="4 people cannot be 5-anonymous"):
        packed(home, tmp_path / "r.zip", people=four)
    assert list(tmp_path.iterdir()) == []


def test_nobody_leaves_who_did_not_agree_or_took_it_back(home: Home, tmp_path: Path) -> None:
    with Tables.of(home) as tables:
        consents = ResearchConsents(tables)
        last = People(tables).list()[-1]
        first = People(tables).list()[0]
        with pytest.raises(InvalidInput, match="agreed"):
            packed(home, tmp_path / "r.zip", people=(last.id,))
        assert consents.shifts("Somebody Else", NOW) == {}
        before = consents.shifts(TO, NOW)[first.id]
        consents.withdraw(first.id, TO, NOW)
        assert first.id not in consents.shifts(TO, NOW)
        consents.give(first.id, TO, NOW, until_ms=NOW + DAY_MS)
        assert consents.shifts(TO, NOW)[first.id] == before
        assert first.id not in consents.shifts(TO, NOW + DAY_MS)
        consents.give(first.id, TO, NOW)


@pytest.mark.parametrize("wish", [{"k": 1}, {"least": 0}, {"series": "hourly"}])
def test_a_wish_that_protects_nobody_is_refused(home: Home, tmp_path: Path, wish: dict[str, Any]) -> None:
    with pytest.raises(InvalidInput):
        packed(home, tmp_path / "r.zip", **wish)
