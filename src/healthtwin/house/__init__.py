"""One running house: its rooms over one engine, opened together, ticking, asked and stopped."""

from __future__ import annotations

from typing import TYPE_CHECKING

from healthtwin.faces import face

if TYPE_CHECKING:
    from healthtwin.house.addresses import own_addresses, own_names
    from healthtwin.house.clock import Clock, EventClock, WallClock
    from healthtwin.house.doctor import Finding, examine
    from healthtwin.house.health import (
        DriftItem,
        Fault,
        HealthView,
        ShadowItem,
        TrainedAlarmsItem,
        WarningItem,
        WeekItem,
        without_particulars,
    )
    from healthtwin.house.house import House, open_house
    from healthtwin.house.house_weeks import HouseWeek, HouseWeeks
    from healthtwin.house.live import LiveEvent, LiveFeed
    from healthtwin.house.rebuilding import Rebuilt, rebuild
    from healthtwin.house.rooms import ROOMS
    from healthtwin.house.settings import HouseSettings
    from healthtwin.house.upkeep import UpkeepView

__all__ = [
    "ROOMS",
    "Clock",
    "DriftItem",
    "EventClock",
    "Fault",
    "Finding",
    "HealthView",
    "House",
    "HouseSettings",
    "HouseWeek",
    "HouseWeeks",
    "LiveEvent",
    "LiveFeed",
    "Rebuilt",
    "ShadowItem",
    "TrainedAlarmsItem",
    "UpkeepView",
    "WallClock",
    "WarningItem",
    "WeekItem",
    "examine",
    "open_house",
    "own_addresses",
    "own_names",
    "rebuild",
    "without_particulars",
]

__getattr__ = face(
    __name__,
    addresses="own_addresses own_names",
    clock="Clock EventClock WallClock",
    doctor="Finding examine",
    health="DriftItem Fault HealthView ShadowItem TrainedAlarmsItem WarningItem WeekItem without_particulars",
    house="House open_house",
    house_weeks="HouseWeek HouseWeeks",
    live="LiveEvent LiveFeed",
    rebuilding="Rebuilt rebuild",
    rooms="ROOMS",
    settings="HouseSettings",
    upkeep="UpkeepView",
)
