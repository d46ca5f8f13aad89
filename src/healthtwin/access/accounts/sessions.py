"""Sessions that a proof began: how long they last, how their cookie is replaced, and how they end.

The cookie is opaque; its hash is all that is kept. It is replaced at every sign-in and step-up and whenever a
proof changes. The one before is dead in the same transaction, but for one more request within ten seconds
from the same browser: another tab may be on its way with it.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from sqlalchemy import delete, select, update

from healthtwin.access.account_tables import AccountNoticeRow, AccountRow, EnrolmentRow, KnownBrowserRow
from healthtwin.access.grants import Scope
from healthtwin.access.lasting import LASTING, Lasting
from healthtwin.access.stored_grants import Minted, grant_in
from healthtwin.access.tables import GrantRow, SessionBrowserRow, SessionRow, TokenRow
from healthtwin.domain import DAY_MS, MINUTE_MS, SECOND_MS
from healthtwin.store.secrets import SESSION_PREFIX, hash_of, new_id, new_secret

if TYPE_CHECKING:
    from collections.abc import Sequence

    from sqlalchemy.orm import Session

    from healthtwin.access.client import Client

GRACE_MS: Final = 10 * SECOND_MS
"""For how long a replaced cookie is good once more."""

BROWSER_PREFIX: Final = "hb_"
KNOWN_BROWSER_MS: Final = 400 * DAY_MS
"""As long as a browser keeps any cookie (RFC 6265bis, 5.5)."""

UNENROLLED_MS: Final = 30 * MINUTE_MS
"""Who opened an invitation has so long to set up their way in."""


@dataclass(frozen=True, slots=True)
class OwnSession:
    """One of an account's sessions, as its owner sees it.

    Attributes:
        id: of the session, not its cookie.
        browser: in two words; empty when it told nothing. address: where it signed in.
        last_used_ms: to the granularity in which that is noted.
        expires_ms: when it ends unless it is used.
    """

    id: str
    browser: str
    address: str
    created_ms: int
    last_used_ms: int | None
    expires_ms: int


def begin(session: Session, account: AccountRow, client: Client, now_ms: int) -> Minted:
    """A fresh session of an account, verified now."""
    lasting = LASTING[Scope(account.role)]
    if account.enrolled_ms is None:
        lasting = Lasting(UNENROLLED_MS, UNENROLLED_MS)
    secret = new_secret(SESSION_PREFIX)
    row = SessionRow(
        id=new_id("s-"),
        hash=hash_of(secret),
        grant_id=account.grant_id,
        created_ms=now_ms,
        expires_ms=now_ms + min(lasting.idle_ms, lasting.absolute_ms),
        last_used_ms=now_ms,
        account_id=account.id,
        absolute_ms=now_ms + lasting.absolute_ms,
        verified_ms=now_ms,
        client=client.mark,
    )
    session.add(row)
    session.flush()
    session.add(SessionBrowserRow(session_id=row.id, agent=client.shown, address=client.address))
    session.flush()
    return _minted(session, row, secret)


def rotate(
    session: Session, row: SessionRow, client: Client, now_ms: int, *, verified: bool = True
) -> Minted:
    """Another cookie for the same session; the one before is dead but for the grace.

    Args:
        session: of a write transaction that changes access.
        row: the session.
        client: who asks.
        now_ms: the present.
        verified: they have just given a proof.
    """
    secret = new_secret(SESSION_PREFIX)
    row.former_hash, row.former_until_ms, row.client = row.hash, now_ms + GRACE_MS, client.mark
    row.hash = hash_of(secret)
    row.last_used_ms = now_ms
    idle_ms = LASTING[Scope(session.get_one(GrantRow, row.grant_id).scope)].idle_ms
    if row.absolute_ms is not None:
        row.expires_ms = min(row.absolute_ms, now_ms + idle_ms)
    if verified:
        row.verified_ms = now_ms
    session.flush()
    return _minted(session, row, secret)


def lengthen(row: SessionRow, account: AccountRow, now_ms: int) -> None:
    """Once its owner has set up a way in, a session lasts as their role's do."""
    lasting = LASTING[Scope(account.role)]
    row.absolute_ms, row.last_used_ms = row.created_ms + lasting.absolute_ms, now_ms
    row.expires_ms = min(row.absolute_ms, now_ms + lasting.idle_ms)


def end_others(session: Session, account_id: str, keep: str | None) -> int:
    """End every session of an account but one; how many ended.

    What waits for a proof inside one (a passkey's challenge) belongs to the session and ends with it.
    """
    ended = delete(SessionRow).where(SessionRow.account_id == account_id)
    if keep is not None:
        ended = ended.where(SessionRow.id != keep)
    return len(session.scalars(ended.returning(SessionRow.id)).all())


def end_all_ways_in(session: Session, account: AccountRow, now_ms: int) -> None:
    """End sessions, known browsers, invitations and tokens of an account."""
    end_others(session, account.id, None)
    for table in (KnownBrowserRow, EnrolmentRow):
        session.execute(delete(table).where(table.account_id == account.id))
    session.execute(
        update(TokenRow)
        .where(TokenRow.grant_id == account.grant_id, TokenRow.revoked_ms.is_(None))
        .values(revoked_ms=now_ms)
    )


def sessions_of(session: Session, account_id: str, now_ms: int) -> Sequence[OwnSession]:
    """Those that stand, newest first."""
    rows = session.execute(
        select(SessionRow, SessionBrowserRow)
        .join(SessionBrowserRow, SessionBrowserRow.session_id == SessionRow.id)
        .where(SessionRow.account_id == account_id, SessionRow.expires_ms > now_ms)
        .order_by(SessionRow.created_ms.desc(), SessionRow.id)
    )
    return [
        OwnSession(row.id, at.agent, at.address, row.created_ms, row.last_used_ms, row.expires_ms)
        for row, at in rows
    ]


def know_browser(session: Session, account_id: str, secret: str | None, now_ms: int) -> str:
    """Remember the browser of a sign-in; gives the secret of its cookie."""
    if secret is not None:
        row = session.get(KnownBrowserRow, hash_of(secret))
        if row is not None and row.account_id == account_id and row.expires_ms > now_ms:
            row.expires_ms = now_ms + KNOWN_BROWSER_MS
            return secret
    fresh = new_secret(BROWSER_PREFIX)
    session.add(
        KnownBrowserRow(
            hash=hash_of(fresh),
            account_id=account_id,
            created_ms=now_ms,
            expires_ms=now_ms + KNOWN_BROWSER_MS,
        )
    )
    return fresh


def knows_browser(session: Session, account_id: str, secret: str | None, now_ms: int) -> str | None:
    """The hash of a browser's cookie when this account signed in from it before."""
    digest = hash_of(secret or "")
    row = session.get(KnownBrowserRow, digest)
    return digest if row is not None and row.account_id == account_id and row.expires_ms > now_ms else None


def notify(
    session: Session, account_id: str, kind: str, now_ms: int, client: Client, session_id: str = ""
) -> None:
    """Note what happened to an account, for its owner to see wherever else they are."""
    session.add(
        AccountNoticeRow(
            id=new_id("o-"),
            account_id=account_id,
            kind=kind,
            at_ms=now_ms,
            session_id=session_id,
            address=client.address,
        )
    )


def _minted(session: Session, row: SessionRow, secret: str) -> Minted:
    grant = grant_in(session, session.get_one(GrantRow, row.grant_id), row.expires_ms, row)
    return Minted(secret, row.id, grant, row.expires_ms, row.absolute_ms)
