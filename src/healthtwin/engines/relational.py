"""Relational databases by SQLAlchemy, SQLite or PostgreSQL: how one is opened, and what its errors mean."""

from __future__ import annotations

from typing import Any, Final

from sqlalchemy import Engine, create_engine, event
from sqlalchemy.engine import URL, make_url
from sqlalchemy.exc import ArgumentError, DBAPIError, NoSuchModuleError

from healthtwin.domain.errors import (
    ConfigurationError,
    CorruptStorage,
    StorageBusy,
    StorageError,
    StorageFull,
)
from healthtwin.domain.loopback import is_loopback
from healthtwin.engines.sqlite import BUSY_TIMEOUT_S, keep_write_ahead, storage_error_of

WRITES: Final = "healthtwin_write"
"""Execution option of a connection that will write: SQLite lets it queue up at once."""

_SQLSTATE_ERRORS: Final[dict[str, type[StorageError]]] = {
    "53100": StorageFull,  # disk_full
    "53300": StorageBusy,  # too_many_connections
    "40001": StorageBusy,  # serialization_failure
    "40P01": StorageBusy,  # deadlock_detected
    "55P03": StorageBusy,  # lock_not_available
    "57014": StorageBusy,  # query_canceled: our own statement time limit
    "57P01": StorageBusy,  # admin_shutdown
    "57P03": StorageBusy,  # cannot_connect_now
    "XX001": CorruptStorage,  # data_corrupted
    "XX002": CorruptStorage,  # index_corrupted
}
"""PostgreSQL's error codes (its manual, appendix A) that stand for a state of the storage."""


def url_of(url: str) -> URL:
    """The parsed address of a database.

    Raises:
        ConfigurationError: it is none, or of a kind that is not supported.
    """
    try:
        parsed = make_url(url)
    except ArgumentError:
        raise ConfigurationError(
            "records: not a database URL; right would be sqlite:///path or postgresql+psycopg://user@host/name"
        ) from None
    if parsed.drivername not in ("sqlite", "postgresql+psycopg"):
        raise ConfigurationError(
            f"records: {parsed.drivername} is not supported; use sqlite:///path or postgresql+psycopg://…"
        )
    if parsed.drivername == "sqlite" and not parsed.database:
        raise ConfigurationError("records: the SQLite URL names no file; right would be sqlite:///path")
    if parsed.drivername != "sqlite":
        require_verified(parsed)
    return parsed


def require_verified(url: URL) -> None:
    """Refuse a PostgreSQL beyond this machine whose certificate nobody checks.

    Anything less than ``verify-full`` talks to whoever answers (PostgreSQL manual, 34.19: SSL Support).

    Raises:
        ConfigurationError: saying what to add.

    >>> require_verified(make_url("postgresql+psycopg://house@127.0.0.1/records"))
    >>> require_verified(make_url("postgresql+psycopg://house@db/records?sslmode=require"))
    Traceback (most recent call last):
    ...
    healthtwin.domain.errors.ConfigurationError: records: db is another machine, and sslmode=require checks \
no certificate; add ?sslmode=verify-full&sslrootcert=FILE to records_url
    """
    hosts = [*_listed(url.query.get("host")), *_listed(url.query.get("hostaddr")), *_listed(url.host)]
    away = [host for host in hosts if host and not host.startswith("/") and not is_loopback(host)]
    mode = url.query.get("sslmode", "prefer")
    if away and mode != "verify-full":
        raise ConfigurationError(
            f"records: {away[0]} is another machine, and sslmode={mode} checks no certificate; add "
            "?sslmode=verify-full&sslrootcert=FILE to records_url"
        )


def _listed(hosts: str | tuple[str, ...] | None) -> list[str]:
    named = hosts if isinstance(hosts, tuple) else (hosts or "",)
    return [host.strip() for text in named for host in text.split(",")]


def engine_of(url: URL) -> Engine:
    """An engine whose transactions are durable and, on SQLite, begin when they say whether they write.

    Raises:
        ConfigurationError: the driver is not installed.
    """
    if url.drivername == "sqlite":
        engine = create_engine(url, max_overflow=-1, connect_args={"timeout": BUSY_TIMEOUT_S})
        event.listen(engine, "connect", _prepare_sqlite)
        event.listen(engine, "begin", _begin_sqlite)
        return engine
    try:
        return create_engine(
            url,
            pool_pre_ping=True,
            connect_args={"connect_timeout": 10, "options": "-c timezone=UTC -c lock_timeout=10s"},
        )
    except (ImportError, NoSuchModuleError) as error:
        raise ConfigurationError(
            "records on PostgreSQL need its driver: pip install 'healthtwin[postgres]'"
        ) from error


def _prepare_sqlite(connection: Any, _record: object) -> None:  # noqa: ANN401 - the driver's connection
    connection.isolation_level = None  # transactions are begun below, so that a writer queues up at once
    keep_write_ahead(connection)
    cursor = connection.cursor()
    for pragma in ("synchronous=FULL", "foreign_keys=ON", "secure_delete=ON"):
        cursor.execute(f"PRAGMA {pragma}")
    cursor.close()


def _begin_sqlite(connection: Any) -> None:  # noqa: ANN401 - SQLAlchemy's own Connection, or a branch of it
    options = connection.get_execution_options()
    connection.exec_driver_sql("BEGIN IMMEDIATE" if options.get(WRITES) else "BEGIN")


def meaning_of(error: DBAPIError, shown: str, url: URL) -> StorageError | None:
    """What a database's report stands for; None for a mistake of ours.

    Args:
        error: as SQLAlchemy raises it.
        shown: the database as an error may name it, without a password.
        url: of the database.
    """
    original = error.orig
    if original is None:
        return None
    if url.drivername == "sqlite":
        return storage_error_of(original, str(url.database))
    sqlstate = getattr(original, "sqlstate", None)
    if isinstance(sqlstate, str) and sqlstate in _SQLSTATE_ERRORS:
        return _SQLSTATE_ERRORS[sqlstate](f"{shown}: {original}")
    if error.connection_invalidated or sqlstate is None or sqlstate.startswith("08"):
        return StorageBusy(f"{shown}: cannot be reached ({original})")
    return None
