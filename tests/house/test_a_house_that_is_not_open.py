"""Before it is started and after it was stopped a house says so, and falls over nothing that is not there."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from healthtwin.domain.errors import ConfigurationError, CorruptStorage
from healthtwin.house import ROOMS, open_house
from healthtwin.store import Home
from healthtwin.store.keys import open_keys

if TYPE_CHECKING:
    from pathlib import Path


def test_its_health_is_told_before_it_is_started(tmp_path: Path) -> None:
    house = open_house(tmp_path / "home")
    health = house.operations.health()
    assert (health.status, health.people) == ("failing", 0)
    assert [(fault.part, fault.text) for fault in health.faults] == [("log", "the house is not open")]
    assert "healthtwin_up 0" in house.operations.metrics_text()
    assert house.operations.weeks() == []


def test_a_question_to_it_says_what_is_missing(tmp_path: Path) -> None:
    house = open_house(tmp_path / "home")
    for room in ROOMS:
        with pytest.raises(RuntimeError, match="not open; start it first"):
            getattr(house, room.name)
    house.stop()


def test_every_room_is_reached_by_its_name(tmp_path: Path) -> None:
    house = open_house(tmp_path / "home")
    house.start()
    try:
        for room in ROOMS:
            assert isinstance(getattr(house, room.name), room)
        assert house.operations.health().status == "ok"
    finally:
        house.stop()
    assert house.operations.health().status == "failing"


def test_a_start_that_fails_leaves_nothing_open_and_can_be_made_again(tmp_path: Path) -> None:
    house = open_house(tmp_path / "home")
    open_keys(Home.open(tmp_path / "home")).close()  # those of a home that has begun
    log = tmp_path / "home" / "log.db"
    log.write_bytes(b"this is no database " * 100)
    with pytest.raises(CorruptStorage):
        house.start()
    assert house.operations.health().status == "failing"
    log.unlink()
    house.start()
    assert house.operations.health().status == "ok"
    house.stop()


KNOWN = "[access], [audit], [house], [keys], [storage], [webhooks]"


@pytest.mark.parametrize(
    ("told", "unknown"), [("[hous]\ntick_minutes = 5\n", "hous"), ("raw_days = 30\n", "raw_days")]
)
def test_a_setting_that_nobody_reads_is_refused(tmp_path: Path, told: str, unknown: str) -> None:
    home = Home.create(tmp_path / "home")
    home.config_path.write_text(told)
    with pytest.raises(ConfigurationError) as refused:
        open_house(home.path)
    assert str(refused.value).endswith(f"unknown table '{unknown}'; known: {KNOWN}")
    home.config_path.write_text("[house]\n[storage]\n[webhooks]\n")
    open_house(home.path)
