"""Whose birthday year is known: a route with a screen of its own."""

from __future__ import annotations

from typing import TYPE_CHECKING

import msgspec

from healthtwin.routing import Need, Routes

if TYPE_CHECKING:
    from healthtwin.house import House


class BirthYear(msgspec.Struct, frozen=True):
    """The year in which a person was born; None when unknown."""

    person: str
    birth_year: int | None


routes = Routes("/api/people/{person_id}", tag="people")


@routes.get("/birth-year", need=Need.READ, answer=BirthYear, summary="When they were born")
def birth_year(house: House, person_id: str) -> BirthYear:
    """The year alone."""
    return BirthYear(person_id, house.people.profile(person_id).birth_year)
