"""An answer means "it is on the disk": it waits for the sync, however long that takes."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from concurrent.futures import wait
from pathlib import Path

import pytest

from healthtwin.stream import GroupCommit, SqliteLog
from tests.stream.forgetful_disk import ForgetfulDisk
from tests.stream.heart_step import reading
from tests.stream.test_order_and_lateness import START_MS

DELAY_MS = 30

APPENDS = """
import sys, time
from pathlib import Path
from healthtwin.stream import GroupCommit, NewRecord, SqliteLog

log = SqliteLog(Path(sys.argv[1]))
writer = GroupCommit(log, lambda _: None)
for n in range(15):
    started = time.perf_counter()
    writer.submit([NewRecord("ada", "vitals", n, n, "d", n, 0, b"")]).result()
    print(1e3 * (time.perf_counter() - started))
writer.close()
log.close()
"""


def test_no_answer_comes_before_its_sync_and_the_crowd_shares_the_next(tmp_path: Path) -> None:
    with ForgetfulDisk() as disk:
        log = SqliteLog(tmp_path / "log.db", connect=disk.connect)
        writer = GroupCommit(log, lambda _: None)
        disk.may_sync.clear()
        operations = disk.operations
        first = writer.submit([reading("ada", START_MS, 60.0, sequence=0)])
        while disk.operations == operations or not first.running():
            pass  # until the writer is at work
        others = [writer.submit([reading("ada", START_MS, 60.0, sequence=n)]) for n in range(1, 50)]
        assert not wait([first, *others], timeout=0.2).done
        assert log.head() == 0  # nor does anybody see what is not safe yet
        disk.may_sync.set()
        assert first.result(10)[0].outcome == "new"
        assert {future.result(10)[0].outcome for future in others} == {"new"}
        writer.close()


def test_a_real_process_on_a_real_slow_disk_waits_at_least_as_long(tmp_path: Path) -> None:
    compiler = shutil.which("cc")
    if compiler is None or not sys.platform.startswith("linux"):
        pytest.skip("needs a C compiler named cc, and a dynamic linker that preloads")
    shim = tmp_path / "slow_fsync.so"
    source = Path(__file__).with_name("slow_fsync.c")
    subprocess.run([compiler, "-shared", "-fPIC", "-o", shim, source, "-ldl"], check=True)
    waits_ms: list[list[float]] = []
    for preload in ("", str(shim)):
        finished = subprocess.run(
            [sys.executable, "-c", APPENDS, tmp_path / f"log{len(waits_ms)}.db"],
            env={**os.environ, "LD_PRELOAD": preload, "HEALTHTWIN_FSYNC_MS": str(DELAY_MS)},
            check=True,
            capture_output=True,
            text=True,
        )
        waits_ms.append(sorted(float(line) for line in finished.stdout.split()))
    plain, slow = waits_ms
    assert len(plain) == len(slow) == 15
    assert slow[0] >= DELAY_MS  # not one answer was early
