"""Alerts as they stand: a projection of the outbox that can be emptied and filled again."""

from __future__ import annotations

from dataclasses import asdict, dataclass, field
from typing import TYPE_CHECKING, Any

import msgspec
from sqlalchemy import delete, select, update

from healthtwin.domain import AlertLevel, AlertState, Evidence, Sign, evidence_of
from healthtwin.domain.errors import CorruptStorage, NotFound
from healthtwin.notify.tables import AlertAliasRow, AlertChangeRow, AlertNoteRow, AlertRow, DeliveryRow
from healthtwin.store.base import PersonRow
from healthtwin.store.sealed import facts_of
from healthtwin.store.secrets import new_id

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping, Sequence

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
        version: 1 at first, one more whenever something was told. within_h: of a warning.
        told: what was told, by item (`healthtwin.episodes.Told`), that nothing is told twice.
        known: what whoever sees this version knows: ``rules`` by number, ``rungs``; empty before 0.3.
        standing: signs that stand.
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
    version: int = 1
    within_h: int | None = None
    told: Mapping[str, int] = field(default_factory=dict)
    known: Mapping[str, Sequence[int]] = field(default_factory=dict)
    standing: tuple[Sign, ...] = ()


@dataclass(frozen=True, slots=True)
class ClosingNote:
    """Why somebody closed an alert; empty where they did not say."""

    reason: str = ""
    note: str = ""


@dataclass(frozen=True, slots=True)
class TrailEntry:
    """One step in an alert's history.

    Attributes:
        actor: id of who did it. version: of the alert after it. news: what was told with it first.
    """

    change_id: str
    verb: str
    rule: str
    level: AlertLevel
    state: AlertState
    at_ms: int
    arrived_ms: int
    evidence: tuple[Evidence, ...]
    actor: str = ""
    version: int = 1
    news: tuple[Sign, ...] = ()


class Alerts:
    """The alerts of a house. Every method is one transaction."""

    def __init__(self, tables: Tables) -> None:
        self._tables = tables

    def has(self, change_id: str) -> bool:
        """Whether a change was applied."""
        with self._tables.read() as session:
            return _has(session, change_id)

    def apply(self, change: EpisodeChange, told: Mapping[str, int] | None = None) -> bool:
        """Bring an alert up to a change, in the order of the outbox; False when it was applied before.

        Args:
            told: everything that was told of it by then; None leaves it as it is.
        """
        with self._tables.write() as session:
            if _has(session, change.id):
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
                    version=change.version or 1,
                    actor=change.actor,
                    news=[msgspec.structs.asdict(sign) for sign in change.news],
                )
            )
            row = self._readable(session, change.alert_id)
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
            row.within_h, row.version = change.within_h, change.version or row.version or 1
            row.standing = [msgspec.structs.asdict(sign) for sign in change.standing]
            row.known = {"rules": list(change.told_rules), "rungs": list(change.rungs)}
            row.told = dict(told if told is not None else row.told or {})
            return True

    def _readable(self, session: Session, alert_id: str) -> AlertRow | None:
        """The row of an alert; one that does not open goes, since what comes now stands in a new one."""
        row = session.get(AlertRow, alert_id)
        if row is None:
            return None
        try:
            facts_of(row)
        except CorruptStorage as error:
            self._tables.sealer.note_damage(AlertRow, error)
            session.delete(row)
            session.flush()
            return None
        return row

    def note(self, alert: StoredAlert, actor: str, said: ClosingNote, at_ms: int) -> None:
        """Keep why somebody closes an alert."""
        with self._tables.write() as session:
            session.add(
                AlertNoteRow(
                    id=new_id("n-"),
                    alert_id=alert.id,
                    pseudonym=alert.person,
                    actor=actor,
                    reason=said.reason,
                    note=said.note,
                    at_ms=at_ms,
                )
            )

    def note_of(self, alert_id: str, actor: str) -> ClosingNote:
        """Why this one closed an alert the last time."""
        with self._tables.read() as session:
            row = session.scalars(
                select(AlertNoteRow)
                .where(AlertNoteRow.alert_id == current_id(session, alert_id), AlertNoteRow.actor == actor)
                .order_by(AlertNoteRow.number.desc())
                .limit(1)
            ).one_or_none()
            return ClosingNote() if row is None else ClosingNote(row.reason, row.note)

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
            found = session.execute(query)
            return self._tables.sealer.each(AlertRow, found, lambda each: _alert(*each))

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
            return self._tables.sealer.each(AlertChangeRow, rows, _entry)

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


def _has(session: Session, change_id: str) -> bool:
    known = select(AlertChangeRow.number).where(AlertChangeRow.change_id == change_id)
    return session.scalars(known).one_or_none() is not None


def _rename(session: Session, old: str, new: str) -> None:
    """Give an alert, its history and its deliveries the new id; where that exists, the two become one."""
    session.execute(update(AlertAliasRow).where(AlertAliasRow.alert_id == old).values(alert_id=new))
    session.execute(delete(AlertAliasRow).where(AlertAliasRow.alias == new))
    session.merge(AlertAliasRow(alias=old, alert_id=new))
    session.execute(update(AlertChangeRow).where(AlertChangeRow.alert_id == old).values(alert_id=new))
    session.execute(update(AlertNoteRow).where(AlertNoteRow.alert_id == old).values(alert_id=new))
    session.execute(update(DeliveryRow).where(DeliveryRow.alert_id == old).values(alert_id=new))
    former, there = session.get(AlertRow, old), session.get(AlertRow, new)
    if former is None:
        return
    if there is None:
        former.id = new  # by the mapped object, which is sealed anew for its new place
    else:
        if former.raised_ms < there.raised_ms:
            there.raised_ms, there.first_id = former.raised_ms, former.first_id
        there.version = max(there.version, former.version)
        there.told = {**former.told, **there.told}
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
        version=row.version,
        within_h=row.within_h,
        told=row.told,
        known=row.known,
        standing=_signs(row.standing),
    )


def _entry(row: AlertChangeRow) -> TrailEntry:
    return TrailEntry(
        row.change_id,
        row.verb,
        row.rule,
        AlertLevel(row.level),
        AlertState(row.state),
        row.at_ms,
        row.arrived_ms,
        _evidence(row.evidence),
        row.actor,
        row.version,
        _signs(row.news),
    )


def _signs(stored: Sequence[dict[str, Any]]) -> tuple[Sign, ...]:
    return tuple(Sign(**sign) for sign in stored)


def _evidence(told: Sequence[dict[str, object]]) -> tuple[Evidence, ...]:
    return tuple(evidence_of(fact) for fact in told)
