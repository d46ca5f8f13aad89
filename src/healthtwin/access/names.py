"""What people call whoever did something: the label of their grant, never its id."""

from __future__ import annotations

from typing import TYPE_CHECKING

from healthtwin.access.tables import GrantRow

if TYPE_CHECKING:
    from healthtwin.store import Tables


def known_as(tables: Tables, actor: str) -> str:
    """The label of a grant; without one its scope, and nothing for a grant that is gone."""
    with tables.read() as session:
        grant = session.get(GrantRow, actor)
        return "" if grant is None else grant.label or grant.scope
