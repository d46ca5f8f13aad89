"""Telling is reading: whoever is told about a person is judged at the moment of sending, like whoever asks.

A message that waits, or is tried again hours later, goes by what is allowed then. A question that cannot be
answered sends nothing: the error goes on to whoever would have sent, and the message waits.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from sqlalchemy import or_, select

from healthtwin.access.account_tables import AccountRow, AgreedRow
from healthtwin.access.authenticator import wall_ms
from healthtwin.access.consents import consents_of
from healthtwin.access.grants import Grant
from healthtwin.access.policy import kinds_seen
from healthtwin.access.relation_tables import JoinedGrantRow
from healthtwin.access.relations.majority import Growing
from healthtwin.access.relations.more_ties import completed
from healthtwin.access.stored_grants import grant_in
from healthtwin.access.tables import ConsentsRow, GrantRow, SessionRow, SignInLinkRow, TokenRow
from healthtwin.access.ties import NO_TIES, Kind, Relation, Scope, Tie
from healthtwin.store.base import PersonRow

if TYPE_CHECKING:
    from collections.abc import Callable

    from sqlalchemy.orm import Session

    from healthtwin.store import Tables

HOME: Final = ""
"""In place of a grant's id: whoever has the home itself in their hands, and set this up there."""


@dataclass(frozen=True, slots=True)
class Actor:
    """On whose behalf somebody or something is told.

    Attributes:
        id: of whom is told (a webhook, a contact).
        grant: whose right it stands on; `HOME`: its operator's own hands.
        person: whom it hears of, an id; None: of everybody whom the grant reaches.
    """

    id: str
    grant: str = HOME
    person: str | None = None


class Telling:
    """What may be told of whom to whom, now.

    Args:
        tables: of the home.
        now_ms: the wall clock.
        growing: who comes of age when, by the country of the house; None: none is known.
    """

    def __init__(
        self, tables: Tables, now_ms: Callable[[], int] = wall_ms, *, growing: Growing | None = None
    ) -> None:
        self._tables = tables
        self._growing = growing or Growing(tables)
        self._now_ms = now_ms

    def kinds(self, actor: Actor, pseudonym: str) -> frozenset[Kind] | None:
        """The kinds of data about a person that may be told; None: the right it stands on has ended.

        Raises:
            StorageError: that cannot be known now; nothing may be told.
        """
        now_ms = self._now_ms()
        with self._tables.read() as session:
            person_id = session.scalar(select(PersonRow.id).where(PersonRow.pseudonym == pseudonym))
            if person_id is None or actor.person not in {None, person_id}:
                return frozenset()
            if actor.grant == HOME:
                grant = _of_the_home(session, actor, person_id)
            else:
                row = session.get(GrantRow, actor.grant)
                if row is None or not is_proved(session, row.id, now_ms):
                    return None
                if _account_rests(session, row.id, person_id, now_ms):
                    return frozenset()
                stored = grant_in(session, row, None)
                # Judged as whoever holds it: a parent's relation rests at majority for messages, too.
                grant = Grant.of(completed(self._tables, self._growing, stored, "", now_ms), token=False)
        return kinds_seen(grant, person_id, now_ms)


def is_proved(session: Session, grant_id: str, now_ms: int) -> bool:
    """Whether a token, an account, a session or a link that is out still proves a grant."""
    good_token = select(TokenRow.grant_id).where(
        TokenRow.grant_id == grant_id,
        TokenRow.revoked_ms.is_(None),
        or_(TokenRow.expires_ms.is_(None), TokenRow.expires_ms > now_ms),
    )
    passing = (
        select(table.grant_id).where(table.grant_id == grant_id, table.expires_ms > now_ms)
        for table in (SessionRow, SignInLinkRow)
    )
    account = select(AccountRow.grant_id).where(
        AccountRow.grant_id == grant_id, AccountRow.disabled_ms.is_(None)
    )
    joined = select(JoinedGrantRow.grant_id).where(JoinedGrantRow.grant_id == grant_id)
    proofs = (good_token, account, joined, *passing)
    return any(session.scalar(proof.limit(1)) is not None for proof in proofs)


def _account_rests(session: Session, grant_id: str, person_id: str, now_ms: int) -> bool:
    """Whether the account behind a grant was reset, and neither its owner nor this person confirmed it."""
    rests = select(AccountRow.id).where(AccountRow.grant_id == grant_id, AccountRow.rests_until_ms > now_ms)
    account_id = session.scalar(rests.limit(1))
    return account_id is not None and session.get(AgreedRow, (account_id, person_id)) is None


def _of_the_home(session: Session, actor: Actor, person_id: str) -> Grant:
    """What was set up at the home itself serves the person's care: their consents hold for it, too."""
    row = session.get(ConsentsRow, person_id)
    ties = NO_TIES if row is None else {person_id: Tie(Relation.TREATING, consents=consents_of(row.stated))}
    return Grant(actor.id, "", Scope.SERVICE, frozenset({person_id}), ties)
