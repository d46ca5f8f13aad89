"""What pip installs is the whole package: code, templates, static files, migrations and data."""

from __future__ import annotations

import subprocess
import sys
import zipfile
from pathlib import Path

import pytest

REPOSITORY = Path(__file__).resolve().parents[2]
SOURCE = REPOSITORY / "src"


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> zipfile.ZipFile:
    folder = tmp_path_factory.mktemp("wheel")
    subprocess.run(
        [sys.executable, "-m", "hatchling", "build", "-t", "wheel", "-d", str(folder)],
        cwd=REPOSITORY,
        check=True,
        capture_output=True,
    )
    (built,) = folder.glob("*.whl")
    return zipfile.ZipFile(built)


def tracked_files() -> set[str]:
    listing = subprocess.run(
        ["git", "ls-files", "-z", "src/healthtwin"], cwd=REPOSITORY, check=True, capture_output=True
    ).stdout.decode()
    return {
        Path(name).relative_to("src").as_posix()
        for name in listing.split("\0")
        if name and (REPOSITORY / name).exists()
    }


def test_every_file_of_the_package_is_in_the_wheel(wheel: zipfile.ZipFile) -> None:
    assert tracked_files() - set(wheel.namelist()) == set()


def test_the_laboratory_is_not_in_it(wheel: zipfile.ZipFile) -> None:
    assert not [name for name in wheel.namelist() if name.startswith("healthtwin_lab")]


def test_the_wheel_carries_its_licence_and_its_command(wheel: zipfile.ZipFile) -> None:
    (information,) = {name.split("/")[0] for name in wheel.namelist() if ".dist-info/" in name}
    assert "Apache License" in wheel.read(f"{information}/licenses/LICENSE").decode()
    assert "not a medical device" in wheel.read(f"{information}/licenses/NOTICE").decode()
    commands = wheel.read(f"{information}/entry_points.txt").decode()
    assert "healthtwin = healthtwin.cli:main" in commands
