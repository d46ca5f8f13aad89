"""The command line as its users run it: a process of its own."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

PROGRAM = str(Path(sys.executable).with_name("healthtwin"))


@dataclass(frozen=True)
class Ran:
    """What came of a command."""

    status: int
    out: str
    err: str

    @property
    def json(self) -> Any:  # noqa: ANN401
        """Stdout, which must be JSON and nothing else."""
        assert self.status == 0, self.err
        return json.loads(self.out)


@dataclass(frozen=True)
class Commands:
    """Runs commands on one home, named by the environment."""

    home: Path

    def __call__(self, *arguments: str | Path, home: Path | None = None) -> Ran:
        environment = {**os.environ, "HEALTHTWIN_HOME": str(home or self.home)}
        done = subprocess.run(
            [PROGRAM, *map(str, arguments)],
            capture_output=True,
            text=True,
            timeout=60,
            env=environment,
            check=False,
        )
        return Ran(done.returncode, done.stdout, done.stderr)


@pytest.fixture
def healthtwin(tmp_path: Path) -> Commands:
    """`healthtwin …` on a home that does not exist yet."""
    return Commands(tmp_path / "home")


@pytest.fixture(scope="session")
def inhabited(tmp_path_factory: pytest.TempPathFactory) -> Commands:
    """`healthtwin …` on a home with one person in it, for commands that change nothing."""
    commands = Commands(tmp_path_factory.mktemp("inhabited") / "home")
    assert commands("person", "add", "--name", "Ada", "--timezone", "UTC").status == 0
    return commands


@pytest.fixture
def ada(healthtwin: Commands) -> str:
    """Id of a person in that home."""
    added = healthtwin("person", "add", "--name", "Ada", "--timezone", "Europe/London", "--json").json
    assert isinstance(added["id"], str)
    return added["id"]
