"""ONNX Runtime's own reporting leaves an identity and a cache behind: where none lies, none was begun."""

import os
import subprocess
import sys
from pathlib import Path

PROGRAM = """
import time
from healthtwin.forecast.shipped import Shipped

models = Shipped()
time.sleep(1)  # reporting begins beside the program, not in it
"""


def test_whoever_loads_the_models_leaves_no_trace(tmp_path: Path) -> None:
    folders = {name: tmp_path / name for name in ("HOME", "TMPDIR", "XDG_CACHE_HOME", "XDG_DATA_HOME")}
    for folder in folders.values():
        folder.mkdir()
    kept = ("PATH", "PYTHONPATH", "VIRTUAL_ENV", "LANG")  # on a build server ONNX Runtime holds its tongue
    environment = {name: value for name, value in os.environ.items() if name in kept}
    environment |= {name: str(folder) for name, folder in folders.items()}

    done = subprocess.run(
        [sys.executable, "-c", PROGRAM], env=environment, capture_output=True, text=True, check=False
    )

    assert done.returncode == 0, done.stderr
    assert [str(path.relative_to(tmp_path)) for path in tmp_path.rglob("*") if path.is_file()] == []
