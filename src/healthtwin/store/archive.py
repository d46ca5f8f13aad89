"""A whole home in one file, and back.

A backup is a ZIP of the home's files, but for its keys, with a manifest of their sizes and SHA-256 sums. It
may be made while the home is being served: each database is copied by SQLite's own backup from a snapshot
that was pinned in one moment, before the first byte was copied: log, state and series belong together.
"""

from __future__ import annotations

import errno
import hashlib
import json
import os
import shutil
import struct
import time
import zipfile
import zlib
from contextlib import ExitStack, closing
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import IO, TYPE_CHECKING, Final

from healthtwin.domain.errors import (
    ConfigurationError,
    CorruptStorage,
    InvalidInput,
    StorageBusy,
    StorageFull,
)
from healthtwin.engines.sqlite import Database, open_alone, open_shared, storage_errors
from healthtwin.store.home import (
    CA_FILE,
    CA_KEY_FILE,
    CONFIG_FILE,
    DATABASES,
    HOME_FILE,
    Home,
    sync_folder,
)
from healthtwin.store.keys.copies import marks_in, tenant_of
from healthtwin.store.keys.store import FOLDER
from healthtwin.store.space import MEBIBYTE, full_disk_refused
from healthtwin.store.working_folder import leave, working_folder

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping

MANIFEST: Final = "manifest.json"
FORMAT: Final = 2
"""Version of the archive's layout; 2 holds the certificate authority that phones trust."""

RECORDS: Final = "records.db"
KEYS: Final = FOLDER
"""What no archive holds: with it, an old backup would bring back whoever was erased since."""

_SMALL_FILES: Final = (HOME_FILE, CONFIG_FILE, CA_FILE, CA_KEY_FILE)
"""With the authority and its key a restored home is trusted by every phone as before. The key makes the
archive no more secret than the health in it does; the server's own certificate is made anew."""

_COMPRESSION_LEVEL: Final = 3
"""Sealed blocks, most of a home, are compressed already."""

_UNREADABLE: Final = (
    zipfile.BadZipFile,
    zlib.error,
    struct.error,
    EOFError,
    KeyError,
    RuntimeError,  # zipfile's word for a password, a method or a version that it does not know
    TypeError,
    ValueError,
)
"""What reading an archive or its manifest raises when they are not what `backup` wrote."""

_PIN_ATTEMPTS: Final = 1_000
"""One takes a fraction of a millisecond; a busy house commits some tens of times a second."""

_CHUNK_BYTES: Final = MEBIBYTE
_LARGEST_MANIFEST_BYTES: Final = 16 * MEBIBYTE
"""Two lines for each person who was ever erased."""


@dataclass(frozen=True, slots=True)
class BackupReport:
    """What a backup holds.

    Attributes:
        file: the archive; file_bytes: its size.
        created_ms: when it was made.
        files: name → size in bytes before compression.
    """

    file: Path
    file_bytes: int
    created_ms: int
    files: Mapping[str, int]


@dataclass(frozen=True, slots=True)
class Origin:
    """Where a backup comes from; none of it is a secret.

    Attributes:
        home: the directory that was backed up. tenant: id of its keys, empty where it had none.
        erased: keyed hashes of the people who had been erased by then.
    """

    home: str = ""
    tenant: str = ""
    erased: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class _Entry:
    """One file, as the manifest describes it."""

    bytes: int
    sha256: str


def backup(home: Home, file: Path | str) -> BackupReport:
    """Write everything in a home into one new file, readable by its owner alone; `serve` may be running.

    Records that live in a PostgreSQL are copied into the file as well.

    Raises:
        InvalidInput: when `file` exists already or its folder does not.
        StorageFull: when the disk has no room for the copy; nothing is left behind.
        CorruptStorage: when a database of the home is damaged.
    """
    target = Path(file).expanduser().absolute()
    if target.exists() or not target.parent.is_dir():
        raise InvalidInput("--out", str(file), "a file that does not exist yet, in a folder that does")
    _require_room(home, target.parent)
    created_ms = time.time_ns() // 1_000_000
    # Everybody else is kept out of the folder (0700), also while the copies lie in it.
    with full_disk_refused(target.parent), working_folder(target, home.path) as copies:
        _copy_databases(home, copies)
        for name in _SMALL_FILES:
            if (home.path / name).exists():
                shutil.copyfile(home.path / name, copies / name)
        archive = copies / "archive"
        entries = _pack(copies, archive, created_ms, _origin_of(home))
        archive.chmod(0o600)
        _sync(archive)
        archive.rename(target)
    sync_folder(target.parent)
    return BackupReport(
        target, target.stat().st_size, created_ms, {name: entry.bytes for name, entry in entries.items()}
    )


def restore(
    file: Path | str, path: Path | str, finish: Callable[[Home, Origin], None] = lambda _home, _origin: None
) -> Home:
    """Make a home again from a backup; it appears whole or not at all.

    Where its settings name a PostgreSQL for the records, they are written there, if it holds none yet.

    Args:
        file: what `backup` wrote.
        path: a directory that is absent or empty, or holds nothing but the keys.
        finish: does what is left in the home before it appears, hearing where it comes from.

    Raises:
        ConfigurationError: when the directory is not empty.
        InvalidInput: when there is no such file.
        CorruptStorage: when the file was damaged, cut off or altered; nothing is left behind.
        Conflict: when the PostgreSQL of its settings holds records already.
    """
    target, source = Path(path).expanduser().absolute(), Path(file).expanduser()
    if target.exists() and (not target.is_dir() or any(each.name != KEYS for each in target.iterdir())):
        raise ConfigurationError(
            f"{target}: not empty; a backup is restored into an empty or a new directory"
        )
    if not source.is_file():
        raise InvalidInput("file", str(file), "a backup file")
    target.parent.mkdir(parents=True, exist_ok=True)
    with working_folder(target) as staging:
        with full_disk_refused(target.parent):
            origin = _unpack(source, staging)
        for name in DATABASES:
            if (staging / name).exists():
                _require_sound(staging / name)
        _records_to_postgresql(Home.open(staging))
        finish(Home.open(staging), origin)
        leave(staging)
        sync_folder(staging)
        if target.exists() and any(target.iterdir()):  # its keys: `finish` has copied them
            former = target.with_name(f"{target.name}.keys-before-{time.time_ns() // 1_000_000}")
            target.rename(former)
            staging.rename(target)
            sync_folder(target.parent)
            shutil.rmtree(former)
        else:
            staging.rename(target)
    sync_folder(target.parent)
    return Home.open(target)


def _copy_databases(home: Home, copies: Path) -> None:
    if not home.records_url.startswith("sqlite:"):
        from healthtwin.store.transfer import transfer

        transfer(home.records_url, f"sqlite:///{copies / RECORDS}")
    names = [name for name in DATABASES if (home.path / name).exists() and not (copies / name).exists()]
    with ExitStack() as open_files:
        databases = {name: open_files.enter_context(closing(open_shared(home.path / name))) for name in names}
        watches = {name: open_files.enter_context(closing(open_shared(home.path / name))) for name in names}
        with storage_errors(home.path):
            _pin(databases, watches)
        for name, database in databases.items():
            with storage_errors(home.path / name), closing(open_alone(copies / name)) as copy:
                database.backup(copy)
                copy.execute("PRAGMA journal_mode=DELETE")  # one file, without companions
            _require_sound(copies / name)


def _pin(databases: Mapping[str, Database], watches: Mapping[str, Database]) -> None:
    """Begin a snapshot of each, all of one moment.

    Had somebody moved on in between, the log might already have been trimmed beyond what the state pinned
    before it knows; so that nothing is missing between the two, the snapshots are taken again.
    """
    for _ in range(_PIN_ATTEMPTS):
        before = _versions(watches)
        for database in databases.values():
            database.execute("BEGIN")
            database.execute("SELECT COUNT(*) FROM sqlite_master").fetchone()  # the snapshot begins here
        if _versions(watches) == before:
            return
        for database in databases.values():
            database.execute("ROLLBACK")
    raise StorageBusy(f"written to without a pause during {_PIN_ATTEMPTS} looks; try again")


def _versions(watches: Mapping[str, Database]) -> list[int]:
    """Numbers that change when somebody else commits."""
    return [watch.execute("PRAGMA data_version").fetchone()[0] for watch in watches.values()]


def _require_sound(path: Path) -> None:
    with storage_errors(path), closing(open_alone(path)) as database:
        (verdict,) = database.execute("PRAGMA quick_check(1)").fetchone()
    if verdict != "ok":
        raise CorruptStorage(f"{path.name}: damaged ({verdict})")


def _require_room(home: Home, folder: Path) -> None:
    needed = sum(2 * (home.path / name).stat().st_size for name in DATABASES if (home.path / name).exists())
    free = shutil.disk_usage(folder).free
    if free < needed:
        raise StorageFull(
            f"{folder}: {free // MEBIBYTE} MiB free; this backup needs up to {needed // MEBIBYTE} MiB"
        )


def _origin_of(home: Home) -> Origin:
    folder = home.path / KEYS
    return Origin(str(home.path), tenant_of(folder), tuple(mark.hex() for mark in marks_in(folder)))


def _pack(copies: Path, archive: Path, created_ms: int, origin: Origin) -> dict[str, _Entry]:
    entries = {}
    with zipfile.ZipFile(archive, "w", zipfile.ZIP_DEFLATED, compresslevel=_COMPRESSION_LEVEL) as packed:
        for name in (*_SMALL_FILES, *DATABASES):
            if (copies / name).exists():
                with (copies / name).open("rb") as source, packed.open(name, "w", force_zip64=True) as into:
                    entries[name] = _stream(source, into)
        told = {
            "format": FORMAT,
            "created_ms": created_ms,
            "origin": asdict(origin),
            "files": {name: asdict(entry) for name, entry in entries.items()},
        }
        packed.writestr(MANIFEST, json.dumps(told, indent=2))
    return entries


def _unpack(file: Path, staging: Path) -> Origin:
    try:
        with zipfile.ZipFile(file) as packed:
            entries, origin = _manifest(packed, file)
            for name, entry in entries.items():
                with packed.open(name) as source, (staging / name).open("xb") as into:
                    if name == CA_KEY_FILE:
                        os.fchmod(into.fileno(), 0o600)
                    found = _stream(source, into, limit=entry.bytes)
                    into.flush()
                    os.fsync(into.fileno())
                if found != entry:
                    raise CorruptStorage(f"{file}: {name} is not what was backed up; use another backup")
    except _UNREADABLE as error:
        raise CorruptStorage(f"{file}: damaged, cut off, or no backup ({error}); use another") from error
    except OSError as error:
        if error.errno != errno.EINVAL:  # a changed byte can send the reader to a place before the file
            raise
        raise CorruptStorage(f"{file}: damaged, cut off, or no backup; use another") from error
    return origin


def _manifest(packed: zipfile.ZipFile, file: Path) -> tuple[dict[str, _Entry], Origin]:
    if packed.getinfo(MANIFEST).file_size > _LARGEST_MANIFEST_BYTES:
        raise CorruptStorage(f"{file}: its manifest is too large to be one")
    told = json.loads(packed.read(MANIFEST))
    if told["format"] > FORMAT:
        raise ConfigurationError(
            f"{file}: made by a later healthtwin (format {told['format']}; this one reads up to {FORMAT})"
        )
    entries = {
        name: _Entry(int(entry["bytes"]), str(entry["sha256"])) for name, entry in told["files"].items()
    }
    known = {*_SMALL_FILES, *DATABASES}
    if (
        HOME_FILE not in entries
        or not set(entries) <= known
        or set(packed.namelist()) != {*entries, MANIFEST}
    ):
        raise CorruptStorage(f"{file}: its files are not the ones of its manifest; use another backup")
    known_of = told.get("origin", {})
    origin = Origin(
        str(known_of.get("home", "")),
        str(known_of.get("tenant", "")),
        tuple(bytes.fromhex(mark).hex() for mark in known_of.get("erased", [])),
    )
    return entries, origin


def move_records(home: Home) -> Path:
    """Bring what stands in the file of a home into the database that its settings name; where it lies then.

    The file is kept under another name. Nobody may serve the home meanwhile.

    Raises:
        ConfigurationError: the settings name no other database, or there is no file.
        Conflict: that database holds records already.
        StorageBusy: the home is being served.
    """
    url = home.storage_settings().records_url
    if not url:
        raise ConfigurationError(f"{home.config_path}: records_url names no database to move records to")
    if not home.records_path.exists():
        raise ConfigurationError(f"{home.records_path}: not there; nothing is to be moved")
    from healthtwin.store.transfer import transfer

    with home.lock():
        transfer(f"sqlite:///{home.records_path}", url)
        kept = home.records_path.with_name(f"{RECORDS}.moved-{time.time_ns() // 1_000_000}")
        home.records_path.rename(kept)
        for left in home.path.glob(f"{RECORDS}-*"):
            left.unlink()
    return kept


def _records_to_postgresql(home: Home) -> None:
    url = home.storage_settings().records_url
    if not url or not home.records_path.exists():
        return
    from healthtwin.store.transfer import transfer

    transfer(f"sqlite:///{home.records_path}", url)
    for left in home.path.glob(f"{RECORDS}*"):
        left.unlink()


def _stream(source: IO[bytes], into: IO[bytes], limit: int | None = None) -> _Entry:
    """Copy to the end, or just beyond `limit` bytes, so that a forged archive cannot fill the disk."""
    digest, count = hashlib.sha256(), 0
    for chunk in _chunks(source):
        digest.update(chunk)
        count += len(chunk)
        into.write(chunk)
        if limit is not None and count > limit:
            break
    return _Entry(count, digest.hexdigest())


def _chunks(source: IO[bytes]) -> Iterator[bytes]:
    while chunk := source.read(_CHUNK_BYTES):
        yield chunk


def _sync(path: Path) -> None:
    with path.open("rb") as file:
        os.fsync(file.fileno())
