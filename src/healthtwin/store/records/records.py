"""The records of a house behind one door."""

from __future__ import annotations

from typing import TYPE_CHECKING, Self

from healthtwin.store.records.access import Access
from healthtwin.store.records.alerts import Alerts
from healthtwin.store.records.database import Database
from healthtwin.store.records.deliveries import Deliveries
from healthtwin.store.records.events import Events
from healthtwin.store.records.house_weeks import HouseWeeks
from healthtwin.store.records.pairing import Pairing
from healthtwin.store.records.people import People
from healthtwin.store.records.pharmacy import Pharmacy
from healthtwin.store.records.schema import migrate
from healthtwin.store.records.sharing import Sharing
from healthtwin.store.records.statements import Statements
from healthtwin.store.records.webhooks import Webhooks

if TYPE_CHECKING:
    from contextlib import AbstractContextManager
    from types import TracebackType


class Records:
    """Everything that is kept besides values over time; for many threads and processes at once.

    Opening brings the tables up to date. What a method returned is committed and survives a power cut.

    Args:
        url: `healthtwin.store.Home.records_url`: ``sqlite:///path`` or ``postgresql+psycopg://…``.

    Raises:
        ConfigurationError: for a URL that cannot work, or tables of a later version.
        StorageError: when the database cannot be reached or read.

    >>> import tempfile
    >>> from healthtwin.domain import Profile
    >>> with tempfile.TemporaryDirectory() as folder, Records(f"sqlite:///{folder}/records.db") as records:
    ...     ada = records.people.add("Ada", Profile("Europe/London"), now_ms=0)
    ...     token = records.access.create_token("device", [ada.id], now_ms=0)
    ...     records.access.lookup_token(token.secret, now_ms=1).covers(ada.id)
    True
    """

    def __init__(self, url: str) -> None:
        self._database = Database(url)
        try:
            migrate(self._database)
        except BaseException:
            self._database.close()
            raise
        self.people = People(self._database)
        self.access = Access(self._database)
        self.alerts = Alerts(self._database)
        self.deliveries = Deliveries(self._database)
        self.webhooks = Webhooks(self._database)
        self.pharmacy = Pharmacy(self._database)
        self.statements = Statements(self._database)
        self.events = Events(self._database)
        self.house_weeks = HouseWeeks(self._database)
        self.pairing = Pairing(self._database)
        self.sharing = Sharing(self._database)

    def together(self) -> AbstractContextManager[None]:
        """One transaction for every call that this thread makes in the block, on alerts and deliveries.

        A thousand changes then cost one fsync; when anything fails, none of them was made.
        """
        return self._database.together()

    def changed(self) -> int:
        """A number that differs from the last one told when people or access changed, in whichever process.

        Cheap enough for every request on SQLite (microseconds); one short query on PostgreSQL.
        """
        return self._database.revision()

    def close(self) -> None:
        """Let go of the database."""
        self._database.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()
