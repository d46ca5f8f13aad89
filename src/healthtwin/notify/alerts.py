"""Alerts as they stand: a projection of the outbox that can be emptied and filled again."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from typing import TYPE_CHECKING

from sqlalchemy import delete, select, update

from healthtwin.domain import AlertLevel, AlertState, Evidence, evidence_of
from healthtwin.domain.errors import NotFound
from healthtwin.notify.tables import AlertAliasRow, AlertChangeRow, AlertRow, DeliveryRow
from healthtwin.store.base import PersonRow

if TYPE_CHECKING:
    from collections.abc import Collection, Sequence

    from sqlalchemy.orm import Session

    from healthtwin.domain import EpisodeChange
    from healthtwin.store import Tables


@dataclass(frozen=True, slots=True)
class StoredAlert:
    """An episode as it stands.

    Attributes:
        id: the one it has now; first_id: the one under which it was told first (for idempotency keys).
        person: pseudonym; person_id: None for somebody unknown or erased.
        started_ms: event time of the first sign; raised_ms: when it was told; updated_ms: the last change.
        evidence: of the last change that brought any while the episode was open.
    """

    id: str
    first_id: str
    person: str
    person_id: str | None
    dedup_key: str
    rule: str
    level: AlertLevel
    state: AlertState
    started_ms: int
    raised_ms: int
    updated_ms: int
    resolved_ms: int | None
    snoozed_until_ms: int | None
    evidence: tuple[Evidence, ...]


@dataclass(frozen=True, slots=True)
class TrailEntry:
    """One step in an alert's history."""

    change_id: str
    verb: str
    rule: str
    level: AlertLevel
    state: AlertState
    at_ms: int
    arrived_ms: int
    evidence: tuple[Evidence, ...]


class Alerts:
    """The alerts of a house. Every method is one transaction."""

    def __init__(self, tables: Tables) -> None:
        self._tables = tables

    def apply(self, change: EpisodeChange) -> bool:
        """Bring an alert up to a change, in the order of the outbox; False when it was applied before."""
        with self._tables.write() as session:
            known = select(AlertChangeRow.number).where(AlertChangeRow.change_id == change.id)
            if session.scalars(known).one_or_none() is not None:
                return False
            if change.previous_alert_id is not None and change.previous_alert_id != change.alert_id:
                _rename(session, change.previous_alert_id, change.alert_id)
            evidence = [asdict(fact) for fact in change.evidence]
            session.add(
                AlertChangeRow(
                    change_id=change.id,
                    alert_id=change.alert_id,
                    pseudonym=change.person,
                    verb=change.verb.value,
                    rule=change.rule,
                    level=int(change.level),
                    state=str(change.state),
                    at_ms=change.at_ms,
                    arrived_ms=change.arrived_ms,
                    evidence=evidence,
                )
            )
            row = session.get(AlertRow, change.alert_id)
            if row is None:
                row = AlertRow(
                    id=change.alert_id,
                    first_id=change.alert_id,
                    pseudonym=change.person,
                    dedup_key=change.dedup_key,
                    raised_ms=change.arrived_ms,
                    evidence=evidence,
                )
                session.add(row)
            elif evidence and change.state is not AlertState.RESOLVED:
                row.evidence = evidence
            row.rule, row.level, row.state = change.rule, int(change.level), str(change.state)
            row.started_ms, row.updated_ms = change.started_ms, change.arrived_ms
            row.resolved_ms, row.snoozed_until_ms = change.resolved_ms, change.snoozed_until_ms
            return True

    def knows(self, person: str) -> bool:
        """Whether a pseudonym is anybody's; not that of somebody who was erased."""
        with self._tables.read() as session:
            return session.scalar(select(PersonRow.id).where(PersonRow.pseudonym == person)) is not None

    def get(self, alert_id: str) -> StoredAlert:
        """The alert with this id, or that had it before.

        Raises:
            NotFound: no alert has or had it.
        """
        with self._tables.read() as session:
            current = current_id(session, alert_id)
            found = session.execute(
                select(AlertRow, PersonRow.id)
                .outerjoin(PersonRow, PersonRow.pseudonym == AlertRow.pseudonym)
                .where(AlertRow.id == current)
            ).one_or_none()
            if found is None:
                raise NotFound(f"no alert {alert_id!r}")
            return _alert(*found)

    def list(
        self,
        *,
        people: Collection[str] | None = None,
        states: Collection[AlertState] | None = None,
        limit: int | None = None,
    ) -> Sequence[StoredAlert]:
        """Alerts, last raised first.

        Args:
            people: pseudonyms; None is everybody, an empty collection nobody.
            states: None is every state.
            limit: at most so many.
        """
        query = (
            select(AlertRow, PersonRow.id)
            .outerjoin(PersonRow, PersonRow.pseudonym == AlertRow.pseudonym)
            .order_by(AlertRow.raised_ms.desc(), AlertRow.id)
            .limit(limit)
        )
        if people is not None:
            query = query.where(AlertRow.pseudonym.in_(list(people)))
        if states is not None:
            query = query.where(AlertRow.state.in_([str(state) for state in states]))
        with self._tables.read() as session:
            return [_alert(row, person_id) for row, person_id in session.execute(query)]

    def trail(self, alert_id: str) -> Sequence[TrailEntry]:
        """Everything that happened to an alert, in order; `alert_id` may be a former one.

        Raises:
            NotFound: no alert has or had it.
        """
        with self._tables.read() as session:
            current = current_id(session, alert_id)
            rows = session.scalars(
                select(AlertChangeRow)
                .where(AlertChangeRow.alert_id == current)
                .order_by(AlertChangeRow.number)
            ).all()
            if not rows:
                raise NotFound(f"no alert {alert_id!r}")
            return [
                TrailEntry(
                    row.change_id,
                    row.verb,
                    row.rule,
                    AlertLevel(row.level),
                    AlertState(row.state),
                    row.at_ms,
                    row.arrived_ms,
                    _evidence(row.evidence),
                )
                for row in rows
            ]

    def forget(self, change_ids: Sequence[str]) -> None:
        """Forget these changes, so that they can be applied anew. Deliveries stay, since they happened."""
        with self._tables.write() as session:
            session.execute(delete(AlertChangeRow).where(AlertChangeRow.change_id.in_(list(change_ids))))

    def drop_empty(self) -> None:
        """Forget every alert of which no change is left, and the names of those."""
        with self._tables.write() as session:
            left = select(AlertChangeRow.alert_id)
            session.execute(delete(AlertRow).where(AlertRow.id.not_in(left)))
            session.execute(delete(AlertAliasRow).where(AlertAliasRow.alert_id.not_in(left)))


def current_id(session: Session, alert_id: str) -> str:
    """The id that an alert has now, given any that it ever had."""
    alias = session.get(AlertAliasRow, alert_id)
    return alert_id if alias is None else alias.alert_id


def _rename(session: Session, old: str, new: str) -> None:
    """Give an alert, its history and its deliveries the new id; where that exists, the two become one."""
    session.execute(update(AlertAliasRow).where(AlertAliasRow.alert_id == old).values(alert_id=new))
    session.execute(delete(AlertAliasRow).where(AlertAliasRow.alias == new))
    session.merge(AlertAliasRow(alias=old, alert_id=new))
    session.execute(update(AlertChangeRow).where(AlertChangeRow.alert_id == old).values(alert_id=new))
    session.execute(update(DeliveryRow).where(DeliveryRow.alert_id == old).values(alert_id=new))
    former, there = session.get(AlertRow, old), session.get(AlertRow, new)
    if former is None:
        return
    if there is None:
        session.execute(update(AlertRow).where(AlertRow.id == old).values(id=new))
    else:
        if former.raised_ms < there.raised_ms:
            there.raised_ms, there.first_id = former.raised_ms, former.first_id
        session.delete(former)
    session.flush()
    session.expire_all()


def _alert(row: AlertRow, person_id: str | None) -> StoredAlert:
    return StoredAlert(
        id=row.id,
        first_id=row.first_id,
        person=row.pseudonym,
        person_id=person_id,
        dedup_key=row.dedup_key,
        rule=row.rule,
        level=AlertLevel(row.level),
        state=AlertState(row.state),
        started_ms=row.started_ms,
        raised_ms=row.raised_ms,
        updated_ms=row.updated_ms,
        resolved_ms=row.resolved_ms,
        snoozed_until_ms=row.snoozed_until_ms,
        evidence=_evidence(row.evidence),
    )


def _evidence(told: Sequence[dict[str, object]]) -> tuple[Evidence, ...]:
    return tuple(evidence_of(fact) for fact in told)
