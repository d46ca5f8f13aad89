"""Copies of a home in which nobody works any more are removed, wherever they lie; those of others are not."""

from __future__ import annotations

import signal
import subprocess
import sys
from pathlib import Path

from healthtwin.house import examine, open_house
from healthtwin.store import Home, HomeKind, backup, restore
from healthtwin.store.working_folder import working_folder

WORKS = """
import sys, time
from pathlib import Path
from healthtwin.store.working_folder import working_folder
with working_folder(Path(sys.argv[1]), Path(sys.argv[2])) as folder:
    (folder / "records.db").write_bytes(b"somebody's health")
    print(folder, flush=True)
    time.sleep(60)
"""


def at_work(target: Path, home: Path) -> tuple[subprocess.Popen[str], Path]:
    """A process that makes a backup, and the folder that it works in."""
    process = subprocess.Popen(
        [sys.executable, "-c", WORKS, str(target), str(home)], stdout=subprocess.PIPE, text=True
    )
    assert process.stdout is not None
    return process, Path(process.stdout.readline().strip())


def killed(target: Path, home: Path) -> Path:
    process, folder = at_work(target, home)
    process.send_signal(signal.SIGKILL)
    process.communicate()
    assert folder.is_dir()
    return folder


def test_the_next_start_removes_what_a_killed_backup_left_and_a_doctor_sees_it(tmp_path: Path) -> None:
    home = Home.create(tmp_path / "home", HomeKind.LIVE)
    (tmp_path / "elsewhere").mkdir()
    left = killed(tmp_path / "elsewhere" / "twin.zip", home.path)
    assert left.stat().st_mode & 0o077 == 0, "nobody else may look"
    found = [finding for finding in examine(home, verify=False) if not finding.ok]
    assert [finding.what for finding in found] == [left.name]
    house = open_house(home.path)
    house.start()
    house.stop()
    assert not left.exists()
    assert all(finding.ok for finding in examine(home, verify=False))


def test_the_next_backup_removes_it_too_and_spares_one_that_is_being_made(tmp_path: Path) -> None:
    home = Home.create(tmp_path / "home", HomeKind.LIVE)
    left = killed(tmp_path / "twin.zip", home.path)
    process, others = at_work(tmp_path / "other.zip", home.path)
    try:
        backup(home, tmp_path / "twin.zip")
        assert not left.exists()
        assert others.exists()
        home.clear_left_behind()
        assert others.exists()
    finally:
        process.kill()
        process.communicate()
    home.clear_left_behind()
    assert not others.exists()
    assert sorted(path.name for path in tmp_path.iterdir()) == ["home", "twin.zip"]


def test_a_killed_restore_leaves_nothing_for_the_next_one_either(tmp_path: Path) -> None:
    home = Home.create(tmp_path / "home", HomeKind.LIVE)
    backup(home, tmp_path / "twin.zip")
    left = killed(tmp_path / "again", home.path)
    restored = restore(tmp_path / "twin.zip", tmp_path / "again")
    assert not left.exists()
    assert "healthtwin-works-here" not in {path.name for path in restored.path.iterdir()}


def test_a_folder_that_is_not_ours_is_left_alone(tmp_path: Path) -> None:
    home = Home.create(tmp_path / "home", HomeKind.LIVE)
    theirs = tmp_path / ".twin.zip-theirs"
    theirs.mkdir()
    backup(home, tmp_path / "twin.zip")
    assert theirs.exists()


def test_nothing_is_left_of_one_that_ends_by_itself(tmp_path: Path) -> None:
    home = Home.create(tmp_path / "home", HomeKind.LIVE)
    with working_folder(tmp_path / "twin.zip", home.path) as folder:
        assert folder.is_dir()
        assert str(folder) in (home.path / "working-folders").read_text(encoding="utf-8")
    assert not folder.exists()
    assert not (home.path / "working-folders").exists()
