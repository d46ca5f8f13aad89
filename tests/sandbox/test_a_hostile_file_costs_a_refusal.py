"""Whatever a file does to its reader costs a clear refusal, leaves nothing behind, and ends nothing else."""

from __future__ import annotations

import gzip
import io
import os
import socket
import subprocess
import sys
import time
import zipfile
import zlib
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

import pytest

from healthtwin.domain.errors import MalformedInput, TooLarge, Unparsable
from healthtwin.sandbox import Limits, parsed

if TYPE_CHECKING:
    from collections.abc import Iterator

MEBIBYTE: Final = 1024 * 1024
SHORT: Final = Limits(
    wall_s=5, cpu_s=1, memory_bytes=128 * MEBIBYTE, file_bytes=4 * MEBIBYTE, answer_bytes=MEBIBYTE
)


@pytest.fixture(autouse=True)
def _no_folder_is_left(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    folders = tmp_path / "temporary"
    folders.mkdir()
    monkeypatch.setattr("tempfile.tempdir", str(folders))
    yield
    assert list(folders.iterdir()) == []


def read(name: str, content: bytes | Path = b"", limits: Limits = SHORT, **options: object) -> Any:  # noqa: ANN401
    return parsed(f"tests.sandbox.hostile_parsers:{name}", content, name="it", limits=limits, options=options)


def test_what_is_right_comes_back_by_bytes_and_by_file(tmp_path: Path) -> None:
    large = os.urandom(900_000)
    path = tmp_path / "large"
    path.write_bytes(large)
    assert read("size", b"abc", unit="B") == {"bytes": 3, "options": {"unit": "B"}}
    assert read("whole", large) == read("whole", path) == large
    with pytest.raises(MalformedInput, match="none: got"):
        read("size", tmp_path / "none")


def test_it_sees_an_empty_environment_and_a_folder_of_its_own(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HEALTHTWIN_HOME", "/secret")
    around = read("surroundings")
    assert set(around["environment"]) <= {
        "TMPDIR",
        "OMP_NUM_THREADS",
        "OPENBLAS_NUM_THREADS",
        "LC_CTYPE",
    }
    assert "healthtwin-sandbox-" in around["folder"]
    assert around["note"] == "mine"
    assert not Path(around["folder"]).exists()


def test_what_a_parser_finds_wrong_is_told_as_if_it_ran_here() -> None:
    with pytest.raises(MalformedInput, match=r"line 3: got .*; allowed: text") as told:
        read("malformed")
    assert not isinstance(told.value, Unparsable)
    with pytest.raises(TooLarge):
        read("packed", gzip.compress(bytes(2 * MEBIBYTE)))


def zip_bomb() -> bytes:
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as archive:
        for number in range(4):
            archive.writestr(f"f{number}", bytes(128 * MEBIBYTE))
    return packed.getvalue()


def zip_slip() -> bytes:
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("large", bytes(8 * MEBIBYTE))
    return packed.getvalue()


PNG: Final = (
    b"\x89PNG\r\n\x1a\n\x00\x00\x00\rIHDR"
    + (100_000).to_bytes(4, "big") * 2
    + b"\x08\x06\x00\x00\x00"
    + bytes(4)
)
PDF: Final = b"%PDF-1.7\n1 0 obj\n" + b"[" * 200_000 + b"]" * 200_000 + b"\nendobj"


@pytest.mark.parametrize(
    ("parser", "content", "why"),
    [
        ("zipped", zip_bomb(), "memory"),
        ("zipped_to_disk", zip_slip(), "failed"),
        ("inflated", zlib.compress(bytes(512 * MEBIBYTE), 1), "memory"),
        ("picture", PNG, "memory"),
        ("document", PDF, "nested"),
        ("nested", b"[" * 200_000, "nested"),
        ("hog", b"", "memory"),
        ("spin", b"", "too long"),
        ("fork", b"", "none needs"),
        ("call", b"", "none needs"),
        ("look_up", b"", "none needs"),
        ("native", b"", "none needs"),
        ("end_the_parent", b"", "none needs"),
        ("raise_limits", b"", "none needs"),
        ("fill_the_disk", b"", "failed"),
        ("many_files", b"", "failed"),
        ("crash", b"", "crashed"),
        ("abort", b"", "crashed"),
        ("leave", b"", "no answer"),
        ("fault", b"", "failed"),
        ("not_json", b"", "failed"),
        ("no_such_parser", b"", "failed"),
    ],
)
def test_it_is_refused_and_says_why(parser: str, content: bytes, why: str) -> None:
    with pytest.raises(Unparsable, match=why) as told:
        read(parser, content)
    assert "Ada" not in str(told.value)


def test_who_sleeps_is_ended_when_the_time_is_up() -> None:
    began = time.monotonic()
    with pytest.raises(Unparsable, match="longer than 1 s"):
        read("sleep", limits=Limits(wall_s=1))
    assert time.monotonic() - began < 4


def test_an_input_that_is_not_read_holds_nobody_up() -> None:
    with pytest.raises(Unparsable, match="longer than 1 s"):
        read("sleep", bytes(4 * MEBIBYTE), limits=Limits(wall_s=1))
    assert read("chatter", bytes(4 * MEBIBYTE)) == "heard"


def test_an_answer_without_an_end_is_cut_off() -> None:
    with pytest.raises(TooLarge, match="more than 1048576 bytes"):
        read("flood", limits=Limits(answer_bytes=MEBIBYTE))


def test_a_fork_that_is_hushed_up_did_not_happen() -> None:
    assert read("forks_and_says_nothing") == "held"


def test_it_reaches_nobody_on_this_machine_either() -> None:
    with socket.create_server(("127.0.0.1", 0)) as server:
        with pytest.raises(Unparsable, match="none needs"):
            read("connect", port=server.getsockname()[1])
        server.setblocking(False)
        with pytest.raises(BlockingIOError):
            server.accept()


@pytest.mark.parametrize("parser", ["write_outside", "remove_outside", "read_outside", "link_outside"])
def test_files_of_others_are_out_of_reach(parser: str, tmp_path: Path) -> None:
    theirs = tmp_path / "theirs"
    theirs.write_text("secret", encoding="utf-8")
    with pytest.raises(Unparsable, match="none needs"):
        read(parser, path=str(theirs))
    assert theirs.read_text(encoding="utf-8") == "secret"


MANY: Final = """
import os
from healthtwin.domain.errors import HealthTwinError
from healthtwin.sandbox import Limits, parsed
before = len(os.listdir("/dev/fd"))
for name in ("size", "crash", "fork", "hog", "sleep", "flood"):
    try:
        limits = Limits(wall_s=1, answer_bytes=1024)
        parsed(f"tests.sandbox.hostile_parsers:{name}", b"x", name="it", limits=limits)
    except HealthTwinError as error:
        print(type(error).__name__)
print(len(os.listdir("/dev/fd")) - before)
try:
    os.waitpid(-1, os.WNOHANG)
except ChildProcessError:
    print("no child")
"""


def test_no_descriptor_and_no_process_is_left() -> None:
    environment = {**os.environ, "PYTHONPATH": os.pathsep.join(sys.path)}
    told = subprocess.run(
        [sys.executable, "-c", MANY], env=environment, capture_output=True, text=True, check=True
    )
    assert told.stdout.split("\n")[:-1] == ["Unparsable"] * 4 + ["TooLarge", "0", "no child"]


def test_it_ends_by_itself_when_who_waits_for_it_was_killed(tmp_path: Path) -> None:
    """An alarm inside it: nobody outside is left to end it."""
    program = (
        "from healthtwin.sandbox import Limits, parsed; "
        "parsed('tests.sandbox.hostile_parsers:sleep', b'', name='it', limits=Limits(wall_s=1))"
    )
    waiting = subprocess.Popen(
        [sys.executable, "-c", program], env={**os.environ, "PYTHONPATH": os.pathsep.join(sys.path)}
    )
    try:
        children = Path(f"/proc/{waiting.pid}/task/{waiting.pid}/children")
        if not children.exists():
            pytest.skip("the system does not tell whose child a process is")
        ends = time.monotonic() + 10
        while not (found := children.read_text(encoding="ascii").split()) and time.monotonic() < ends:
            pass
    finally:
        waiting.kill()
        waiting.wait()
    (orphan,) = found
    while Path(f"/proc/{orphan}").exists() and _state_of(orphan) != "Z":
        assert time.monotonic() < ends + 10
        time.sleep(0.05)


def _state_of(process: str) -> str:
    try:
        return Path(f"/proc/{process}/stat").read_text(encoding="ascii").rpartition(")")[2].split()[0]
    except OSError:
        return "Z"


def test_a_limit_of_nought_is_none() -> None:
    with pytest.raises(ValueError, match="cpu_s"):
        Limits(cpu_s=0)
