"""Records that stand in a file are brought into a PostgreSQL that holds none, and kept beside it."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from healthtwin.domain import Profile
from healthtwin.domain.errors import ConfigurationError
from healthtwin.store import Home, HomeKind, Tables, move_records
from healthtwin.store.people import People

if TYPE_CHECKING:
    from pathlib import Path

    from tests.store.postgresql_server import PostgresqlServer


@pytest.mark.postgres
def test_everybody_is_there_afterwards_and_nowhere_else(tmp_path: Path, postgresql: PostgresqlServer) -> None:
    home = Home.create(tmp_path / "home", HomeKind.LIVE)
    with Tables.of(home) as tables:
        ada = People(tables).add("Ada", Profile("UTC"), 1)
    home.config_path.write_text(f'[storage]\nrecords_url = "{postgresql.new_database()}"\n', encoding="utf-8")
    with pytest.raises(ConfigurationError, match="1 people"):
        _ = home.records_url
    kept = move_records(home)
    assert kept.exists()
    assert not home.records_path.exists()
    with Tables.of(home) as tables:
        assert [person.id for person in People(tables).list()] == [ada.id]


def test_without_another_database_nothing_is_moved(tmp_path: Path) -> None:
    home = Home.create(tmp_path / "home", HomeKind.LIVE)
    with pytest.raises(ConfigurationError, match="names no database"):
        move_records(home)
