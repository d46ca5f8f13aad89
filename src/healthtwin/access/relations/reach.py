"""A grant as it stands, found by its id: what somebody else could see, asked without their secret."""

from __future__ import annotations

from typing import TYPE_CHECKING

from healthtwin.access.grants import Grant
from healthtwin.access.relations.more_ties import completed

if TYPE_CHECKING:
    from healthtwin.access.relations.majority import Growing
    from healthtwin.store import Tables


def shared_grant(tables: Tables, growing: Growing, grant_id: str, now_ms: int) -> Grant | None:
    """The grant with this id as it counts now, without what holds for single sessions; None: it is gone."""
    from healthtwin.access.credentials import Credentials

    stored = Credentials(tables).stored(grant_id)
    if stored is None:
        return None
    return Grant.of(completed(tables, growing, stored, "", now_ms), token=False)
