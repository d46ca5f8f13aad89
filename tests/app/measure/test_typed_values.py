"""Values typed in: what people write, in their units, within the ranges that the server accepts."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest
from playwright.sync_api import expect

from healthtwin.domain import METRICS

if TYPE_CHECKING:
    from collections.abc import Callable

    from tests.app.measure.conftest import Screen

pytestmark = pytest.mark.browser


def judged(modules: Screen, **fields: tuple[str, str]) -> dict[str, Any]:
    typed = {metric: {"text": text, "unit": unit} for metric, (text, unit) in fields.items()}
    answer: dict[str, Any] = modules.run(
        "typed_values.js", "({judgeTyped}, typed) => judgeTyped(typed)", typed
    )
    return answer


def test_the_ranges_are_the_servers(modules: Screen) -> None:
    known = modules.run("typed_values.js", "({TYPED}) => TYPED")
    assert {name: (each["low"], each["high"]) for name, each in known.items()} == {
        name: (METRICS[name].low, METRICS[name].high) for name in known
    }


@pytest.mark.parametrize(
    ("metric", "text", "unit", "value"),
    [
        ("body_temperature", "36,8", "celsius", 36.8),
        ("body_temperature", " 36.8 ", "celsius", 36.8),
        ("body_temperature", "98.6", "fahrenheit", 37.0),
        ("body_weight", "150", "pound", 68.04),
        ("blood_glucose", "5,5", "mmol", 99.09),
        ("blood_glucose", "99", "glucose", 99),
        ("oxygen_saturation", "97", "percent", 97),
    ],
)
def test_values_arrive_in_the_servers_unit(
    modules: Screen, metric: str, text: str, unit: str, value: float
) -> None:
    assert judged(modules, **{metric: (text, unit)}) == {"values": {metric: value}, "errors": {}}


@pytest.mark.parametrize(
    ("metric", "text", "unit", "error"),
    [
        ("body_temperature", "98.6", "celsius", "range"),
        ("body_temperature", "3o", "celsius", "number"),
        ("body_temperature", "1e2", "celsius", "number"),
        ("oxygen_saturation", "101", "percent", "range"),
        ("oxygen_saturation", "-97", "percent", "range"),
        ("oxygen_saturation", "9 7", "percent", "number"),
    ],
)
def test_what_cannot_be_is_named_and_not_sent(
    modules: Screen, metric: str, text: str, unit: str, error: str
) -> None:
    assert judged(modules, **{metric: (text, unit)}) == {"values": {}, "errors": {metric: error}}


def test_the_two_pressures_belong_together(modules: Screen) -> None:
    upper, lower = "blood_pressure_systolic", "blood_pressure_diastolic"
    unit = "pressure"
    assert judged(modules, **{upper: ("120", unit), lower: ("", unit)})["errors"] == {lower: "pair"}
    assert judged(modules, **{upper: ("80", unit), lower: ("120", unit)})["errors"] == {upper: "order"}
    assert judged(modules, **{upper: ("120", unit), lower: ("80", unit)})["errors"] == {}


def test_nothing_typed_is_nothing_and_not_nought(modules: Screen) -> None:
    assert judged(modules, oxygen_saturation=("", "percent")) == {"values": {}, "errors": {}}


def test_a_form_sends_what_was_typed_and_shows_it(screen: Screen) -> None:
    page = screen.open("check/typed")
    screen.answer({"status": 200, "answer": {"accepted": 1, "duplicates": 0, "refused": []}})
    page.get_by_label("Oxygen saturation").fill("96")
    page.get_by_label("Temperature", exact=True).fill("38.2")
    page.keyboard.press("Enter")
    expect(page.locator("[data-step=measured]")).to_contain_text("38.2")
    [sent] = screen.sent()
    assert sent["path"] == "/api/vitals"
    body = sent["body"]
    assert (body["oxygen_saturation"], body["body_temperature"]) == (96, 38.2)
    assert set(body) == {"timestamp", "device", "oxygen_saturation", "body_temperature"}


def test_a_mistake_is_said_beside_its_field_and_keeps_the_rest(screen: Screen) -> None:
    page = screen.open("check/typed")
    page.get_by_label("Oxygen saturation").fill("960")
    page.get_by_label("Weight", exact=True).fill("70")
    page.get_by_role("button", name="Save").click()
    oxygen = page.get_by_label("Oxygen saturation")
    expect(oxygen).to_be_focused()
    expect(oxygen).to_have_attribute("aria-invalid", "true")
    expect(page.locator("#typed-oxygen_saturation-error")).to_have_text("From 30 to 100 %")
    expect(page.get_by_label("Weight", exact=True)).to_have_value("70")
    assert screen.sent() == []
    page.get_by_label("Oxygen saturation").fill("")
    page.get_by_label("Weight", exact=True).fill("")
    page.get_by_role("button", name="Save").click()
    expect(page.get_by_role("alert")).to_have_text("Type in at least one value.")


def test_limits_are_said_in_the_unit_that_is_chosen(new_screen: Callable[..., Screen]) -> None:
    screen = new_screen()
    page = screen.open("check/typed", "de")
    page.get_by_label("Temperatur", exact=True).fill("300")
    page.get_by_label("Einheit für Temperatur").select_option("fahrenheit")
    page.get_by_role("button", name="Speichern").click()
    expect(page.locator("#typed-body_temperature-error")).to_have_text("Von 77,0 bis 113,0 °F")
