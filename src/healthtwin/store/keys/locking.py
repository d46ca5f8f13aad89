"""Being the only one who makes or rotates keys."""

from __future__ import annotations

import os
import time
from contextlib import contextmanager
from typing import TYPE_CHECKING, Final

from healthtwin.domain.errors import StorageBusy

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

_LOOK_AGAIN_S: Final = 0.02


@contextmanager
def keys_locked(folder: Path, wait_s: float = 0.0) -> Iterator[None]:
    """Be the one process that makes or rotates keys in a folder, until the block ends or the process dies.

    Raises:
        StorageBusy: another process was, for all this time; with its process id.
    """
    import fcntl

    ends = time.monotonic() + wait_s
    file = os.open(folder / "lock", os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
    try:
        while True:
            try:
                fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
                break
            except BlockingIOError:
                if time.monotonic() >= ends:
                    owner = os.pread(file, 32, 0).decode("ascii", "replace").strip() or "unknown"
                    raise StorageBusy(
                        f"{folder}: keys are being made or rotated (process {owner}); wait for it"
                    ) from None
                time.sleep(_LOOK_AGAIN_S)
        os.ftruncate(file, 0)
        os.pwrite(file, f"{os.getpid()}\n".encode(), 0)
        yield
    finally:
        os.close(file)
