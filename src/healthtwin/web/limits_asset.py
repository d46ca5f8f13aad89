"""What the phone judges a value by when nobody answers: limits, rules and first steps, as one JSON file.

Made from the tables that the house judges by, so that a limit stands in one place. The limits here are those
of a grown-up of whom nothing is known; a person's own (`GET /api/people/{id}/limits`) take their place once
heard.
"""

from __future__ import annotations

from typing import Final

import msgspec

from healthtwin.domain import AlertLevel, rules
from healthtwin.episodes import VITALS_KEY
from healthtwin.episodes.words import advice
from healthtwin.forecast.limit import METRICS, Tier
from healthtwin.forecast.limits_told import SIDES, ToldLimit, rule_of, told_limits

LIMITS: Final = "app/limits.json"
"""Where it lies among the static files."""


class LimitsAsset(msgspec.Struct, frozen=True):
    """What `static/app/judge.js` reads.

    Attributes:
        limits: of a grown-up.
        rules: by metric and side, the rule of each tier from 1 to 3; null where there is none.
        within_h: by rule of a warning.
        advice: by rule, the codes of the first steps; of `doubtful`, what a second reading is asked with.
    """

    limits: tuple[ToldLimit, ...]
    rules: dict[str, dict[str, list[str | None]]]
    within_h: dict[str, int | None]
    advice: dict[str, list[str]]
    doubtful: str


def limits_json() -> bytes:
    """The file.

    >>> b'"oxygen_saturation_very_low"' in limits_json()
    True
    """
    by_tier = {
        metric: {side: [rule_of(metric, side, tier) for tier in Tier] for side in SIDES} for metric in METRICS
    }
    spoken = {
        (rule.name, tier.level): rule
        for sides in by_tier.values()
        for found in sides.values()
        for tier, rule in zip(Tier, found, strict=True)
        if rule is not None
    }
    doubtful = rules.RULES[rules.DOUBTFUL].name
    steps = [*((level, name) for name, level in spoken), (AlertLevel.INFO, doubtful)]
    asset = LimitsAsset(
        limits=told_limits(ADULT_AT_MS),
        rules={
            metric: {side: [rule.name if rule else None for rule in found] for side, found in sides.items()}
            for metric, sides in by_tier.items()
        },
        within_h={name: rule.within_h for (name, _), rule in spoken.items()},
        advice={name: [step.said.code for step in advice(level, name, VITALS_KEY)] for level, name in steps},
        doubtful=doubtful,
    )
    return msgspec.json.encode(asset)


ADULT_AT_MS: Final = 0
"""Any time: somebody whose year of birth is not known counts as grown up."""
