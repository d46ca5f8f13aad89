"""A home: the one directory that holds everything a household's twin knows."""

from __future__ import annotations

import json
import os
import time
import tomllib
from contextlib import contextmanager, suppress
from dataclasses import dataclass, replace
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Final

from healthtwin.domain.errors import ConfigurationError, StorageBusy, StorageError
from healthtwin.engines.sqlite import count_of
from healthtwin.store.settings import StorageSettings
from healthtwin.store.space import MEBIBYTE, SpaceGuard, SpareRoom
from healthtwin.store.working_folder import abandoned, clear_abandoned

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator, Mapping

FORMAT: Final = 2
"""Version of the directory's layout; a home of a later one is refused rather than misread.

2: what it holds about people is encrypted (`healthtwin.store.keys`).
"""

PLAIN_FORMAT: Final = 1

_ENCRYPTING: Final = "encrypting"
"""Stands in the description of a home whose encryption was begun and not finished."""

HOME_FILE: Final = "home.json"
CONFIG_FILE: Final = "config.toml"
ADDRESS_FILE: Final = "address"
"""Where the URL stands under which it was last served."""

CA_FILE: Final = "ca.pem"
CA_KEY_FILE: Final = "ca-key.pem"
TLS_FILE: Final = "tls.pem"
TLS_KEY_FILE: Final = "tls-key.pem"
"""The home's own certificate authority, and the server's certificate that it signed (`LocalAuthority`)."""

DATABASES: Final = ("records.db", "series.db", "state.db", "log.db")

_SET_ASIDE: Final = ".damaged-"
"""Stands in the name of a file that was damaged and made anew; what it still holds may be anybody's."""

_OWNER_ONLY: Final = 0o700


class HomeKind(StrEnum):
    """What a home is for; only a live one may be served as somebody's real twin."""

    LIVE = "live"
    REPLAY = "replay"
    DEMO = "demo"


@dataclass(frozen=True, slots=True)
class Home:
    """One home directory.

    Attributes:
        path: the directory, absolute.
        kind: what it was made for.
        created_ms: when.
        encrypted: whether what comes in is sealed; homes of before there were keys become so by a migration.

    >>> import tempfile
    >>> with tempfile.TemporaryDirectory() as folder:
    ...     home = Home.create(Path(folder) / "house", HomeKind.DEMO)
    ...     Home.open(home.path).kind
    <HomeKind.DEMO: 'demo'>
    """

    path: Path
    kind: HomeKind
    created_ms: int
    encrypted: bool = False

    @classmethod
    def create(cls, path: Path | str, kind: HomeKind | str = HomeKind.LIVE) -> Home:
        """Make a home in a directory that is absent or empty, or holds its settings, for its owner alone.

        Raises:
            ConfigurationError: when something is there already, or the directory cannot be made.
        """
        where = Path(path).expanduser().absolute()
        home = cls(where, HomeKind(kind), time.time_ns() // 1_000_000, encrypted=True)
        try:
            if where.is_dir() and any(path.name != CONFIG_FILE for path in where.iterdir()):
                raise ConfigurationError(
                    f"{where}: not empty; name an empty or a new directory for a new home"
                )
            where.mkdir(mode=_OWNER_ONLY, parents=True, exist_ok=True)
            where.chmod(_OWNER_ONLY)
            _describe(home)
        except OSError as error:
            raise ConfigurationError(f"{where}: a home cannot be made here ({error.strerror})") from error
        return home

    @classmethod
    def open(cls, path: Path | str, *, half_encrypted: bool = False) -> Home:
        """The home in this directory.

        Args:
            path: the directory.
            half_encrypted: also one whose encryption was begun and not finished, for whoever goes on with it.

        Raises:
            ConfigurationError: when there is none, it is damaged, or a later version made it.
        """
        where = Path(path).expanduser().absolute()
        try:
            text = (where / HOME_FILE).read_text(encoding="utf-8")
        except FileNotFoundError:
            raise ConfigurationError(f"{where}: no home here ({HOME_FILE} is missing)") from None
        except (OSError, UnicodeDecodeError) as error:
            raise ConfigurationError(f"{where / HOME_FILE}: cannot be read ({error})") from error
        try:
            told = json.loads(text)
            version, kind, created_ms = int(told["format"]), HomeKind(told["kind"]), int(told["created_ms"])
        except (ValueError, KeyError, TypeError) as error:
            raise ConfigurationError(
                f"{where / HOME_FILE}: damaged ({error!r}); restore it from a backup"
            ) from error
        if version > FORMAT:
            raise ConfigurationError(
                f"{where}: made by a later healthtwin (format {version}; this one reads up to {FORMAT})"
            )
        begun = bool(told.get(_ENCRYPTING))
        if begun and not half_encrypted:
            raise ConfigurationError(
                f"{where}: its encryption was begun and not finished; "
                f"finish it: healthtwin migrate --home {where}"
            )
        return cls(where, kind, created_ms, encrypted=version > PLAIN_FORMAT and not begun)

    @classmethod
    def open_or_create(cls, path: Path | str, kind: HomeKind | str = HomeKind.LIVE) -> Home:
        """The home in this directory, made first when the directory is absent or empty.

        Raises:
            ConfigurationError: as `open` and `create`; also when the home there is of another kind.
        """
        where = Path(path).expanduser().absolute()
        if not (where / HOME_FILE).exists():
            return cls.create(where, kind)
        home = cls.open(where)
        home.require_kind(HomeKind(kind))
        return home

    def is_half_encrypted(self) -> bool:
        """Whether its encryption was begun and not finished."""
        told = json.loads((self.path / HOME_FILE).read_text(encoding="utf-8"))
        return bool(told.get(_ENCRYPTING))

    def note_encrypting(self) -> None:
        """From now on it is half encrypted, and refused to everybody but who finishes that."""
        _describe(replace(self, encrypted=True), **{_ENCRYPTING: True})

    def note_encrypted(self) -> Home:
        """From now on what comes in is sealed; its keys must be there."""
        home = replace(self, encrypted=True)
        _describe(home)
        return home

    def require_kind(self, *allowed: HomeKind) -> None:
        """Refuse to go on in a home of another kind.

        Raises:
            ConfigurationError: saying which kind it is and which would do.
        """
        if self.kind not in allowed:
            raise ConfigurationError(
                f"{self.path}: a {self.kind} home; a {' or '.join(allowed)} home is needed here"
            )

    @property
    def log_path(self) -> Path:
        """Every acknowledged record."""
        return self.path / "log.db"

    @property
    def state_path(self) -> Path:
        """Snapshots of people, and the outbox."""
        return self.path / "state.db"

    @property
    def series_path(self) -> Path:
        """Values over time."""
        return self.path / "series.db"

    @property
    def records_path(self) -> Path:
        """People, devices, tokens, alerts, deliveries; unused when `records_url` names a PostgreSQL."""
        return self.path / "records.db"

    @property
    def config_path(self) -> Path:
        """Optional settings."""
        return self.path / CONFIG_FILE

    @property
    def records_url(self) -> str:
        """What `healthtwin.store.Tables` opens: the URL in the settings, else the file in this home.

        Raises:
            ConfigurationError: the settings name another database, and people stand in the file: they would
                be gone from sight without a word.
        """
        named = self.storage_settings().records_url
        if named and self.records_path.exists() and (hidden := count_of(self.records_path, "people")):
            raise ConfigurationError(
                f"{self.config_path}: records_url names another database, but {self.records_path} holds "
                f"{hidden} people, who would not be seen any more; bring them there with `healthtwin "
                "move-records`, or put that file away"
            )
        return named or f"sqlite:///{self.records_path}"

    def section(self, name: str) -> Mapping[str, object]:
        """One table of `config.toml`, empty when it is not there.

        Raises:
            ConfigurationError: when the file is no TOML, with line and column.
        """
        table = self._told().get(name, {})
        if not isinstance(table, dict):
            raise ConfigurationError(f"{self.config_path}: {name} must be a table: [{name}]")
        return table

    def require_sections(self, known: Collection[str]) -> None:
        """Refuse what nobody reads: a misspelt table would leave its settings at their defaults, unnoticed.

        Raises:
            ConfigurationError: naming what is unknown, and what there is.
        """
        for name in self._told():
            if name not in known:
                tables = ", ".join(f"[{each}]" for each in sorted(known))
                raise ConfigurationError(f"{self.config_path}: unknown table {name!r}; known: {tables}")

    def storage_settings(self) -> StorageSettings:
        """How long things are kept, and where the records live.

        Raises:
            ConfigurationError: naming the key and what is allowed.
        """
        return StorageSettings.of(self.section("storage"), self.config_path)

    def last_address(self) -> str | None:
        """The URL under which it was last served; None when it never was."""
        try:
            return (self.path / ADDRESS_FILE).read_text(encoding="utf-8").strip() or None
        except (OSError, UnicodeDecodeError):
            return None

    def aside(self, path: Path) -> Path:
        """Where a damaged file of this home is put, so that another can be made in its place."""
        return path.with_name(f"{path.name}{_SET_ASIDE}{time.time_ns() // 1_000_000}")

    def set_aside(self) -> list[Path]:
        """Damaged files that lie here, without what belongs to them."""
        return sorted(
            path for path in self.path.glob(f"*{_SET_ASIDE}*") if not path.name.endswith(("-wal", "-shm"))
        )

    def left_behind(self) -> list[Path]:
        """Folders with copies of this home that killed backups left."""
        return abandoned(self.path)

    def clear_left_behind(self) -> None:
        """Remove them."""
        clear_abandoned(self.path)

    def drop_what_was_set_aside(self) -> None:
        """Delete damaged files: nobody can tell whom they still hold, so they do not outlast an erasure.

        Raises:
            StorageError: one could not be deleted.
        """
        for path in self.path.glob(f"*{_SET_ASIDE}*"):
            try:
                path.unlink(missing_ok=True)
            except OSError as error:
                raise StorageError(f"{path}: cannot be deleted ({error})") from error

    def spare_room(self) -> SpareRoom:
        """What is given back when there is no other room left."""
        return SpareRoom(self.path)

    def space_guard(self) -> SpaceGuard:
        """The guard over this home's disk, with the reserve that the settings say."""
        return SpaceGuard(self.path, self.storage_settings().reserve_mib * MEBIBYTE)

    @contextmanager
    def lock(self) -> Iterator[None]:
        """Be the one process that owns the log, until the block ends or the process dies.

        Raises:
            StorageBusy: when another process is, with its process id.
        """
        import fcntl

        file = os.open(self.path / "lock", os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
        try:
            try:
                fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except BlockingIOError:
                owner = os.pread(file, 32, 0).decode("ascii", "replace").strip() or "unknown"
                raise StorageBusy(
                    f"{self.path}: in use by another healthtwin (process {owner}); stop it first"
                ) from None
            with suppress(OSError):  # on a full disk the lock holds all the same; only the number is missing
                os.ftruncate(file, 0)
                os.pwrite(file, f"{os.getpid()}\n".encode(), 0)
            yield
        finally:
            os.close(file)  # gives the lock back too

    def _told(self) -> Mapping[str, object]:
        try:
            return tomllib.loads(self.config_path.read_text(encoding="utf-8"))
        except FileNotFoundError:
            return {}
        except (OSError, ValueError) as error:
            raise ConfigurationError(f"{self.config_path}: cannot be read ({error})") from error


def _describe(home: Home, **more: object) -> None:
    version = FORMAT if home.encrypted else PLAIN_FORMAT
    told = {"format": version, "kind": str(home.kind), "created_ms": home.created_ms, **more}
    write_durably(home.path / HOME_FILE, (json.dumps(told, indent=2) + "\n").encode())


def write_durably(path: Path, content: bytes) -> None:
    """Write a small file so that after a power cut it is either there whole or not at all."""
    partial = path.with_name(path.name + ".partial")
    with partial.open("wb") as file:
        file.write(content)
        file.flush()
        os.fsync(file.fileno())
    partial.replace(path)
    sync_folder(path.parent)


def sync_folder(folder: Path) -> None:
    """Make new and renamed entries of a folder survive a power cut."""
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
