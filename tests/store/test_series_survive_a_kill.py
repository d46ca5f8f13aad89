import os
import random
import subprocess
import sys
import time
from pathlib import Path

import pytest

from healthtwin.domain import DAY_MS, HOUR_MS
from healthtwin.store import SeriesStore
from tests.store import endless_appender
from tests.store.endless_appender import ROWS_PER_OFFSET, value_of


def kill_again_and_again(path: Path, rounds: int) -> None:
    chance = random.Random(11)
    for _ in range(rounds):
        program = [sys.executable, str(endless_appender.__file__), str(path)]
        with subprocess.Popen(program, stdout=subprocess.PIPE, text=True) as appender:
            assert appender.stdout is not None
            said = [int(appender.stdout.readline())]
            time.sleep(chance.uniform(0, 0.15))
            appender.kill()
            said += [int(line) for line in appender.stdout if line.endswith("\n")]

        with SeriesStore(path) as store:
            rows = (store.offset + 1) * ROWS_PER_OFFSET
            t, v = store.range("ada", 1, 0, 2**50)
            days = store.daily("ada", 1, 0, 2**50)
            assert store.offset >= said[-1], "an append that had returned is lost"
            assert t.tolist() == [n * HOUR_MS // 4 for n in range(rows)]
            assert v.tolist() == [value_of(n) for n in range(rows)]
            assert int(days.count.sum()) == rows
            store.seal(rows * HOUR_MS + 10 * DAY_MS)
            assert store.range("ada", 1, 0, 2**50)[0].tolist() == t.tolist()


def test_a_kill_at_any_moment_loses_and_doubles_nothing(tmp_path: Path) -> None:
    kill_again_and_again(tmp_path / "s.db", rounds=5)


@pytest.mark.torture
def test_hundreds_of_kills_lose_and_double_nothing(tmp_path: Path) -> None:
    kill_again_and_again(
        tmp_path / "s.db", rounds=500 if os.environ.get("HEALTHTWIN_TORTURE") == "full" else 50
    )
