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
