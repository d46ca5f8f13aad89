"""Whom a grant reaches, and as what: read from the rows of access in one place."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from sqlalchemy import select

from healthtwin.access.consents import consents_of
from healthtwin.access.tables import ConsentsRow, GrantPersonRow
from healthtwin.access.ties import NO_TIES, USUAL_TIES, Relation, Scope, Tie

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from sqlalchemy import Connection
    from sqlalchemy.orm import Session

COVERED, STATED = GrantPersonRow.__table__, ConsentsRow.__table__

REACH_COLUMNS: Final = (
    COVERED.c.person_id,
    COVERED.c.relation,
    COVERED.c.until_ms,
    COVERED.c.rests,
    STATED.c.stated,
)
"""Of each person whom a grant covers; joined from the outside, so all are null where there is none."""

_OF_GRANT: Final = select(*REACH_COLUMNS).select_from(
    COVERED.outerjoin(STATED, STATED.c.person_id == COVERED.c.person_id)
)
_OF_ALL: Final = select(STATED.c.person_id, STATED.c.stated)


def reach_of(
    scope: Scope, rows: Iterable[Any], everybody: Iterable[Any] = ()
) -> tuple[frozenset[str], Mapping[str, Tie]]:
    """The people whom a grant names, and its ties that are not the usual ones of its scope.

    Args:
        scope: of the grant.
        rows: with `REACH_COLUMNS`.
        everybody: what anybody stated (`stated_by_all`), for a grant that reaches everybody.
    """
    usual = USUAL_TIES[scope]
    ties: dict[str, Tie] = {}
    for row in everybody:
        ties[row.person_id] = Tie(usual.relation, consents=consents_of(row.stated))
    people = set()
    for row in rows:
        relation = Relation.NONE if row.person_id is None else Relation(row.relation)
        if relation is Relation.NONE:
            continue
        people.add(row.person_id)
        consents = () if row.stated is None or relation is Relation.SELF else consents_of(row.stated)
        tie = Tie(relation, row.until_ms, row.rests, consents=consents)
        if tie != usual:
            ties[row.person_id] = tie
    return frozenset(people), ties or NO_TIES


def reach_in(
    session: Session, grant_id: str, scope: Scope, *, every_person: bool
) -> tuple[frozenset[str], Mapping[str, Tie]]:
    """As `reach_of`, asked inside a transaction."""
    rows = session.execute(_OF_GRANT.where(COVERED.c.grant_id == grant_id)).all()
    everybody = session.execute(_OF_ALL).all() if every_person else ()
    return reach_of(scope, rows, everybody)


def stated_by_all(connection: Connection) -> Iterable[Any]:
    """What everybody who said anything lets others see."""
    return connection.execute(_OF_ALL).all()
