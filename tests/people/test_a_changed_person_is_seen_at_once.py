"""Whoever changed is seen at the very next question, though a large house reads everybody again beside it."""

from __future__ import annotations

import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from healthtwin.domain import Profile
from healthtwin.people.directory import Directory
from healthtwin.store import Home, HomeKind, Tables
from healthtwin.store.people import People


@pytest.fixture
def home(tmp_path: Path) -> Home:
    return Home.create(tmp_path / "home", HomeKind.LIVE)


@pytest.fixture
def tables(home: Home) -> Iterator[Tables]:
    with Tables.of(home) as tables:
        yield tables


@pytest.mark.parametrize("many", [1, 5_000], ids=["a large house", "a small house"])
def test_a_change_by_another_process_shows_in_the_next_answer(
    home: Home, tables: Tables, monkeypatch: pytest.MonkeyPatch, many: int
) -> None:
    monkeypatch.setattr("healthtwin.people.directory.MANY_PEOPLE", many)
    ada, bob = People(tables).add_many([("Ada", Profile("UTC")), ("Bob", Profile("UTC"))], 0)
    directory = Directory(tables)
    assert {person.name for person in directory.everybody()} == {"Ada", "Bob"}
    with Tables.of(home) as elsewhere:
        for name in ("Ada L.", "Ada Lovelace"):
            People(elsewhere).rename(ada.id, name)
            assert directory.get(ada.id).name == name
            assert directory.get(bob.id).name == "Bob"
            by_pseudonym = directory.by_pseudonym(ada.pseudonym)
            assert by_pseudonym is not None
            assert by_pseudonym.name == name
        cyd = People(elsewhere).add("Cyd", Profile("UTC"), 0)
        assert directory.find(cyd.id) == cyd
        assert directory.find("p-nobody") is None
        assert len(directory.everybody()) == 3
    ends = time.monotonic() + 10
    while directory.last_read(cyd.id) is None and time.monotonic() < ends:
        time.sleep(0.01)
    assert directory.last_read(cyd.id) == cyd
