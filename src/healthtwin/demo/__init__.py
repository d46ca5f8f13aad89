"""The demo: a made-up household through the whole real pipeline. Synthetic, and labelled so everywhere."""

from healthtwin.demo.household import DEFAULT_SCENARIO, Household, Member, draw_household, stretch_ms
from healthtwin.demo.play import play_headless
from healthtwin.demo.portal import Portal, play_in_portal
from healthtwin.demo.report import DemoReport, FoundAlert, Missed

__all__ = [
    "DEFAULT_SCENARIO",
    "DemoReport",
    "FoundAlert",
    "Household",
    "Member",
    "Missed",
    "Portal",
    "draw_household",
    "play_headless",
    "play_in_portal",
    "stretch_ms",
]
