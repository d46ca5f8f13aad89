"""Brings the records' tables to the version this release expects, by the migrations that travel with it."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Final

from sqlalchemy import inspect, text

from healthtwin.domain.errors import ConfigurationError

if TYPE_CHECKING:
    from alembic.config import Config
    from sqlalchemy import Connection

    from healthtwin.store.records.database import Database

HEAD: Final = "0004"
"""The newest migration; known here so that opening an up-to-date database need not load Alembic."""

MIGRATIONS: Final = Path(__file__).parent.parent / "migrations"

_ADVISORY_LOCK: Final = 0x6865616C7468  # the letters "health"
"""On PostgreSQL, who holds it migrates; on SQLite the write lock does the same."""


def migrate(database: Database) -> None:
    """Bring the tables to `HEAD`; two processes that open at once do it one after the other.

    Raises:
        ConfigurationError: when a later version of healthtwin has migrated this database.
    """
    with database.errors():
        with database.engine.connect() as connection:
            if _version_of(connection) == HEAD:
                return
        with database.writing_connection() as connection:
            if connection.dialect.name == "postgresql":
                connection.execute(text("SELECT pg_advisory_xact_lock(:key)"), {"key": _ADVISORY_LOCK})
            version = _version_of(connection)
            if version != HEAD:
                _upgrade(connection, version, database.shown)


def configuration(connection: Connection) -> Config:
    """What Alembic needs to work on this connection with our migrations."""
    from alembic.config import Config

    config = Config()
    config.set_main_option("script_location", str(MIGRATIONS).replace("%", "%%"))
    config.set_main_option("path_separator", "os")
    config.attributes["connection"] = connection
    return config


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
            f"{shown}: its tables are of version {version}, this healthtwin knows up to {HEAD}; "
            "use the healthtwin that made it, or a later one"
        )
    command.upgrade(config, HEAD)
