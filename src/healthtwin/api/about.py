"""A person's profile and background: what is known about them beside readings."""

from __future__ import annotations

from typing import TYPE_CHECKING

from healthtwin.domain.errors import Conflict
from healthtwin.people import Background, BackgroundView, ProfileChange, ProfileView
from healthtwin.routing import Kind, Need, Routes

if TYPE_CHECKING:
    from healthtwin.house import House
    from healthtwin.routing import Ask

routes = Routes("/api/people/{person_id}", tag="people")


@routes.get("/profile", need=Need.READ, kind=Kind.PROFILE, summary="How their readings are judged")
def profile(house: House, person_id: str) -> ProfileView:
    """Name, time zone, age, and what else changes how readings are judged."""
    return house.people.profile(person_id)


@routes.put(
    "/profile",
    need=Need.STATE,
    kind=Kind.PROFILE,
    errors=(Conflict,),
    summary="Change how their readings are judged",
    example={"sex": "female"},
)
def set_profile(ask: Ask, house: House, person_id: str, body: ProfileChange) -> ProfileView:
    """What is named changes; what is left out stays, null clears."""
    return house.people.set_profile(ask.grant, person_id, body)


@routes.get("/background", need=Need.READ, kind=Kind.DOCUMENTS, summary="What else is known")
def background(house: House, person_id: str) -> BackgroundView:
    """Conditions, risk factors, allergies, and whom to call."""
    return house.people.background(person_id)


@routes.put(
    "/background",
    need=Need.STATE,
    kind=Kind.DOCUMENTS,
    errors=(Conflict,),
    summary="State what else is known",
    example={"conditions": ["asthma"]},
)
def set_background(ask: Ask, house: House, person_id: str, body: Background) -> BackgroundView:
    """All of it, in place of what was stated before."""
    return house.people.set_background(ask.grant, person_id, body)
