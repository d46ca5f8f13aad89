"""The `[webhooks]` table of a home's config.toml."""

from __future__ import annotations

from dataclasses import dataclass
from types import MappingProxyType
from typing import TYPE_CHECKING, ClassVar, Self

from healthtwin.domain.errors import ConfigurationError

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path


@dataclass(frozen=True, slots=True)
class WebhookSettings:
    """What webhooks may do.

    Attributes:
        allow_private: whether they may call loopback and private networks.
    """

    SECTION: ClassVar[str] = "webhooks"
    MEANING: ClassVar[Mapping[str, str]] = MappingProxyType(
        {"allow_private": "whether webhooks may call loopback and private networks"}
    )

    allow_private: bool = False

    @classmethod
    def of(cls, table: Mapping[str, object], where: Path | str) -> Self:
        """The settings that the table says; what it leaves out keeps its default.

        Raises:
            ConfigurationError: for an unknown key or a wrong type.

        >>> WebhookSettings.of({"allow_private": True}, "config.toml")
        WebhookSettings(allow_private=True)
        """
        allowed = table.get("allow_private", False)
        if set(table) - {"allow_private"} or not isinstance(allowed, bool):
            raise ConfigurationError(
                f"{where}, [{cls.SECTION}]: the only setting is allow_private = true or false"
            )
        return cls(allowed)
