"""What an operator looks after besides faults: backups, who is told, who may come in, the certificate."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Final

import msgspec

from healthtwin.access import Credentials
from healthtwin.domain.clock import to_ms
from healthtwin.notify import ReceiverView  # read by msgspec, when it describes a view

if TYPE_CHECKING:
    from pathlib import Path

    from healthtwin.store import Home, Tables

BACKUP_NOTE: Final = "last-backup.json"
"""Where in a home stands when it was last backed up; a backup itself lies elsewhere."""

TLS_FILE: Final = "tls.pem"
"""The certificate that `serve --tls local-ca` issues."""


class TokenItem(msgspec.Struct, frozen=True):
    """A token that is good. people: how many it covers; None: everybody. ends_at: None is never."""

    id: str
    scope: str
    label: str
    people: int | None
    made_at: int
    ends_at: int | None


class UpkeepView(msgspec.Struct, frozen=True):
    """What an operator looks after.

    Attributes:
        last_backup_at: None where none was noted. certificate_ends_at: of this home's own certificate; None
            where it has none (plain HTTP here, or a certificate of somebody else's).
        receivers: webhooks and how they do. tokens: those that are good.
    """

    last_backup_at: int | None
    certificate_ends_at: int | None
    receivers: list[ReceiverView]
    tokens: list[TokenItem]


def upkeep(home: Home, tables: Tables, receivers: list[ReceiverView], now_ms: int) -> UpkeepView:
    """How it stands now."""
    tokens = [
        TokenItem(
            token.id,
            str(token.grant.scope),
            token.grant.label,
            None if token.grant.every_person else len(token.grant.people),
            token.created_ms,
            token.expires_ms,
        )
        for token in Credentials(tables).tokens()
        if token.revoked_ms is None and (token.expires_ms is None or token.expires_ms > now_ms)
    ]
    return UpkeepView(last_backup_ms(home.path), certificate_ends_ms(home.path), receivers, tokens)


def note_backup(home: Path, now_ms: int) -> None:
    """Write down that a backup was made; what cannot be written is no reason to fail a backup that was."""
    try:
        (home / BACKUP_NOTE).write_text(json.dumps({"at": now_ms}) + "\n", encoding="utf-8")
    except OSError:
        return


def last_backup_ms(home: Path) -> int | None:
    """When the home was last backed up; None where that is not known."""
    try:
        noted = json.loads((home / BACKUP_NOTE).read_text(encoding="utf-8"))["at"]
    except (OSError, ValueError, KeyError, TypeError):
        return None
    return noted if isinstance(noted, int) else None


def certificate_ends_ms(home: Path) -> int | None:
    """When the home's own certificate ends; None without one."""
    try:
        pem = (home / TLS_FILE).read_bytes()
    except OSError:
        return None
    from cryptography import x509

    try:
        return to_ms(x509.load_pem_x509_certificate(pem).not_valid_after_utc)
    except ValueError:
        return None
