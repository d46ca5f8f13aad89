"""The `[webhooks]` table of a home's config.toml."""

from __future__ import annotations

from dataclasses import dataclass
from types import MappingProxyType
from typing import TYPE_CHECKING, ClassVar, Self
from urllib.parse import urlsplit

from healthtwin.domain.errors import ConfigurationError

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path


@dataclass(frozen=True, slots=True)
class WebhookSettings:
    """What webhooks may do.

    Attributes:
        allow_private: whether they may call loopback and private networks.
        names: whether a message says what the house calls the person, beside their pseudonym.
        portal: URL under which people reach this house, for the link to an alert; empty: the one it was last
            served under.
    """

    SECTION: ClassVar[str] = "webhooks"
    MEANING: ClassVar[Mapping[str, str]] = MappingProxyType(
        {
            "allow_private": "whether webhooks may call loopback and private networks",
            "names": "whether a webhook's message says what the house calls the person",
            "portal": "`https://…`, where a message's link leads; empty: where the house was last served",
        }
    )

    allow_private: bool = False
    names: bool = True
    portal: str = ""

    @classmethod
    def of(cls, table: Mapping[str, object], where: Path | str) -> Self:
        """The settings that the table says; what it leaves out keeps its default.

        Raises:
            ConfigurationError: for an unknown key or a wrong type.

        >>> WebhookSettings.of({"allow_private": True}, "config.toml").allow_private
        True
        """
        default = cls()
        portal = table.get("portal", default.portal)
        allowed, names = (table.get(key, getattr(default, key)) for key in ("allow_private", "names"))
        known = set(cls.MEANING)
        if set(table) - known or not isinstance(allowed, bool) or not isinstance(names, bool):
            raise ConfigurationError(
                f"{where}, [{cls.SECTION}]: the settings are allow_private = true or false, "
                "names = true or false, and portal"
            )
        if not isinstance(portal, str) or not (portal == "" or _is_address(portal)):
            raise ConfigurationError(
                f"{where}, [{cls.SECTION}] portal: got {portal!r}; allowed: an address such as "
                '"https://twin.example" without a path'
            )
        return cls(allowed, names, portal)


def _is_address(text: str) -> bool:
    try:
        parts = urlsplit(text)
        return parts.scheme in ("http", "https") and bool(parts.hostname) and parts.path in ("", "/")
    except ValueError:
        return False
