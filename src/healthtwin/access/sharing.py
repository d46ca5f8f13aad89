"""Who can see a person, as the person reads it."""

from __future__ import annotations

from typing import TYPE_CHECKING

import msgspec

from healthtwin.access.authenticator import wall_ms
from healthtwin.access.shares import Shares

if TYPE_CHECKING:
    from healthtwin.access.grants import Grant
    from healthtwin.store import Tables


class ShareView(msgspec.Struct, frozen=True):
    """Somebody, or something, that can see a person.

    Attributes:
        id: of the grant.
        scope: ``person`` (a paired phone), ``device``, ``family``, ``clinician`` or ``admin``.
        expires_at: None: never by itself.
        last_used_at: to the hour; None when not known.
        state: ``active``, or ``invited`` when nobody has used the link or code yet.
        current: it is the asker.
        revocable: whether `DELETE` ends it.
        account: somebody signs in by a proof of their own. joined_at, joined_from: when, and from which
            address, they set that up.
        rests_until: it carries nothing until then, since the account was reset, unless the person agrees
            again; far in the future until its owner has set up a new way in.
    """

    id: str
    scope: str
    label: str
    created_at: int
    expires_at: int | None
    last_used_at: int | None
    state: str
    current: bool
    revocable: bool
    account: bool = False
    joined_at: int | None = None
    joined_from: str = ""
    rests_until: int | None = None


def shares_of(tables: Tables, person_id: str, asker: Grant) -> list[ShareView]:
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
            revocable=True,
            account=bool(share.account),
            joined_at=share.joined_ms,
            joined_from=share.joined_from,
            rests_until=share.rests_until_ms,
        )
        for share in Shares(tables).list(person_id, wall_ms())
    ]
