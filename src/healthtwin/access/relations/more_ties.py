"""What a grant is to people beyond what its rows say: by broken glass, and no more once a child is of age."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from healthtwin.access.credentials import Credentials
from healthtwin.access.relations.acting import JOINS, Acting, with_joined
from healthtwin.access.relations.break_glass import BreakGlass
from healthtwin.access.ties import USUAL_TIES, Relation, Scope, Tie
from healthtwin.domain.errors import NotFound
from healthtwin.store.people import People

if TYPE_CHECKING:
    from collections.abc import Mapping

    from healthtwin.access.relations.break_glass import Glass
    from healthtwin.access.relations.majority import Growing
    from healthtwin.access.stored_grants import StoredGrant
    from healthtwin.store import Tables


def completed(tables: Tables, growing: Growing, stored: StoredGrant, proof: str, now_ms: int) -> StoredGrant:
    """A grant with everything that follows from dates and from glass; asked for anew after each change.

    Args:
        tables: of the home.
        growing: who comes of age when.
        stored: as its rows say.
        proof: id of the session or token at hand, for which alone the glass was broken.
        now_ms: the wall clock's.
    """
    if stored.scope is Scope.FAMILY:
        stored = _until_of_age(tables, growing, stored)
    if stored.rests:
        return (
            stored  # whoever used the link of a reset reaches nobody by what its owner took in, or by glass
        )
    if stored.scope in JOINS:
        stored = _with_taken_in(tables, growing, stored, proof, now_ms)
    if stored.scope is Scope.CLINICIAN:
        stored = _with_glass(stored, BreakGlass(tables).open_to(proof, now_ms), now_ms)
    return stored


def _with_taken_in(
    tables: Tables, growing: Growing, stored: StoredGrant, proof: str, now_ms: int
) -> StoredGrant:
    acting = Acting(tables)
    found = [Credentials(tables).stored(grant_id) for grant_id in acting.joined_to(stored.id)]
    joined = [_until_of_age(tables, growing, grant) for grant in found if grant is not None]
    return with_joined(stored, joined, acting.chosen(proof), now_ms) if joined else stored


def _with_glass(stored: StoredGrant, opened: Mapping[str, Glass], now_ms: int) -> StoredGrant:
    """Where they treat somebody all the same, glass adds nothing."""
    if not opened:
        return stored
    usual = USUAL_TIES[stored.scope]
    ties, people = dict(stored.ties), set(stored.people)
    for person_id, glass in opened.items():
        tie = ties.get(person_id, usual if person_id in stored.people else None)
        if (
            tie is not None
            and tie.relation is Relation.TREATING
            and tie.lives(now_ms)
            and not tie.rests_at(now_ms)
        ):
            continue
        ties[person_id] = Tie(Relation.TREATING, glass.until_ms, reads_only=True, from_ms=glass.from_ms)
        people.add(person_id)
    return replace(stored, people=frozenset(people), ties=ties)


def _until_of_age(tables: Tables, growing: Growing, stored: StoredGrant) -> StoredGrant:
    """Relations of before somebody came of age rest from then on, until they confirm them."""
    people = []
    for person_id in stored.people:
        try:
            people.append(People(tables).get(person_id))
        except NotFound:  # erased a moment ago
            continue
    ends = growing.ends(stored.id, people)
    if not ends:
        return stored
    usual, ties = USUAL_TIES[stored.scope], dict(stored.ties)
    for person_id, end_ms in ends.items():
        tie = ties.get(person_id, usual)
        if tie.relation is Relation.FAMILY:
            ties[person_id] = replace(tie, rests_from_ms=end_ms)
    return replace(stored, ties=ties)
