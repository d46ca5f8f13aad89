"""Opening the tables of a home for one command; works while the home is being served."""

from __future__ import annotations

from contextlib import contextmanager
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from healthtwin.store import Tables


@contextmanager
def tables_of(home: Path, *, create: bool = False) -> Iterator[Tables]:
    """The tables of the home in a directory.

    Args:
        home: the directory.
        create: make a live home there when there is none yet.

    Raises:
        ConfigurationError: there is no home, or it cannot be made or read.
    """
    from healthtwin.store import Home, Tables

    opened = Home.open_or_create(home) if create and not (home / "home.json").exists() else Home.open(home)
    with Tables.of(opened) as tables:
        yield tables


def person_id_of(tables: Tables, named: str) -> str:
    """The id of a person who is named by it or by their name.

    Raises:
        InvalidInput: nobody is called so, or several are.
    """
    from healthtwin.domain.errors import InvalidInput
    from healthtwin.store.people import People

    people = People(tables).list()
    if any(person.id == named for person in people):
        return named
    wanted = named.strip().casefold()
    found = [person for person in people if person.name.casefold() == wanted]
    if len(found) == 1:
        return found[0].id
    if found:
        ids = ", ".join(person.id for person in found)
        raise InvalidInput("person", named, f"one of the ids of those who are called so: {ids}")
    raise InvalidInput("person", named, "an id or a name that 'healthtwin person list' shows")


def now_ms() -> int:
    """The wall clock."""
    from healthtwin.access import wall_ms

    return wall_ms()
