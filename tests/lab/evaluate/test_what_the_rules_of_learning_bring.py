"""Planted people tell which rule matters; the comparison must find exactly that."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pytest

from healthtwin.domain import DAY_MS, HOUR_MS
from healthtwin.domain.arrays import COLUMN, blank_observations
from healthtwin.episodes import Freeze
from healthtwin_lab.evaluate.freeze_rules import RULES, compare_freezes
from healthtwin_lab.evaluate.learning_variants import VARIANTS, compare_variants
from healthtwin_lab.evaluate.phase_policy import DAYS_KNOWN, POLICIES, compare_phases
from healthtwin_lab.evaluate.recordings import Recording, lockstep, read_lifesnaps

HEART_RATE = COLUMN["heart_rate"]


def person(name: str, days: int, *, swing: float, seed: int, last_days: float = 0.0) -> Recording:
    """Four readings a day, `swing` /min between day and night; the last three weeks `last_days` higher."""
    rng = np.random.default_rng(seed)
    rows = blank_observations(days * 4)
    rows["time_ms"] = np.arange(days * 4) * 6 * HOUR_MS + 1_700_000_000_000 // DAY_MS * DAY_MS
    rows["arrived_ms"] = rows["time_ms"]
    rows["hour"], rows["day"] = rows["time_ms"] // HOUR_MS % 24, rows["time_ms"] // DAY_MS
    night = rows["hour"] < 12
    ill = np.arange(days * 4) >= (days - 21) * 4
    rows["value"][:, HEART_RATE] = 65 + rng.normal(0, 3, days * 4) + swing * ~night + last_days * ill
    return Recording("planted", name, rows)


def test_the_hour_of_day_is_found_to_matter_only_where_a_rhythm_was_planted() -> None:
    with_rhythm = [person(f"r{i}", 40, swing=15, seed=i) for i in range(10)]
    without = [person(f"n{i}", 40, swing=0, seed=i) for i in range(10)]
    found = compare_variants(with_rhythm, seed=0)["heart_rate"]
    assert found["people"] == 10
    assert set(found["variants"]) == set(VARIANTS)
    assert found["variants"]["no hour of day"]["error_ratio"]["low"] > 1.5
    product = found["variants"]["product"]["error_ratio"]
    assert (product["value"], product["low"], product["high"]) == (1, 1, 1)
    flat = compare_variants(without, seed=0)["heart_rate"]["variants"]
    assert flat["no hour of day"]["error_ratio"]["value"] == pytest.approx(1, abs=0.05)
    json.dumps(found, allow_nan=False)


def test_too_few_people_are_not_reported() -> None:
    assert compare_variants([person(f"p{i}", 20, swing=0, seed=i) for i in range(3)], seed=0) == {}


def test_phases_hold_back_what_comes_early_and_nothing_else() -> None:
    early = [person(f"e{i}", 36, swing=0, seed=i, last_days=40) for i in range(6)]
    found = compare_phases(early)
    assert list(found) == list(POLICIES)

    def alerts(policy: str) -> list[int]:
        return [row["any"] for row in found[policy]]

    assert sum(alerts("none")) > 0
    assert alerts("product (30, 60, 90)")[:2] == [0, 0]
    assert all(row["warning_or_worse"] <= row["any"] for row in found["none"])
    days = [sum(row["person_days"] for row in rows) for rows in found.values()]
    assert set(days) == {6 * 36}
    assert [row["days_known"] for row in found["none"]] == [list(days) for days in DAYS_KNOWN]


def test_a_frozen_twin_takes_no_new_normal_where_one_that_always_learns_does() -> None:
    rules = {name: RULES[name] for name in ("always learns", "frozen as long as it is open")}
    found = compare_freezes(seed=3, people=2, rules=rules, every=3)
    assert found["synthetic"] is True
    learns, frozen = (found["rules"][name] for name in rules)
    assert learns["days_until_new_normal"]["value"] < frozen["days_until_new_normal"]["value"]
    assert frozen["worsening_noticed_in_weeks"]["10 and 11"]["value"] > 0


def test_side_by_side_everybody_gets_each_of_their_readings_once() -> None:
    recordings = [person("a", 2, swing=0, seed=1), person("b", 5, swing=0, seed=2)]
    seen: dict[int, list[int]] = {0: [], 1: []}
    for who, rows in lockstep(recordings):
        for i, row in zip(who.tolist(), rows, strict=True):
            seen[i].append(int(row["time_ms"]))
    for i, recording in enumerate(recordings):
        assert seen[i] == recording.observations["time_ms"].tolist()


def test_a_freeze_says_its_paces() -> None:
    assert Freeze() == RULES["product"]


def test_effort_matters_for_the_wearables_heart_rate(recordings: Path) -> None:
    found = compare_variants(read_lifesnaps(recordings), seed=0)
    assert found["heart_rate"]["variants"]["no activity"]["error_ratio"]["low"] > 1
