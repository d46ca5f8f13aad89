"""Who is who, from memory: people by id and by pseudonym, fresh as soon as another process changes them."""

from __future__ import annotations

import logging
import threading
from typing import TYPE_CHECKING, Final

from healthtwin.domain.errors import HealthTwinError, NotFound
from healthtwin.store.people import People

if TYPE_CHECKING:
    from collections.abc import Callable

    from healthtwin.store import Tables
    from healthtwin.store.people import Person


_LOG: Final = logging.getLogger(__name__)

MANY_PEOPLE: Final = 5_000
"""Reading so many again takes a tenth of a second, which no phone shall wait."""


class Directory:
    """The people of a house, kept in memory and read again when `Tables.changed` says so.

    Args:
        tables: where they are stored; `person add` in another process writes there too.
    """

    def __init__(self, tables: Tables) -> None:
        self._tables = tables
        self._people = People(tables)
        self._lock = threading.Lock()
        self._beginning = threading.Lock()
        self._reading = False
        self._revision: int | None = None
        self._by_id: dict[str, Person] = {}
        self._by_pseudonym: dict[str, Person] = {}

    def everybody(self) -> list[Person]:
        """All people, oldest entry first."""
        return list(self._fresh().values())

    def revision(self) -> int | None:
        """Another number than before when anybody may have changed."""
        self._fresh()
        return self._revision

    def find(self, person_id: str) -> Person | None:
        """The person with this id; None when there is none."""
        if self._is_fresh_soon():
            return self._asked(lambda: self._people.get(person_id))
        return self._fresh().get(person_id)

    def get(self, person_id: str) -> Person:
        """The person with this id.

        Raises:
            NotFound: when there is none.
        """
        person = self.find(person_id)
        if person is None:
            raise NotFound("no such person")
        return person

    def by_pseudonym(self, pseudonym: str) -> Person | None:
        """Whom a pseudonym stands for; None for somebody who was erased."""
        if self._is_fresh_soon():
            return self._asked(lambda: self._people.by_pseudonym(pseudonym))
        self._fresh()
        return self._by_pseudonym.get(pseudonym)

    def last_read(self, person_id: str) -> Person | None:
        """As `find`, but cheaper: a change made a moment ago need not show.

        For validation: whoever then stores what was validated asks `get`, which sees every change; so a year
        of birth that was corrected a moment ago counts from the next message on.
        """
        return self._by_id.get(person_id) or self.find(person_id)

    def _is_fresh_soon(self) -> bool:
        """Whether so many people are read again beside whoever asks for one, who is then asked for alone."""
        if len(self._by_id) < MANY_PEOPLE or self._tables.changed() == self._revision:
            return False
        with self._beginning:
            if not self._reading:
                self._reading = True
                threading.Thread(target=self._read_again, name="healthtwin-directory", daemon=True).start()
        return True

    def _read_again(self) -> None:
        try:
            self._fresh()
        except HealthTwinError:
            _LOG.warning("People could not be read again and are asked for one by one", exc_info=True)
        finally:
            with self._beginning:
                self._reading = False

    def _asked(self, ask: Callable[[], Person]) -> Person | None:
        try:
            return ask()
        except NotFound:
            return None

    def _fresh(self) -> dict[str, Person]:
        revision = self._tables.changed()
        if revision != self._revision:
            with self._lock:
                if revision == self._revision:  # somebody else read them while we waited
                    return self._by_id
                people = self._people.list()
                self._by_pseudonym = {person.pseudonym: person for person in people}
                self._by_id = {person.id: person for person in people}
                self._revision = revision
        return self._by_id
