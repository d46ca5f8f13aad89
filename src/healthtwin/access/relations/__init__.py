"""What a relation goes through: broken glass, coming of age, acting in one of two, what is told of it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from healthtwin.faces import face

if TYPE_CHECKING:
    from healthtwin.access.relations.ages import AGES, COUNTRY, Youth, checked_country, youth_of
    from healthtwin.access.relations.answers import (
        AccessView,
        ActingView,
        GlassView,
        NoticesView,
        StandingView,
    )
    from healthtwin.access.relations.break_glass import GLASS_PREFIX, BreakGlass, Glass
    from healthtwin.access.relations.majority import Growing, country_in
    from healthtwin.access.relations.notices import Notice, NoticeKind, Notices

__all__ = [
    "AGES",
    "COUNTRY",
    "GLASS_PREFIX",
    "AccessView",
    "ActingView",
    "BreakGlass",
    "Glass",
    "GlassView",
    "Growing",
    "InsideView",
    "Notice",
    "NoticeKind",
    "Notices",
    "NoticesView",
    "StandingView",
    "Youth",
    "checked_country",
    "country_in",
    "youth_of",
]

__getattr__ = face(
    __name__,
    ages="AGES COUNTRY Youth checked_country youth_of",
    answers="AccessView ActingView GlassView InsideView NoticesView StandingView",
    break_glass="GLASS_PREFIX BreakGlass Glass",
    majority="Growing country_in",
    notices="Notice NoticeKind Notices",
)
