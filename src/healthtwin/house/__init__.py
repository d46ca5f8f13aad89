"""The gateway: one running house, and everything that is checked before a reading is believed.

Names are fetched when they are first used, so that a command that needs no house does not wait for one.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from healthtwin.house.clock import Clock, EventClock, WallClock
    from healthtwin.house.house import House, open_house

_ROOM_OF: Final = {
    "Clock": "clock",
    "EventClock": "clock",
    "House": "house",
    "WallClock": "clock",
    "open_house": "house",
}

__all__ = ["Clock", "EventClock", "House", "WallClock", "open_house"]


def __getattr__(name: str) -> object:
    if name in _ROOM_OF:
        return getattr(import_module(f"{__name__}.{_ROOM_OF[name]}"), name)
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
