"""An export as one ZIP file, written as it is read: no part of it is ever whole in memory."""

from __future__ import annotations

import os
import zipfile
from contextlib import ExitStack
from pathlib import Path
from typing import TYPE_CHECKING, Final, Protocol

from healthtwin.domain import from_ms
from healthtwin.domain.errors import InvalidInput, StorageError
from healthtwin.house.export.parts import parts_about
from healthtwin.house.export.wanted import Wanted
from healthtwin.store import Tables
from healthtwin.store.people import People
from healthtwin.words import SELF, speaking

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from healthtwin.room import ExportPart
    from healthtwin.store import Home

LEVEL: Final = 2
"""Of DEFLATE: the readings take half as long as at 6, and a fifth more room."""

LOOK_EVERY_BYTES: Final = 4 << 20
"""How much is written between two looks whether the person is still there."""


class Sink(Protocol):
    """Where a file goes; it need not be able to go back."""

    def write(self, data: bytes, /) -> object:
        """Take the next bytes."""
        ...

    def flush(self) -> object:
        """Nothing waits."""
        ...


def write_export(
    home: Home,
    person_id: str,
    wanted: Wanted,
    into: Sink,
    still: Callable[[], None] = lambda: None,
    tables: Tables | None = None,
) -> list[str]:
    """Write everything about a person as a ZIP file.

    Args:
        wanted: from when to when, in which language. into: where it goes, front to back.
        still: raises when the work shall end; asked every few megabytes, and once more at the end.
        tables: of the home, where they stand open.

    Returns:
        The names of the files in it.

    Raises:
        NotFound: no such person, or they were erased meanwhile: what was written so far is nobody's.
    """
    with ExitStack() as opened:
        known = opened.enter_context(Tables.of(home)) if tables is None else tables

        def look() -> None:
            People(known).get(person_id)
            still()

        zone = People(known).get(person_id).profile.timezone
        try:
            with speaking(wanted.language, zone, SELF):
                names = _write(parts_about(home, person_id, wanted, known), into, wanted.made_ms, look)
        except StorageError:
            look()  # what cannot be read any more because they were erased says so
            raise
        look()
    return names


def export_to(home: Home, person_id: str, file: Path | str, wanted: Wanted | None = None) -> list[str]:
    """Write everything about a person into one new ZIP file, readable by its owner alone.

    Returns:
        The names of the files in it.

    Raises:
        InvalidInput: the file exists already, or its folder does not.
        NotFound: no such person, or they were erased while it was written; nothing is left behind.
    """
    target = Path(file).expanduser().absolute()
    if target.exists() or not target.parent.is_dir():
        raise InvalidInput("--out", str(file), "a file that does not exist yet, in a folder that does")
    partial = target.with_name(f".{target.name}.partial")
    try:
        handle = os.open(partial, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
        with os.fdopen(handle, "wb") as raw:
            names = write_export(home, person_id, wanted or Wanted(), raw)
        partial.rename(target)
    finally:
        partial.unlink(missing_ok=True)
    return names


def _write(parts: Iterable[ExportPart], into: Sink, made_ms: int, look: Callable[[], None]) -> list[str]:
    """One file after the other; each bears the day on which all of them were made."""
    names, since_look = [], 0
    stamp = from_ms(made_ms).timetuple()[:6]
    with zipfile.ZipFile(into, "w", zipfile.ZIP_DEFLATED, compresslevel=LEVEL) as packed:  # type: ignore[call-overload]
        for part in parts:
            names.append(part.name)
            entry = zipfile.ZipInfo(part.name, stamp)
            entry.compress_type = zipfile.ZIP_DEFLATED
            entry.external_attr = 0o600 << 16
            with packed.open(entry, "w", force_zip64=True) as file:
                for chunk in part.chunks:
                    file.write(chunk)
                    since_look += len(chunk)
                    if since_look >= LOOK_EVERY_BYTES:
                        look()
                        since_look = 0
    return names
