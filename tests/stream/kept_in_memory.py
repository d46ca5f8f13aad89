"""A projection as simple as can be: it remembers the offsets it was given, and refuses while it is full."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

from healthtwin.domain.errors import StorageFull
from healthtwin.stream import LogRecord, Source


@dataclass
class Kept:
    offset: int | None = 0
    offsets: list[int] = field(default_factory=list)
    full: bool = False
    name: str = "kept"
    version: int = 1

    def apply(self, batch: Sequence[LogRecord], through_offset: int) -> None:
        if self.full:
            raise StorageFull("no room for what is kept")
        self.offsets += [record.offset for record in batch]
        if self.offset is not None:
            self.offset = through_offset

    def sync(self) -> None:
        pass

    def rebuild(self, source: Source[LogRecord]) -> None:
        self.offsets = [offset for offset in self.offsets if offset <= source.reach().after]
        self.offset = None if self.offset is None else source.reach().after
