"""Two values of one metric in one millisecond, of two devices or one message: neither hides the other."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from healthtwin.domain import MINUTE_MS

if TYPE_CHECKING:
    from tests.api.conftest import World


@pytest.mark.parametrize(
    ("field", "metric", "values", "shown"),
    [
        ("spo2", "oxygen_saturation", (97, 86), 86),
        ("spo2", "oxygen_saturation", (86, 97), 86),
        ("heart_rate", "heart_rate", (71, 38), 38),
        ("heart_rate", "heart_rate", (99, 71), 99),
        ("temperature", "body_temperature", (36.6, 40.4), 40.4),
    ],
)
def test_both_stay_in_the_history_and_the_graver_is_the_newest(
    world: World, field: str, metric: str, values: tuple[float, float], shown: float
) -> None:
    ada = world.person()
    at = world.house.now_ms() - MINUTE_MS
    for value in values:
        answer = world.phone(ada).post(
            "/api/vitals", json={"timestamp": at, field: value, "activity_level": 0}
        )
        assert answer.json()["accepted"] == 1
    told = world.admin().get(f"/api/people/{ada}/series", params={"metric": metric}).json()
    assert (told["t"], told["v"]) == ([at, at], sorted(values))
    latest = {row["metric"]: row["value"] for row in world.admin().get(f"/api/people/{ada}").json()["latest"]}
    assert latest[metric] == shown


def test_one_message_may_hold_both(world: World) -> None:
    ada = world.person()
    at = world.house.now_ms() - MINUTE_MS
    rows = [{"timestamp": at, "heart_rate": value} for value in (71, 99)]
    assert world.phone(ada).post("/api/vitals", json=rows).json()["accepted"] == 2
    assert world.values(ada) == [71, 99]


@pytest.mark.parametrize("order", [(97, 82), (82, 97)])
def test_the_low_one_is_told_in_whichever_order_they_came(world: World, order: tuple[int, int]) -> None:
    ada = world.person()
    at = world.house.now_ms() - MINUTE_MS
    for value in order:
        row = {"timestamp": at, "spo2": value, "activity_level": 0}
        assert world.phone(ada).post("/api/vitals", json=row).is_success
    assert world.house.caught_up(30)
    (alert,) = world.admin().get("/api/alerts", params={"person": ada}).json()
    assert alert["level"] == "critical", alert
