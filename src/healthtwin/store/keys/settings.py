"""The `[keys]` table of a home's `config.toml`: who keeps the master key."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, ClassVar, Final

from healthtwin.domain.errors import ConfigurationError

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

FILE: Final = "file"
PASSPHRASE: Final = "passphrase"  # noqa: S105 - the name of a kind, no secret
PROCESS: Final = "process"
KINDS: Final = (FILE, PASSPHRASE, PROCESS)

_LONGEST_TIMEOUT_S: Final = 600


@dataclass(frozen=True, slots=True)
class KeySettings:
    """Who keeps the master key.

    Attributes:
        kms: ``file`` (a file of mode 0600), ``passphrase`` (that file sealed by what somebody knows) or
            ``process`` (a program that wraps and unwraps it, such as a key management service's client).
        command: of ``process``: the program and its arguments.
        timeout_s: how long the program may take for one answer.
    """

    SECTION: ClassVar[str] = "keys"
    MEANING: ClassVar[Mapping[str, str]] = {
        "kms": "who keeps the master key: `file`, `passphrase` or `process`",
        "command": "of `process`: the program and its arguments, as a list",
        "timeout_s": "seconds that it may take for one answer",
    }

    kms: str = FILE
    command: tuple[str, ...] = ()
    timeout_s: float = 10.0

    @classmethod
    def of(cls, table: Mapping[str, object], where: Path | str) -> KeySettings:
        """The settings that a `[keys]` table says; what it leaves out keeps its default.

        Raises:
            ConfigurationError: for an unknown key, a wrong type or an impossible value.

        >>> KeySettings.of({"kms": "passphrase"}, "config.toml").kms
        'passphrase'
        >>> KeySettings.of({"kms": "cloud"}, "config.toml")
        Traceback (most recent call last):
        ...
        healthtwin.domain.errors.ConfigurationError: config.toml, [keys] kms: got 'cloud'; allowed: file, \
passphrase, process
        """
        known = ("kms", "command", "timeout_s")
        for key in table:
            if key not in known:
                raise ConfigurationError(f"{where}, [keys]: unknown key {key!r}; known: {', '.join(known)}")
        kms = table.get("kms", FILE)
        if kms not in KINDS:
            raise ConfigurationError(f"{where}, [keys] kms: got {kms!r}; allowed: {', '.join(KINDS)}")
        command = table.get("command", [])
        if not isinstance(command, list) or not all(isinstance(part, str) and part for part in command):
            raise ConfigurationError(
                f"{where}, [keys] command: got {command!r}; allowed: a program and its arguments, as "
                '["/usr/bin/kms", "--quiet"]'
            )
        if (kms == PROCESS) != bool(command):
            raise ConfigurationError(
                f"{where}, [keys]: kms = {PROCESS!r} and command go together: set both, or none"
            )
        timeout_s = table.get("timeout_s", cls().timeout_s)
        if (
            isinstance(timeout_s, bool)
            or not isinstance(timeout_s, int | float)
            or not 0 < timeout_s <= _LONGEST_TIMEOUT_S
        ):
            raise ConfigurationError(
                f"{where}, [keys] timeout_s: got {timeout_s!r}; allowed: above 0, up to {_LONGEST_TIMEOUT_S}"
            )
        return cls(str(kms), tuple(command), float(timeout_s))
