"""The locks hold what pyproject.toml asks for, with hashes, and name no registry."""

from __future__ import annotations

import re
import tomllib
from pathlib import Path
from typing import Any

import pytest
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name
from packaging.version import Version

REPOSITORY = Path(__file__).resolve().parents[2]
LOCKS = ("base", "build", "dev", "lock")
PIN = r"^([A-Za-z0-9._-]+)(?:\[[^\]]+\])?==([^ ;\\]+)"


def pyproject() -> dict[str, Any]:
    return tomllib.loads((REPOSITORY / "pyproject.toml").read_text(encoding="utf-8"))


def text_of(lock: str) -> str:
    return (REPOSITORY / "requirements" / f"{lock}.txt").read_text(encoding="utf-8")


def pins_of(lock: str) -> dict[str, set[Version]]:
    """Locked versions by name; more than one where Python versions need different releases."""
    pins: dict[str, set[Version]] = {}
    for name, version in re.findall(PIN, text_of(lock), re.MULTILINE):
        pins.setdefault(canonicalize_name(name), set()).add(Version(version))
    return pins


def wishes_for(lock: str) -> list[Requirement]:
    project, groups = pyproject()["project"], pyproject()["dependency-groups"]
    extras = project["optional-dependencies"]
    wishes = {
        "base": project["dependencies"],
        "build": groups["build"],
        "dev": [
            *project["dependencies"],
            *(wish for extra in ("audio", "parquet", "pdf", "plots", "postgres") for wish in extras[extra]),
            *groups["dev"],
        ],
        "lock": groups["lock"],
    }[lock]
    return [Requirement(wish) for wish in wishes if isinstance(wish, str)]


@pytest.mark.parametrize("lock", LOCKS)
def test_a_lock_satisfies_every_wish(lock: str) -> None:
    pins = pins_of(lock)
    for wish in wishes_for(lock):
        versions = pins.get(canonicalize_name(wish.name), set())
        assert versions, f"requirements/{lock}.txt lacks {wish.name}: run make lock"
        assert all(version in wish.specifier for version in versions), f"{wish}: run make lock"


def test_a_pin_names_the_extra_that_another_package_asks_for() -> None:
    # An older pip looks at the newest release for `coverage[toml]` before it sees a pin of plain `coverage`,
    # and refuses the whole lock because that release has no hash in it.
    assert re.search(r"^coverage\[toml\]==", text_of("dev"), re.MULTILINE)
    assert re.search(r"^psycopg\[binary\]==", text_of("dev"), re.MULTILINE)


@pytest.mark.parametrize("lock", LOCKS)
def test_every_pin_has_hashes_and_no_address(lock: str) -> None:
    text = text_of(lock)
    blocks = re.split(r"^(?=[A-Za-z0-9])", text, flags=re.MULTILINE)[1:]
    assert blocks
    assert [block.split()[0] for block in blocks if "--hash=sha256:" not in block] == []
    assert "://" not in text


def test_tests_run_on_the_versions_that_are_shipped() -> None:
    dev = pins_of("dev")
    assert {name: dev.get(name) for name in pins_of("base")} == pins_of("base")
