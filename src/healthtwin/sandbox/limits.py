"""What a parser may use up before it is ended."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

MEBIBYTE: Final = 1024 * 1024


@dataclass(frozen=True, slots=True)
class Limits:
    """What one call may use.

    Attributes:
        wall_s: seconds from start to answer; cpu_s: seconds of a processor.
        memory_bytes: address space beyond what the program itself takes.
        file_bytes: the largest file it may write, into its own folder.
        open_files: at a time.
        answer_bytes: what it may give back.
    """

    wall_s: int = 20
    cpu_s: int = 10
    memory_bytes: int = 512 * MEBIBYTE
    file_bytes: int = 64 * MEBIBYTE
    open_files: int = 32
    answer_bytes: int = 16 * MEBIBYTE

    def __post_init__(self) -> None:
        """Every limit is a limit.

        Raises:
            ValueError: one is nought or less.
        """
        for name in self.__slots__:
            if getattr(self, name) <= 0:
                raise ValueError(f"{name} must be above 0")
