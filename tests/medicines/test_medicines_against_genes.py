"""Medicines and genes in a real house: checked whenever either changes, in the log, and never an alert."""

from __future__ import annotations

import asyncio
import subprocess
import sys
from contextlib import closing
from typing import TYPE_CHECKING

import msgspec
import pytest

from healthtwin.domain import MINUTE_MS
from healthtwin.domain.errors import HealthTwinError, InvalidInput, NotFound
from healthtwin.medicines import Findings
from healthtwin.pipeline import STATEMENT, HouseStep, StatementPayload, encode
from healthtwin.store.people import People
from healthtwin.store.statements import Subject
from healthtwin.stream import LogRecord, SqliteLog
from tests.house.a_house import CLINICIAN, START, HouseAtWork, house_at_work

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from healthtwin.house import LiveEvent

POOR = {"CYP2D6": "*4/*4"}
SPECIALTY = "pharmacogenomics"


@pytest.fixture
def at_work(tmp_path: Path) -> Iterator[HouseAtWork]:
    with house_at_work(tmp_path / "home") as working:
        yield working


def hypotheses(at_work: HouseAtWork, person: str) -> list[str]:
    return [finding.hypothesis for finding in at_work.house.medicines.findings(person).findings]


def events(at_work: HouseAtWork) -> list[LogRecord]:
    with closing(SqliteLog(at_work.path / "log.db")) as log:
        return [record for record in log.read(0, 10_000) if record.kind == STATEMENT]


def test_a_change_of_either_is_checked_against_the_other(at_work: HouseAtWork) -> None:
    ada, house = at_work.person(), at_work.house
    house.medicines.set_medicines(CLINICIAN, ada, ["codeine", "lithium"])
    assert hypotheses(at_work, ada) == [], "no genes, no finding"

    house.medicines.set_genes(CLINICIAN, ada, POOR)
    assert hypotheses(at_work, ada) == ["codeine and CYP2D6 Poor Metabolizer: avoid"]
    (finding,) = house.medicines.findings(ada).findings
    assert (finding.specialty, finding.urgency, finding.found_at) == (SPECIALTY, "warning", START)
    assert all(fact.text and fact.source for fact in finding.evidence)

    house.medicines.set_medicines(CLINICIAN, ada, ["lithium"])
    assert hypotheses(at_work, ada) == []


def test_a_finding_is_never_an_alert(at_work: HouseAtWork) -> None:
    ada, house = at_work.person(), at_work.house
    house.medicines.set_genes(CLINICIAN, ada, POOR)
    house.medicines.set_medicines(CLINICIAN, ada, ["codeine"])
    at_work.tick(START + MINUTE_MS)
    assert hypotheses(at_work, ada)
    assert house.notify.alerts(None, None) == []


def test_what_was_stated_can_be_read_back_with_what_it_means(at_work: HouseAtWork) -> None:
    ada, house = at_work.person(), at_work.house
    assert house.medicines.medicines(ada).revision == house.medicines.genes(ada).revision == 0
    view = house.medicines.set_medicines(CLINICIAN, ada, ["codeine", "grandmother's drops"])
    assert (view.medicines, view.unknown) == (["codeine", "grandmother's drops"], ["grandmother's drops"])
    genes = house.medicines.set_genes(CLINICIAN, ada, POOR)
    assert genes.genes == POOR
    assert [(each.gene, each.phenotype) for each in genes.results] == [("CYP2D6", "Poor Metabolizer")]


def test_the_log_hears_of_every_change_once_and_learns_no_gene(at_work: HouseAtWork) -> None:
    ada, house = at_work.person(), at_work.house
    house.medicines.set_medicines(CLINICIAN, ada, ["codeine"])
    house.medicines.set_medicines(CLINICIAN, ada, ["codeine"])
    house.medicines.set_genes(CLINICIAN, ada, POOR)
    house.medicines.set_medicines(CLINICIAN, ada, [])
    told = events(at_work)
    assert [house.engine.codec.read(record) for record in told] == [
        StatementPayload("medicines", 1, "t-clinician"),
        StatementPayload("genes", 1, "t-clinician"),
        StatementPayload("medicines", 2, "t-clinician"),
    ]
    assert {record.person for record in told} == {People(house.tables).get(ada).pseudonym}
    assert not any(word in record.payload for record in told for word in (b"codeine", b"*4", ada.encode()))


def test_a_change_that_a_crash_kept_from_the_log_gets_there_later(at_work: HouseAtWork) -> None:
    ada, house = at_work.person(), at_work.house
    house.medicines.set_genes(CLINICIAN, ada, POOR)
    Findings(house.tables).state(  # what a crash right after the commit leaves
        ada,
        Subject.MEDICINES,
        {"medicines": ["codeine"]},
        actor="t-clinician",
        now_ms=START,
        found={SPECIALTY: ()},
    )
    at_work.restart()
    assert at_work.house.tidy()
    assert at_work.house.tidy()
    codec = at_work.house.engine.codec
    assert [codec.read(record) for record in events(at_work)] == [
        StatementPayload("genes", 1, "t-clinician"),
        StatementPayload("medicines", 1, "t-clinician"),
    ]
    assert hypotheses(at_work, ada), "and the finding was computed again"


def test_findings_can_be_emptied_and_computed_again(at_work: HouseAtWork) -> None:
    ada, house = at_work.person(), at_work.house
    house.medicines.set_genes(CLINICIAN, ada, POOR)
    house.medicines.set_medicines(CLINICIAN, ada, ["codeine"])
    before = hypotheses(at_work, ada)
    Findings(house.tables).replace_findings(ada, SPECIALTY, [], START)
    assert house.tidy()
    assert hypotheses(at_work, ada) == before != []


def test_a_recheck_of_many_people_is_done_a_little_at_a_time(at_work: HouseAtWork) -> None:
    people = [at_work.person(f"Person {number}") for number in range(3)]
    for person in people:
        at_work.house.medicines.set_genes(CLINICIAN, person, POOR)
        at_work.house.medicines.set_medicines(CLINICIAN, person, ["codeine"])
        Findings(at_work.house.tables).replace_findings(person, SPECIALTY, [], START)
    medicines = at_work.house.medicines  # the house gives it more time than three people need
    done = [medicines.tidy(at_most_s=0.0) for _ in people]
    assert done == [False, False, True]
    assert all(hypotheses(at_work, person) for person in people)


def test_the_twin_passes_over_it_and_a_replay_gives_the_same_bytes(tmp_path: Path) -> None:
    """One house hears of medicines between the readings, the other does not; one is computed anew."""
    states = []
    for name in ("without", "with"):
        with house_at_work(tmp_path / name) as at_work:
            ada = at_work.person()
            pseudonym = People(at_work.house.tables).get(ada).pseudonym
            for minute in range(40):
                at_work.send(ada, START + minute * MINUTE_MS, heart_rate=60.0 + minute % 7)
                if name == "with" and minute % 5 == 0:
                    at_work.house.medicines.set_medicines(CLINICIAN, ada, ["codeine"] * (minute % 2))
            states.append(without_name(at_work, pseudonym))
            if name == "with":
                assert len(events(at_work)) > 1
                at_work.house.stop()
                for part in ("state.db", "state.db-wal", "state.db-shm"):
                    (tmp_path / name / part).unlink(missing_ok=True)
                at_work.restart()
                assert at_work.house.caught_up(10)
                states.append(without_name(at_work, pseudonym))
    assert states[0] == states[1] == states[2]


def without_name(at_work: HouseAtWork, pseudonym: str) -> bytes:
    """A person's newest state; the pseudonym, which is drawn at random, taken out."""
    states = at_work.house.engine.runner.peek(pseudonym)  # the bytes are what this is about
    assert states is not None
    state = states[1]
    assert state["person"] == pseudonym.encode()
    state["person"] = b""
    return state.tobytes()


def test_medicines_before_the_first_reading_make_nobody_known_to_the_twin(at_work: HouseAtWork) -> None:
    ada = at_work.person(birth_year=1950)
    at_work.house.medicines.set_medicines(CLINICIAN, ada, ["codeine"])
    assert at_work.house.people.view(ada).status == "unknown"
    at_work.send(ada, START - 5 * MINUTE_MS, heart_rate=70)
    pseudonym = People(at_work.house.tables).get(ada).pseudonym
    states = at_work.house.engine.runner.peek(pseudonym)  # judged by the profile from the first reading on
    assert states is not None
    state = states[1]
    assert state["profile"]["birth_year"] == 1950


def test_the_step_of_any_engine_takes_an_event_and_learns_nothing() -> None:
    step = HouseStep(allowed_lateness_ms=900_000)
    payload = encode(StatementPayload("genes", 3))
    rows = step.rows([LogRecord("ada", STATEMENT, START, START, "", None, 0, payload, 1, 0)])
    state = step.blank(1)
    blank = state.copy()
    assert step.advance(state, rows, late=False) == []
    blank["person"] = b"ada"
    assert state.tobytes() == blank.tobytes()


def test_open_browsers_hear_of_findings_when_they_change(at_work: HouseAtWork) -> None:
    ada, house = at_work.person(), at_work.house

    async def heard() -> LiveEvent:
        stream = house.feed.follow(None, frozenset({ada}))
        waiting = asyncio.ensure_future(anext(stream))
        await asyncio.sleep(0)
        await asyncio.to_thread(
            house.medicines.set_medicines, CLINICIAN, ada, ["codeine"]
        )  # nothing found yet
        await asyncio.to_thread(house.medicines.set_genes, CLINICIAN, ada, POOR)
        return await asyncio.wait_for(waiting, 10)

    event = asyncio.run(heard())
    assert event.event == "findings"
    told = msgspec.json.decode(event.data)
    assert told == msgspec.to_builtins(house.medicines.findings(ada))
    assert told["findings"]


@pytest.mark.parametrize(
    ("names", "field"),
    [
        (["codeine", " "], r"medicines\[1\]"),
        (["x" * 201], r"medicines\[0\]"),
        (["line\nbreak"], r"medicines\[0\]"),
        (["codeine", "Codeine "], r"medicines\[1\]"),
        ([f"medicine {number}" for number in range(101)], "medicines"),
    ],
)
def test_an_impossible_list_is_refused_with_its_place(
    at_work: HouseAtWork, names: list[str], field: str
) -> None:
    ada = at_work.person()
    with pytest.raises(InvalidInput, match=field):
        at_work.house.medicines.set_medicines(CLINICIAN, ada, names)
    assert at_work.house.medicines.medicines(ada).revision == 0


@pytest.mark.parametrize(
    ("document", "field"),
    [
        ({"CYP2D99": "*1/*2"}, "CYP2D99"),
        ({"CYP2C19": "*1/*999"}, r"\*999"),
        ({"CYP2C19": {"diplotype": "*1/*2", "note": "x"}}, r"genes\.CYP2C19\.note"),
        ({"medicines": ["codeine"]}, r"genes\.medicines"),
        ({"name": "Ada"}, r"genes\.name"),
        ({"sex": "yes"}, "sex"),
    ],
)
def test_impossible_genes_are_refused_with_their_name(
    at_work: HouseAtWork, document: dict[str, object], field: str
) -> None:
    ada = at_work.person()
    with pytest.raises(HealthTwinError, match=field):
        at_work.house.medicines.set_genes(CLINICIAN, ada, document)
    assert at_work.house.medicines.genes(ada).revision == 0


def test_nobody_has_medicines_who_does_not_exist(at_work: HouseAtWork) -> None:
    with pytest.raises(NotFound):
        at_work.house.medicines.set_medicines(CLINICIAN, "p-none", ["codeine"])
    with pytest.raises(NotFound):
        at_work.house.medicines.findings("p-none")


def test_a_house_starts_and_tidies_without_loading_the_gene_tables(tmp_path: Path) -> None:
    program = (
        "import sys; from healthtwin.api import ServeSettings, create_app;"
        "from healthtwin.house import open_house;"
        "house = open_house(sys.argv[1]); house.start(); create_app(house, ServeSettings()); house.tidy();"
        "house.stop(); sys.exit('healthtwin.genes.knowledge' in sys.modules)"
    )
    ran = subprocess.run(
        [sys.executable, "-c", program, str(tmp_path / "home")], capture_output=True, text=True, check=False
    )
    assert ran.returncode == 0, ran.stderr
