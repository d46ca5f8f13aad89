"""Genes and current medicines as stated about people, and what they were found to make of each other."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from enum import StrEnum
from typing import TYPE_CHECKING, Any

from sqlalchemy import delete, select, update

from healthtwin.domain import AlertLevel, Evidence, Finding
from healthtwin.domain.errors import NotFound
from healthtwin.store.records.models import FindingRow, PersonRow, StatementRow

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from sqlalchemy.orm import Session

    from healthtwin.store.records.database import Database


class Subject(StrEnum):
    """What a statement is about."""

    MEDICINES = "medicines"
    GENES = "genes"


@dataclass(frozen=True, slots=True)
class Statement:
    """What somebody stated about a person, whole, until it is replaced.

    Attributes:
        content: JSON data, as the gateway accepted it.
        revision: 1 at first, one more with every change.
        logged_revision: the last one that the log has been told of; 0 is none.
        actor: id of the grant behind it, never a name.
    """

    person_id: str
    subject: Subject
    content: Mapping[str, Any]
    revision: int
    logged_revision: int
    actor: str
    stated_ms: int


@dataclass(frozen=True, slots=True)
class StoredFinding:
    """A finding, and since when it has stood in these words."""

    finding: Finding
    found_ms: int


class Pharmacy:
    """Statements and findings of a house. Every method is one transaction."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def statement(self, person_id: str, subject: Subject) -> Statement | None:
        """What stands now; None before anything was stated."""
        with self._database.read() as session:
            row = session.get(StatementRow, (person_id, subject.value))
            return None if row is None else _statement(row)

    def state(
        self,
        person_id: str,
        subject: Subject,
        content: Mapping[str, Any],
        *,
        actor: str,
        now_ms: int,
        specialty: str,
        findings: Sequence[Finding],
    ) -> Statement:
        """Replace what was stated and what that specialty found; stating the same again changes nothing.

        Raises:
            NotFound: no such person.
        """
        with self._database.write() as session:
            if session.get(PersonRow, person_id, with_for_update=True) is None:
                raise NotFound(f"no person {person_id!r}")
            row = session.get(StatementRow, (person_id, subject.value))
            if row is None:
                row = StatementRow(person_id=person_id, subject=subject.value, revision=0, logged_revision=0)
                session.add(row)
            if row.revision == 0 or row.content != dict(content):
                row.content = dict(content)
                row.revision += 1
                row.actor = actor
                row.stated_ms = now_ms
            _replace(session, person_id, specialty, findings, now_ms)
            return _statement(row)

    def unlogged(self) -> Sequence[Statement]:
        """Changes that the log has not been told of, in the order in which they were made."""
        newest = select(StatementRow).where(StatementRow.revision != StatementRow.logged_revision)
        order = (StatementRow.stated_ms, StatementRow.person_id, StatementRow.subject)
        with self._database.read() as session:
            return [_statement(row) for row in session.scalars(newest.order_by(*order))]

    def note_logged(self, statements: Sequence[Statement]) -> None:
        """The log holds these revisions."""
        with self._database.write() as session:
            for each in statements:
                session.execute(
                    update(StatementRow)
                    .where(
                        StatementRow.person_id == each.person_id, StatementRow.subject == each.subject.value
                    )
                    .values(logged_revision=each.revision)
                )

    def with_medicines(self) -> Sequence[str]:
        """Ids of everybody whose medicines were ever stated."""
        found = select(StatementRow.person_id).where(StatementRow.subject == Subject.MEDICINES.value)
        with self._database.read() as session:
            return list(session.scalars(found.order_by(StatementRow.person_id)))

    def findings(self, person_id: str) -> Sequence[StoredFinding]:
        """What stands about a person, the most urgent first, in the order in which each specialty gave it."""
        query = select(FindingRow).where(FindingRow.person_id == person_id)
        with self._database.read() as session:
            rows = session.scalars(query.order_by(FindingRow.urgency.desc(), FindingRow.number))
            return [_found(row) for row in rows]

    def replace_findings(
        self, person_id: str, specialty: str, findings: Sequence[Finding], now_ms: int
    ) -> bool:
        """Put these in the place of all that this specialty found; False when they are the same.

        Raises:
            NotFound: no such person.
        """
        with self._database.write() as session:
            if session.get(PersonRow, person_id) is None:
                raise NotFound(f"no person {person_id!r}")
            return _replace(session, person_id, specialty, findings, now_ms)


def _replace(
    session: Session, person_id: str, specialty: str, findings: Sequence[Finding], now_ms: int
) -> bool:
    mine = (FindingRow.person_id == person_id, FindingRow.specialty == specialty)
    stored = [
        _found(row) for row in session.scalars(select(FindingRow).where(*mine).order_by(FindingRow.number))
    ]
    if [each.finding for each in stored] == list(findings):
        return False
    since = {each.finding: each.found_ms for each in stored}
    session.execute(delete(FindingRow).where(*mine))
    session.add_all(_row(person_id, finding, since.get(finding, now_ms)) for finding in findings)
    return True


def _row(person_id: str, finding: Finding, found_ms: int) -> FindingRow:
    return FindingRow(
        person_id=person_id,
        specialty=finding.specialty,
        hypothesis=finding.hypothesis,
        urgency=int(finding.urgency),
        confidence=finding.confidence,
        evidence=[asdict(fact) for fact in finding.evidence],
        contraindications=list(finding.contraindications),
        version=finding.version,
        found_ms=found_ms,
    )


def _found(row: FindingRow) -> StoredFinding:
    finding = Finding(
        specialty=row.specialty,
        hypothesis=row.hypothesis,
        urgency=AlertLevel(row.urgency),
        confidence=row.confidence,
        evidence=tuple(Evidence(**fact) for fact in row.evidence),
        contraindications=tuple(row.contraindications),
        version=row.version,
    )
    return StoredFinding(finding, row.found_ms)


def _statement(row: StatementRow) -> Statement:
    return Statement(
        row.person_id,
        Subject(row.subject),
        dict(row.content),
        row.revision,
        row.logged_revision,
        row.actor,
        row.stated_ms,
    )
