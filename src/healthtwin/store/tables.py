"""One engine over SQLite or PostgreSQL: transactions, errors in our words, and who else wrote."""

from __future__ import annotations

import threading
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any, Final, Self, cast

from sqlalchemy import select, text, update
from sqlalchemy.exc import DBAPIError, IntegrityError
from sqlalchemy.exc import TimeoutError as PoolTimeout
from sqlalchemy.orm import Session

from healthtwin.domain.errors import (
    Conflict,
    StorageBusy,
)
from healthtwin.engines.relational import WRITES, engine_of, meaning_of, url_of
from healthtwin.engines.sqlite import (
    leave_nothing_deleted,
)
from healthtwin.store.base import RevisionRow
from healthtwin.store.keys import NoKeys, open_keys
from healthtwin.store.migration import bring_up_to_date
from healthtwin.store.sealed import SEALER, Sealer

if TYPE_CHECKING:
    from collections.abc import Iterator
    from types import TracebackType

    from sqlalchemy import Connection

    from healthtwin.engines.sqlite import Database
    from healthtwin.store.home import Home
    from healthtwin.store.keys import Keys

_REVISION_ROW: Final = 1


class Tables:
    """The tables of a home in one database, for many threads and processes at once.

    Each room brings its own (`tables.py` and `migrations/` in its folder) and asks and fills them through
    this. Opening brings all of them up to date. What was committed survives a power cut.

    Args:
        url: `healthtwin.store.Home.records_url`: ``sqlite:///path`` or ``postgresql+psycopg://…``.
        migrate: False leaves the tables as they are: for whoever migrates them otherwise.
        keys: what seals and opens what stands about people; None: nothing is sealed.

    Attributes:
        sealer: seals and opens what rows say, for whoever works without mapped objects.

    Raises:
        ConfigurationError: for a URL that cannot work, or tables of a later version.
        StorageError: when the database cannot be reached or read.

    >>> import tempfile
    >>> from healthtwin.access import Credentials
    >>> from healthtwin.domain import Profile
    >>> from healthtwin.store.people import People
    >>> with tempfile.TemporaryDirectory() as folder, Tables(f"sqlite:///{folder}/records.db") as tables:
    ...     ada = People(tables).add("Ada", Profile("Europe/London"), now_ms=0)
    ...     token = Credentials(tables).create_token("device", [ada.id], now_ms=0)
    ...     Credentials(tables).lookup_token(token.secret, now_ms=1).covers(ada.id)
    True
    """

    def __init__(self, url: str, *, migrate: bool = True, keys: Keys | None = None) -> None:
        self.keys: Keys = keys or NoKeys()
        self.url = url_of(url)
        self.shown = self.url.render_as_string(hide_password=True)
        self.engine = engine_of(self.url)
        self._writes = self.engine.execution_options(**{WRITES: True})
        self.sealer = Sealer(self.keys)
        self._joint = threading.local()
        self._watch = _Watch(self)
        if migrate:
            try:
                bring_up_to_date(self)
            except BaseException:
                self.close()
                raise

    @classmethod
    @contextmanager
    def of(cls, home: Home) -> Iterator[Tables]:
        """The tables of a home with its keys, until the block ends.

        Raises:
            ConfigurationError, StorageError: as `Tables` and `healthtwin.store.keys.open_keys`.
        """
        with open_keys(home) as keys, cls(home.records_url, keys=keys) as tables:
            yield tables

    @property
    def is_sqlite(self) -> bool:
        """Whether this is the file in the home."""
        return self.engine.dialect.name == "sqlite"

    @contextmanager
    def read(self) -> Iterator[Session]:
        """A session over one snapshot; what it finds must leave as plain values."""
        joint: Session | None = getattr(self._joint, "session", None)
        if joint is not None:
            yield joint
            return
        with self.errors(), Session(self.engine, info={SEALER: self.sealer}) as session:
            yield session

    @contextmanager
    def write(self, *, changes_access: bool = False) -> Iterator[Session]:
        """A session whose work is committed durably at the end of the block, or not at all.

        Args:
            changes_access: the work changes who somebody is or may do; other processes shall notice.
        """
        joint: Session | None = getattr(self._joint, "session", None)
        if joint is not None:
            yield joint
            joint.flush()
            return
        info = {SEALER: self.sealer}
        with self.errors(), Session(self._writes, info=info) as session, session.begin():
            yield session
            if changes_access:
                session.execute(update(RevisionRow).values(count=RevisionRow.count + 1))

    @contextmanager
    def together(self) -> Iterator[None]:
        """One transaction and one fsync for every read and write that this thread makes in the block.

        When anything in it fails, none of it was done. Not for changes of access: others must notice those.
        """
        with self.write() as session:
            self._joint.session = session
            try:
                yield
            finally:
                self._joint.session = None

    @contextmanager
    def asking(self) -> Iterator[Connection]:
        """A connection for a single question without mapped objects: half the price of a session."""
        with self.errors(), self.engine.connect() as connection:
            yield connection

    @contextmanager
    def writing_connection(self) -> Iterator[Connection]:
        """A connection inside a write transaction, for work on whole tables."""
        with self.errors(), self._writes.begin() as connection:
            yield connection

    @contextmanager
    def snapshot(self) -> Iterator[Connection]:
        """A connection whose every question is answered as of the first."""
        options = {} if self.is_sqlite else {"isolation_level": "REPEATABLE READ"}
        with self.errors(), self.engine.execution_options(**options).connect() as connection:
            yield connection

    @contextmanager
    def errors(self) -> Iterator[None]:
        """Within it, what the database reports is raised in the words of `healthtwin.domain.errors`."""
        try:
            yield
        except PoolTimeout as error:
            raise StorageBusy(f"{self.shown}: all connections are in use; try again") from error
        except IntegrityError as error:
            raise Conflict(
                f"{self.shown}: somebody else changed the same at the same moment; try again"
            ) from error
        except DBAPIError as error:
            meant = meaning_of(error, self.shown, self.url)
            if meant is None:
                raise
            raise meant from error

    def changed(self) -> int:
        """A number that differs from the last one told when people or access changed, in whichever process.

        Cheap enough for every request on SQLite (microseconds); one short query on PostgreSQL.
        """
        return self._watch.revision()

    def compact(self) -> None:
        """Leave nothing of what was deleted: in the file's free space, nor in its write-ahead log.

        On PostgreSQL dead rows are given up for reuse; what its own log and files keep is its operator's.
        """
        with self.errors():
            if not self.is_sqlite:
                engine = self.engine.execution_options(isolation_level="AUTOCOMMIT")
                with engine.connect() as connection:
                    connection.execute(text("VACUUM"))
                return
            raw = self.engine.raw_connection()
            try:
                leave_nothing_deleted(cast("Database", raw.driver_connection))
            finally:
                raw.close()

    def close(self) -> None:
        """Let go of every connection."""
        self._watch.close()
        self.engine.dispose()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()


class _Watch:
    """Tells cheaply whether anybody wrote: SQLite's `data_version` moves when another connection commits."""

    def __init__(self, tables: Tables) -> None:
        self._tables = tables
        self._lock = threading.Lock()
        self._connection: Any = None
        self._ask: Any = None
        self._data_version = -1
        self._revision = -1

    def revision(self) -> int:
        with self._lock, self._tables.errors():
            if not self._tables.is_sqlite:
                return self._asked()
            if self._connection is None:
                self._connection = self._tables.engine.raw_connection()
                self._connection.detach()  # held for good: it must see the commits of all others
                self._ask = self._connection.dbapi_connection.execute  # every request asks: no layer between
            (version,) = self._ask("PRAGMA data_version").fetchone()
            if version != self._data_version:
                # Asked after the version was noted: a commit in between shows at the next call again.
                self._revision = self._asked()
                self._data_version = version
            return self._revision

    def close(self) -> None:
        with self._lock:
            if self._connection is not None:
                self._connection.close()
                self._connection = None

    def _asked(self) -> int:
        with Session(self._tables.engine) as session:
            return session.scalars(select(RevisionRow.count).where(RevisionRow.id == _REVISION_ROW)).one()
