"""Another master key, while everything goes on being read and written; killed at any moment nothing is lost.

1. The new master key is on the disk, read back, file and folder synced, before it wraps anything.
2. New keys are wrapped with it from then on. Both are there: a key says which one wrapped it.
3. All others are wrapped anew, some at a time, until a sweep finds none left; each is opened again.
4. What the file still held of the former wrappings is cleared.
5. The former master key is destroyed last.

A rotation that was cut off is taken up by the next: from step 2 on it is finished, before that begun anew.
"""

from __future__ import annotations

import time
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from healthtwin.store.keys.locking import keys_locked

if TYPE_CHECKING:
    from collections.abc import Callable

    from healthtwin.store.keys.store import KeyStore

_AT_ONCE: Final = 500


@dataclass(frozen=True, slots=True)
class Rotated:
    """What was done.

    Attributes:
        version: of the master key that wraps everything now. keys: how many it wraps.
        resumed: a former rotation was cut off, and was finished by this.
        rotated_ms: when.
    """

    version: int
    keys: int
    resumed: bool
    rotated_ms: int


def rotate(store: KeyStore, new_passphrase: Callable[[], str] | None = None) -> Rotated:
    """Replace the master key; data keys stay, so nothing else is written anew.

    Args:
        store: the keys. Any number of processes may use them meanwhile.
        new_passphrase: asked for the one that seals the new master key; None: the same as before.

    Raises:
        StorageBusy: another rotation is under way.
        ConfigurationError, StorageError: whoever keeps the master key cannot; the former one stays.
    """
    with keys_locked(store.folder):
        store.refresh()
        current = store.current_version()
        masters = store.masters
        for made_in_vain in [each for each in masters.versions() if each > current]:
            masters.destroy(made_in_vain)
        resumed = any(each < current for each in masters.versions())
        if not resumed:
            masters.load(current, store.tenant)
            current += 1
            masters.make(current, store.tenant, new_passphrase)
            store.use(current)
        while store.rewrap(_AT_ONCE):
            pass
        keys = store.require_all_open()
        now_ms = time.time_ns() // 1_000_000
        store.note("rotated_ms", now_ms)
        store.settle()
        for former in [each for each in masters.versions() if each < current]:
            masters.destroy(former)
    return Rotated(current, keys, resumed, now_ms)
