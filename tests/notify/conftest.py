"""A home's records, a person in it, and a receiver on loopback."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from healthtwin.domain import Profile
from healthtwin.store import Home, HomeKind, Records
from tests.episodes.one_episode import NOON_MS
from tests.notify.receiver import Receiver, receiving

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path


@pytest.fixture
def records(tmp_path: Path) -> Iterator[Records]:
    home = Home.create(tmp_path / "home", HomeKind.LIVE)
    records = Records(home.records_url)
    yield records
    records.close()


@pytest.fixture
def pseudonym(records: Records) -> str:
    """Of the one person in the house."""
    return records.people.add("Ada", Profile("UTC"), NOON_MS).pseudonym


@pytest.fixture
def receiver() -> Iterator[Receiver]:
    with receiving() as receiver:
        yield receiver
