"""What a command tells: JSON alone on stdout, or lines for people; remarks go to stderr."""

from __future__ import annotations

import json
import sys
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Sequence


def tell_json(value: object) -> None:
    """A value as one line of JSON on stdout."""
    sys.stdout.write(json.dumps(value, ensure_ascii=False) + "\n")
    sys.stdout.flush()


def tell(line: str) -> None:
    """A line on stdout, at once."""
    sys.stdout.write(line + "\n")
    sys.stdout.flush()


def remark(line: str) -> None:
    """A line for people beside the answer."""
    sys.stderr.write(line + "\n")


def tell_table(head: Sequence[str], rows: Sequence[Sequence[object]]) -> None:
    """Rows under a head, columns aligned; a missing value is a dash."""
    texts = [list(head), *(["-" if cell is None else str(cell) for cell in row] for row in rows)]
    widths = [max(len(row[column]) for row in texts) for column in range(len(head))]
    for row in texts:
        tell("  ".join(cell.ljust(width) for cell, width in zip(row, widths, strict=True)).rstrip())
