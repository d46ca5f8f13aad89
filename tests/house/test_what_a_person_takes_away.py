"""Everything about one person in one file: whole, readable by people and by other systems, theirs alone."""

from __future__ import annotations

import csv
import io
import json
import re
import zipfile
from typing import TYPE_CHECKING, Any

import fhirkit
import pytest

from healthtwin.domain import DAY_MS, METRICS, MINUTE_MS, Profile
from healthtwin.domain.errors import InvalidInput, NotFound
from healthtwin.house import EventClock
from healthtwin.house.erasure import erase_person
from healthtwin.house.export import Wanted, export_to, write_export
from healthtwin.store import Home, SeriesStore, Tables
from healthtwin.store.people import People
from healthtwin.store.statements import Statements, Subject
from tests.house.a_house import CLINICIAN, START, HouseAtWork

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

HEART = METRICS["heart_rate"].code
WEIGHT = METRICS["body_weight"].code
NAME = "Ada <Ärztin> & Söhne"
BACKGROUND = {
    "conditions": ["asthma"],
    "risk_factors": ["smokes"],
    "allergies": ["penicillin"],
    "emergency_contacts": [{"name": "Bo", "phone": "+49 30 1234567", "relation": "son"}],
}


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A home in which a good deal is known about one person, and something about another."""
    path = tmp_path_factory.mktemp("mydata") / "home"
    at = HouseAtWork(path, EventClock(START))
    ada = at.person(NAME, birth_year=1960, birth_month=7, sex="female")
    other = at.person("Grace Hopper")
    for minute in range(30):
        at.send(ada, START + minute * 5 * MINUTE_MS, heart_rate=60 + minute % 7, oxygen_saturation=96)
    at.send(ada, START + 3 * 60 * MINUTE_MS, oxygen_saturation=79, heart_rate=152)
    at.send(other, START + 4 * 60 * MINUTE_MS, heart_rate=61)
    at.house.medicines.set_medicines(CLINICIAN, ada, ["codeine"])
    at.house.medicines.set_genes(CLINICIAN, ada, {"CYP2D6": "*4/*4"})
    Statements(at.house.tables).state(ada, Subject.BACKGROUND, BACKGROUND, actor="t", now_ms=START)
    at.house.stop()
    return path


def person_of(home: Path, name: str = NAME) -> str:
    with Tables.of(Home.open(home)) as tables:
        return next(person.id for person in People(tables).list() if person.name == name)


def taken(home: Path, out: Path, **wanted: Any) -> zipfile.ZipFile:  # noqa: ANN401
    export_to(Home.open(home), person_of(home), out, Wanted(**wanted))
    return zipfile.ZipFile(out)


def bundle_in(packed: zipfile.ZipFile) -> dict[str, Any]:
    bundle: dict[str, Any] = json.loads(packed.read("fhir/bundle.json"))
    return bundle


def resources(bundle: dict[str, Any], kind: str) -> list[dict[str, Any]]:
    found = [entry["resource"] for entry in bundle["entry"]]
    return [each for each in found if each["resourceType"] == kind]


def references(value: object) -> Iterator[str]:
    if isinstance(value, dict):
        if isinstance(value.get("reference"), str):
            yield value["reference"]
        for each in value.values():
            yield from references(each)
    elif isinstance(value, list):
        for each in value:
            yield from references(each)


@pytest.fixture(scope="module")
def packed(home: Path, tmp_path_factory: pytest.TempPathFactory) -> zipfile.ZipFile:
    return taken(home, tmp_path_factory.mktemp("out") / "me.zip")


@pytest.fixture(scope="module")
def bundle(packed: zipfile.ZipFile) -> dict[str, Any]:
    return bundle_in(packed)


def test_the_bundle_holds_by_the_official_r4_definitions(bundle: dict[str, Any]) -> None:
    assert [str(issue) for issue in fhirkit.validate(json.dumps(bundle))] == []


def test_every_reference_is_the_address_of_an_entry_and_no_address_stands_twice(
    bundle: dict[str, Any],
) -> None:
    addresses = [entry["fullUrl"] for entry in bundle["entry"]]
    assert len(set(addresses)) == len(addresses)
    assert set(references(bundle)) <= set(addresses)
    ids = [(entry["resource"]["resourceType"], entry["resource"]["id"]) for entry in bundle["entry"]]
    assert len(set(ids)) == len(ids)
    assert all(re.fullmatch(r"[A-Za-z0-9.-]{1,64}", each) for _, each in ids)


def test_it_is_about_the_person_by_their_own_name(bundle: dict[str, Any]) -> None:
    (patient,) = resources(bundle, "Patient")
    assert patient["name"] == [{"text": NAME}]
    assert (patient["gender"], patient["birthDate"]) == ("female", "1960-07")
    assert patient["contact"][0]["name"] == {"text": "Bo"}
    assert bundle["type"] == "collection"


def test_what_was_stated_is_there_as_what_it_is(bundle: dict[str, Any]) -> None:
    (medicine,) = resources(bundle, "MedicationStatement")
    (allergy,) = resources(bundle, "AllergyIntolerance")
    (condition,) = resources(bundle, "Condition")
    assert medicine["medicationCodeableConcept"]["text"] == "codeine"
    assert (allergy["code"]["text"], condition["code"]["text"]) == ("penicillin", "asthma")
    (report,) = resources(bundle, "DiagnosticReport")
    assert report["subject"]["reference"] == bundle["entry"][0]["fullUrl"]
    genotypes = [each for each in resources(bundle, "Observation") if each["id"].startswith("genotype-")]
    assert [each["valueCodeableConcept"]["text"] for each in genotypes] == ["CYP2D6 *4/*4"]


def test_every_reading_is_there_with_loinc_and_ucum(bundle: dict[str, Any]) -> None:
    hearts = [
        each
        for each in resources(bundle, "Observation")
        if {"system": "http://loinc.org", "code": "8867-4"} in each["code"].get("coding", [])
    ]
    (day,) = hearts
    sampled = day["valueSampledData"]
    assert sampled["origin"]["code"] == "/min"
    assert sampled["origin"]["system"] == "http://unitsofmeasure.org"
    assert sampled["period"] == 5 * MINUTE_MS
    values = sampled["data"].split(" ")
    assert [float(each) for each in values[:30]] == [60 + minute % 7 for minute in range(30)]
    assert (values[30], values[-1]) == ("E", "152")


def test_an_alert_is_there_with_whom_it_was_told(bundle: dict[str, Any], packed: zipfile.ZipFile) -> None:
    issues = resources(bundle, "DetectedIssue")
    assert issues
    assert all(issue["patient"]["reference"] == bundle["entry"][0]["fullUrl"] for issue in issues)
    told = json.loads(packed.read("alerts.json"))
    assert {issue["id"] for issue in issues} == {alert["id"] for alert in told}
    assert all(alert["summary"] and alert["person_name"] == NAME for alert in told)


def test_nothing_of_anybody_else_and_nothing_that_opens_a_door_is_in_it(
    packed: zipfile.ZipFile, home: Path
) -> None:
    other = person_of(home, "Grace Hopper")
    for name in packed.namelist():
        text = packed.read(name)
        assert b"Grace" not in text, name
        assert other.encode() not in text, name
        assert b'"secret"' not in text, name
        assert b'"hash"' not in text, name


def test_the_page_explains_every_file_and_asks_nothing_of_the_net(packed: zipfile.ZipFile) -> None:
    page = packed.read("index.html").decode()
    for name in packed.namelist():
        folder = name.split("/", maxsplit=1)[0] + "/"
        assert name == "index.html" or name in page or folder in page, name
    for link in re.findall(r'(?:href|src)="([^"]*)"', page):
        assert link in packed.namelist()
    assert "<script" not in page
    assert "http" not in page
    assert "Ada &lt;Ärztin&gt; &amp; Söhne" in page
    assert "<td>31</td>" in page  # heart rates of the year


def test_the_page_speaks_german(home: Path, tmp_path: Path) -> None:
    packed = taken(home, tmp_path / "me.zip", language="de")
    page = packed.read("index.html").decode()
    assert '<html lang="de">' in page
    assert "Meine Daten" in page
    assert "Puls" in page


def test_a_spreadsheet_gets_every_value_back(packed: zipfile.ZipFile, home: Path) -> None:
    rows = list(csv.DictReader(io.StringIO(packed.read("series/heart_rate.csv").decode())))
    opened = Home.open(home)
    with Tables.of(opened) as tables, SeriesStore(opened.series_path, keys=tables.keys) as series:
        pseudonym = People(tables).get(person_of(home)).pseudonym
        t, v, q = series.range_with_quality(pseudonym, HEART, 0, 2**52)
    assert [int(row["time_ms"]) for row in rows] == t.tolist()
    assert [float(row["value"]) for row in rows] == v.tolist()
    assert [float(row["quality"]) for row in rows] == [round(each, 3) for each in q.tolist()]
    assert rows[0]["time"] == "2026-03-01T12:00:00+00:00"


def test_programs_get_the_same_values_as_parquet(home: Path, tmp_path: Path) -> None:
    pq = pytest.importorskip("pyarrow.parquet", reason="the extra `parquet` is not installed")
    packed = taken(home, tmp_path / "me.zip", parquet=True)
    table = pq.read_table(io.BytesIO(packed.read("series/heart_rate.parquet")))
    rows = list(csv.DictReader(io.StringIO(packed.read("series/heart_rate.csv").decode())))
    assert table.column("value").to_pylist() == [float(row["value"]) for row in rows]
    times = [round(each.timestamp() * 1000) for each in table.column("time").to_pylist()]
    assert times == [int(row["time_ms"]) for row in rows]


def test_a_range_holds_what_lies_in_it_and_all_that_was_stated(home: Path, tmp_path: Path) -> None:
    first, last = START + 10 * MINUTE_MS, START + 20 * MINUTE_MS
    packed = taken(home, tmp_path / "me.zip", from_ms=first, to_ms=last)
    rows = list(csv.DictReader(io.StringIO(packed.read("series/heart_rate.csv").decode())))
    assert [int(row["time_ms"]) for row in rows] == [first, first + 5 * MINUTE_MS, last]
    assert json.loads(packed.read("tables/alerts.json")) == []
    assert len(json.loads(packed.read("tables/statements.json"))) == 3
    (day,) = [each for each in resources(bundle_in(packed), "Observation") if "valueSampledData" in each][:1]
    assert len(day["valueSampledData"]["data"].split(" ")) == 3
    times = [json.loads(line)["time_ms"] for line in packed.read("log.jsonl").decode().splitlines()]
    assert all(first <= each <= last for each in times)


def test_the_same_home_gives_the_same_bytes(home: Path, tmp_path: Path) -> None:
    for name in ("a.zip", "b.zip"):
        export_to(Home.open(home), person_of(home), tmp_path / name, Wanted(made_ms=START))
    assert (tmp_path / "a.zip").read_bytes() == (tmp_path / "b.zip").read_bytes()


def scattered_home(path: Path, rows: list[tuple[int, int, float]]) -> Path:
    home = Home.create(path)
    with Tables.of(home) as tables:
        person = People(tables).add(NAME, Profile("UTC"), START)
    with SeriesStore(home.series_path) as series:
        series.append([(person.pseudonym, code, at, value, 1.0) for code, at, value in rows], 1)
        series.seal(START + 40 * DAY_MS)
    return path


def test_readings_on_no_grid_are_each_alone_and_many_of_them_in_figures(tmp_path: Path) -> None:
    few = [(WEIGHT, START + at, 70 + at / 1e7) for at in (0, 1_234_567, 9_876_543)]
    many = [(HEART, START + number * 61_000 + number**2 % 977, 60.0 + number % 9) for number in range(200)]
    home = scattered_home(tmp_path / "home", few + many)
    packed = taken(home, tmp_path / "me.zip")
    bundle = bundle_in(packed)
    assert [str(issue) for issue in fhirkit.validate(json.dumps(bundle))] == []
    told = resources(bundle, "Observation")
    weights = [each["valueQuantity"]["value"] for each in told if each["id"].startswith("body-weight-")]
    assert weights == [value for _, _, value in few]
    (figures,) = [each for each in told if each["id"].startswith("heart-rate-")]
    by_code = {
        part["code"]["coding"][0]["code"]: part["valueQuantity"]["value"] for part in figures["component"]
    }
    values = [value for _, _, value in many]
    assert by_code["count"] == 200
    assert (by_code["minimum"], by_code["maximum"]) == (min(values), max(values))
    assert by_code["average"] == pytest.approx(sum(values) / 200)
    rows = list(csv.DictReader(io.StringIO(packed.read("series/heart_rate.csv").decode())))
    assert [float(row["value"]) for row in rows] == values


def test_two_values_of_one_instant_are_both_there(tmp_path: Path) -> None:
    home = scattered_home(tmp_path / "home", [(WEIGHT, START, 70.0), (WEIGHT, START, 71.0)])
    bundle = bundle_in(taken(home, tmp_path / "me.zip"))
    values = [each["valueQuantity"]["value"] for each in resources(bundle, "Observation")]
    assert values == [70.0, 71.0]


def test_whoever_is_erased_meanwhile_leaves_no_file_behind(tmp_path: Path) -> None:
    home = scattered_home(tmp_path / "home", [(HEART, START + at * 1_000, 60.0) for at in range(200)])
    person = person_of(home)

    class Sink(io.BytesIO):
        erased = False

        def write(self, data: Any, /) -> int:  # noqa: ANN401 - as BytesIO
            if not self.erased:
                self.erased = True
                assert erase_person(Home.open(home), person, START).done
            return super().write(data)

    with pytest.raises(NotFound):
        write_export(Home.open(home), person, Wanted(), Sink())
    with pytest.raises(NotFound):
        export_to(Home.open(home), person, tmp_path / "me.zip")
    assert [path.name for path in tmp_path.iterdir()] == ["home"]


def test_a_file_that_is_there_already_is_never_written_over(home: Path, tmp_path: Path) -> None:
    (tmp_path / "me.zip").write_text("mine")
    with pytest.raises(InvalidInput, match="does not exist yet"):
        taken(home, tmp_path / "me.zip")
    assert (tmp_path / "me.zip").read_text() == "mine"
