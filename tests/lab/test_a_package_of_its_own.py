"""The laboratory is a package of its own: a house runs without it and says how to get it."""

from __future__ import annotations

import subprocess
import sys
import zipfile
from pathlib import Path

import pytest

REPOSITORY = Path(__file__).resolve().parents[2]

WITHOUT_IT = "import sys; sys.modules['healthtwin_lab'] = None; from healthtwin.cli import main; main()"
"""A command line on a machine where the package is not installed."""


def run(*arguments: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-c", WITHOUT_IT, *arguments], capture_output=True, text=True, check=False
    )


@pytest.mark.parametrize(
    "arguments", [("evaluate", "baseline"), ("evaluate", "--help"), ("train", "forecast")], ids=" ".join
)
def test_without_it_its_commands_say_how_to_get_it(arguments: tuple[str, ...]) -> None:
    answered = run(*arguments)
    assert answered.returncode == 2
    assert answered.stdout == ""
    (line,) = answered.stderr.splitlines()
    assert f"healthtwin {arguments[0]}" in line
    assert "pip install ./lab" in line


def test_without_it_everything_else_is_there() -> None:
    helped = run("--help")
    assert helped.returncode == 0
    assert "evaluate" in helped.stdout  # named, so that whoever looks for it learns how to get it
    assert run("version").returncode == 0


def test_its_wheel_holds_all_of_it_and_nothing_of_the_product(tmp_path: Path) -> None:
    subprocess.run(
        [sys.executable, "-m", "hatchling", "build", "-t", "wheel", "-d", str(tmp_path)],
        cwd=REPOSITORY / "lab",
        check=True,
        capture_output=True,
    )
    (wheel,) = tmp_path.glob("healthtwin_lab-*.whl")
    held = {name for name in zipfile.ZipFile(wheel).namelist() if ".dist-info/" not in name}
    source = {
        path.relative_to(REPOSITORY / "src").as_posix()
        for path in (REPOSITORY / "src" / "healthtwin_lab").rglob("*.py")
    }
    assert {name for name in held if name.endswith(".py")} == source
    assert {name.split("/")[0] for name in held} == {"healthtwin_lab"}
