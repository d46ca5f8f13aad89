"""The `[storage]` table of a home's `config.toml`."""

from __future__ import annotations

from dataclasses import dataclass, fields
from typing import TYPE_CHECKING, Final

from healthtwin.domain.errors import ConfigurationError
from healthtwin.store.space import DEFAULT_RESERVE_BYTES, MEBIBYTE

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

LONGEST_DAYS: Final = 36_525
"""A hundred years: nobody needs more, and a typing error shows."""


@dataclass(frozen=True, slots=True)
class StorageSettings:
    """How long things are kept, and where the records live.

    Attributes:
        raw_days: days for which every reading is kept.
        daily_days: days for which the daily summaries are kept.
        reserve_mib: MiB of free disk below which new data is refused.
        records_url: ``postgresql+psycopg://…``; empty for the SQLite file inside the home.
    """

    raw_days: int = 400
    daily_days: int = 3_653
    reserve_mib: int = DEFAULT_RESERVE_BYTES // MEBIBYTE
    records_url: str = ""

    @classmethod
    def of(cls, table: Mapping[str, object], where: Path | str) -> StorageSettings:
        """The settings that a `[storage]` table says; what it leaves out keeps its default.

        Raises:
            ConfigurationError: for an unknown key, a wrong type or an impossible number.

        >>> StorageSettings.of({"raw_days": 30}, "config.toml").raw_days
        30
        >>> StorageSettings.of({"raw_day": 30}, "config.toml")
        Traceback (most recent call last):
        ...
        healthtwin.domain.errors.ConfigurationError: config.toml, [storage]: unknown key 'raw_day'; known: \
raw_days, daily_days, reserve_mib, records_url
        """
        known = [field.name for field in fields(cls)]
        for key in table:
            if key not in known:
                raise ConfigurationError(
                    f"{where}, [storage]: unknown key {key!r}; known: {', '.join(known)}"
                )
        url = table.get("records_url", "")
        if not isinstance(url, str) or not (url == "" or url.startswith("postgresql+psycopg://")):
            raise ConfigurationError(
                f"{where}, [storage] records_url: must start with postgresql+psycopg://, or be left out"
            )
        settings = cls(
            raw_days=_whole_number(table, "raw_days", 1, LONGEST_DAYS, cls().raw_days, where),
            daily_days=_whole_number(table, "daily_days", 1, LONGEST_DAYS, cls().daily_days, where),
            reserve_mib=_whole_number(table, "reserve_mib", 1, 1 << 30, cls().reserve_mib, where),
            records_url=url,
        )
        if settings.daily_days < settings.raw_days:
            raise ConfigurationError(
                f"{where}, [storage] daily_days: got {settings.daily_days}; allowed: at least raw_days "
                f"({settings.raw_days}), since a summary outlives what it sums up"
            )
        return settings


def _whole_number(
    table: Mapping[str, object], key: str, low: int, high: int, default: int, where: Path | str
) -> int:
    value = table.get(key, default)
    if isinstance(value, bool) or not isinstance(value, int) or not low <= value <= high:
        raise ConfigurationError(
            f"{where}, [storage] {key}: got {value!r}; allowed: a whole number from {low} to {high}"
        )
    return value
