"""What is kept: the home directory, values over time, and the tables of all rooms.

Names are fetched when they are first used, so that a command that only wants the home does not wait for numpy
or SQLAlchemy.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from healthtwin.store.archive import BackupReport, backup, move_records, restore
    from healthtwin.store.authority import LocalAuthority
    from healthtwin.store.home import Home, HomeKind
    from healthtwin.store.series import Bins, SealReport, Series, SeriesRow, SeriesSize, SeriesStore
    from healthtwin.store.settings import StorageSettings
    from healthtwin.store.space import Space, SpaceGuard
    from healthtwin.store.tables import Tables

_HOME_OF: Final = {
    "BackupReport": "archive",
    "Bins": "series",
    "Home": "home",
    "HomeKind": "home",
    "LocalAuthority": "authority",
    "SealReport": "series",
    "Series": "series",
    "SeriesRow": "series",
    "SeriesSize": "series",
    "SeriesStore": "series",
    "Space": "space",
    "SpaceGuard": "space",
    "StorageSettings": "settings",
    "Tables": "tables",
    "backup": "archive",
    "move_records": "archive",
    "restore": "archive",
}

__all__ = [
    "BackupReport",
    "Bins",
    "Home",
    "HomeKind",
    "LocalAuthority",
    "SealReport",
    "Series",
    "SeriesRow",
    "SeriesSize",
    "SeriesStore",
    "Space",
    "SpaceGuard",
    "StorageSettings",
    "Tables",
    "backup",
    "move_records",
    "restore",
]


def __getattr__(name: str) -> object:
    if name in _HOME_OF:
        return getattr(import_module(f"{__name__}.{_HOME_OF[name]}"), name)
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
