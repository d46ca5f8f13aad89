"""Deliveries: what is to be told to whom, once, with every attempt on record."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING, Any

from sqlalchemy import func, or_, select, update

from healthtwin.domain.errors import NotFound
from healthtwin.notify.alerts import current_id
from healthtwin.notify.tables import DeliveryRow, ReceiptRow

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping, Sequence

    from sqlalchemy import ColumnElement
    from sqlalchemy.orm import Session

    from healthtwin.store import Tables


class DeliveryStatus(StrEnum):
    """Where a delivery stands: still to be tried, done, or given up."""

    PENDING = "pending"
    DELIVERED = "delivered"
    FAILED = "failed"
    WITHHELD = "withheld"
    """The person does not let this recipient be told of it: nobody's fault."""


@dataclass(frozen=True, slots=True)
class StoredDelivery:
    """One thing to tell one recipient over one channel.

    Attributes:
        idempotency_key: the recipient gets it with every attempt and can drop a second one.
        person: pseudonym.
        body: what is sent.
        attempts: begun so far.
        next_attempt_ms: not before; while an attempt runs, when its claim lapses.
    """

    idempotency_key: str
    alert_id: str
    person: str
    channel: str
    recipient: str
    body: str
    status: DeliveryStatus
    attempts: int
    next_attempt_ms: int
    created_ms: int
    updated_ms: int


@dataclass(frozen=True, slots=True)
class DeliveryAttempt:
    """What came of one attempt; the outcome is ``"200"``, ``"timed out"`` and the like."""

    attempt: int
    at_ms: int
    outcome: str


@dataclass(frozen=True, slots=True)
class GivenUp:
    """What one recipient over one channel was never told.

    Attributes:
        count: messages. last_ms: when the newest of them was given up; text: what came of its last attempt.
    """

    channel: str
    recipient: str
    count: int
    last_ms: int
    text: str


class Deliveries:
    """The deliveries of a house. Every method is one transaction."""

    def __init__(self, tables: Tables) -> None:
        self._tables = tables

    def enqueue(
        self,
        idempotency_key: str,
        *,
        alert_id: str,
        person: str,
        channel: str,
        recipient: str,
        body: str,
        now_ms: int,
        delivered: str | None = None,
    ) -> bool:
        """Note something to be told, due at once; False, and no change, when this key was noted before.

        Args:
            delivered: the outcome of the one attempt, for a channel that is done as soon as it is asked.
        """
        with self._tables.write() as session:
            if session.get(DeliveryRow, idempotency_key) is not None:
                return False
            session.add(
                DeliveryRow(
                    idempotency_key=idempotency_key,
                    alert_id=alert_id,
                    pseudonym=person,
                    channel=channel,
                    recipient=recipient,
                    body=body,
                    status=str(DeliveryStatus.PENDING if delivered is None else DeliveryStatus.DELIVERED),
                    attempts=0 if delivered is None else 1,
                    next_attempt_ms=now_ms,
                    created_ms=now_ms,
                    updated_ms=now_ms,
                )
            )
            if delivered is not None:
                session.flush()
                session.add(
                    ReceiptRow(idempotency_key=idempotency_key, attempt=1, at_ms=now_ms, outcome=delivered)
                )
            return True

    def claim(
        self, now_ms: int, limit: int, *, claim_ms: int = 60_000, of: tuple[str, str] | None = None
    ) -> Sequence[StoredDelivery]:
        """Take the due deliveries for an attempt, earliest first; nobody else gets them for `claim_ms`.

        Counts the attempt already, so one that dies with its process counts too.

        Args:
            of: channel and recipient, when only theirs are wanted; what was never tried then comes first,
                since it is news.
        """
        due: tuple[ColumnElement[bool], ...] = (
            DeliveryRow.status == str(DeliveryStatus.PENDING),
            DeliveryRow.next_attempt_ms <= now_ms,
        )
        order: tuple[ColumnElement[Any], ...] = (DeliveryRow.next_attempt_ms.asc(),)
        if of is not None:
            due = (*due, DeliveryRow.channel == of[0], DeliveryRow.recipient == of[1])
            order = ((DeliveryRow.attempts > 0).asc(), *order)
        with self._tables.write() as session:
            rows = session.scalars(
                select(DeliveryRow)
                .where(*due)
                .order_by(*order, DeliveryRow.idempotency_key)
                .limit(limit)
                .with_for_update(skip_locked=True)
            ).all()
            for row in rows:
                row.attempts += 1
                row.next_attempt_ms = now_ms + claim_ms
                row.updated_ms = now_ms
            return self._tables.sealer.each(DeliveryRow, rows, _delivery)

    def waiting(self, now_ms: int) -> Sequence[tuple[str, str]]:
        """Channel and recipient of whatever is due, who has waited longest first."""
        due_ms = func.min(DeliveryRow.next_attempt_ms)
        with self._tables.read() as session:
            rows = session.execute(
                select(DeliveryRow.channel, DeliveryRow.recipient)
                .where(
                    DeliveryRow.status == str(DeliveryStatus.PENDING), DeliveryRow.next_attempt_ms <= now_ms
                )
                .group_by(DeliveryRow.channel, DeliveryRow.recipient)
                .order_by(due_ms, DeliveryRow.channel, DeliveryRow.recipient)
            )
            return [(channel, recipient) for channel, recipient in rows]

    def hasten(self, channel: str, recipient: str, now_ms: int, under_way: Collection[str]) -> None:
        """The receiver is back: what waited for another attempt at it is due now.

        Args:
            under_way: keys of attempts that are being made; they stay claimed.
        """
        with self._tables.write() as session:
            session.execute(
                update(DeliveryRow)
                .where(
                    DeliveryRow.status == str(DeliveryStatus.PENDING),
                    DeliveryRow.channel == channel,
                    DeliveryRow.recipient == recipient,
                    DeliveryRow.next_attempt_ms > now_ms,
                    DeliveryRow.idempotency_key.not_in(list(under_way)),
                )
                .values(next_attempt_ms=now_ms)
            )

    def come_back(self, now_ms: int) -> None:
        """What was last touched at a time yet to come is due: the house's clock was ahead then."""
        with self._tables.write() as session:
            session.execute(
                update(DeliveryRow)
                .where(
                    DeliveryRow.status == str(DeliveryStatus.PENDING),
                    DeliveryRow.updated_ms > now_ms,
                )
                .values(next_attempt_ms=now_ms, updated_ms=now_ms)
            )

    def lapse(
        self,
        channel: str,
        recipient: str,
        outcome: str,
        now_ms: int,
        *,
        due_before_ms: int,
        noted_before_ms: int,
    ) -> int:
        """Give up what never had its turn since it was due, or was noted long before; how many."""
        with self._tables.write() as session:
            rows = session.scalars(
                select(DeliveryRow).where(
                    DeliveryRow.status == str(DeliveryStatus.PENDING),
                    DeliveryRow.channel == channel,
                    DeliveryRow.recipient == recipient,
                    DeliveryRow.next_attempt_ms <= now_ms,
                    or_(
                        DeliveryRow.next_attempt_ms < due_before_ms, DeliveryRow.created_ms < noted_before_ms
                    ),
                )
            ).all()
            for row in rows:
                row.status, row.updated_ms = str(DeliveryStatus.FAILED), now_ms
                row.attempts += 1  # so that the receipt stands beside those of real attempts
                session.add(
                    ReceiptRow(
                        idempotency_key=row.idempotency_key,
                        attempt=row.attempts,
                        at_ms=now_ms,
                        outcome=outcome,
                    )
                )
            return len(rows)

    def given_up(self, since_ms: int) -> Sequence[GivenUp]:
        """By channel and recipient, what was given up since then, the newest first."""
        newest_ms = func.max(DeliveryRow.updated_ms)
        with self._tables.read() as session:
            rows = session.execute(
                select(DeliveryRow.channel, DeliveryRow.recipient, func.count(), newest_ms)
                .where(DeliveryRow.status == str(DeliveryStatus.FAILED), DeliveryRow.updated_ms >= since_ms)
                .group_by(DeliveryRow.channel, DeliveryRow.recipient)
                .order_by(newest_ms.desc())
            ).all()
            return [GivenUp(*row, self._last_outcome(session, row[0], row[1])) for row in rows]

    def waiting_for(self) -> Mapping[tuple[str, str], int]:
        """How many are still to be tried, by channel and recipient."""
        with self._tables.read() as session:
            rows = session.execute(
                select(DeliveryRow.channel, DeliveryRow.recipient, func.count())
                .where(DeliveryRow.status == str(DeliveryStatus.PENDING))
                .group_by(DeliveryRow.channel, DeliveryRow.recipient)
            )
            return {(channel, recipient): count for channel, recipient, count in rows}

    def delivered(self, idempotency_key: str, outcome: str, now_ms: int) -> None:
        """It arrived. Raises: NotFound."""
        self._settle(idempotency_key, DeliveryStatus.DELIVERED, outcome, now_ms, None)

    def retry(self, idempotency_key: str, outcome: str, now_ms: int, next_attempt_ms: int) -> None:
        """The attempt failed and another shall follow. Raises: NotFound."""
        self._settle(idempotency_key, DeliveryStatus.PENDING, outcome, now_ms, next_attempt_ms)

    def give_up(self, idempotency_key: str, outcome: str, now_ms: int) -> None:
        """The attempt failed and no other shall follow. Raises: NotFound."""
        self._settle(idempotency_key, DeliveryStatus.FAILED, outcome, now_ms, None)

    def withhold(self, idempotency_key: str, outcome: str, now_ms: int) -> None:
        """It may not be told to this recipient. Raises: NotFound."""
        self._settle(idempotency_key, DeliveryStatus.WITHHELD, outcome, now_ms, None)

    def pending(self) -> int:
        """How many are still to be tried."""
        with self._tables.read() as session:
            waiting = select(func.count()).where(DeliveryRow.status == str(DeliveryStatus.PENDING))
            return session.scalars(waiting).one()

    def next_due_ms(self) -> int | None:
        """When the next attempt is due; None when nothing is pending."""
        with self._tables.read() as session:
            return session.scalar(
                select(func.min(DeliveryRow.next_attempt_ms)).where(
                    DeliveryRow.status == str(DeliveryStatus.PENDING)
                )
            )

    def of_alert(self, alert_id: str) -> Sequence[StoredDelivery]:
        """What was told about an alert (or is still to be), oldest first; `alert_id` may be a former one."""
        with self._tables.read() as session:
            found = session.scalars(
                select(DeliveryRow)
                .where(DeliveryRow.alert_id == current_id(session, alert_id))
                .order_by(DeliveryRow.created_ms, DeliveryRow.idempotency_key)
            )
            return self._tables.sealer.each(DeliveryRow, found, _delivery)

    def receipts(self, idempotency_key: str) -> Sequence[DeliveryAttempt]:
        """Every attempt whose outcome is known, in order."""
        with self._tables.read() as session:
            return [
                DeliveryAttempt(row.attempt, row.at_ms, row.outcome)
                for row in session.scalars(
                    select(ReceiptRow)
                    .where(ReceiptRow.idempotency_key == idempotency_key)
                    .order_by(ReceiptRow.number)
                )
            ]

    @staticmethod
    def _last_outcome(session: Session, channel: str, recipient: str) -> str:
        """What came of the newest that was given up."""
        said = session.scalar(
            select(ReceiptRow.outcome)
            .join(DeliveryRow, DeliveryRow.idempotency_key == ReceiptRow.idempotency_key)
            .where(
                DeliveryRow.status == str(DeliveryStatus.FAILED),
                DeliveryRow.channel == channel,
                DeliveryRow.recipient == recipient,
            )
            .order_by(DeliveryRow.updated_ms.desc(), ReceiptRow.number.desc())
            .limit(1)
        )
        return said or ""

    def _settle(
        self, key: str, status: DeliveryStatus, outcome: str, now_ms: int, next_attempt_ms: int | None
    ) -> None:
        with self._tables.write() as session:
            row = _row(session, key)
            row.status = str(status)
            row.updated_ms = now_ms
            if next_attempt_ms is not None:
                row.next_attempt_ms = next_attempt_ms
            session.add(ReceiptRow(idempotency_key=key, attempt=row.attempts, at_ms=now_ms, outcome=outcome))


def _row(session: Session, key: str) -> DeliveryRow:
    row = session.get(DeliveryRow, key)
    if row is None:
        raise NotFound(f"no delivery {key!r}")
    return row


def _delivery(row: DeliveryRow) -> StoredDelivery:
    return StoredDelivery(
        idempotency_key=row.idempotency_key,
        alert_id=row.alert_id,
        person=row.pseudonym,
        channel=row.channel,
        recipient=row.recipient,
        body=row.body,
        status=DeliveryStatus(row.status),
        attempts=row.attempts,
        next_attempt_ms=row.next_attempt_ms,
        created_ms=row.created_ms,
        updated_ms=row.updated_ms,
    )
