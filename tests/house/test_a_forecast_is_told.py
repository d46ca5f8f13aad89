"""What a house says of a forecast: chance, reasons and where it was measured; pooled drift and no person."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import msgspec
import pytest

from healthtwin.domain import HOUR_MS
from healthtwin.forecast import shipped_models
from tests.house.a_house import START, house_at_work

if TYPE_CHECKING:
    from pathlib import Path

if shipped_models() is None:
    pytest.skip("no models lie in healthtwin/forecast/models", allow_module_level=True)


def test_a_chance_is_told_in_words_with_its_reasons_and_its_honest_base(tmp_path: Path) -> None:
    with house_at_work(tmp_path) as at:
        ada = at.person(birth_year=1950, sex="female")
        for hour, (saturation, breathing, heart) in enumerate([(97, 16, 75), (95, 20, 90), (93, 23, 110)]):
            at.send(
                ada, START + hour * HOUR_MS, spo2=saturation, respiratory_rate=breathing, heart_rate=heart
            )
        told = {item.condition: item for item in at.house.people.risk(ada).risks}
        red = told["news_red"]
        assert red.probability is not None
        assert red.base_rate is not None
        assert red.probability > red.base_rate
        assert "measured on intensive-care stays, not at home" in red.text
        assert red.horizon_ms == HOUR_MS
        assert {driver.direction for driver in red.drivers} <= {"above", "below"}
        assert red.would_fall
        assert told["unusual_for_you"].base_rate is None
        shown = json.loads(msgspec.json.encode(at.house.people.risk(ada)))
        assert {"would_fall", "base_rate", "text"} <= set(shown["risks"][0])


def test_a_restart_says_the_same_of_a_person_to_the_last_bit(tmp_path: Path) -> None:
    with house_at_work(tmp_path) as at:
        ada = at.person()
        for hour in range(4):
            at.send(ada, START + hour * HOUR_MS, spo2=95 - hour / 2, respiratory_rate=18, heart_rate=88)
        before = at.house.people.risk(ada)
        at.restart()
        assert at.house.people.risk(ada) == before


def test_drift_is_in_health_and_metrics_and_names_nobody(tmp_path: Path) -> None:
    with house_at_work(tmp_path) as at:
        assert at.house.operations.health().drift == []
        ada = at.person()
        for hour in range(3):
            at.send(ada, START + hour * HOUR_MS, spo2=96, respiratory_rate=16, heart_rate=75)
        at.tick(START + 4 * HOUR_MS)
        drift = at.house.operations.health().drift
        assert [(each.target, each.index, each.words) for each in drift] == [
            ("hypoxia", None, "too little to tell"),
            ("news_red", None, "too little to tell"),
        ]
        assert at.house.operations.health().status == "ok"
        text = at.house.operations.metrics_text()
        assert 'healthtwin_forecast_scored_hours{target="hypoxia"}' in text
        assert ada not in text
