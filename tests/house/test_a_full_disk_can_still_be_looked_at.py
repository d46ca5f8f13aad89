"""A disk that others filled to its last byte: the house starts, shows what it knows, says what is wrong."""

from __future__ import annotations

import os
import subprocess
from typing import TYPE_CHECKING

import pytest

from healthtwin.domain import MINUTE_MS
from healthtwin.domain.errors import StorageFull
from tests.house.a_house import START, house_at_work

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path


@pytest.fixture
def small_disk(tmp_path: Path) -> Iterator[Path]:
    """A file system of 40 MiB of its own."""
    mounted = subprocess.run(
        ["mount", "-t", "tmpfs", "-o", "size=40m", "none", str(tmp_path)], capture_output=True, check=False
    )
    if mounted.returncode:
        pytest.skip("this user may not mount a file system")
    try:
        yield tmp_path
    finally:
        subprocess.run(["umount", "-l", str(tmp_path)], check=True)


def fill(path: Path) -> None:
    file = os.open(path, os.O_CREAT | os.O_WRONLY)
    try:
        while os.write(file, b"x" * 4096):
            pass
    except OSError:
        os.close(file)


def test_a_house_on_a_full_disk_starts_answers_and_takes_readings_again_once_there_is_room(
    small_disk: Path,
) -> None:
    with house_at_work(small_disk / "home") as at:
        (at.path / "config.toml").write_text("[storage]\nreserve_mib = 10\n", encoding="utf-8")
        at.restart()
        ada = at.person()
        at.send(ada, START, heart_rate=70, spo2=79)
        at.house.stop()
        fill(small_disk / "somebody-elses")
        assert os.statvfs(small_disk).f_bavail == 0
        at.start_again()
        health = at.house.operations.health()
        assert (health.status, [fault.part for fault in health.faults]) == ("failing", ["disk"])
        assert [alert.level for alert in at.house.notify.alerts(None, None)] == ["critical"]
        with pytest.raises(StorageFull):
            at.send(ada, START + MINUTE_MS, heart_rate=71)
        (small_disk / "somebody-elses").unlink()
        at.send(ada, START + 2 * MINUTE_MS, heart_rate=72)
        assert at.house.operations.health().status == "ok"
        while not at.house.tidy():
            pass
        assert (at.path / "spare-room").exists(), "for the next time"
