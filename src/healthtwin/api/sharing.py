"""Who can see a person and what: shown to them, widened by an invitation, narrowed and taken back at once."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, Final, Literal

import msgspec

from healthtwin.access import Credentials, Shares, ShareView, wall_ms
from healthtwin.domain import HOUR_MS, PLAIN, plain_text
from healthtwin.domain.errors import Forbidden, NotFound
from healthtwin.routing import Kind, Need, Routes
from healthtwin.web import language_of
from healthtwin.words import DEFAULT_LANGUAGE

if TYPE_CHECKING:
    from healthtwin.house import House
    from healthtwin.routing import Ask

INVITATION_MS: Final = 24 * HOUR_MS
"""A relative may open a message the next morning; a link that lies around longer is a key under the mat."""

LONGEST_LABEL: Final = 100


class Invitation(msgspec.Struct, forbid_unknown_fields=True, frozen=True):
    """Whom to let in: family sees and acts on alerts; a clinician also states medicines and background."""

    scope: Literal["family", "clinician"]
    label: Annotated[
        str, msgspec.Meta(min_length=1, max_length=LONGEST_LABEL, extra_json_schema={"pattern": PLAIN})
    ]


class InvitationView(msgspec.Struct, frozen=True):
    """A link that signs one browser in, once; it is not shown again. id: of the grant behind it."""

    id: str
    url: str
    expires_at: int


routes = Routes("/api/people/{person_id}/sharing", tag="sharing")


@routes.get("", need=Need.SHARE, kind=Kind.PROFILE, summary="Who can see me")
def sharing(ask: Ask, house: House, person_id: str) -> list[ShareView]:
    """Phones, relatives, clinicians, tokens and the operator, the oldest first."""
    return house.access.sharing(ask.grant, person_id)


@routes.post(
    "",
    need=Need.SHARE,
    kind=Kind.PROFILE,
    fresh=True,
    status=201,
    summary="Let somebody see me",
    example={"scope": "family", "label": "Bo"},
)
def invite(ask: Ask, house: House, person_id: str, body: Invitation) -> InvitationView:
    """The link is in this answer and in no other; it is good once, within a day."""
    label = plain_text("label", body.label, LONGEST_LABEL)
    now_ms = wall_ms()
    link = Credentials(house.tables).create_link(
        body.scope, [person_id], now_ms, label=label, lifetime_ms=INVITATION_MS
    )
    house.access.relations.invited(ask.grant, person_id, link.grant.id)
    language = language_of(ask.request)
    # Whoever is invited in German lands in German, whatever their browser prefers.
    spoken = "" if language == DEFAULT_LANGUAGE else f"?language={language}"
    url = f"{ask.own_address}/sign-in/{link.secret}{spoken}"
    return InvitationView(link.grant.id, url, now_ms + INVITATION_MS)


@routes.delete(
    "/{grant_id}", need=Need.SHARE, kind=Kind.PROFILE, errors=(NotFound, Forbidden), summary="Take it back"
)
def revoke_share(ask: Ask, house: House, person_id: str, grant_id: str) -> None:
    """The very next request of whoever had it is refused; what they saw before they have seen.

    A child's phone ends no relation of somebody who looks after them: neither parent removes the other.
    """
    house.access.relations.require_may_take_back(ask.grant, person_id, grant_id)
    Shares(house.tables).revoke(person_id, grant_id, wall_ms())


@routes.post(
    "/{grant_id}/agree",
    need=Need.SHARE,
    kind=Kind.PROFILE,
    fresh=True,
    errors=(NotFound,),
    summary="Agree again after a reset",
)
def agree(house: House, person_id: str, grant_id: str) -> None:
    """An account that was reset reaches this person again at once, and not after its day of rest."""
    house.access.accounts.agree(person_id, grant_id, wall_ms())
