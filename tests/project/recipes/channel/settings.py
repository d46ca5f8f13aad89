"""The `[diary]` table of a home's config.toml."""

from __future__ import annotations

from dataclasses import dataclass
from types import MappingProxyType
from typing import TYPE_CHECKING, ClassVar, Self

from healthtwin.domain.errors import ConfigurationError

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path


@dataclass(frozen=True, slots=True)
class DiarySettings:
    """Where the diary lies. file: in the home; empty for none."""

    SECTION: ClassVar[str] = "diary"
    MEANING: ClassVar[Mapping[str, str]] = MappingProxyType({"file": "where alerts are noted, in the home"})

    file: str = "diary.txt"

    @classmethod
    def of(cls, table: Mapping[str, object], where: Path | str) -> Self:
        """The settings that the table says."""
        file = table.get("file", cls().file)
        if set(table) - {"file"} or not isinstance(file, str):
            raise ConfigurationError(f'{where}, [{cls.SECTION}]: the only setting is file = "name"')
        return cls(file)
