"""What somebody may do, by the proof at hand: as it is read from the rows of access."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING

from sqlalchemy import select

from healthtwin.access.account_tables import AccountRow, AgreedRow
from healthtwin.access.lasting import LASTING
from healthtwin.access.reach import reach_in
from healthtwin.access.tables import GrantRow, SessionRow
from healthtwin.access.ties import NO_TIES, USUAL_TIES, Scope

if TYPE_CHECKING:
    from collections.abc import Mapping

    from sqlalchemy import ColumnElement
    from sqlalchemy.orm import Session

    from healthtwin.access.ties import Tie


@dataclass(frozen=True, slots=True)
class StoredGrant:
    """What somebody may do.

    Attributes:
        id: names the actor in logs and in the history of an alert.
        scope: see `Scope`.
        people: ids of those it names; empty for an admin who runs the house and sees nobody.
        device: id minted with a device's token or a phone's pairing, else None.
        expires_ms: when the proof at hand (token, session) ends; None is never.
        every_person: of an admin that treats everybody, whoever comes later too.
        ties: see `healthtwin.access.grants.Grant`.
        account: whose proof began the session; empty for tokens, links and paired phones.
        session: id of the session; empty for a token.
        verified_ms: when its owner last gave a proof.
        used_ms: when the session was last noted as in use.
        idle_ms: for how long it lasts without use; None where that is not counted.
        once: the proof at hand was good this one time.
        rests: the account was reset, and nothing has confirmed it since.
    """

    id: str
    scope: Scope
    people: frozenset[str]
    device: str | None
    label: str
    expires_ms: int | None = None
    every_person: bool = False
    ties: Mapping[str, Tie] = field(default_factory=lambda: NO_TIES, hash=False)
    account: str = ""
    session: str = ""
    verified_ms: int | None = None
    used_ms: int | None = None
    idle_ms: int | None = None
    once: bool = False
    rests: bool = False

    def covers(self, person_id: str) -> bool:
        """Whether it names this person.

        >>> StoredGrant("g-1", Scope.CLINICIAN, frozenset(), None, "").covers("p-1")
        False
        """
        return self.every_person or person_id in self.people


@dataclass(frozen=True, slots=True)
class Token:
    """A token as it may be shown: without its secret, which nobody can read again."""

    id: str
    grant: StoredGrant
    created_ms: int
    expires_ms: int | None
    revoked_ms: int | None


@dataclass(frozen=True, slots=True)
class Minted:
    """A fresh secret, shown once, and what it allows.

    Attributes:
        secret: token, link secret or session cookie.
        id: of the token or session; empty for a link.
        ends_ms: when a session ends although it is used; None: not by itself.
    """

    secret: str
    id: str
    grant: StoredGrant
    expires_ms: int | None
    ends_ms: int | None = None

    def __repr__(self) -> str:
        """Without the secret, so that it does not end up in a log."""
        return f"Minted(id={self.id!r}, grant={self.grant!r}, expires_ms={self.expires_ms!r})"


def grant_in(
    session: Session,
    row: GrantRow,
    expires_ms: int | None,
    proof: SessionRow | None = None,
    now_ms: int | None = None,
) -> StoredGrant:
    """What a grant allows, by the proof at hand.

    Args:
        session: of the transaction. row: the grant. expires_ms: when the proof ends.
        proof: a session; None: a token, or nothing yet.
        now_ms: the present; needed for a session of an account, whose reach may rest.
    """
    scope = Scope(row.scope)
    people, ties = reach_in(session, row.id, scope, every_person=row.every_person)
    grant = StoredGrant(row.id, scope, people, row.device_id, row.label, expires_ms, row.every_person, ties)
    if proof is None:
        return grant
    lasting = None if proof.absolute_ms is None else LASTING.get(scope)
    grant = replace(
        grant,
        account=proof.account_id or "",
        session=proof.id,
        verified_ms=proof.verified_ms,
        used_ms=proof.last_used_ms,
        idle_ms=None if lasting is None else lasting.idle_ms,
    )
    account = session.get(AccountRow, grant.account) if grant.account and now_ms is not None else None
    if account is None or account.rests_until_ms is None or account.rests_until_ms <= (now_ms or 0):
        return grant
    return _resting(session, account, grant)


def _resting(session: Session, account: AccountRow, grant: StoredGrant) -> StoredGrant:
    """A grant of an account that was reset: it carries nothing about who has not agreed again."""
    agreed = set(session.scalars(select(AgreedRow.person_id).where(AgreedRow.account_id == account.id)))
    usual = USUAL_TIES[grant.scope]
    resting = {person: replace(grant.ties.get(person, usual), rests=True) for person in grant.people - agreed}
    # It is looked up again when the rest is over.
    ends_ms = min(account.rests_until_ms or 0, grant.expires_ms or account.rests_until_ms or 0)
    return replace(grant, ties={**grant.ties, **resting}, expires_ms=ends_ms, rests=True)


def session_by(session: Session, which: ColumnElement[bool], now_ms: int) -> StoredGrant | None:
    """What the session allows that fits `which` and has not ended."""
    found = session.execute(
        select(SessionRow, GrantRow)
        .join(GrantRow, GrantRow.id == SessionRow.grant_id)
        .where(which, SessionRow.expires_ms > now_ms)
    ).one_or_none()
    return None if found is None else grant_in(session, found[1], found[0].expires_ms, found[0], now_ms)
