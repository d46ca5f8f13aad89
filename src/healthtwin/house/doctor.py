"""Looking a home through without changing it: what is whole, what is not, and what to do about it.

May run while the home is being served. Files of a former version are brought up to this one by being
opened, as by a start; else nothing in them changes.
"""

from __future__ import annotations

from contextlib import ExitStack
from typing import TYPE_CHECKING, Final, NamedTuple

from healthtwin.domain.errors import HealthTwinError
from healthtwin.engines.sqlite import whole_or_why_not
from healthtwin.pipeline import Codec
from healthtwin.store import SeriesStore
from healthtwin.store.keys import open_keys
from healthtwin.stream import SqliteLog

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from healthtwin.store import Home
    from healthtwin.store.keys import Keys

TOGETHER: Final = 5_000
"""Records, or blocks, looked through at a time."""

SHOWN: Final = 5
"""Of many that are damaged, so many are named."""

REMEDIES: Final = {
    "log.db": "restore a backup, or go on without what is damaged: the house passes it over",
    "state.db": "stop the house and remove the file: the next start makes it anew from the log",
    "series.db": "stop the house and run: healthtwin rebuild series",
    "records.db": "restore a backup",
}


class Finding(NamedTuple):
    """One thing that was looked at.

    Attributes:
        what: a file, or a part of one. ok: whether it is as it should be.
        detail: how much there is of it, or what is wrong and what to do.
    """

    what: str
    ok: bool
    detail: str


def examine(home: Home, *, verify: bool) -> Iterator[Finding]:
    """Look at everything in a home, one after the other.

    Args:
        home: whose files.
        verify: read them through: every page, every record's checksum and meaning, every block.
    """
    space = home.space_guard().space()
    yield Finding(
        "disk",
        space.enough,
        f"{space.free_bytes >> 20} MiB free, {space.reserve_bytes >> 20} MiB are the reserve"
        + ("" if space.enough else ": new readings are refused; free some space"),
    )
    for path in home.set_aside():
        yield Finding(path.name, False, "was damaged and put aside; remove it once you no longer need it")
    for path in home.left_behind():
        yield Finding(path.name, False, "was left behind by a backup that ended early; remove it")
    for path in (home.log_path, home.state_path, home.series_path, home.records_path):
        if path.exists():
            yield _file(path, verify=verify)
    with ExitStack() as undo:
        try:
            keys = open_keys(home)
            undo.callback(keys.close)
            keys.status()
        except HealthTwinError as error:
            yield Finding("keys", False, str(error))
            return
        if verify and home.log_path.exists():
            yield _records(home.log_path, keys)
        if verify and home.series_path.exists():
            yield _blocks(home.series_path, keys)


def _file(path: Path, *, verify: bool) -> Finding:
    why = whole_or_why_not(path, thorough=verify)
    if why is None:
        return Finding(path.name, True, f"{path.stat().st_size} bytes" + (", every page read" * verify))
    return Finding(path.name, False, f"{why}; {REMEDIES[path.name]}")


def _records(path: Path, keys: Keys) -> Finding:
    what = f"{path.name}, records"
    try:
        with ExitStack() as undo:
            log = SqliteLog(path, decode=Codec(keys).read)
            undo.callback(log.close)
            count, at = 0, log.trimmed_through()
            while records := log.read(at, TOGETHER):
                count, at = count + len(records), records[-1].offset
    except HealthTwinError as error:
        return Finding(what, False, f"{error}; {REMEDIES[path.name]}")
    if not log.damage:
        return Finding(what, True, f"{count} as they were written")
    named = ", ".join(f"{offset} ({why})" for offset, why in list(log.damage.items())[:SHOWN])
    more = f" and {len(log.damage) - SHOWN} more" if len(log.damage) > SHOWN else ""
    return Finding(what, False, f"damaged: {named}{more}; {REMEDIES[path.name]}")


def _blocks(path: Path, keys: Keys) -> Finding:
    what = f"{path.name}, sealed blocks"
    try:
        with SeriesStore(path, keys=keys) as series:
            blocks = series.size().blocks
            at: int | None = 0
            while at is not None:
                at = series.verify(at, TOGETHER)
            damage = dict(series.damage)
    except HealthTwinError as error:
        return Finding(what, False, f"{error}; {REMEDIES[path.name]}")
    if not damage:
        return Finding(what, True, f"{blocks} as they were written")
    named = ", ".join(list(damage)[:SHOWN])
    return Finding(what, False, f"{len(damage)} damaged: {named}; {REMEDIES[path.name]}")
