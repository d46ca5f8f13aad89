"""What a person lets others see: lines as they stated them, kept whole, read wherever somebody's reach is.

Only access reads them, so they live in its tables and in no log: nothing that is judged depends on who may
see it. A change counts for the next question of everybody, in this process and in any other.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, Any, Final

import msgspec
from sqlalchemy import select

from healthtwin.access.tables import ConsentsRow, GrantPersonRow, GrantRow
from healthtwin.access.ties import SHARED_KINDS, USUAL_TIES, Consent, Kind, Relation, Scope, consented
from healthtwin.domain.errors import Conflict, CorruptStorage, Forbidden, InvalidInput, NotFound
from healthtwin.store.base import PersonRow

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Sequence

    from sqlalchemy.orm import Session

    from healthtwin.store import Tables

MOST_LINES: Final = 200
"""More than kinds times all whom a person could ever have let in; a longer list is a mistake."""

TO_RELATIONS: Final = (Relation.FAMILY, Relation.TREATING)

_KIND_SCHEMA: Final = {"enum": [kind.value for kind in SHARED_KINDS]}
_TO_SCHEMA: Final = {"pattern": "^(family|treating|g-[a-z0-9]+)$"}

ToWhom = Annotated[str, msgspec.Meta(min_length=1, max_length=64, extra_json_schema=_TO_SCHEMA)]
KindName = Annotated[str, msgspec.Meta(extra_json_schema=_KIND_SCHEMA)]


class ConsentLine(msgspec.Struct, forbid_unknown_fields=True, frozen=True):
    """One line: kinds of data, for whom, until when, and whether they are let through or kept back.

    Attributes:
        what: ``vitals``, ``alerts``, ``timeline``, ``genes``, ``documents``, ``chat``, ``place``.
        to: ``family``, ``treating``, or the id of one grant that reaches the person.
        until: epoch ms; null: until it is taken back.
    """

    what: Annotated[list[KindName], msgspec.Meta(min_length=1, max_length=len(SHARED_KINDS))]
    to: ToWhom
    allowed: bool
    until: Annotated[int, msgspec.Meta(ge=0, le=2**53)] | None = None


class SharedView(msgspec.Struct, frozen=True):
    """What comes out of the lines now for one of those who can be named: the kinds that they see."""

    to: str
    what: list[str]


class ConsentsView(msgspec.Struct, frozen=True):
    """What somebody lets others see.

    Attributes:
        consents: lines as they were stated last; none: every relation carries what it always did.
        revision: 0 before anything was stated; one more with each change.
        shared: what comes out of them now.
    """

    consents: list[ConsentLine]
    revision: int
    shared: list[SharedView]


def consents_of(stated: Iterable[Any]) -> tuple[Consent, ...]:
    """Lines as they are judged.

    Raises:
        CorruptStorage: one that nobody here can judge: whoever asks then sees nothing.
    """
    try:
        return tuple(
            Consent(frozenset(map(Kind, line["what"])), str(line["to"]), line["until"], bool(line["allowed"]))
            for line in stated
        )
    except (KeyError, TypeError, ValueError) as error:
        raise CorruptStorage("a person's consents cannot be read") from error


class Consents:
    """The consents of a house. Every method is one transaction."""

    def __init__(self, tables: Tables) -> None:
        self._tables = tables

    def of(self, person_id: str, now_ms: int) -> ConsentsView:
        """What this person lets others see.

        Raises:
            NotFound: no such person.
        """
        with self._tables.read() as session:
            _require_person(session, person_id)
            row = session.get(ConsentsRow, person_id)
            stated, revision = ([], 0) if row is None else (row.stated, row.revision)
            return _view(session, person_id, stated, revision, now_ms)

    def state(
        self,
        person_id: str,
        lines: Sequence[ConsentLine],
        now_ms: int,
        *,
        by: str,
        seen: int | None = None,
        may_widen: bool = True,
    ) -> ConsentsView:
        """Put these lines in place of those before; they count from the very next question on.

        Args:
            person_id: whose.
            lines: all of them.
            now_ms: the wall clock's.
            by: id of the grant that states them.
            seen: the revision that was changed; None: whatever stands.
            may_widen: False for who is not the person: what is kept back from somebody stays so.

        Raises:
            NotFound: no such person.
            InvalidInput: a kind that there is not, or somebody who does not see this person.
            Conflict: they were changed meanwhile.
            Forbidden: somebody else would let more through than the person did.
        """
        _check(lines)
        with self._tables.write(changes_access=True) as session:
            _require_person(session, person_id)
            row = session.get(ConsentsRow, person_id)
            before, revision = ([], 0) if row is None else (row.stated, row.revision)
            relations = _named(session, person_id, lines, {str(line["to"]) for line in before})
            if seen is not None and seen != revision:
                raise Conflict(f"the consents were changed meanwhile: revision {revision} stands, not {seen}")
            after = [msgspec.to_builtins(line) for line in lines]
            if not may_widen and _widens(consents_of(before), consents_of(after), relations, now_ms):
                raise Forbidden("only the person themselves may let more through than they did")
            if row is None:
                row = ConsentsRow(person_id=person_id, revision=0)
                session.add(row)
            row.stated, row.revision, row.stated_by, row.stated_ms = after, revision + 1, by, now_ms
            return _view(session, person_id, after, revision + 1, now_ms)


def _require_person(session: Session, person_id: str) -> None:
    if session.get(PersonRow, person_id) is None:
        raise NotFound("no such person")


def _check(lines: Sequence[ConsentLine]) -> None:
    if len(lines) > MOST_LINES:
        raise InvalidInput("consents", len(lines), f"at most {MOST_LINES} lines")
    allowed = ", ".join(SHARED_KINDS)
    for at, line in enumerate(lines):
        for name in line.what:
            if name == Kind.PROFILE.value:
                said = f"{allowed}; a name goes with every relation: end the relation instead"
                raise InvalidInput(f"consents[{at}].what", name, said)
            if name not in SHARED_KINDS:
                raise InvalidInput(f"consents[{at}].what", name, f"any of {allowed}")


def _named(
    session: Session, person_id: str, lines: Sequence[ConsentLine], before: Collection[str]
) -> dict[str, Relation]:
    """As what to the person everybody comes who is named here.

    Args:
        before: whom lines named before; somebody whose access ended since may stay in the list.
    """
    relations: dict[str, Relation] = {relation.value: relation for relation in TO_RELATIONS}
    for at, line in enumerate(lines):
        if line.to in relations:
            continue
        relation = _relation_of(session, person_id, line.to)
        if relation is None and line.to in before:
            continue
        if relation is None or relation is Relation.SELF:
            allowed = "family, treating, or the id (g-…) of somebody else's access to this person"
            raise InvalidInput(f"consents[{at}].to", line.to, allowed)
        relations[line.to] = relation
    return relations


def _relation_of(session: Session, person_id: str, grant_id: str) -> Relation | None:
    stated = session.scalar(
        select(GrantPersonRow.relation).where(
            GrantPersonRow.grant_id == grant_id, GrantPersonRow.person_id == person_id
        )
    )
    if stated is not None:
        return Relation(stated)
    scope = session.scalar(
        select(GrantRow.scope).where(GrantRow.id == grant_id, GrantRow.every_person.is_(True))
    )
    return None if scope is None else USUAL_TIES[Scope(scope)].relation


def _widens(
    before: Sequence[Consent], after: Sequence[Consent], relations: dict[str, Relation], now_ms: int
) -> bool:
    """Whether somebody would see a kind, now or at any time to come, that they would not have seen."""
    ends = {each.until_ms for each in (*before, *after) if each.until_ms is not None}
    for at_ms in (now_ms, *(end for end in ends if end > now_ms)):
        for to, relation in relations.items():
            for kind in SHARED_KINDS:
                if consented(after, relation, to, kind, at_ms) and not consented(
                    before, relation, to, kind, at_ms
                ):
                    return True
    return False


def _view(
    session: Session, person_id: str, stated: Sequence[Any], revision: int, now_ms: int
) -> ConsentsView:
    lines, consents = msgspec.convert(list(stated), list[ConsentLine]), consents_of(stated)
    named: dict[str, Relation] = {relation.value: relation for relation in TO_RELATIONS}
    for line in lines:
        if line.to not in named and (relation := _relation_of(session, person_id, line.to)) is not None:
            named[line.to] = relation
    shared = [
        SharedView(
            to, [kind.value for kind in SHARED_KINDS if consented(consents, relation, to, kind, now_ms)]
        )
        for to, relation in named.items()
    ]
    return ConsentsView(lines, revision, shared)
