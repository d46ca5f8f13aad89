"""A second reading that turns "today or tomorrow" into "within two hours" is told, also of the same vital."""

from __future__ import annotations

from typing import Any

import pytest

from tests.pipeline.one_house import OneHouse


@pytest.mark.parametrize(
    "value",
    [{"systolic": 221, "diastolic": 100}, {"systolic": 85, "diastolic": 50}],
)
@pytest.mark.parametrize("acknowledged", [False, True])
def test_what_must_be_seen_sooner_than_was_told_is_told_again(
    value: dict[str, Any], acknowledged: bool
) -> None:
    house = OneHouse()
    first = house.see(0, **value)
    assert [change.within_h for change in first] == [24]
    if acknowledged:
        house.act("acknowledge", 1)
    again = house.see(2, **value)
    assert [change.within_h for change in again] == [2]
    assert house.state == "triggered"
    assert not house.see(4, **value)
