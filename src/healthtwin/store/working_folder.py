"""Folders in which a backup or a restore works, and what is left of one whose process was killed.

Each is readable by its owner alone, carries a mark that its process holds locked, and is noted in its home.
Whoever finds one whose lock is free knows that nobody works in it any more, and removes it: copies of
somebody's health are never forgotten on a disk.
"""

from __future__ import annotations

import logging
import os
import shutil
import tempfile
from contextlib import contextmanager, suppress
from glob import escape
from pathlib import Path
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Iterator

MARK: Final = "healthtwin-works-here"
NOTES: Final = "working-folders"
"""In a home: the folders in which backups of it work, one a line."""

_LOG: Final = logging.getLogger(__name__)


@contextmanager
def working_folder(beside: Path, home: Path | None = None) -> Iterator[Path]:
    """A folder of our own in the same directory as a file that is to be made; it is gone afterwards.

    Args:
        beside: the file, or directory, that is to be made.
        home: of whom it holds copies.
    """
    clear(beside.parent, f".{escape(beside.name)}-*")
    folder = Path(tempfile.mkdtemp(dir=beside.parent, prefix=f".{beside.name}-"))
    held = _lock(folder, make=True)
    try:
        if home is not None:
            _note(home, [*_noted(home), folder])
        yield folder
    finally:
        shutil.rmtree(folder, ignore_errors=True)
        if held is not None:
            os.close(held)
        if home is not None:
            with suppress(OSError):
                _note(home, [each for each in _noted(home) if each != folder])


def leave(folder: Path) -> None:
    """Take the mark off a folder that becomes what was to be made."""
    (folder / MARK).unlink(missing_ok=True)


def abandoned(home: Path) -> list[Path]:
    """Folders of backups of this home in which nobody works any more."""
    return [folder for folder in _noted(home) if _is_abandoned(folder)]


def clear_abandoned(home: Path) -> None:
    """Remove what killed backups of this home left behind."""
    for folder in abandoned(home):
        _remove(folder)
    with suppress(OSError):
        _note(home, [folder for folder in _noted(home) if folder.exists()])


def clear(parent: Path, pattern: str) -> None:
    """Remove what killed backups or restores left in a directory under such a name."""
    for folder in parent.glob(pattern):
        if _is_abandoned(folder):
            _remove(folder)


def _remove(folder: Path) -> None:
    _LOG.warning("%s was left behind by a backup that was killed; it is removed", folder)
    shutil.rmtree(folder, ignore_errors=True)


def _is_abandoned(folder: Path) -> bool:
    if not (folder / MARK).is_file():
        return False
    held = _lock(folder, make=False)
    if held is None:
        return False
    os.close(held)
    return True


def _lock(folder: Path, *, make: bool) -> int | None:
    """The mark, locked; None while somebody else holds it."""
    import fcntl

    try:
        file = os.open(folder / MARK, os.O_RDWR | (os.O_CREAT if make else 0) | os.O_CLOEXEC, 0o600)
    except OSError:
        return None
    try:
        fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError:
        os.close(file)
        return None
    return file


def _noted(home: Path) -> list[Path]:
    try:
        lines = (home / NOTES).read_text(encoding="utf-8").splitlines()
    except (OSError, UnicodeDecodeError):
        return []
    return [Path(line) for line in lines if line]


def _note(home: Path, folders: list[Path]) -> None:
    notes = home / NOTES
    if not folders:
        notes.unlink(missing_ok=True)
        return
    notes.write_text("".join(f"{folder}\n" for folder in folders), encoding="utf-8")
