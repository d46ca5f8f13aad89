"""The keys of a home in one file of their own, and back; no archive of the data ever holds them.

The file is a ZIP: `keys.db` as of one moment, the master keys as they lie in the home, and a manifest with
their SHA-256 sums. With the keys travels the list of erasures: whoever was erased before the copy was made
stays so.
"""

from __future__ import annotations

import hashlib
import json
import os
import shutil
import struct
import tempfile
import time
import zipfile
import zlib
from contextlib import closing, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Final

from healthtwin.domain.errors import ConfigurationError, CorruptStorage, InvalidInput
from healthtwin.engines.sqlite import open_alone, open_shared, storage_errors
from healthtwin.store.home import sync_folder
from healthtwin.store.keys.locking import keys_locked
from healthtwin.store.keys.masters import OWNER_ONLY, is_master
from healthtwin.store.keys.store import DATABASE, FOLDER

if TYPE_CHECKING:
    from collections.abc import Iterator

    from healthtwin.store.keys.store import KeyStore

MANIFEST: Final = "keys-manifest.json"
FORMAT: Final = 1

OF_THE_AUDIT: Final = "audit*"
"""What the audit signs with, and how far it reached: they lie in the folder of keys and belong to no copy."""

_LARGEST_BYTES: Final = 2**31
_UNREADABLE: Final = (
    zipfile.BadZipFile,
    zlib.error,
    struct.error,
    EOFError,
    KeyError,
    RuntimeError,
    TypeError,
    ValueError,
)


@dataclass(frozen=True, slots=True)
class KeysCopy:
    """A file with the keys of a home. people: whose. erased: entries in its list of erasures."""

    file: Path
    people: int
    erased: int
    created_ms: int


def back_up_keys(store: KeyStore, file: Path | str) -> KeysCopy:
    """Write the keys into one new file, readable by its owner alone; the home may be served meanwhile.

    Raises:
        InvalidInput: the file exists already, or its folder does not.
        StorageBusy: a rotation is under way.
    """
    target = Path(file).expanduser().absolute()
    if target.exists() or not target.parent.is_dir():
        raise InvalidInput("--out", str(file), "a file that does not exist yet, in a folder that does")
    created_ms = time.time_ns() // 1_000_000
    with keys_locked(store.folder), _folder_beside(target) as copies:
        names = _copy(store.folder, copies)
        told = {
            "format": FORMAT,
            "created_ms": created_ms,
            "tenant": store.tenant.hex(),
            "files": {name: hashlib.sha256((copies / name).read_bytes()).hexdigest() for name in names},
        }
        packed = copies / "packed"
        with packed.open("xb") as raw:
            os.fchmod(raw.fileno(), OWNER_ONLY)
            with zipfile.ZipFile(raw, "w", zipfile.ZIP_DEFLATED) as archive:
                for name in names:
                    archive.write(copies / name, name)
                archive.writestr(MANIFEST, json.dumps(told, indent=2))
            raw.flush()
            os.fsync(raw.fileno())
        packed.rename(target)
    sync_folder(target.parent)
    store.note("backed_up_ms", created_ms)
    status = store.status()
    return KeysCopy(target, int(str(status["people"])), len(store.marks()), created_ms)


def bring_keys(source: Path | str, home: Path) -> None:
    """Put keys where a home has none: out of what `back_up_keys` wrote, or another home's living key store.

    They appear whole or not at all.

    Args:
        source: the file, a home, or its folder of keys. home: the directory.

    Raises:
        ConfigurationError: the home has keys already.
        InvalidInput: there is no such file. CorruptStorage: it is damaged, or no backup of keys.
    """
    target, found = home / FOLDER, Path(source).expanduser().absolute()
    if (target / DATABASE).exists():
        raise ConfigurationError(f"{target}: this home has its keys; nothing is to be restored")
    with _folder_beside(target) as copies:
        if found.is_dir():
            folder = found if (found / DATABASE).exists() else found / FOLDER
            if not (folder / DATABASE).exists():
                raise InvalidInput("keys", str(source), "a backup of keys, or a home that has some")
            with keys_locked(folder):
                _copy(folder, copies)
        elif found.is_file():
            _unpack(found, copies)
        else:
            raise InvalidInput("keys", str(source), "a backup of keys, or a home that has some")
        _require_sound(copies / DATABASE)
        for path in copies.iterdir():
            path.chmod(OWNER_ONLY)
            with path.open("rb") as file:
                os.fsync(file.fileno())
        sync_folder(copies)
        if target.exists():  # of a store that was never made to the end
            for path in target.glob(OF_THE_AUDIT):
                shutil.copy2(path, copies / path.name)
            shutil.rmtree(target)
        copies.rename(target)
    sync_folder(home)


def tenant_of(folder: Path) -> str:
    """Id of the home that a folder of keys belongs to; empty where there are none."""
    path = folder / DATABASE
    if not path.exists():
        return ""
    with storage_errors(path, "read the keys"), closing(open_shared(path, read_only=True)) as database:
        found = database.execute("SELECT value FROM meta WHERE name = 'tenant'").fetchone()
    return "" if found is None else bytes(found[0]).hex()


def marks_in(folder: Path) -> list[bytes]:
    """The list of erasures in a folder of keys."""
    path = folder / DATABASE
    if not path.exists():
        return []
    with storage_errors(path, "read the keys"), closing(open_shared(path, read_only=True)) as database:
        return [
            bytes(mark) for (mark,) in database.execute("SELECT mark FROM erased ORDER BY mark").fetchall()
        ]


def _copy(folder: Path, copies: Path) -> list[str]:
    """As of one moment, since whoever calls this keeps rotations out."""
    names = [DATABASE, *(path.name for path in sorted(folder.iterdir()) if is_master(path.name))]
    path = folder / DATABASE
    with (
        storage_errors(path, "copy the keys"),
        closing(open_shared(path)) as database,
        closing(open_alone(copies / DATABASE)) as copy,
    ):
        database.backup(copy)
        copy.execute("PRAGMA journal_mode=DELETE")
    for name in names[1:]:
        shutil.copyfile(folder / name, copies / name)
    return names


def _unpack(file: Path, copies: Path) -> None:
    try:
        with zipfile.ZipFile(file) as archive:
            told = json.loads(archive.read(MANIFEST))
            if told["format"] > FORMAT:
                raise ConfigurationError(f"{file}: made by a later healthtwin")
            names = dict(told["files"])
            if (
                DATABASE not in names
                or not all(name == DATABASE or is_master(name) for name in names)
                or set(archive.namelist()) != {*names, MANIFEST}
                or sum(each.file_size for each in archive.infolist()) > _LARGEST_BYTES
            ):
                raise CorruptStorage(f"{file}: no backup of keys; use another")
            for name, digest in names.items():
                content = archive.read(name)
                if hashlib.sha256(content).hexdigest() != digest:
                    raise CorruptStorage(f"{file}: {name} is not what was backed up; use another backup")
                (copies / name).write_bytes(content)
    except _UNREADABLE as error:
        raise CorruptStorage(
            f"{file}: damaged, cut off, or no backup of keys ({error}); use another"
        ) from error


def _require_sound(path: Path) -> None:
    with storage_errors(path, "read the keys"), closing(open_alone(path)) as database:
        (verdict,) = database.execute("PRAGMA quick_check(1)").fetchone()
    if verdict != "ok":
        raise CorruptStorage(f"{path.name}: damaged ({verdict}); use another backup of the keys")


@contextmanager
def _folder_beside(target: Path) -> Iterator[Path]:
    """A folder for its owner alone in the same directory as what is to be made; it is gone afterwards."""
    folder = Path(tempfile.mkdtemp(dir=target.parent, prefix=f".{target.name}-"))
    try:
        yield folder
    finally:
        shutil.rmtree(folder, ignore_errors=True)
