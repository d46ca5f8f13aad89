"""What concerns who may come in is told to an administrator, for a week, and to nobody else."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from healthtwin.access import CONSOLE, Grant, Scope
from healthtwin.access.audit.watch import BREAK_GLASS, REFUSALS
from healthtwin.house import HealthView, WarningItem
from tests.api.conftest import World, eventually, world_in

STRANGER = Grant("t-stranger", "", Scope.CLINICIAN, frozenset({"p-other"}))


@pytest.fixture(scope="module")
def world(tmp_path_factory: pytest.TempPathFactory) -> Iterator[World]:
    with world_in(tmp_path_factory.mktemp("warned") / "home") as served:
        yield served


def health(world: World) -> HealthView:
    return world.house.operations.health()


def warned(world: World, kind: str) -> list[WarningItem]:
    return [each for each in health(world).warnings if each.kind == kind]


def test_many_refusals_with_one_grant_are_told_once(world: World) -> None:
    audit = world.house.access.audit
    for number in range(REFUSALS * 2):
        audit.note(STRANGER, None, "GET /api/people/{person_id}/profile", "", f"192.0.2.{number}", "refused")
    audit.flush()
    assert len(eventually(lambda: warned(world, "refusals"))) == 1


def test_a_few_refusals_are_a_mistake_and_not_told(tmp_path: Path) -> None:
    with world_in(tmp_path / "home") as world:
        for _ in range(5):
            world.house.access.audit.note(STRANGER, None, "GET /api/people", "", "192.0.2.9", "refused")
        world.house.access.audit.flush()
        assert health(world).warnings == []


def test_a_look_in_an_emergency_is_told_and_five_in_a_day_besides(world: World) -> None:
    audit = world.house.access.audit
    for _ in range(5):
        audit.note(STRANGER, "a" * 24, "POST /api/people/{person_id}/break-glass", alarm=BREAK_GLASS)
    audit.flush()
    assert len(eventually(lambda: warned(world, "break-glass"))) == 5
    assert len(warned(world, "break-glass-many")) == 1


def test_a_new_administrator_is_told(world: World) -> None:
    world.house.access.audit.note(CONSOLE, None, "console token create", alarm="new-admin")
    world.house.access.audit.flush()
    (told,) = eventually(lambda: warned(world, "new-admin"))
    assert told.text == "an administrator was made"


def test_only_an_administrator_reads_warnings_and_messages_that_name_files(tmp_path: Path) -> None:
    with world_in(tmp_path / "home") as world:
        world.house.access.audit.note(CONSOLE, None, "console token create", alarm="new-admin")
        world.house.access.audit.flush()
        for file in world.home.glob("audit.db*"):
            file.unlink()
        (world.home / "audit.db").mkdir()
        ada = world.person()
        world.clinician(ada).get(f"/api/people/{ada}/profile")
        operator = world.operator().get("/health").json()
        assert any(str(world.home) in fault["text"] for fault in operator["faults"])
        for client in (world.clinician(ada), world.phone(ada)):
            told = client.get("/health")
            assert str(world.home) not in told.text
            assert told.json()["warnings"] == []
            assert "audit" in [fault["part"] for fault in told.json()["faults"]]
