"""Programs that run in a copy of the source, which is not the product that is measured."""

from __future__ import annotations

import os


def uncounted() -> dict[str, str]:
    """The environment without coverage: what runs in a copy is not the product that is measured."""
    return {name: value for name, value in os.environ.items() if not name.startswith("COVERAGE_")}
