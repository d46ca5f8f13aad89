"""What was stated about a person, and what was found, on both databases."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import pytest
from alembic import command

from healthtwin.domain import AlertLevel, Evidence, Finding, Profile, quoted
from healthtwin.domain.errors import NotFound
from healthtwin.medicines import Findings
from healthtwin.store import Tables
from healthtwin.store.erasure import Erasures
from healthtwin.store.migration import configuration
from healthtwin.store.people import People, Person
from healthtwin.store.statements import Statements, Subject
from healthtwin.store.transfer import transfer

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from healthtwin.store.statements import Statement

SPECIALTY = "pharmacogenomics"
AVOID = Finding(
    SPECIALTY,
    quoted("codeine and CYP2D6 Poor Metabolizer: avoid"),
    AlertLevel.WARNING,
    None,
    (Evidence(quoted("No relief is to be expected."), quoted("CPIC, 2020")),),
    (),
    "starter",
)
CARE = replace(
    AVOID, hypothesis=quoted("sertraline and CYP2C19 Poor Metabolizer: lower dose"), urgency=AlertLevel.INFO
)


def state(
    tables: Tables, person: Person, names: list[str], at: int, findings: Sequence[Finding] = ()
) -> Statement:
    return Findings(tables).state(
        person.id,
        Subject.MEDICINES,
        {"medicines": names},
        actor="t-1",
        now_ms=at,
        found={SPECIALTY: findings},
    )


def test_nothing_stands_before_somebody_states_it(tables: Tables, ada: Person) -> None:
    assert Statements(tables).get(ada.id, Subject.GENES) is None
    assert list(Findings(tables).findings(ada.id)) == []


def test_a_revision_counts_changes_and_not_repetitions(tables: Tables, ada: Person) -> None:
    first = state(tables, ada, ["codeine"], 10)
    again = state(tables, ada, ["codeine"], 20)
    changed = state(tables, ada, ["codeine", "sertraline"], 30)

    assert (first.revision, first.stated_ms) == (1, 10)
    assert again == first
    assert (changed.revision, changed.stated_ms, changed.actor) == (2, 30, "t-1")
    assert Statements(tables).get(ada.id, Subject.MEDICINES) == changed


def test_findings_are_replaced_whole_and_keep_since_when_they_stand(tables: Tables, ada: Person) -> None:
    state(tables, ada, ["codeine"], 10, [AVOID])
    state(tables, ada, ["codeine", "sertraline"], 20, [AVOID, CARE])
    stood = [(each.finding, each.found_ms) for each in Findings(tables).findings(ada.id)]
    assert stood == [(AVOID, 10), (CARE, 20)]

    assert Findings(tables).replace_findings(ada.id, SPECIALTY, [AVOID, CARE], 30) is False
    assert Findings(tables).replace_findings(ada.id, SPECIALTY, [CARE], 40) is True
    assert [each.finding for each in Findings(tables).findings(ada.id)] == [CARE]


def test_another_specialty_keeps_its_findings(tables: Tables, ada: Person) -> None:
    other = replace(CARE, specialty="cardiology")
    Findings(tables).replace_findings(ada.id, "cardiology", [other], 5)
    state(tables, ada, ["codeine"], 10, [AVOID])
    state(tables, ada, [], 20)
    assert [each.finding for each in Findings(tables).findings(ada.id)] == [other]


def test_a_change_is_unlogged_until_the_log_has_it(tables: Tables, ada: Person) -> None:
    first = state(tables, ada, ["codeine"], 10)
    assert list(Statements(tables).unlogged()) == [first]
    Statements(tables).note_logged([first])
    assert list(Statements(tables).unlogged()) == []
    second = state(tables, ada, [], 20)
    Statements(tables).note_logged([first])  # late news of an older revision hides no newer one
    assert [each.revision for each in Statements(tables).unlogged()] == [second.revision]


def test_erasing_a_person_erases_genes_medicines_and_findings(tables: Tables, ada: Person) -> None:
    bob = People(tables).add("Bob", Profile("UTC"), now_ms=0)
    state(tables, ada, ["codeine"], 10, [AVOID])
    state(tables, bob, ["codeine"], 10, [AVOID])

    Erasures(tables).begin(ada.id, 1)

    assert Statements(tables).get(ada.id, Subject.MEDICINES) is None
    assert list(Findings(tables).findings(ada.id)) == []
    assert list(Statements(tables).people_with(Subject.MEDICINES)) == [bob.id]
    assert len(Findings(tables).findings(bob.id)) == 1


def test_nothing_is_stated_about_nobody(tables: Tables, ada: Person) -> None:
    Erasures(tables).begin(ada.id, 1)
    with pytest.raises(NotFound):
        state(tables, ada, ["codeine"], 10)
    with pytest.raises(NotFound):
        Findings(tables).replace_findings(ada.id, SPECIALTY, [AVOID], 10)


def test_they_move_house_with_everything_else(records_url: str, tmp_path: Path) -> None:
    with Tables(records_url) as tables:
        ada = People(tables).add("Ada", Profile("UTC"), now_ms=0)
        stated = state(tables, ada, ["codeine"], 10, [AVOID])
    there = f"sqlite:///{tmp_path}/copy.db"
    transfer(records_url, there)
    with Tables(there) as tables:
        assert Statements(tables).get(ada.id, Subject.MEDICINES) == stated
        assert [each.finding for each in Findings(tables).findings(ada.id)] == [AVOID]


def test_records_of_the_version_before_are_taken_along(records_url: str) -> None:
    with Tables(records_url) as tables:
        ada = People(tables).add("Ada", Profile("UTC"), now_ms=0)
    database = Tables(records_url)
    with database.writing_connection() as connection:
        command.downgrade(configuration(connection), "0001")
    database.close()

    with Tables(records_url) as tables:
        assert People(tables).list() == [ada]
        assert state(tables, ada, ["codeine"], 10).revision == 1
