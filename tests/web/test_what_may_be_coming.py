"""A forecast on a person's page: in words, with reasons, and with where it was measured."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from playwright.sync_api import expect

from healthtwin.domain import HOUR_MS
from healthtwin.forecast import shipped_models
from tests.web.served_portal import now_ms

if TYPE_CHECKING:
    from tests.web.served_portal import Portal, Visitor

pytestmark = pytest.mark.browser

if shipped_models() is None:
    pytest.skip("no models lie in healthtwin/forecast/models", allow_module_level=True)


def test_a_forecast_is_read_in_words_with_its_reasons_and_its_honest_base(
    portal: Portal, visitor: Visitor
) -> None:
    ada = portal.add("Ada Kern")
    for hours, (saturation, breathing, heart) in ((2, (97, 16, 75)), (1, (95, 20, 90)), (0, (93, 23, 110))):
        at_ms = now_ms() - hours * HOUR_MS
        portal.send(
            ada,
            {"timestamp": at_ms, "spo2": saturation, "respiratory_rate": breathing, "heart_rate": heart},
        )
    page = visitor.open(f"/people/{ada}")
    risks = page.locator("#risks")
    expect(risks).to_contain_text("A vital sign in the red zone of NEWS2")
    expect(risks).to_contain_text("within 1 h")
    expect(risks).to_contain_text("Of 100 hours like this one")
    expect(risks).to_contain_text("measured on intensive-care stays, not at home")
    expect(risks).to_contain_text("By the model: With")
    expect(risks).not_to_contain_text("within 6 h")
