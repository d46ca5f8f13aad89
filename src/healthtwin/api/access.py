"""Who can see what of me, who looked, and what I was told about it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Literal

import msgspec

from healthtwin.access import AccessView, GlassView, NoticesView
from healthtwin.domain.errors import Conflict, NotFound
from healthtwin.routing import Kind, Need, Routes

if TYPE_CHECKING:
    from healthtwin.house import House
    from healthtwin.routing import Ask


class Verdict(msgspec.Struct, forbid_unknown_fields=True, frozen=True):
    """Whether it was right that somebody broke the glass."""

    verdict: Literal["right", "wrong"]


class ConfirmedView(msgspec.Struct, frozen=True):
    """A relation of before somebody came of age, which goes on."""

    grant: str
    confirmed_at: int


routes = Routes("/api", tag="sharing")


@routes.get("/me/access", need=Need.KNOWN, summary="Who can see what of me, and who looked")
def access(ask: Ask, house: House) -> AccessView:
    """For the person: everybody who sees them, kind by kind, and who looked. For others: whom they see."""
    return house.access.relations.access(ask.grant)


@routes.get("/me/notices", need=Need.KNOWN, summary="What I was told about who sees whom")
def notices(ask: Ask, house: House) -> NoticesView:
    """The newest first; untold until read."""
    return house.access.relations.notices(ask.grant)


@routes.post(
    "/me/access/notices/{notice_id}/read",
    need=Need.KNOWN,
    errors=(NotFound,),
    summary="I have read this notice",
)
def read(ask: Ask, house: House, notice_id: str) -> None:
    """From then on it is told."""
    house.access.relations.read_notice(ask.grant, notice_id)


@routes.put(
    "/me/access/break-glass/{glass_id}",
    need=Need.KNOWN,
    errors=(NotFound,),
    summary="Say whether that was right",
)
def judge(ask: Ask, house: House, glass_id: str, body: Verdict) -> GlassView:
    """By the person alone; it stands beside what happened."""
    return house.access.relations.judge_glass(ask.grant, glass_id, body.verdict)


@routes.post(
    "/people/{person_id}/relations/{grant_id}/confirm",
    need=Need.SHARE,
    kind=Kind.PROFILE,
    errors=(NotFound, Conflict),
    summary="Let a relation of before I came of age go on",
)
def confirm_relation(ask: Ask, house: House, person_id: str, grant_id: str) -> ConfirmedView:
    """By the person themselves, once they are of age."""
    return ConfirmedView(grant_id, house.access.relations.confirm_relation(ask.grant, person_id, grant_id))
