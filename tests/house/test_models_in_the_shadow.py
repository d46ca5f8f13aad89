"""A house may run other models beside its own: compared in health and figures, told to nobody."""

from __future__ import annotations

import shutil
from typing import TYPE_CHECKING

import pytest

from healthtwin.domain import HOUR_MS
from healthtwin.domain.errors import ConfigurationError
from healthtwin.forecast import shipped_models
from healthtwin.forecast.shipped import MODELS
from healthtwin.house import HouseSettings, open_house
from tests.house.a_house import START, house_at_work

if TYPE_CHECKING:
    from pathlib import Path

if shipped_models() is None:
    pytest.skip("no models lie in healthtwin/forecast/models", allow_module_level=True)


def test_a_shadow_is_compared_from_the_log_on_and_nobody_hears_of_it(tmp_path: Path) -> None:
    with house_at_work(tmp_path) as at:
        ada = at.person()
        for hour in range(4):
            at.send(ada, START + hour * HOUR_MS, spo2=95 - hour / 2, respiratory_rate=22, heart_rate=98)
        at.tick(START + 4 * HOUR_MS)
        assert at.house.operations.health().shadows == []
        assert "healthtwin_shadow" not in at.house.operations.metrics_text()
        said = at.house.people.risk(ada)
        shutil.copytree(MODELS, tmp_path / "models" / "next")
        with (tmp_path / "config.toml").open("a", encoding="utf-8") as config:
            config.write('\n[house]\nshadow_models = "models/next"\n')
        at.restart()  # states of before have no room for a shadow: they are computed again
        assert at.house.caught_up(10)
        at.tick(START + 4 * HOUR_MS + 60_000)
        assert at.house.people.risk(ada) == said
        shadows = at.house.operations.health().shadows
        assert {each.target for each in shadows} == {"hypoxia", "news_red"}
        assert [(each.asked, each.gap) for each in shadows] == [(4, 0.0)] * 2
        metrics = at.house.operations.metrics_text()
        assert "healthtwin_shadow_scores{" in metrics
        assert ada not in metrics


def test_a_shadow_that_is_not_there_is_named_before_the_house_starts(tmp_path: Path) -> None:
    open_house(tmp_path / "home")
    with (tmp_path / "home" / "config.toml").open("a", encoding="utf-8") as config:
        config.write('\n[house]\nshadow_models = ["nowhere"]\n')
    with pytest.raises(ConfigurationError, match="no model card"):
        open_house(tmp_path / "home")


@pytest.mark.parametrize("value", [3, [3], "", {"a": 1}, [""]])
def test_only_folders_can_be_named(value: object) -> None:
    with pytest.raises(ConfigurationError, match="shadow_models"):
        HouseSettings.of({"shadow_models": value}, "config.toml")
