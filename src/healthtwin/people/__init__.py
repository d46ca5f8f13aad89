"""What is known about people, and what is answered about them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from healthtwin.faces import face

if TYPE_CHECKING:
    from healthtwin.people.about import Background, ProfileChange
    from healthtwin.people.answers import (
        BackgroundView,
        Contact,
        EventView,
        HourBand,
        LatestValue,
        MetricTwin,
        PersonFacts,
        PersonView,
        ProfileView,
        RiskDriver,
        RiskItem,
        RiskView,
        SeriesView,
        TwinView,
    )
    from healthtwin.people.directory import Directory
    from healthtwin.people.events import Events, StoredEvent
    from healthtwin.people.kept_back import people_without, person_without
    from healthtwin.people.limits import LimitItem, LimitsView, levels
    from healthtwin.people.room import PeopleRoom
    from healthtwin.people.timeline import MOST_LISTED, event_view, stored_event

__all__ = [
    "MOST_LISTED",
    "Background",
    "BackgroundView",
    "Contact",
    "Directory",
    "EventView",
    "Events",
    "HourBand",
    "LatestValue",
    "LimitItem",
    "LimitsView",
    "MetricTwin",
    "PeopleRoom",
    "PersonFacts",
    "PersonView",
    "ProfileChange",
    "ProfileView",
    "RiskDriver",
    "RiskItem",
    "RiskView",
    "SeriesView",
    "StoredEvent",
    "TwinView",
    "event_view",
    "levels",
    "people_without",
    "person_without",
    "stored_event",
]

__getattr__ = face(
    __name__,
    about="Background ProfileChange",
    answers="BackgroundView Contact EventView HourBand LatestValue MetricTwin PersonFacts "
    "PersonView ProfileView RiskDriver RiskItem RiskView SeriesView TwinView",
    directory="Directory",
    events="Events StoredEvent",
    kept_back="people_without person_without",
    limits="LimitItem LimitsView levels",
    room="PeopleRoom",
    timeline="MOST_LISTED event_view stored_event",
)
