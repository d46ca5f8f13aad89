"""Twin, risk and range of one person agree: one duration, one direction, whoever reads it."""

from __future__ import annotations

from tests.api.conftest import World
from tests.api.test_answering_a_soft_alert import expected, known, unwell


def test_a_risk_lasts_for_as_long_as_the_twin_says_and_speaks_to_who_reads_it(world: World) -> None:
    person = known(world, 40)
    unwell(world, person)
    twin = expected(world, person)
    risks = world.admin().get(f"/api/people/{person}/risk").json()["risks"]
    unusual = next(risk for risk in risks if risk["condition"] == "unusual_for_you")
    driver = next(each for each in unusual["drivers"] if each["metric"] == "heart_rate")
    assert driver["text"] == twin["text"]
    assert "18 /min above their usual 60 ± 5" in twin["text"]
    own = world.client(world.token("person", person)).get(f"/api/people/{person}/twin").json()
    assert "above your usual" in next(row["text"] for row in own["metrics"] if row["metric"] == "heart_rate")


def test_what_is_within_the_range_drives_no_risk_and_has_no_direction(world: World) -> None:
    person = known(world, 40)
    unwell(world, person)
    twin = world.admin().get(f"/api/people/{person}/twin").json()["metrics"]
    for row in twin:
        inside = row["low"] <= row["value"] <= row["high"]
        assert (row["direction"] is None) is inside
        assert (row["since_at"] is None) is inside
    risks = world.admin().get(f"/api/people/{person}/risk").json()["risks"]
    unusual = next(risk for risk in risks if risk["condition"] == "unusual_for_you")
    outside = {row["metric"] for row in twin if row["direction"]}
    assert {driver["metric"] for driver in unusual["drivers"]} <= outside
