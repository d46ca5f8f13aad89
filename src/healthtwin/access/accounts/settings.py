"""The `[access]` table of a home's `config.toml`."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Final

from healthtwin.access.accounts.blocklist import StolenPasswords
from healthtwin.access.accounts.passwords import LEAST_MEMORY_MIB, MEMORY_MIB
from healthtwin.domain.errors import ConfigurationError

if TYPE_CHECKING:
    from collections.abc import Mapping

SECTION: Final = "access"
ELSEWHERE: Final = ("rp_id", "rp_name", "origins", "oidc")
"""Keys of the same table that say who may vouch for people instead; they are judged where they are read."""

MOST_MEMORY_MIB: Final = 1_024


@dataclass(frozen=True, slots=True)
class AccessSettings:
    """How people prove who they are.

    Attributes:
        breached_passwords: a file of stolen passwords that nobody may take; None: only the built-in words.
        password_memory_mib: what hashing one password takes, MiB.
    """

    breached_passwords: StolenPasswords | None = None
    password_memory_mib: int = MEMORY_MIB

    @classmethod
    def of(cls, table: Mapping[str, object], where: Path | str, home: Path) -> AccessSettings:
        """The settings that an `[access]` table says; what it leaves out keeps its default.

        Raises:
            ConfigurationError: for an unknown key, a wrong type, or a file that cannot be read.

        >>> AccessSettings.of({"password_memory": 64}, "config.toml", Path("."))
        Traceback (most recent call last):
        ...
        healthtwin.domain.errors.ConfigurationError: config.toml, [access]: unknown key 'password_memory'; \
known: breached_passwords, password_memory_mib
        """
        known = ("breached_passwords", "password_memory_mib")
        for key in table:
            if key not in known and key not in ELSEWHERE:
                raise ConfigurationError(f"{where}, [access]: unknown key {key!r}; known: {', '.join(known)}")
        named, memory = table.get("breached_passwords"), table.get("password_memory_mib", MEMORY_MIB)
        if named is not None and (not isinstance(named, str) or not named):
            raise ConfigurationError(f"{where}, [access] breached_passwords: got {named!r}; allowed: a file")
        if (
            isinstance(memory, bool)
            or not isinstance(memory, int)
            or not LEAST_MEMORY_MIB <= memory <= MOST_MEMORY_MIB
        ):
            raise ConfigurationError(
                f"{where}, [access] password_memory_mib: got {memory!r}; allowed: a whole number from "
                f"{LEAST_MEMORY_MIB} to {MOST_MEMORY_MIB}"
            )
        return cls(None if named is None else StolenPasswords(home / Path(named).expanduser()), memory)
