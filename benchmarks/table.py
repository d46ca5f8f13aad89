"""One row per measure, whatever was measured: what the goal is, what came out, and what a peer took.

A bench prints its own details and, with ``--rows FILE``, leaves its rows there for the common table.
"""

from __future__ import annotations

import json
import os
import platform
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import argparse
    from collections.abc import Sequence


@dataclass(frozen=True, slots=True)
class Row:
    """One measure.

    Attributes:
        measure: what was measured, with its conditions.
        goal: in words; empty where none was set.
        got: the figure with its unit.
        met: None where there is no goal to meet, or where it cannot be judged.
        peer: a peer's figure from the same run; empty where none ran.
    """

    measure: str
    goal: str
    got: str
    met: bool | None
    peer: str = ""

    @property
    def verdict(self) -> str:
        """In one word."""
        return {True: "yes", False: "NO", None: ""}[self.met]


def add_rows_option(parser: argparse.ArgumentParser) -> None:
    """Let the bench leave its rows in a file."""
    parser.add_argument("--rows", type=Path, default=None, help="leave the rows of the common table here")


def leave_rows(rows: Sequence[Row], file: Path | None) -> None:
    """Write rows for `python -m benchmarks`, if it asked for them."""
    if file is not None:
        file.write_text(json.dumps([asdict(row) for row in rows]), encoding="utf-8")


def rows_left_in(file: Path) -> list[Row]:
    """The rows that a bench left; none when it left no file."""
    if not file.exists():
        return []
    return [Row(**row) for row in json.loads(file.read_text(encoding="utf-8"))]


def machine() -> str:
    """What the figures were taken on."""
    model = "unknown processor"
    for line in Path("/proc/cpuinfo").read_text(encoding="utf-8").splitlines():
        if line.startswith("model name"):
            model = line.partition(":")[2].strip()
            break
    cores = len(os.sched_getaffinity(0))
    return f"{cores} cores, {model}, Python {platform.python_version()}"


def load() -> float:
    """Processes that wanted a core during the last minute, on average."""
    return os.getloadavg()[0]


def is_busy() -> bool:
    """Whether somebody else takes so much of the machine that elapsed times say little."""
    return load() > 0.5 * len(os.sched_getaffinity(0))


def table_text(rows: Sequence[Row]) -> str:
    """Rows as a table, which is Markdown too."""
    heads = ("measure", "goal", "got", "met", "peer, same run")
    cells = [heads, *((row.measure, row.goal, row.got, row.verdict, row.peer) for row in rows)]
    widths = [max(len(line[i]) for line in cells) for i in range(len(heads))]
    lines = [
        "| " + " | ".join(cell.ljust(width) for cell, width in zip(line, widths, strict=True)) + " |"
        for line in cells
    ]
    lines.insert(1, "|" + "|".join("-" * (width + 2) for width in widths) + "|")
    return "\n".join(lines)
