"""What was stated about a person, and what was found, on both databases."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import pytest
from alembic import command

from healthtwin.domain import AlertLevel, Evidence, Finding, Profile, quoted
from healthtwin.domain.errors import NotFound
from healthtwin.store import Records
from healthtwin.store.records import Person, Subject
from healthtwin.store.records.database import Database
from healthtwin.store.records.schema import configuration
from healthtwin.store.records.transfer import transfer

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from healthtwin.store.records import Statement

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
    records: Records, person: Person, names: list[str], at: int, findings: Sequence[Finding] = ()
) -> Statement:
    return records.pharmacy.state(
        person.id,
        Subject.MEDICINES,
        {"medicines": names},
        actor="t-1",
        now_ms=at,
        specialty=SPECIALTY,
        findings=findings,
    )


def test_nothing_stands_before_somebody_states_it(records: Records, ada: Person) -> None:
    assert records.statements.get(ada.id, Subject.GENES) is None
    assert list(records.pharmacy.findings(ada.id)) == []


def test_a_revision_counts_changes_and_not_repetitions(records: Records, ada: Person) -> None:
    first = state(records, ada, ["codeine"], 10)
    again = state(records, ada, ["codeine"], 20)
    changed = state(records, ada, ["codeine", "sertraline"], 30)

    assert (first.revision, first.stated_ms) == (1, 10)
    assert again == first
    assert (changed.revision, changed.stated_ms, changed.actor) == (2, 30, "t-1")
    assert records.statements.get(ada.id, Subject.MEDICINES) == changed


def test_findings_are_replaced_whole_and_keep_since_when_they_stand(records: Records, ada: Person) -> None:
    state(records, ada, ["codeine"], 10, [AVOID])
    state(records, ada, ["codeine", "sertraline"], 20, [AVOID, CARE])
    stood = [(each.finding, each.found_ms) for each in records.pharmacy.findings(ada.id)]
    assert stood == [(AVOID, 10), (CARE, 20)]

    assert records.pharmacy.replace_findings(ada.id, SPECIALTY, [AVOID, CARE], 30) is False
    assert records.pharmacy.replace_findings(ada.id, SPECIALTY, [CARE], 40) is True
    assert [each.finding for each in records.pharmacy.findings(ada.id)] == [CARE]


def test_another_specialty_keeps_its_findings(records: Records, ada: Person) -> None:
    other = replace(CARE, specialty="cardiology")
    records.pharmacy.replace_findings(ada.id, "cardiology", [other], 5)
    state(records, ada, ["codeine"], 10, [AVOID])
    state(records, ada, [], 20)
    assert [each.finding for each in records.pharmacy.findings(ada.id)] == [other]


def test_a_change_is_unlogged_until_the_log_has_it(records: Records, ada: Person) -> None:
    first = state(records, ada, ["codeine"], 10)
    assert list(records.statements.unlogged()) == [first]
    records.statements.note_logged([first])
    assert list(records.statements.unlogged()) == []
    second = state(records, ada, [], 20)
    records.statements.note_logged([first])  # late news of an older revision hides no newer one
    assert [each.revision for each in records.statements.unlogged()] == [second.revision]


def test_erasing_a_person_erases_genes_medicines_and_findings(records: Records, ada: Person) -> None:
    bob = records.people.add("Bob", Profile("UTC"), now_ms=0)
    state(records, ada, ["codeine"], 10, [AVOID])
    state(records, bob, ["codeine"], 10, [AVOID])

    records.people.erase(ada.id)

    assert records.statements.get(ada.id, Subject.MEDICINES) is None
    assert list(records.pharmacy.findings(ada.id)) == []
    assert list(records.statements.people_with(Subject.MEDICINES)) == [bob.id]
    assert len(records.pharmacy.findings(bob.id)) == 1


def test_nothing_is_stated_about_nobody(records: Records, ada: Person) -> None:
    records.people.erase(ada.id)
    with pytest.raises(NotFound):
        state(records, ada, ["codeine"], 10)
    with pytest.raises(NotFound):
        records.pharmacy.replace_findings(ada.id, SPECIALTY, [AVOID], 10)


def test_they_move_house_with_everything_else(records_url: str, tmp_path: Path) -> None:
    with Records(records_url) as records:
        ada = records.people.add("Ada", Profile("UTC"), now_ms=0)
        stated = state(records, ada, ["codeine"], 10, [AVOID])
    there = f"sqlite:///{tmp_path}/copy.db"
    transfer(records_url, there)
    with Records(there) as records:
        assert records.statements.get(ada.id, Subject.MEDICINES) == stated
        assert [each.finding for each in records.pharmacy.findings(ada.id)] == [AVOID]


def test_records_of_the_version_before_are_taken_along(records_url: str) -> None:
    with Records(records_url) as records:
        ada = records.people.add("Ada", Profile("UTC"), now_ms=0)
    database = Database(records_url)
    with database.writing_connection() as connection:
        command.downgrade(configuration(connection), "0001")
    database.close()

    with Records(records_url) as records:
        assert records.people.list() == [ada]
        assert state(records, ada, ["codeine"], 10).revision == 1
