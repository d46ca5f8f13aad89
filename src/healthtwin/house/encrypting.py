"""A home of before there were keys becomes one whose every word about people is encrypted, if somebody asks.

Each file is converted in transactions of its own and read again before it counts. Until the last is done the
home says that it is half encrypted, and nobody serves it; killed at any moment, the command goes on where it
was.
"""

from __future__ import annotations

import shutil
import time
from collections.abc import Callable, Mapping
from contextlib import ExitStack
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Final

from healthtwin.domain.errors import StorageBusy, StorageFull
from healthtwin.house.erasure import finish_on_disk
from healthtwin.pipeline import Codec
from healthtwin.store import Home, Tables
from healthtwin.store.encrypting import seal_rows
from healthtwin.store.home import DATABASES
from healthtwin.store.keys.opening import SECTION, keys_in
from healthtwin.store.keys.settings import KeySettings
from healthtwin.store.series.encrypting import seal_series
from healthtwin.stream.encrypting import seal_log, seal_state

if TYPE_CHECKING:
    from healthtwin.store.keys import KeyStore

MEBIBYTE: Final = 2**20

_FILES: Final[Mapping[str, Callable[[Path, KeyStore], Mapping[str, int]]]] = {
    "log.db": lambda path, keys: seal_log(path, Codec(keys)),
    "state.db": seal_state,
    "series.db": seal_series,
}
"""What seals each file. The log is first: what is missing in the others is made anew from it."""

_MOVED: Final = "*.moved-*"
"""Files of records that were brought into another database; they are nobody's but the operator's."""


@dataclass(frozen=True, slots=True)
class Migrated:
    """What was done.

    Attributes:
        changed: False: it was encrypted already.
        resumed: it had been begun before.
        counts: of each file, how much of what it holds is encrypted now.
        left_plain: files that are not the home's own to change and still hold everything.
        seconds: how long it took.
    """

    changed: bool
    resumed: bool = False
    counts: Mapping[str, Mapping[str, int]] = field(default_factory=dict)
    left_plain: tuple[str, ...] = ()
    seconds: float = 0.0


def encrypt_home(path: Path | str, tell: Callable[[str], None] = lambda _: None) -> Migrated:
    """Encrypt everything about people in a home that was made before there were keys.

    Args:
        path: of the home; nobody serves it meanwhile.
        tell: hears what is being done.

    Raises:
        StorageBusy: somebody serves it; nothing was changed.
        StorageFull: too little room to write the largest file anew; nothing was changed.
        StorageError: a file could not be read or written; call again when that is mended.
    """
    began = time.monotonic()
    home = Home.open(path, half_encrypted=True)
    if home.encrypted:
        return Migrated(changed=False)
    with ExitStack() as held:
        try:
            held.enter_context(home.lock())
        except StorageBusy as error:
            raise StorageBusy(f"{error}; a home is encrypted while nobody serves it") from None
        resumed = home.is_half_encrypted()
        if not resumed:
            _require_room(home)
            with Tables(home.records_url) as tables:  # rows as this version has them, and nobody half erased
                finish_on_disk(home, tables)
        keys = held.enter_context(keys_in(home, KeySettings.of(home.section(SECTION), home.config_path)))
        home.note_encrypting()
        counts: dict[str, Mapping[str, int]] = {}
        tell("records.db")
        counts["records.db"] = seal_rows(home.records_url, keys)
        for name, seal in _FILES.items():
            if (home.path / name).exists():
                tell(name)
                counts[name] = seal(home.path / name, keys)
        home.drop_what_was_set_aside()
        home.note_encrypted()
    left = tuple(sorted(each.name for each in home.path.glob(_MOVED)))
    return Migrated(True, resumed, counts, left, round(time.monotonic() - began, 3))


def _require_room(home: Home) -> None:
    """Each file is written anew once, beside itself."""
    largest = max((it.stat().st_size for name in DATABASES if (it := home.path / name).exists()), default=0)
    free = shutil.disk_usage(home.path).free
    if free < 3 * largest:
        raise StorageFull(
            f"{home.path}: {free // MEBIBYTE} MiB free; encrypting needs up to {3 * largest // MEBIBYTE} MiB"
        )
