"""Killed anywhere, an erasure is finished at the next start; who writes meanwhile leaves nothing."""

import os
import shutil
import subprocess
import sys
import threading
from pathlib import Path
from typing import Any, NamedTuple

import pytest

from healthtwin.access import wall_ms
from healthtwin.domain import MINUTE_MS
from healthtwin.domain.errors import CorruptStorage, Gone, NotFound
from healthtwin.notify import Alerts
from healthtwin.people import Events
from healthtwin.people.events import StoredEvent
from healthtwin.store import Home, Tables
from healthtwin.store.people import People
from healthtwin.store.statements import Statements, Subject
from tests.api.conftest import world_in
from tests.house.test_every_room_forgets import Canaries, known_of, left_in, told_everything


class Filled(NamedTuple):
    """A home with two people, and what the public face says of the one who stays."""

    path: Path
    ada: Canaries
    bob: Canaries
    known: dict[str, Any]


@pytest.fixture(scope="module")
def filled(tmp_path_factory: pytest.TempPathFactory) -> Filled:
    path = tmp_path_factory.mktemp("cut-off") / "home"
    with world_in(path) as world:
        ada, bob = told_everything(world, "Cänary Ada"), told_everything(world, "Bob")
        known = known_of(world, bob)
    return Filled(path, ada, bob, known)


@pytest.fixture
def home(filled: Filled, tmp_path: Path) -> Path:
    """A copy that the test may change."""
    return Path(shutil.copytree(filled.path, tmp_path / "home"))


STEPS = (
    "healthtwin.store.erasure:Erasures.begin",
    "healthtwin.store.keys:KeyStore.forget_person",
    "healthtwin.stream:SqliteLog.erase",
    "healthtwin.store:SeriesStore.erase",
    "healthtwin.store.erasure:Erasures.erase_rows",
)
"""After which step the process is killed."""

KILLER = """
import importlib, os, signal, sys
module, _, path = sys.argv[3].partition(":")
kind, last = path.split(".")
owner = getattr(importlib.import_module(module), kind)
real = getattr(owner, last)
def killed(*arguments, **named):
    real(*arguments, **named)
    os.kill(os.getpid(), signal.SIGKILL)
setattr(owner, last, killed)
from healthtwin.house.erasure import erase_person
from healthtwin.store import Home
erase_person(Home.open(sys.argv[1]), sys.argv[2], 1)
"""


@pytest.mark.parametrize("step", STEPS)
def test_killed_after_any_step_it_is_finished_by_the_next_start(
    home: Path, filled: Filled, step: str
) -> None:
    killed = subprocess.run(
        [sys.executable, "-c", KILLER, str(home), filled.ada.person, step],
        timeout=120,
        check=False,
        env=dict(os.environ),
    )
    assert killed.returncode == -9
    with Tables.of(Home.open(home)) as tables, pytest.raises(NotFound):
        People(tables).get(filled.ada.person)
    with world_in(home) as world:
        assert left_in(home, filled.ada) == []
        assert world.admin().get(f"/api/people/{filled.ada.person}/profile").status_code == 404
        assert known_of(world, filled.bob) == filled.known


def test_once_the_key_is_gone_what_was_written_with_it_opens_no_more(home: Path, filled: Filled) -> None:
    backup = Path(shutil.copytree(home, home.with_name("backup")))
    with Tables.of(Home.open(home)) as tables:
        tables.keys.forget_person(filled.ada.pseudonym, filled.ada.person)
        with pytest.raises(CorruptStorage):  # rows are still there, and say nothing
            People(tables).get(filled.ada.person)
        with pytest.raises(CorruptStorage):
            [alert.rule for alert in Alerts(tables).list(people=[filled.ada.pseudonym])]
        assert People(tables).get(filled.bob.person).name == "Bob"
    shutil.rmtree(backup / "keys")
    shutil.copytree(home / "keys", backup / "keys")  # Monday's data, and the keys as they are on Wednesday
    with Tables.of(Home.open(backup)) as tables, pytest.raises(CorruptStorage):
        Statements(tables).get(filled.ada.person, Subject.BACKGROUND)


def test_who_writes_after_the_tombstone_keeps_nothing(home: Path, filled: Filled) -> None:
    from healthtwin.store.erasure import Erasures

    with Tables.of(Home.open(home)) as tables, Tables.of(Home.open(home)) as late:
        Erasures(tables).begin(filled.ada.person, 1)
        event = StoredEvent("e-1", filled.ada.person, "symptom", 1, 1, "Cänary late", None, (), "g-1")
        Events(late).put([event])  # a projection passes over who is gone
        assert Events(late).list(filled.ada.person, None, 9) == []
        with pytest.raises(NotFound):
            Statements(late).state(
                filled.ada.person, Subject.BACKGROUND, {"conditions": ["x"]}, actor="g-1", now_ms=2
            )
        with pytest.raises(NotFound):
            People(late).rename(filled.ada.person, "Ada again")
        Erasures(tables).destroy_key(next(iter(Erasures(tables).pending())))
        with pytest.raises(Gone):
            late.keys.mint(filled.ada.pseudonym)


def test_a_phone_that_goes_on_sending_while_its_person_is_erased_hears_410_and_leaves_nothing(
    tmp_path: Path,
) -> None:
    home = tmp_path / "home"
    with world_in(home) as world:
        ada, bob = told_everything(world, "Cänary Ada"), told_everything(world, "Bob")
        before = known_of(world, bob)
        phone, sent, statuses = world.phone(ada.person), threading.Event(), []

        def send() -> None:
            for sequence in range(1, 2_000):
                row = {
                    "timestamp": wall_ms() - 20 * MINUTE_MS + sequence,
                    "heart_rate": ada.value(60, 70),
                    "sequence": 1_000 + sequence,
                }
                statuses.append(phone.post("/api/vitals", json=row).status_code)
                if statuses[-1] != 200:
                    return
                if sequence == 5:
                    sent.set()

        sender = threading.Thread(target=send)
        sender.start()
        assert sent.wait(20)
        assert world.admin().delete(f"/api/people/{ada.person}").status_code == 204
        sender.join(30)
        assert statuses[-1] == 410
        assert set(statuses[:-1]) == {200}
        assert world.house.caught_up(10)
        assert left_in(home, ada) == []
        assert known_of(world, bob) == before
    with world_in(home) as world:
        assert left_in(home, ada) == []
