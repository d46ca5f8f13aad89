"""Where the data comes from, who may act, and what went wrong: said by the page before any script runs."""

from __future__ import annotations

from typing import TYPE_CHECKING, NoReturn

import httpx2
import pytest

from healthtwin.access import Credentials
from healthtwin.api import Listen, serving
from healthtwin.domain import Profile
from healthtwin.domain.errors import StorageBusy
from healthtwin.house import House, WallClock
from healthtwin.people import PeopleRoom
from healthtwin.store import Home, HomeKind
from healthtwin.store.people import People
from tests.web.served_portal import USUAL, now_ms

if TYPE_CHECKING:
    from pathlib import Path

    from tests.web.served_portal import Portal


def page(url: str, token: str, path: str = "/") -> httpx2.Response:
    return httpx2.get(url + path, headers={"Authorization": f"Bearer {token}"})


def served_page(house: House, path: str = "/") -> httpx2.Response:
    house.start()
    try:
        People(house.tables).add("Ada", Profile(timezone="UTC"), now_ms())
        token = Credentials(house.tables).create_token("admin", (), now_ms(), every_person=True).secret
        with serving(house, Listen()) as url:
            return page(url, token, path)
    finally:
        house.stop()


@pytest.mark.parametrize(
    ("kind", "ribbon"),
    [
        (HomeKind.DEMO, "Synthetic data: simulated people, not real ones."),
        (HomeKind.REPLAY, "Replay of recorded data; not live."),
    ],
)
def test_what_is_not_live_and_real_says_so_on_every_page(tmp_path: Path, kind: HomeKind, ribbon: str) -> None:
    house = House(Home.create(tmp_path / "home", kind), WallClock())
    assert f'<p class="ribbon" role="note">{ribbon}</p>' in served_page(house).text


def test_real_live_readings_carry_no_ribbon(tmp_path: Path) -> None:
    house = House(Home.create(tmp_path / "home", HomeKind.LIVE), WallClock())
    assert "ribbon" not in served_page(house).text


def busy(*_: object) -> NoReturn:
    raise StorageBusy("records.db is locked by another process")


def test_a_fault_in_the_house_is_a_page_that_says_what_and_what_is_safe(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(PeopleRoom, "list", busy)
    answer = served_page(House(Home.create(tmp_path / "home", HomeKind.LIVE), WallClock()))
    assert answer.status_code == 503
    assert "another program holds a file" in answer.text
    assert "records.db" not in answer.text  # which file it is, the operator reads under /house
    assert "Readings that were acknowledged are kept" in answer.text
    assert "Call your local emergency number first" in answer.text


def test_who_may_only_read_gets_no_buttons(portal: Portal) -> None:
    ada = portal.add("Ada")
    portal.send(ada, {"timestamp": now_ms(), **USUAL})
    operator = Credentials(portal.house.tables).create_token("admin", (), now_ms(), every_person=True).secret
    path = f"/people/{ada}"
    assert '"may_act":false' in page(portal.url, portal.tokens[ada], path).text
    assert '"may_act":true' in page(portal.url, operator, path).text


def test_a_page_opens_with_the_metric_furthest_from_the_usual(portal: Portal) -> None:
    ada = portal.add("Ada")
    portal.usual_days(ada, 16)
    portal.send(ada, {"timestamp": now_ms(), **USUAL, "respiratory_rate": 24, "activity_level": 0})
    answer = page(portal.url, portal.tokens[ada], f"/people/{ada}")
    assert '"chart":{"metric":"respiratory_rate"' in answer.text
