"""Free space on the disk, watched so that a full disk is refused early instead of failing half-way."""

from __future__ import annotations

import errno
import os
from contextlib import contextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from healthtwin.domain.errors import StorageFull

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

MEBIBYTE: Final = 1024 * 1024

DEFAULT_RESERVE_BYTES: Final = 256 * MEBIBYTE
"""Kept free for write-ahead logs, their checkpoints and people's commands while readings are refused."""


@dataclass(frozen=True, slots=True)
class Space:
    """What the disk has left.

    Attributes:
        free_bytes: available to this user.
        reserve_bytes: below this, new data is refused.
    """

    free_bytes: int
    reserve_bytes: int

    @property
    def enough(self) -> bool:
        """Whether new data is taken.

        >>> Space(free_bytes=10, reserve_bytes=20).enough
        False
        """
        return self.free_bytes >= self.reserve_bytes


@contextmanager
def full_disk_refused(folder: Path) -> Iterator[None]:
    """Within it, a write of plain files that finds the disk full is raised in our words."""
    try:
        yield
    except OSError as error:
        if error.errno not in (errno.ENOSPC, errno.EDQUOT):
            raise
        raise StorageFull(f"{folder}: no space left on the disk; free some, then try again") from error


class SpaceGuard:
    """Asks the disk a home lies on how much is free; one question takes microseconds.

    Args:
        path: any folder on that disk.
        reserve_bytes: kept free.
    """

    def __init__(self, path: Path, reserve_bytes: int = DEFAULT_RESERVE_BYTES) -> None:
        self._path = path
        self._reserve_bytes = reserve_bytes

    def space(self) -> Space:
        """What is free now, for `/health`."""
        disk = os.statvfs(self._path)
        return Space(disk.f_bavail * disk.f_frsize, self._reserve_bytes)

    def require(self, bytes_needed: int = 0) -> None:
        """Refuse when writing so much would eat into the reserve.

        Raises:
            StorageFull: saying what is free and what must be.
        """
        space = self.space()
        if space.free_bytes - bytes_needed < space.reserve_bytes:
            raise StorageFull(
                f"{self._path}: {space.free_bytes // MEBIBYTE} MiB free; "
                f"{(space.reserve_bytes + bytes_needed) // MEBIBYTE} MiB needed before new data is taken"
            )


SPARE_FILE: Final = "spare-room"
SPARE_BYTES: Final = 4 * MEBIBYTE
"""SQLite makes files beside each database before it reads one: on a disk that others filled to the last byte
nothing could even be looked at. So much is kept, and given back for a start that would fail without it."""


class SpareRoom:
    """A file that takes up room, to be removed when there is no other left.

    Args:
        folder: where it lies.
        name: of the file. size: in bytes.
    """

    def __init__(self, folder: Path, name: str = SPARE_FILE, size: int = SPARE_BYTES) -> None:
        self._file = folder / name
        self._size = size

    def keep(self, guard: SpaceGuard) -> None:
        """Have it, where there is room enough; nobody minds when there is not."""
        if self._file.exists() or not guard.space().enough:
            return
        try:
            self._file.write_bytes(os.urandom(self._size))  # so that no file system makes less of it
        except OSError:
            self._file.unlink(missing_ok=True)

    def release(self) -> bool:
        """Give it up; False when there is none."""
        try:
            self._file.unlink()
        except OSError:
            return False
        return True
