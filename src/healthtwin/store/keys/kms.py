"""Who keeps the master key: a file, a passphrase, or a program of somebody else's.

A `Kms` turns a master key into what may lie in the home's `keys/` folder, and back. A key management service
of a clinic fits behind `ProcessKms`: one JSON line in, one out.
"""

from __future__ import annotations

import base64
import binascii
import getpass
import json
import os
import subprocess
import sys
from typing import TYPE_CHECKING, Any, Final, Protocol

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from healthtwin.domain.errors import ConfigurationError, StorageError
from healthtwin.store.keys.envelope import NONCE_BYTES
from healthtwin.store.keys.settings import FILE, PASSPHRASE, PROCESS

if TYPE_CHECKING:
    from collections.abc import Callable

    from healthtwin.store.keys.settings import KeySettings

PASSPHRASE_VARIABLE: Final = "HEALTHTWIN_PASSPHRASE"  # noqa: S105 - the name of a variable
PASSPHRASE_FD_VARIABLE: Final = "HEALTHTWIN_PASSPHRASE_FD"  # noqa: S105 - the name of a variable
SHORTEST_PASSPHRASE: Final = 15
"""Characters: what NIST SP 800-63B-4 asks of a password that stands alone."""

_LONGEST_PASSPHRASE_BYTES: Final = 4_096

_ARGON2: Final = {"time_cost": 3, "memory_cost": 65_536, "parallelism": 4}
"""RFC 9106, second recommended choice: 64 MiB, about a tenth of a second."""

_MOST_ARGON2: Final = {"time_cost": 100, "memory_cost": 4_194_304, "parallelism": 64}
"""What a forged file may ask for."""

_SALT_BYTES: Final = 16
_LONGEST_ANSWER: Final = 65_536


class Kms(Protocol):
    """What turns a master key into what may be written down, and back."""

    kind: str

    def wrap(self, master: bytes, context: str) -> str:
        """What may lie on a disk.

        Args:
            master: the key.
            context: which home's, and which version; `unwrap` must be told the same.

        Raises:
            ConfigurationError, StorageError: it cannot be wrapped now.
        """
        ...

    def unwrap(self, wrapped: str, context: str) -> bytes:
        """What `wrap` was given.

        Raises:
            ConfigurationError: a wrong passphrase, or one that was not told.
            StorageError: whoever has to unwrap it does not, or it was changed.
        """
        ...


class FileKms:
    """The key as it is: that the file is its owner's alone (0600) is all that guards it."""

    kind = FILE

    def wrap(self, master: bytes, context: str) -> str:
        """See `Kms.wrap`."""
        del context
        return base64.b64encode(master).decode()

    def unwrap(self, wrapped: str, context: str) -> bytes:
        """See `Kms.unwrap`."""
        del context
        return _decoded(wrapped)


class PassphraseKms:
    """The key sealed with AES-256-GCM under what Argon2id makes of a passphrase.

    Args:
        passphrase: asked when it is first needed.
    """

    kind = PASSPHRASE

    def __init__(self, passphrase: Callable[[], str]) -> None:
        self._passphrase = passphrase
        self._known: str | None = None

    def wrap(self, master: bytes, context: str) -> str:
        """See `Kms.wrap`."""
        said = self._said()
        if len(said) < SHORTEST_PASSPHRASE:
            raise ConfigurationError(
                f"the passphrase of the keys has {len(said)} characters; it needs at least "
                f"{SHORTEST_PASSPHRASE}"
            )
        salt, nonce = os.urandom(_SALT_BYTES), os.urandom(NONCE_BYTES)
        sealed = AESGCM(_stretched(said, salt, _ARGON2)).encrypt(nonce, master, context.encode())
        told = {**_ARGON2, "salt": salt.hex(), "nonce": nonce.hex(), "sealed": sealed.hex()}
        return json.dumps(told)

    def unwrap(self, wrapped: str, context: str) -> bytes:
        """See `Kms.unwrap`."""
        try:
            told = json.loads(wrapped)
            cost = {name: int(told[name]) for name in _ARGON2}
            salt, nonce, sealed = (bytes.fromhex(told[name]) for name in ("salt", "nonce", "sealed"))
        except (ValueError, KeyError, TypeError) as error:
            raise StorageError(
                f"the master key is damaged ({error!r}); restore the keys from a backup"
            ) from None
        if any(not 0 < cost[name] <= _MOST_ARGON2[name] for name in cost):
            raise StorageError("the master key asks for more memory or time than any that was written here")
        try:
            return AESGCM(_stretched(self._said(), salt, cost)).decrypt(nonce, sealed, context.encode())
        except (InvalidTag, ValueError):
            self._known = None
            raise ConfigurationError(
                f"the passphrase does not open this home's keys; check {PASSPHRASE_VARIABLE}"
            ) from None

    def _said(self) -> str:
        if self._known is None:
            self._known = self._passphrase()
        return self._known


class ProcessKms:
    """A program that wraps and unwraps, started once for each: JSON on one line in, on one line out.

    It reads ``{"op": "wrap"|"unwrap", "context": text, "key"|"wrapped": base64 or what it answered}`` and
    answers ``{"wrapped": text}``, ``{"key": base64}`` or ``{"error": text}``.

    Args:
        command: program and arguments; no shell reads them.
        timeout_s: for one answer.
    """

    kind = PROCESS

    def __init__(self, command: tuple[str, ...], timeout_s: float) -> None:
        self._command = command
        self._timeout_s = timeout_s

    def wrap(self, master: bytes, context: str) -> str:
        """See `Kms.wrap`."""
        answer = self._asked({"op": "wrap", "context": context, "key": base64.b64encode(master).decode()})
        wrapped = answer.get("wrapped")
        if not isinstance(wrapped, str) or not wrapped:
            raise self._trouble('answered without "wrapped"')
        return wrapped

    def unwrap(self, wrapped: str, context: str) -> bytes:
        """See `Kms.unwrap`."""
        key = self._asked({"op": "unwrap", "context": context, "wrapped": wrapped}).get("key")
        if not isinstance(key, str):
            raise self._trouble('answered without "key"')
        return _decoded(key)

    def _asked(self, question: dict[str, str]) -> dict[str, Any]:
        try:
            done = subprocess.run(
                self._command,
                input=json.dumps(question).encode() + b"\n",
                capture_output=True,
                timeout=self._timeout_s,
                check=False,
            )
        except subprocess.TimeoutExpired:
            raise self._trouble(f"gave no answer within {self._timeout_s:g} s") from None
        except OSError as error:
            raise self._trouble(f"cannot be started ({error.strerror})") from None
        if done.returncode:
            raise self._trouble(f"ended with status {done.returncode}{_told_by(done.stderr)}")
        try:
            answer = json.loads(done.stdout[:_LONGEST_ANSWER])
        except ValueError:
            raise self._trouble("answered what is no JSON") from None
        if not isinstance(answer, dict):
            raise self._trouble("answered what is no JSON object")
        if "error" in answer:
            raise self._trouble(f"refused: {answer['error']!s:.200}")
        return answer

    def _trouble(self, what: str) -> StorageError:
        return StorageError(f"the program that keeps the master key, {self._command[0]}, {what}")


def kms_of(kind: str, settings: KeySettings, passphrase: Callable[[], str] | None = None) -> Kms:
    """Whoever keeps keys in this way.

    Raises:
        ConfigurationError: the settings do not say how.
    """
    if kind == FILE:
        return FileKms()
    if kind == PASSPHRASE:
        return PassphraseKms(passphrase or told_passphrase)
    if kind == PROCESS and settings.command:
        return ProcessKms(settings.command, settings.timeout_s)
    raise ConfigurationError(
        f"the keys of this home are kept by {kind!r}, but [keys] in config.toml names no command for it"
    )


def told_passphrase() -> str:
    """The passphrase: from the environment, from an open file descriptor, or asked for at the terminal.

    Raises:
        ConfigurationError: there is none.
    """
    if PASSPHRASE_VARIABLE in os.environ:
        return os.environ[PASSPHRASE_VARIABLE]
    if PASSPHRASE_FD_VARIABLE in os.environ:
        try:
            with os.fdopen(int(os.environ[PASSPHRASE_FD_VARIABLE]), "rb", closefd=False) as told:
                said = told.read(_LONGEST_PASSPHRASE_BYTES).decode("utf-8")
        except (ValueError, OSError) as error:
            raise ConfigurationError(
                f"{PASSPHRASE_FD_VARIABLE}: nothing can be read from it ({error})"
            ) from None
        return said.partition("\n")[0]
    if sys.stdin is not None and sys.stdin.isatty():
        return getpass.getpass("Passphrase of the keys: ")
    raise ConfigurationError(
        f"the keys of this home are sealed by a passphrase: set {PASSPHRASE_VARIABLE}, or "
        f"{PASSPHRASE_FD_VARIABLE} to the number of an open file descriptor"
    )


def _stretched(passphrase: str, salt: bytes, cost: dict[str, int]) -> bytes:
    from argon2.low_level import Type, hash_secret_raw

    return hash_secret_raw(passphrase.encode(), salt, hash_len=32, type=Type.ID, **cost)


def _decoded(text: str) -> bytes:
    try:
        return base64.b64decode(text, validate=True)
    except (binascii.Error, ValueError):
        raise StorageError("a master key is damaged; restore the keys from their backup") from None


def _told_by(stderr: bytes) -> str:
    lines = stderr.decode("utf-8", "replace").strip().splitlines()
    return f": {lines[-1]:.200}" if lines else ""
