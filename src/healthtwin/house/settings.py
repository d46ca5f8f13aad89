"""The `[house]` table of a home's `config.toml`."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from healthtwin.access import checked_country
from healthtwin.domain import MINUTE_MS
from healthtwin.domain.errors import ConfigurationError, InvalidInput

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

_MOST_MINUTES: Final = 24 * 60
_SHADOWS: Final = "shadow_models"
_COUNTRY: Final = "country"


@dataclass(frozen=True, slots=True)
class HouseSettings:
    """How a house treats time.

    Attributes:
        allowed_lateness_ms: a reading that arrives later than this teaches and is kept, but raises no alarm.
        idle_after_ms: a device silent for longer holds back its person's other devices no more.
        tick_ms: how often time is noted in the log (silence alarms, the end of a snooze).
        shadow_models: folders of forecast models (`healthtwin train forecast`), absolute or from the home,
            that run beside those of the program: what they say is compared, never told.
        country: where the people live of whom nothing else was said, a code of ISO 3166 (``DE``): it decides
            from which age on somebody decides alone; empty: not known.
    """

    allowed_lateness_ms: int = 15 * MINUTE_MS
    idle_after_ms: int = 30 * MINUTE_MS
    tick_ms: int = MINUTE_MS
    shadow_models: tuple[str, ...] = ()
    country: str = ""

    @classmethod
    def of(cls, table: Mapping[str, object], where: Path | str) -> HouseSettings:
        """The settings that a `[house]` table says; what it leaves out keeps its default.

        Raises:
            ConfigurationError: for an unknown key, a wrong type or an impossible number.

        >>> HouseSettings.of({"allowed_lateness_minutes": 5}, "config.toml").allowed_lateness_ms
        300000
        """
        default = cls()
        keys = {
            "allowed_lateness_minutes": default.allowed_lateness_ms,
            "idle_after_minutes": default.idle_after_ms,
            "tick_minutes": default.tick_ms,
        }
        shadows: tuple[str, ...] = ()
        country = ""
        for key, value in table.items():
            if key == _SHADOWS:
                shadows = _folders(value, where)
                continue
            if key == _COUNTRY:
                country = _country(value, where)
                continue
            if key not in keys:
                known = ", ".join((*keys, _SHADOWS, _COUNTRY))
                raise ConfigurationError(f"{where}, [house]: unknown key {key!r}; known: {known}")
            if isinstance(value, bool) or not isinstance(value, int) or not 1 <= value <= _MOST_MINUTES:
                raise ConfigurationError(
                    f"{where}, [house] {key}: got {value!r}; allowed: whole minutes from 1 to {_MOST_MINUTES}"
                )
            keys[key] = value * MINUTE_MS
        lateness_ms, idle_ms, tick_ms = keys.values()
        return cls(lateness_ms, idle_ms, tick_ms, shadows, country)


def _country(value: object, where: Path | str) -> str:
    try:
        return checked_country(value) if isinstance(value, str) else checked_country("")
    except InvalidInput as error:
        raise ConfigurationError(
            f"{where}, [house] {_COUNTRY}: got {value!r}; allowed: {error.allowed}"
        ) from error


def _folders(value: object, where: Path | str) -> tuple[str, ...]:
    folders = [value] if isinstance(value, str) else value
    if isinstance(folders, list) and all(isinstance(each, str) and each for each in folders):
        return tuple(folders)
    raise ConfigurationError(
        f'{where}, [house] {_SHADOWS}: got {value!r}; allowed: a folder, or several as ["one", "two"]'
    )
