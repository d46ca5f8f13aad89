"""Webhooks: where alerts are posted to.

What no host can be is refused when it is added. Whether an address may be called is judged there too, as far
as it is written out, and again at each call, since only then is a name looked up.
"""

from __future__ import annotations

import ipaddress
import re
import secrets
import socket
from contextlib import suppress
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

_LONGEST_NAME: Final = 253
"""RFC 1035, section 2.3.4, as it is written with dots."""

_LABEL: Final = re.compile(r"[A-Za-z0-9_](?:[A-Za-z0-9_-]{0,61}[A-Za-z0-9_])?")
"""RFC 1123, with the underscore that names at home and in containers have."""

_NUMBER: Final = re.compile(r"[0-9]+|0[xX][0-9a-fA-F]*")
"""A host whose last part is one can only be an IPv4 address (WHATWG URL, "ends in a number")."""


@dataclass(frozen=True, slots=True)
class Webhook:
    """Where alerts are posted to.

    Attributes:
        person_id: whose alerts; None is everybody's.
        secret: key of the signature, shared with the receiver.
        active: False keeps it without calling it.
        grant: id of the grant of whoever added it, on whose behalf it is told; empty: at the home itself.
    """

    id: str
    url: str
    person_id: str | None
    secret: bytes
    active: bool
    created_ms: int
    grant: str = ""

    def __repr__(self) -> str:
        """Without the secret, so that it does not end up in a log."""
        return (
            f"Webhook(id={self.id!r}, url={self.url!r}, person_id={self.person_id!r}, active={self.active!r})"
        )


class Webhooks:
    """The webhooks of a house. Every method is one transaction."""

    def __init__(self, tables: Tables) -> None:
        self._tables = tables

    def add(self, url: str, now_ms: int, *, person_id: str | None = None, grant_id: str = "") -> Webhook:
        """A new webhook with a random secret, told on behalf of a grant (empty: of whoever has the home).

        Raises:
            InvalidInput: for anything but an http(s) URL with a host and without a password.
            NotFound: for an unknown person.
        """
        check_url(url)
        row = WebhookRow(
            id=new_id("w-"),
            url=url,
            person_id=person_id,
            secret=secrets.token_hex(SECRET_BYTES),
            active=True,
            created_ms=now_ms,
            grant_id=grant_id,
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
            found = session.scalars(select(WebhookRow).order_by(WebhookRow.created_ms, WebhookRow.id))
            return self._tables.sealer.each(WebhookRow, found, _webhook)

    def for_person(self, pseudonym: str) -> Sequence[Webhook]:
        """The active ones that hear of the alerts of this pseudonym: the person's own, and everybody's."""
        person_id = select(PersonRow.id).where(PersonRow.pseudonym == pseudonym).scalar_subquery()
        query = select(WebhookRow).where(
            WebhookRow.active.is_(True),
            or_(WebhookRow.person_id.is_(None), WebhookRow.person_id == person_id),
        )
        with self._tables.read() as session:
            found = session.scalars(query.order_by(WebhookRow.created_ms, WebhookRow.id))
            return self._tables.sealer.each(WebhookRow, found, _webhook)

    def name_of(self, pseudonym: str) -> str | None:
        """What the house calls somebody; None for who is unknown or erased."""
        with self._tables.read() as session:
            row = session.scalars(select(PersonRow).where(PersonRow.pseudonym == pseudonym)).one_or_none()
            return None if row is None else row.name

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


def check_url(url: str) -> None:
    """Refuse what could never be called.

    Raises:
        InvalidInput: saying what is wrong with it.
    """
    allowed = f"an http or https URL with a host, without user and password, up to {LONGEST_URL} characters"
    try:
        parts = urlsplit(url)
        good = parts.scheme in ("http", "https") and bool(parts.hostname) and parts.username is None
        good = (
            good and (parts.port is None or parts.port > 0) and len(url) <= LONGEST_URL and url.isprintable()
        )
        host = parts.hostname or ""
    except ValueError:
        good, host = False, ""
    if not good:
        raise InvalidInput("url", url, allowed)
    wrong = why_no_host(host)
    if wrong:
        raise InvalidInput("url", url, f"a host that can exist; {wrong}")


def why_no_host(host: str) -> str:
    """What keeps a text from being a host's name or address; empty when nothing does (RFC 1123, RFC 5891).

    >>> why_no_host("hooks..example.com")
    "in 'hooks..example.com' nothing stands between two dots"
    >>> [why_no_host(host) for host in ("hooks.example.com", "bücher.example", "my_nas", "::1", "127.1")]
    ['', '', '', '', '']
    """
    with suppress(ValueError):
        ipaddress.ip_address(host.partition("%")[0])
        return ""
    plain = host.removesuffix(".")
    if not all(plain.split(".")):
        return f"in {host!r} nothing stands between two dots"
    try:
        written = plain.encode("idna").decode("ascii")
    except UnicodeError:
        return (
            f"{host!r} is no name that the internet knows (a part of it is too long, or holds what none may)"
        )
    if len(written) > _LONGEST_NAME:
        return f"{host[:20]!r}… is longer than the {_LONGEST_NAME} characters of a host's name"
    for label in written.split("."):
        if not _LABEL.fullmatch(label):
            return f"{label!r} in {host!r}: only letters, digits and hyphens, which neither begin nor end it"
    if _NUMBER.fullmatch(written.rpartition(".")[2]) and not _is_old_address(written):
        return f"{host!r} ends in a number and is no IPv4 address"
    return ""


def _is_old_address(text: str) -> bool:
    try:
        socket.inet_aton(text)
    except OSError:
        return False
    return True


def _webhook(row: WebhookRow) -> Webhook:
    secret = bytes.fromhex(row.secret)
    return Webhook(row.id, row.url, row.person_id, secret, row.active, row.created_ms, row.grant_id)
