from collections.abc import Iterator
from pathlib import Path

import pytest

from healthtwin.domain import Profile
from healthtwin.store import Home, SeriesStore, Tables
from healthtwin.store.keys import Keys, open_keys
from healthtwin.store.people import People, Person
from tests.store.postgresql_server import PostgresqlServer, running_server, server_programs


@pytest.fixture(scope="session")
def postgresql() -> Iterator[PostgresqlServer]:
    programs = server_programs()
    if programs is None:
        pytest.skip("no PostgreSQL server is installed (Debian: apt-get install postgresql)")
    pytest.importorskip("psycopg", reason="the PostgreSQL driver is missing: pip install psycopg[binary]")
    with running_server(programs) as server:
        yield server


@pytest.fixture(params=["sqlite", pytest.param("postgresql", marks=pytest.mark.postgres)])
def records_url(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    """A database that is still empty, once of each kind."""
    if request.param == "sqlite":
        return f"sqlite:///{tmp_path}/records.db"
    server: PostgresqlServer = request.getfixturevalue("postgresql")
    return server.emptied_database()


@pytest.fixture
def keys(tmp_path: Path) -> Iterator[Keys]:
    """Of a home whose rows are encrypted, as those of every new one."""
    with open_keys(Home.create(tmp_path / "whose-keys")) as keys:
        yield keys


@pytest.fixture
def tables(records_url: str, keys: Keys) -> Iterator[Tables]:
    with Tables(records_url, keys=keys) as tables:
        yield tables


@pytest.fixture
def ada(tables: Tables) -> Person:
    return People(tables).add("Ada", Profile("Europe/London", birth_year=1990), now_ms=1_000)


@pytest.fixture
def series(tmp_path: Path) -> Iterator[SeriesStore]:
    with SeriesStore(tmp_path / "series.db") as store:
        yield store
