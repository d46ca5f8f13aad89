"""A home out of its backup: data from the archive, keys from where they live, and nobody who was erased."""

from __future__ import annotations

import json
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Final

from healthtwin.access import wall_ms
from healthtwin.domain.errors import ConfigurationError, CorruptStorage
from healthtwin.house.erasure import erase_again, finish_on_disk
from healthtwin.store import Home, Tables, restore
from healthtwin.store.home import write_durably
from healthtwin.store.keys import KeySettings, KeyStore, open_keys
from healthtwin.store.keys.copies import bring_keys, tenant_of
from healthtwin.store.keys.opening import SECTION
from healthtwin.store.keys.store import DATABASE, FOLDER

if TYPE_CHECKING:
    from healthtwin.store.archive import Origin

ORIGIN_FILE: Final = "restored.json"
"""In a home that was restored without its keys: whose keys it needs, and who had been erased."""


@dataclass(frozen=True, slots=True)
class Restored:
    """What was done.

    Attributes:
        home: made from the backup.
        keys: where its keys came from; None: it has none yet, and cannot be read.
        erased: ids of people of the backup who were erased since, and are not brought back.
    """

    home: Home
    keys: Path | None
    erased: list[str]


def restore_home(file: Path | str, path: Path | str, keys: Path | None = None) -> Restored:
    """Make a home from a backup. Whoever was erased since it was made is erased before the home appears.

    Args:
        file: what `backup` wrote.
        path: a directory that is absent or empty, or holds nothing but the keys.
        keys: a backup of the keys, or a home that has them; None: those in the directory, else those of the
            home that was backed up, where it lies on this machine.

    Raises:
        ConfigurationError, InvalidInput, CorruptStorage, Conflict: as `healthtwin.store.restore`.
    """
    target = Path(path).expanduser().absolute()
    came_from: list[Path | None] = []
    erased: list[list[str]] = []

    def finish(home: Home, origin: Origin) -> None:
        source = _source_of(keys, target, origin)
        came_from.append(source)
        if not home.encrypted:
            erased.append([] if source is None or not source.is_dir() else _without_keys(home, source))
            return
        if source is None:
            told = {"tenant": origin.tenant, "erased": list(origin.erased)}
            write_durably(home.path / ORIGIN_FILE, json.dumps(told).encode())
            erased.append([])
            return
        bring_keys(source, home.path)
        erased.append(settle(home, origin.tenant, origin.erased))

    home = restore(file, path, finish)
    return Restored(home, came_from[0] if home.encrypted else None, erased[0])


def restore_keys(home: Home, file: Path | str) -> list[str]:
    """Bring the keys of a home back from their backup; ids of people who are erased again.

    Raises:
        ConfigurationError: the home has keys, or these are another home's; it stays without.
        InvalidInput, CorruptStorage: there is no such file, or it is damaged.
    """
    tenant, erased = "", ()
    with suppress(FileNotFoundError):
        told = json.loads((home.path / ORIGIN_FILE).read_text(encoding="utf-8"))
        tenant, erased = str(told["tenant"]), tuple(told["erased"])
    with home.lock():
        bring_keys(file, home.path)
        try:
            again = settle(home, tenant, erased)
        except (ConfigurationError, CorruptStorage):
            _take_away(home)
            raise
        (home.path / ORIGIN_FILE).unlink(missing_ok=True)
    return again


def settle(home: Home, tenant: str, erased: tuple[str, ...]) -> list[str]:
    """With the keys in place: take over the list of erasures of the archive, and erase who is on any list.

    Args:
        home: nobody else has it open. tenant: whose keys it needs; empty where nobody knows.
        erased: the archive's list.
    """
    found = tenant_of(home.path / FOLDER)
    if tenant and found != tenant:
        raise ConfigurationError(f"{home.path}: these keys are of another home and open nothing here")
    with open_keys(home) as opened:
        if isinstance(opened, KeyStore) and erased:
            opened.note_marks(bytes.fromhex(mark) for mark in erased)
    with Tables.of(home) as tables:
        again = erase_again(tables, tables.keys, wall_ms())
        finish_on_disk(home, tables)
    return again


def _source_of(named: Path | None, target: Path, origin: Origin) -> Path | None:
    if named is not None:
        return named
    if (target / FOLDER / DATABASE).exists():
        return target
    lives = Path(origin.home) if origin.home else None
    with suppress(OSError):
        if lives is not None and (not origin.tenant or tenant_of(lives / FOLDER) == origin.tenant):
            return lives if (lives / FOLDER / DATABASE).exists() else None
    return None


def _without_keys(home: Home, source: Path) -> list[str]:
    """Of a backup of before there were keys: erase who was erased since in the home that it comes from."""
    folder = source / FOLDER
    if not (folder / DATABASE).exists():
        return []
    settings = (
        KeySettings.of(Home.open(source).section(SECTION), source) if source.is_dir() else KeySettings()
    )
    with KeyStore(folder, settings) as keys, Tables.of(home) as tables:
        again = erase_again(tables, keys, wall_ms())
        finish_on_disk(home, tables)
    return again


def _take_away(home: Home) -> None:
    """Keys that are not this home's; whoever brought them has them still."""
    for path in (home.path / FOLDER).iterdir():
        path.unlink()
    (home.path / FOLDER).rmdir()
