"""A house under another name: old passkeys are counted and open nothing, whoever is signed in stays so."""

from __future__ import annotations

import logging
from typing import TYPE_CHECKING

from healthtwin.access import wall_ms
from tests.api.conftest import World, problem_of, world_in
from tests.api.passkey_in_hand import Browser, PasskeyInHand

if TYPE_CHECKING:
    from pathlib import Path

    import pytest


def origin(house: World) -> str:
    return house.url.replace("127.0.0.1", "localhost")


def test_old_passkeys_are_counted_said_and_useless_and_sessions_go_on(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    home = tmp_path / "home"
    try:
        with world_in(home) as house:
            added = house.house.access.accounts.add("Anna", "admin", [], wall_ms())
            assert added.enrol_secret is not None
            anna, passkey = Browser(origin(house)), PasskeyInHand(origin(house))
            assert anna.enrol(added.enrol_secret, passkey).status_code == 200
        (home / "config.toml").write_text('[access]\nrp_id = "twin.localhost"\n')
        caplog.set_level(logging.WARNING, "healthtwin.access")
        with world_in(home) as house:
            assert any("belong to the old name" in record.getMessage() for record in caplog.records)
            still = Browser(origin(house))
            still.client.cookies.set("healthtwin", anna.session or "")
            assert still.get("/api/account").status_code == 200, "whoever is signed in stays so"
            page = still.get("/account").text
            assert "1 passkey belongs to the old name localhost" in page
            (own,) = still.get("/api/account/passkeys").json()
            assert own["works"] is False
            assert own["rp_id"] == "localhost"
            refused = problem_of(Browser(origin(house)).post("/api/sign-in/passkey/options"), 409)
            assert "https://twin.localhost" in refused["detail"]
        (home / "config.toml").write_text('[access]\nrp_id = "localhost"\n')
        with world_in(home) as house:
            passkey.origin = origin(house)
            assert Browser(origin(house)).sign_in(passkey).status_code == 200, "the old name again"
    finally:
        Browser.close_all()
