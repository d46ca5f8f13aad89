"""A device whose clock is ahead is refused by name, and whoever looks at its wearer learns why."""

from __future__ import annotations

import threading
from typing import TYPE_CHECKING, Any

import numpy as np

from healthtwin.access import wall_ms
from healthtwin.domain import DAY_MS, HOUR_MS, MINUTE_MS
from tests.api.conftest import problem_of, reading, world_in

if TYPE_CHECKING:
    from pathlib import Path

    from numpy.typing import NDArray

    from healthtwin.domain.arrays import StructuredArray
    from tests.api.conftest import World


def clock_problems(world: World, person: str) -> list[dict[str, Any]]:
    view = world.clinician(person).get(f"/api/people/{person}")
    found: list[dict[str, Any]] = view.json()["clock_problems"]
    return found


def test_a_clock_that_is_ahead_is_shown_until_it_is_right(world: World) -> None:
    person = world.person()
    phone = world.phone(person)
    assert clock_problems(world, person) == []
    for ahead in (20 * MINUTE_MS, HOUR_MS, 3 * HOUR_MS, DAY_MS, 365 * DAY_MS):
        problem_of(phone.post("/api/vitals", json=reading(timestamp=wall_ms() + ahead)), 422)
        (problem,) = clock_problems(world, person)
        assert problem["kind"] == "ahead"
        assert problem["device"].startswith("d-")
        assert abs(problem["by_ms"] - ahead) < MINUTE_MS
        assert "ahead" in problem["text"]
    german = world.clinician(person).get(f"/api/people/{person}", headers={"Accept-Language": "de"})
    assert "geht" in german.json()["clock_problems"][0]["text"]
    assert world.admin().get("/health").json()["clock_problems"] >= 1
    assert phone.post("/api/vitals", json=reading()).status_code == 200
    assert clock_problems(world, person) == []


def test_of_a_message_with_good_rows_the_clock_is_told_too(world: World) -> None:
    person = world.person()
    rows = [reading(timestamp=wall_ms() - MINUTE_MS), reading(timestamp=wall_ms() + HOUR_MS)]
    assert world.phone(person).post("/api/vitals", json=rows).json()["accepted"] == 1
    assert [problem["kind"] for problem in clock_problems(world, person)] == ["ahead"]


def test_a_stamp_in_another_unit_is_no_clock(world: World) -> None:
    person = world.person()
    problem_of(world.phone(person).post("/api/vitals", json=reading(timestamp=wall_ms() * 1000)), 422)
    assert clock_problems(world, person) == []


def test_seconds_are_refused_where_a_time_is_asked_for(world: World) -> None:
    person = world.person()
    clinician = world.clinician(person)
    for name in ("from", "to"):
        answer = clinician.get(
            f"/api/people/{person}/series", params={"metric": "heart_rate", name: wall_ms() // 1000}
        )
        assert "milliseconds" in str(problem_of(answer, 422))
    everything: dict[str, str | int] = {"metric": "heart_rate", "from": 0, "to": wall_ms()}
    assert clinician.get(f"/api/people/{person}/series", params=everything).status_code == 200


def test_a_reading_is_taken_while_somebody_looks_at_all_states(tmp_path: Path) -> None:
    """The event loop waits for no lock of the runner's."""
    looking, go_on = threading.Event(), threading.Event()

    def pick(states: StructuredArray) -> NDArray[np.float64]:
        looking.set()
        assert go_on.wait(30)
        return np.zeros((len(states), 1))

    with world_in(tmp_path / "home") as world:
        phone = world.phone(world.person())
        assert phone.post("/api/vitals", json=reading()).status_code == 200
        world.house.caught_up(10)
        looker = threading.Thread(target=world.house.engine.runner.pooled, args=(pick,))
        looker.start()
        try:
            assert looking.wait(10)
            assert phone.post("/api/vitals", json=reading(heart_rate=73), timeout=5).status_code == 200
            assert world.client().get("/health", timeout=5).status_code == 200
        finally:
            go_on.set()
            looker.join()
