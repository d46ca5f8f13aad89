"""Synthetic people and scenarios, seeded, and labelled synthetic wherever they are shown.

For trying the product and for testing that planted effects are found; never for claims about people.

>>> import numpy as np
>>> rng = np.random.default_rng(42)
>>> person = draw_person(rng, this_year=2026)
>>> start = 1_772_366_400_000
>>> hour = play(person, SCENARIOS["copd"], start_ms=start, onset_ms=start + 1_800_000, size=1.0, rng=rng)
>>> len(hour), sorted(hour[0].values)[:2]
(31, ['activity_level', 'body_temperature'])
"""

from healthtwin.simulate.messages import LIVE_STEP_MS, SyntheticMessage, history, play
from healthtwin.simulate.people import Chronotype, Illness, Kit, SyntheticPerson, draw_person
from healthtwin.simulate.scenarios import ALIASES, SCENARIOS, Scenario, Strength, bend, scenario_named

__all__ = [
    "ALIASES",
    "LIVE_STEP_MS",
    "SCENARIOS",
    "Chronotype",
    "Illness",
    "Kit",
    "Scenario",
    "Strength",
    "SyntheticMessage",
    "SyntheticPerson",
    "bend",
    "draw_person",
    "history",
    "play",
    "scenario_named",
]
