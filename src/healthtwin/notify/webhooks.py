"""Webhooks: where alerts are posted to. Whether an address may be called is judged where it is called."""

from __future__ import annotations

import secrets
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final
from urllib.parse import urlsplit

from sqlalchemy import delete, or_, select

from healthtwin.domain.errors import InvalidInput, NotFound
from healthtwin.notify.tables import WebhookRow
from healthtwin.store.base import PersonRow
from healthtwin.store.secrets import SECRET_BYTES, new_id

if TYPE_CHECKING:
    from collections.abc import Sequence

    from healthtwin.store import Tables

LONGEST_URL: Final = 2_000


@dataclass(frozen=True, slots=True)
class Webhook:
    """Where alerts are posted to.

    Attributes:
        person_id: whose alerts; None is everybody's.
        secret: key of the signature, shared with the receiver.
        active: False keeps it without calling it.
    """

    id: str
    url: str
    person_id: str | None
    secret: bytes
    active: bool
    created_ms: int

    def __repr__(self) -> str:
        """Without the secret, so that it does not end up in a log."""
        return (
            f"Webhook(id={self.id!r}, url={self.url!r}, person_id={self.person_id!r}, active={self.active!r})"
        )


class Webhooks:
    """The webhooks of a house. Every method is one transaction."""

    def __init__(self, tables: Tables) -> None:
        self._tables = tables

    def add(self, url: str, now_ms: int, *, person_id: str | None = None) -> Webhook:
        """A new webhook with a random secret.

        Raises:
            InvalidInput: for anything but an http(s) URL with a host and without a password.
            NotFound: for an unknown person.
        """
        _check_url(url)
        row = WebhookRow(
            id=new_id("w-"),
            url=url,
            person_id=person_id,
            secret=secrets.token_bytes(SECRET_BYTES),
            active=True,
            created_ms=now_ms,
        )
        with self._tables.write() as session:
            if person_id is not None and session.get(PersonRow, person_id) is None:
                raise NotFound(f"no person {person_id!r}")
            session.add(row)
            return _webhook(row)

    def get(self, webhook_id: str) -> Webhook:
        """Raises: NotFound."""
        with self._tables.read() as session:
            row = session.get(WebhookRow, webhook_id)
            if row is None:
                raise NotFound(f"no webhook {webhook_id!r}")
            return _webhook(row)

    def list(self) -> Sequence[Webhook]:
        """All of them, oldest first."""
        with self._tables.read() as session:
            return [
                _webhook(row)
                for row in session.scalars(select(WebhookRow).order_by(WebhookRow.created_ms, WebhookRow.id))
            ]

    def for_person(self, pseudonym: str) -> Sequence[Webhook]:
        """The active ones that hear of the alerts of this pseudonym: the person's own, and everybody's."""
        person_id = select(PersonRow.id).where(PersonRow.pseudonym == pseudonym).scalar_subquery()
        query = select(WebhookRow).where(
            WebhookRow.active.is_(True),
            or_(WebhookRow.person_id.is_(None), WebhookRow.person_id == person_id),
        )
        with self._tables.read() as session:
            return [
                _webhook(row) for row in session.scalars(query.order_by(WebhookRow.created_ms, WebhookRow.id))
            ]

    def set_active(self, webhook_id: str, *, active: bool) -> Webhook:
        """Switch it on or off. Raises: NotFound."""
        with self._tables.write() as session:
            row = session.get(WebhookRow, webhook_id)
            if row is None:
                raise NotFound(f"no webhook {webhook_id!r}")
            row.active = active
            return _webhook(row)

    def remove(self, webhook_id: str) -> None:
        """Forget it; nothing happens when it is gone already."""
        with self._tables.write() as session:
            session.execute(delete(WebhookRow).where(WebhookRow.id == webhook_id))


def _check_url(url: str) -> None:
    allowed = f"an http or https URL with a host, without user and password, up to {LONGEST_URL} characters"
    try:
        parts = urlsplit(url)
        good = parts.scheme in ("http", "https") and bool(parts.hostname) and parts.username is None
        good = (
            good and (parts.port is None or parts.port > 0) and len(url) <= LONGEST_URL and url.isprintable()
        )
    except ValueError:
        good = False
    if not good:
        raise InvalidInput("url", url, allowed)


def _webhook(row: WebhookRow) -> Webhook:
    return Webhook(row.id, row.url, row.person_id, row.secret, row.active, row.created_ms)
