"""Brings the tables of all rooms to the version this release expects, by the migrations beside them.

A room's tables are what `healthtwin/ROOM/tables.py` declares; how they came to be is in
`healthtwin/ROOM/migrations/NNNN_what_it_does.py`. Both are found where they lie, so that a new table is one
file with its migration. The migrations of all rooms are one line, numbered through, since a room may refer to
the people of another.
"""

from __future__ import annotations

from contextlib import contextmanager
from functools import cache
from importlib import import_module
from pathlib import Path
from typing import TYPE_CHECKING, Final, Protocol, cast

from sqlalchemy import inspect, text

from healthtwin.domain.errors import ConfigurationError, CorruptStorage
from healthtwin.engines.relational import WRITES
from healthtwin.store.base import Base

if TYPE_CHECKING:
    from collections.abc import Iterator
    from contextlib import AbstractContextManager
    from types import ModuleType

    from alembic.config import Config
    from sqlalchemy import Connection, Engine, MetaData

    from healthtwin.engines.sqlite import Database


PRODUCT: Final = Path(__file__).parents[1]
ENVIRONMENT: Final = PRODUCT / "store" / "migrations"

_ADVISORY_LOCK: Final = 0x6865616C7468  # the letters "health"
"""On PostgreSQL, who holds it migrates; on SQLite the write lock does the same."""


class Migratable(Protocol):
    """What of `healthtwin.store.Tables` a migration works on."""

    @property
    def engine(self) -> Engine:
        """The database."""
        ...

    @property
    def shown(self) -> str:
        """The database as an error may name it."""
        ...

    def errors(self) -> AbstractContextManager[None]:
        """Within it, what the database reports is raised in our words."""
        ...

    def writing_connection(self) -> AbstractContextManager[Connection]:
        """A connection inside a write transaction."""
        ...


@cache
def folders() -> tuple[Path, ...]:
    """Where rooms keep their migrations; what several rooms share is the store's."""
    return (ENVIRONMENT / "versions", *sorted(set(PRODUCT.glob("*/migrations")) - {ENVIRONMENT}))


@cache
def head() -> str:
    """The newest migration, by the names of the files: an up-to-date database need not load Alembic.

    >>> head() >= "0004"
    True
    """
    return max(script.name[:4] for folder in folders() for script in folder.glob("[0-9]*.py"))


@cache
def rooms_tables() -> tuple[ModuleType, ...]:
    """The `tables.py` of every room."""
    files = sorted(set(PRODUCT.glob("*/tables.py")) - {PRODUCT / "store" / "tables.py"})
    return tuple(import_module(f"{PRODUCT.name}.{file.parent.name}.tables") for file in files)


def all_tables() -> MetaData:
    """The tables of every room, whether or not anybody has asked for them yet."""
    rooms_tables()
    return Base.metadata


def bring_up_to_date(tables: Migratable) -> None:
    """Bring the tables to `head()`; two processes that open at once do it one after the other.

    Raises:
        ConfigurationError: when a later version of healthtwin has migrated this database.
    """
    with tables.errors():
        with tables.engine.connect() as connection:
            if _version_of(connection) == head():
                return
        with without_cascades(tables) as connection:
            if connection.dialect.name == "postgresql":
                connection.execute(text("SELECT pg_advisory_xact_lock(:key)"), {"key": _ADVISORY_LOCK})
            version = _version_of(connection)
            if version != head():
                _upgrade(connection, version, tables.shown)


@contextmanager
def without_cascades(tables: Migratable) -> Iterator[Connection]:
    """A connection inside a write transaction in which no row goes because its table is made anew.

    SQLite alters most of a table by copying it and dropping the first, and a dropped table takes along what
    refers to its rows, unless foreign keys are off. That they hold is asked before the commit (SQLite manual,
    "Making Other Kinds Of Table Schema Changes").
    """
    if tables.engine.dialect.name != "sqlite":
        with tables.writing_connection() as connection:
            yield connection
        return
    with tables.engine.execution_options(**{WRITES: True}).connect() as connection:
        raw = cast("Database", connection.connection.driver_connection)
        raw.execute("PRAGMA foreign_keys=OFF")  # heard only before a transaction
        try:
            with connection.begin():
                yield connection
                lost = connection.exec_driver_sql("PRAGMA foreign_key_check").fetchone()
                if lost is not None:
                    raise CorruptStorage(
                        f"{tables.shown}: a row of {lost[0]} refers to one that is not there"
                    )
        finally:
            raw.execute("PRAGMA foreign_keys=ON")


def configuration(connection: Connection) -> Config:
    """What Alembic needs to work on this connection with our migrations."""
    from alembic.config import Config

    config = Config()
    config.set_main_option("path_separator", "newline")
    config.set_main_option("script_location", _escaped(ENVIRONMENT))
    config.set_main_option("version_locations", "\n".join(_escaped(folder) for folder in folders()))
    config.attributes["connection"] = connection
    return config


def _escaped(path: Path) -> str:
    return str(path).replace("%", "%%")


def _version_of(connection: Connection) -> str | None:
    if not inspect(connection).has_table("alembic_version"):
        return None
    return connection.execute(text("SELECT version_num FROM alembic_version")).scalar_one_or_none()


def _upgrade(connection: Connection, version: str | None, shown: str) -> None:
    from alembic import command
    from alembic.script import ScriptDirectory

    config = configuration(connection)
    known = {script.revision for script in ScriptDirectory.from_config(config).walk_revisions()}
    if version is not None and version not in known:
        raise ConfigurationError(
            f"{shown}: its tables are of version {version}, this healthtwin knows up to {head()}; "
            "use the healthtwin that made it, or a later one"
        )
    command.upgrade(config, head())
