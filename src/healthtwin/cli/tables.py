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
    with Tables(opened.records_url) as tables:
        yield tables


def now_ms() -> int:
    """The wall clock."""
    from healthtwin.access import wall_ms

    return wall_ms()
