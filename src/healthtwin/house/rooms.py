"""Every room of the house. A room that is added is its folder and one line here."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final, Generic, Protocol, TypeVar

from healthtwin.access import AccessRoom
from healthtwin.intake import IntakeRoom
from healthtwin.medicines import MedicinesRoom
from healthtwin.notify import NotifyRoom
from healthtwin.people import PeopleRoom

if TYPE_CHECKING:
    from healthtwin.room import Room

R = TypeVar("R", bound="Room")


class Opened(Generic[R]):
    """A room as an attribute of its house: ``house.people``."""

    def __init__(self, kind: type[R]) -> None:
        self.kind = kind

    def __get__(self, house: HasRooms, _: type[HasRooms]) -> R:
        return house.room(self.kind)


class HasRooms(Protocol):
    """A house."""

    def room(self, kind: type[R]) -> R:
        """The room of this kind; raises `RuntimeError` while the house is not open."""
        ...


class Rooms:
    """One line for each room, in the order in which they are opened; closed the other way round.

    The one that tells people comes last: what it tells first may concern any other.
    """

    access = Opened(AccessRoom)
    people = Opened(PeopleRoom)
    intake = Opened(IntakeRoom)
    medicines = Opened(MedicinesRoom)
    notify = Opened(NotifyRoom)


ROOMS: Final[tuple[type[Room], ...]] = tuple(
    place.kind for place in vars(Rooms).values() if isinstance(place, Opened)
)
