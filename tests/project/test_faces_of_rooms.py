"""The face of a room gives what it says it gives, sorted, and loads nothing before it is asked."""

from __future__ import annotations

import subprocess
import sys
from importlib import import_module

import pytest

FACES = ("access", "house", "intake", "medicines", "notify", "people", "store")


@pytest.mark.parametrize("room", FACES)
def test_every_name_on_the_face_is_there(room: str) -> None:
    package = import_module(f"healthtwin.{room}")
    for name in package.__all__:
        assert getattr(package, name) is not None
    with pytest.raises(AttributeError, match="no attribute 'nonsense'"):
        getattr(package, "nonsense")  # noqa: B009 - a type checker would see that it is missing


def test_looking_at_every_face_loads_neither_arrays_nor_a_database() -> None:
    looked_at = "; ".join(f"import healthtwin.{room}" for room in FACES)
    heavy = "{'numpy', 'scipy', 'sqlalchemy', 'fastapi', 'starlette', 'msgspec'}"
    program = f"import sys; {looked_at}; print(sorted({heavy} & set(sys.modules)))"
    told = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True)
    assert told.stdout.strip() == "[]"
