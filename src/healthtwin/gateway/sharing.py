"""Who can see a person, as the person reads it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from healthtwin.gateway.access import wall_ms
from healthtwin.gateway.person_port import ShareView

if TYPE_CHECKING:
    from healthtwin.gateway.grants import Grant
    from healthtwin.store import Records


def shares_of(records: Records, person_id: str, asker: Grant) -> list[ShareView]:
    """Everything that opens this person's data, oldest first; secrets expire by the wall clock."""
    return [
        ShareView(
            share.id,
            str(share.scope),
            share.label,
            share.created_ms,
            share.expires_ms,
            share.last_used_ms,
            "invited" if share.invited else "active",
            share.id == asker.actor,
            not share.reaches_all,
        )
        for share in records.sharing.list(person_id, wall_ms())
    ]
