"""Somebody with two relations to one person: rights do not add up, each session acts in one of them.

A clinician whose father lives in this house may be let in by him as family. That invitation stays a grant of
its own: it can be taken back alone, and it goes on where the other ends. Her sign-in takes it in, and for
each person one of the two counts: the one she chose in this session, else the one with fewer rights.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Final

from sqlalchemy import delete, select

from healthtwin.access.credentials import Credentials, use_link_up
from healthtwin.access.relation_tables import ActingRow, JoinedGrantRow
from healthtwin.access.tables import GrantPersonRow, GrantRow, SignInLinkRow
from healthtwin.access.ties import USUAL_TIES, Relation, Scope, Tie
from healthtwin.domain.errors import Conflict, NotFound, Unauthenticated
from healthtwin.store.secrets import LINK_PREFIX, hash_of

if TYPE_CHECKING:
    from collections.abc import Mapping

    from healthtwin.access.stored_grants import StoredGrant
    from healthtwin.store import Tables

FEWER_RIGHTS_FIRST: Final = (Relation.FAMILY, Relation.TREATING, Relation.SELF)
"""Which one counts where nothing was chosen: what the person themselves gave goes before what work gives."""

JOINS: Final = frozenset({Scope.FAMILY, Scope.CLINICIAN, Scope.ADMIN})
"""Whose sign-in may take in an invitation as family; a phone belongs to one person and stays theirs."""


class Acting:
    """Who is two things to one person, and what they act as. Every method is one transaction."""

    def __init__(self, tables: Tables) -> None:
        self._tables = tables

    def join(self, secret: str, grant_id: str, now_ms: int) -> StoredGrant:
        """Use an invitation up for a sign-in that there is; the grant behind the invitation.

        Raises:
            Unauthenticated: for an unknown, expired or used link.
            Conflict: it is no invitation as family, or this sign-in takes none in; nothing is used up.
        """
        credentials = Credentials(self._tables)
        with self._tables.write(changes_access=True) as session:
            mine = session.get(GrantRow, grant_id)
            link = session.get(SignInLinkRow, hash_of(secret)) if secret.startswith(LINK_PREFIX) else None
            theirs = None if link is None else session.get(GrantRow, link.grant_id)
            if mine is None or theirs is None:
                raise Unauthenticated("this sign-in link is unknown, used or expired; ask for a new one")
            if mine.scope not in JOINS or theirs.scope != Scope.FAMILY:
                raise Conflict(
                    "only an invitation as family is taken into a sign-in; sign out and open it again"
                )
            if use_link_up(session, hash_of(secret), now_ms) is None:
                raise Unauthenticated("this sign-in link is unknown, used or expired; ask for a new one")
            session.add(JoinedGrantRow(grant_id=theirs.id, to_grant_id=mine.id, joined_ms=now_ms))
            joined_id = theirs.id
        stored = credentials.stored(joined_id)
        if stored is None:
            raise NotFound("no such invitation")
        return stored

    def joined_to(self, grant_id: str) -> list[str]:
        """Ids of the grants that a sign-in took in."""
        query = select(JoinedGrantRow.grant_id).where(JoinedGrantRow.to_grant_id == grant_id)
        with self._tables.read() as session:
            return list(session.scalars(query.order_by(JoinedGrantRow.joined_ms, JoinedGrantRow.grant_id)))

    def choices(self, grant_id: str, person_id: str) -> list[Relation]:
        """As what whoever holds a grant could see a person, fewer rights first."""
        with self._tables.read() as session:
            found = session.scalars(
                select(GrantPersonRow.relation).where(
                    GrantPersonRow.person_id == person_id,
                    GrantPersonRow.grant_id.in_([grant_id, *self.joined_to(grant_id)]),
                )
            ).all()
        return [relation for relation in FEWER_RIGHTS_FIRST if relation in found]

    def chosen(self, proof: str) -> Mapping[str, Relation]:
        """What a session acts as, by the ids of people."""
        with self._tables.read() as session:
            rows = session.scalars(select(ActingRow).where(ActingRow.proof == proof))
            return {row.person_id: Relation(row.relation) for row in rows}

    def choose(self, grant_id: str, proof: str, person_id: str, relation: Relation) -> None:
        """Act in this relation from the next request on, in this session alone.

        Raises:
            NotFound: they are nothing to this person.
            Conflict: they are not that to this person.
        """
        choices = self.choices(grant_id, person_id)
        if not choices:
            raise NotFound("no such person")
        if relation not in choices:
            raise Conflict(f"you can see this person as {', '.join(choices)}, not as {relation}")
        with self._tables.write(changes_access=True) as session:
            session.execute(
                delete(ActingRow).where(ActingRow.proof == proof, ActingRow.person_id == person_id)
            )
            session.add(ActingRow(proof=proof, person_id=person_id, relation=str(relation)))


def with_joined(
    stored: StoredGrant, joined: list[StoredGrant], chosen: Mapping[str, Relation], now_ms: int
) -> StoredGrant:
    """A grant with those that it took in: for each person one tie, never what two allow together.

    >>> from healthtwin.access.stored_grants import StoredGrant
    >>> ward = StoredGrant("g-1", Scope.CLINICIAN, frozenset({"p-a", "p-b"}), None, "")
    >>> home = StoredGrant("g-2", Scope.FAMILY, frozenset({"p-a"}), None, "")
    >>> def seen(chosen):
    ...     grant = with_joined(ward, [home], chosen, 0)
    ...     return [str(grant.ties[person].relation) for person in sorted(grant.ties)]
    >>> seen({}), seen({"p-a": Relation.TREATING})
    (['family'], ['treating'])
    """
    candidates: dict[str, list[Tie]] = {}
    for grant in (stored, *joined):
        for person_id in grant.people:
            tie = _as_one_of(grant.ties.get(person_id, USUAL_TIES[grant.scope]), grant.id, stored.id)
            candidates.setdefault(person_id, []).append(tie)
    ties = dict(stored.ties)
    for grant in joined:
        for person_id in grant.people:
            found = candidates[person_id]
            living = [tie for tie in found if tie.lives(now_ms)] or found
            wanted = [tie for tie in living if tie.relation is chosen.get(person_id)]
            ties[person_id] = min(wanted or living, key=_rank)
    return replace(stored, people=frozenset(candidates), ties=ties)


def _rank(tie: Tie) -> int:
    return FEWER_RIGHTS_FIRST.index(tie.relation) if tie.relation in FEWER_RIGHTS_FIRST else -1


def _as_one_of(tie: Tie, grant_id: str, actor: str) -> Tie:
    """A tie of one grant under the name of another: what was said about that one counts."""
    if grant_id == actor or not tie.consents:
        return tie
    kept = (consent for consent in tie.consents if consent.to != actor)
    return replace(
        tie,
        consents=tuple(replace(consent, to=actor) if consent.to == grant_id else consent for consent in kept),
    )
