"""`healthtwin evaluate alarms`: quiet days count, planted trouble is looked for, rivals see the same."""

from __future__ import annotations

from typing import Any

import pytest

from healthtwin_lab.evaluate.alarms import RIVALS, evaluate_alarms


@pytest.fixture(scope="module")
def found() -> dict[str, Any]:
    return evaluate_alarms(people=2, days=16, seed=3)


def test_every_rule_is_measured_on_the_same_people_and_days(found: dict[str, Any]) -> None:
    assert set(found["quiet"]) == {"healthtwin", *RIVALS}
    assert found["quiet_person_days"] == 2 * 2
    for levels in found["quiet"].values():
        for got in levels.values():
            assert got["low"] <= got["value"] <= got["high"]


def test_what_changes_nothing_finds_less_than_what_is_clear(found: dict[str, Any]) -> None:
    wanted = [got for got in found["scenarios"].values() if got["wanted"]]
    for rule in found["quiet"]:
        clear, placebo = (sum(got[s][rule]["told"] for got in wanted) for s in ("clear", "null"))
        assert clear > placebo
    assert all(got["clear"]["healthtwin"]["of"] == 2 for got in wanted)


def test_it_repeats_by_its_seed(found: dict[str, Any]) -> None:
    assert evaluate_alarms(people=2, days=16, seed=3) == found
