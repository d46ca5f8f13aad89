"""An environment belongs to a machine: a tracked one, or a link to one, would replace everybody else's."""

from __future__ import annotations

import subprocess
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]


def git(*arguments: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(["git", *arguments], cwd=ROOT, capture_output=True, text=True, check=False)


@pytest.fixture(autouse=True)
def _in_a_checkout() -> None:
    if git("rev-parse", "--is-inside-work-tree").returncode != 0:
        pytest.skip("no checkout: an unpacked source archive")


def test_nothing_of_an_environment_is_tracked() -> None:
    assert git("ls-files", ".venv*").stdout == ""


def test_an_environment_is_ignored_whether_it_is_a_folder_or_a_link() -> None:
    assert git("check-ignore", "--no-index", ".venv").returncode == 0
    assert git("check-ignore", "--no-index", ".venv-train/bin/python").returncode == 0
