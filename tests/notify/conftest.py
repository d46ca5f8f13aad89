"""A home's tables, a person in it, and a receiver on loopback."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from healthtwin.domain import Profile
from healthtwin.store import Home, HomeKind, Tables
from healthtwin.store.people import People
from tests.episodes.one_episode import NOON_MS
from tests.notify.receiver import Receiver, receiving

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path


@pytest.fixture
def tables(tmp_path: Path) -> Iterator[Tables]:
    home = Home.create(tmp_path / "home", HomeKind.LIVE)
    with Tables.of(home) as tables:
        yield tables


@pytest.fixture
def pseudonym(tables: Tables) -> str:
    """Of the one person in the house."""
    return People(tables).add("Ada", Profile("UTC"), NOON_MS).pseudonym


@pytest.fixture
def receiver() -> Iterator[Receiver]:
    with receiving() as receiver:
        yield receiver
