"""Genes and current medicines as stated about people, and what they were found to make of each other."""

from __future__ import annotations

import json
from dataclasses import asdict, dataclass
from typing import TYPE_CHECKING, Any

from sqlalchemy import delete, select

from healthtwin.domain import AlertLevel, Finding, Said, evidence_of, quoted
from healthtwin.domain.errors import NotFound
from healthtwin.medicines.tables import FindingRow
from healthtwin.store.base import PersonRow
from healthtwin.store.secrets import new_id
from healthtwin.store.statements import put_statement

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from sqlalchemy.orm import Session

    from healthtwin.store import Tables
    from healthtwin.store.statements import Statement, Subject


@dataclass(frozen=True, slots=True)
class StoredFinding:
    """A finding, and since when it has stood in these words."""

    finding: Finding
    found_ms: int


class Findings:
    """Medicines, genes and findings of a house. Every method is one transaction."""

    def __init__(self, tables: Tables) -> None:
        self._tables = tables

    def state(
        self,
        person_id: str,
        subject: Subject,
        content: Mapping[str, Any],
        *,
        actor: str,
        now_ms: int,
        found: Mapping[str, Sequence[Finding]],
    ) -> Statement:
        """Replace what was stated and what each specialty found; stating the same again changes nothing.

        Raises:
            NotFound: no such person.
        """
        with self._tables.write() as session:
            stated = put_statement(session, person_id, subject, content, actor, now_ms)
            for specialty, findings in found.items():
                _replace(session, person_id, specialty, findings, now_ms)
            return stated

    def findings(self, person_id: str) -> Sequence[StoredFinding]:
        """What stands about a person, the most urgent first, in the order in which each specialty gave it."""
        query = select(FindingRow).where(FindingRow.person_id == person_id)
        with self._tables.read() as session:
            rows = session.scalars(query.order_by(FindingRow.urgency.desc(), FindingRow.number))
            return [_found(row) for row in rows]

    def replace_findings(
        self, person_id: str, specialty: str, findings: Sequence[Finding], now_ms: int
    ) -> bool:
        """Put these in the place of all that this specialty found; False when they are the same.

        Raises:
            NotFound: no such person.
        """
        with self._tables.write() as session:
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
        id=new_id("f-"),
        person_id=person_id,
        specialty=finding.specialty,
        hypothesis=json.dumps(asdict(finding.hypothesis)),
        urgency=int(finding.urgency),
        confidence=finding.confidence,
        evidence=[asdict(fact) for fact in finding.evidence],
        contraindications=[asdict(each) for each in finding.contraindications],
        version=finding.version,
        found_ms=found_ms,
    )


def _found(row: FindingRow) -> StoredFinding:
    finding = Finding(
        specialty=row.specialty,
        hypothesis=_said(row.hypothesis),
        urgency=AlertLevel(row.urgency),
        confidence=row.confidence,
        evidence=tuple(evidence_of(fact) for fact in row.evidence),
        contraindications=tuple(_said(each) for each in row.contraindications),
        version=row.version,
    )
    return StoredFinding(finding, row.found_ms)


def _said(stored: str | dict[str, Any]) -> Said:
    """What was found, as it was stored; older releases stored English words."""
    if isinstance(stored, dict):
        return Said.from_plain(stored)
    return Said.from_plain(json.loads(stored)) if stored.startswith("{") else quoted(stored)
