"""How long the fault runs are: short beside the other tests, in full under `make torture`."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Final

import pytest

_MEMORY: Final = Path("/dev/shm")  # noqa: S108 - only ever used below a fresh, private folder


def quick_folder() -> str | None:
    """A folder in memory, for tests in which nothing depends on what a sync does to a real disk."""
    return str(_MEMORY) if os.access(_MEMORY, os.W_OK) else None


def rounds(short: int, full: int) -> list[object]:
    """Parameters for a fault run: always the short one, and the full one marked `torture`.

    >>> rounds(300, 1_000)[0]
    300
    """
    asked_for = os.environ.get("HEALTHTWIN_TORTURE") == "full"
    marks = [
        pytest.mark.torture,
        pytest.mark.skipif(not asked_for, reason="takes long: make torture (HEALTHTWIN_TORTURE=full)"),
    ]
    return [short, pytest.param(full, marks=marks)]
