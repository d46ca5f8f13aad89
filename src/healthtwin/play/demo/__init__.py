"""The demo: a made-up household through the whole real pipeline. Synthetic, and labelled so everywhere."""

from healthtwin.play.demo.household import (
    DEFAULT_SCENARIO,
    Household,
    HouseholdMember,
    draw_household,
    stretch_ms,
)
from healthtwin.play.demo.play import play_headless
from healthtwin.play.demo.portal import Portal, play_in_portal
from healthtwin.play.demo.report import DemoReport, FoundAlert, Missed

__all__ = [
    "DEFAULT_SCENARIO",
    "DemoReport",
    "FoundAlert",
    "Household",
    "HouseholdMember",
    "Missed",
    "Portal",
    "draw_household",
    "play_headless",
    "play_in_portal",
    "stretch_ms",
]
