"""A name that shows nothing, or another name than it says, is refused; names of every script are welcome."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from healthtwin.domain import Profile
from healthtwin.domain.errors import InvalidInput
from healthtwin.domain.text import shows
from healthtwin.store import Tables
from healthtwin.store.people import People

if TYPE_CHECKING:
    from pathlib import Path


@pytest.mark.parametrize("name", ["\u200b", "\u00a0", "\u2060\u200d", "Ada\u202egnp.exe", "\u2067Bob\u2069"])
def test_it_is_refused(name: str, tmp_path: Path) -> None:
    assert not shows(name)
    with Tables(f"sqlite:///{tmp_path}/records.db") as tables, pytest.raises(InvalidInput, match="name"):
        People(tables).add(name, Profile("UTC"), 0)


@pytest.mark.parametrize(
    "name", ["Ada", "O'Neil", "José", "محمد", "שרה", "नरेन्द्र", "李小龍", "M.", "x̂", "👩‍⚕️"]
)
def test_names_of_every_script_are_welcome(name: str, tmp_path: Path) -> None:
    with Tables(f"sqlite:///{tmp_path}/records.db") as tables:
        assert People(tables).add(name, Profile("UTC"), 0).name == name
