"""Master keys on the disk: one file for each version, `master-N.json`, in the form that the KMS gives it."""

from __future__ import annotations

import json
import os
import re
import stat
from typing import TYPE_CHECKING, Final

from healthtwin.domain.errors import ConfigurationError, CorruptStorage, StorageError
from healthtwin.store.keys.envelope import KEY_BYTES
from healthtwin.store.keys.kms import Kms, kms_of

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from healthtwin.store.keys.settings import KeySettings

FORMAT: Final = 1
OWNER_ONLY: Final = 0o600

_NAME: Final = re.compile(r"master-(\d{1,9})\.json")
_OTHERS: Final = stat.S_IRWXG | stat.S_IRWXO


class Masters:
    """The master keys of one home; each is unwrapped once, when it is first needed.

    Args:
        folder: where they lie.
        settings: who keeps those that are made from now on; a file says itself who keeps its key.
        passphrase: asked for the passphrase of those that have one; None: environment or terminal.
    """

    def __init__(
        self, folder: Path, settings: KeySettings, passphrase: Callable[[], str] | None = None
    ) -> None:
        self._folder = folder
        self._settings = settings
        self._passphrase = passphrase
        self._known: dict[int, bytes] = {}
        self._kept_by: dict[str, Kms] = {}

    def versions(self) -> list[int]:
        """Those that lie there, ascending."""
        found = (_NAME.fullmatch(path.name) for path in self._folder.iterdir())
        return sorted(int(match[1]) for match in found if match)

    def path(self, version: int) -> Path:
        """The file of one."""
        return self._folder / f"master-{version}.json"

    def make(self, version: int, tenant: bytes, passphrase: Callable[[], str] | None = None) -> None:
        """A new one, durable and read back on return: file and folder are synced.

        Args:
            version: its number. tenant: id of the home.
            passphrase: asked instead of the one that opened the others; None: the same.
        """
        master = os.urandom(KEY_BYTES)
        kind = self._settings.kms
        kms = self._kms(kind) if passphrase is None else kms_of(kind, self._settings, passphrase)
        context = _context(version, tenant)
        wrapped = kms.wrap(master, context)
        if kms.unwrap(wrapped, context) != master:
            raise StorageError(
                "whoever keeps the master key gives back another than was given; nothing changed"
            )
        told = {"format": FORMAT, "version": version, "kms": kind, "wrapped": wrapped}
        write_secret(self.path(version), (json.dumps(told, indent=2) + "\n").encode())
        if passphrase is not None:
            self._kept_by[kind] = kms
        self._known[version] = master

    def load(self, version: int, tenant: bytes) -> bytes:
        """One that lies there.

        Raises:
            ConfigurationError: it is not there, not its owner's alone, or the passphrase is wrong.
            StorageError: it cannot be unwrapped.
        """
        known = self._known.get(version)
        if known is None:
            told = self._told(version)
            known = self._kms(str(told["kms"])).unwrap(str(told["wrapped"]), _context(version, tenant))
            if len(known) != KEY_BYTES:
                raise CorruptStorage(
                    f"{self.path(version)}: holds no key; restore the keys from their backup"
                )
            self._known[version] = known
        return known

    def kept_by(self, version: int) -> str:
        """Who keeps it: ``file``, ``passphrase`` or ``process``."""
        return str(self._told(version)["kms"])

    def destroy(self, version: int) -> None:
        """It is gone from the disk, as far as a file can be overwritten, and from memory."""
        self._known.pop(version, None)
        path = self.path(version)
        try:
            with path.open("r+b") as file:
                file.write(bytes(path.stat().st_size))
                file.flush()
                os.fsync(file.fileno())
            path.unlink()
        except FileNotFoundError:
            return
        _sync_folder(self._folder)

    def _kms(self, kind: str) -> Kms:
        if kind not in self._kept_by:
            self._kept_by[kind] = kms_of(kind, self._settings, self._passphrase)
        return self._kept_by[kind]

    def _told(self, version: int) -> dict[str, object]:
        path = self.path(version)
        try:
            with path.open("rb") as file:
                mode = os.fstat(file.fileno()).st_mode
                content = file.read()
        except FileNotFoundError:
            raise ConfigurationError(
                f"{path}: the master key is missing; bring it back with `healthtwin keys restore`"
            ) from None
        except OSError as error:
            raise ConfigurationError(f"{path}: cannot be read ({error.strerror})") from None
        if mode & _OTHERS:
            raise ConfigurationError(f"{path}: others may read it; set it right with chmod 600 {path}")
        try:
            told = json.loads(content)
            if told["format"] > FORMAT:
                raise ConfigurationError(f"{path}: made by a later healthtwin")
            str(told["kms"]), str(told["wrapped"])
        except (ValueError, KeyError, TypeError):
            raise CorruptStorage(f"{path}: damaged; restore the keys from their backup") from None
        return dict(told)


def is_master(name: str) -> bool:
    """Whether this is the name of such a file."""
    return _NAME.fullmatch(name) is not None


def write_secret(path: Path, content: bytes) -> None:
    """Write a small file for its owner alone; after a power cut it is there whole or not at all."""
    partial = path.with_name(path.name + ".partial")
    partial.unlink(missing_ok=True)
    handle = os.open(partial, os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_CLOEXEC, OWNER_ONLY)
    with os.fdopen(handle, "wb") as file:
        file.write(content)
        file.flush()
        os.fsync(file.fileno())
    partial.replace(path)
    _sync_folder(path.parent)


def _context(version: int, tenant: bytes) -> str:
    return f"healthtwin/{tenant.hex()}/{version}"


def _sync_folder(folder: Path) -> None:
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
