"""The `[audit]` table of a home's `config.toml`."""

from __future__ import annotations

from dataclasses import dataclass, fields
from pathlib import Path
from typing import TYPE_CHECKING, Final

from healthtwin.domain.errors import ConfigurationError

if TYPE_CHECKING:
    from collections.abc import Mapping

SIX_YEARS_DAYS: Final = 2_192
"""45 CFR 164.316(b)(2)(i) has documentation of the safeguards kept for six years; with two leap days."""

MOST_DAYS: Final = 36_525


@dataclass(frozen=True, slots=True)
class AuditSettings:
    """How the audit is kept.

    Attributes:
        keep_days: days for which entries are kept.
        room_mib: MiB that the audit is meant to stay within; the operator is told at 90 % of it.
        reserve_mib: MiB set aside, given back to the audit when the disk is full.
        anchor: file to which signed heads go besides, best on another machine's disk; empty: in `HOME/keys`.
        syslog: where signed heads go besides: a socket such as ``/dev/log`` or ``host:port``; empty: nowhere.
    """

    keep_days: int = SIX_YEARS_DAYS
    room_mib: int = 2_048
    reserve_mib: int = 8
    anchor: str = ""
    syslog: str = ""

    @classmethod
    def of(cls, table: Mapping[str, object], where: Path | str) -> AuditSettings:
        """The settings that an `[audit]` table says; what it leaves out keeps its default.

        Raises:
            ConfigurationError: for an unknown key, a wrong type or an impossible number.

        >>> AuditSettings.of({"keep_days": 400}, "config.toml").keep_days
        400
        """
        known = [each.name for each in fields(cls)]
        for key in table:
            if key not in known:
                raise ConfigurationError(f"{where}, [audit]: unknown key {key!r}; known: {', '.join(known)}")
        return cls(
            keep_days=_whole(table, "keep_days", 1, MOST_DAYS, cls().keep_days, where),
            room_mib=_whole(table, "room_mib", 1, 1 << 24, cls().room_mib, where),
            reserve_mib=_whole(table, "reserve_mib", 1, 1 << 16, cls().reserve_mib, where),
            anchor=_path(table, "anchor", where),
            syslog=_text(table, "syslog", where),
        )


def _whole(
    table: Mapping[str, object], key: str, low: int, high: int, default: int, where: Path | str
) -> int:
    value = table.get(key, default)
    if isinstance(value, bool) or not isinstance(value, int) or not low <= value <= high:
        raise ConfigurationError(
            f"{where}, [audit] {key}: got {value!r}; allowed: a whole number from {low} to {high}"
        )
    return value


def _text(table: Mapping[str, object], key: str, where: Path | str) -> str:
    value = table.get(key, "")
    if not isinstance(value, str):
        raise ConfigurationError(f"{where}, [audit] {key}: got {value!r}; allowed: a text")
    return value


def _path(table: Mapping[str, object], key: str, where: Path | str) -> str:
    value = _text(table, key, where)
    if value and not Path(value).is_absolute():
        raise ConfigurationError(f"{where}, [audit] {key}: got {value!r}; allowed: an absolute path")
    return value
