"""Starts the process that reads, gives it the input, waits as long as it may take, believes nothing else."""

from __future__ import annotations

import json
import os
import selectors
import signal
import subprocess
import sys
import tempfile
import time
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from healthtwin.domain.errors import InvalidInput, MalformedInput, TooLarge, Unparsable
from healthtwin.sandbox import child
from healthtwin.sandbox.limits import Limits

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

_CHUNK: Final = 64 * 1024
_START: Final = "import sys; sys.path[:] = {path!r}; from healthtwin.sandbox.child import main; main()"

_WHY: Final = {
    child.OUT_OF_MEMORY: "it needs more memory than it may have",
    child.TOO_DEEP: "it is nested too deeply",
    child.NOT_ALLOWED: "it makes its reader do what none needs to",
    child.FAULT: "its reader failed on it",
}


def parsed(
    function: str,
    content: bytes | Path,
    *,
    name: str,
    limits: Limits = Limits(),  # noqa: B008 - frozen
    options: Mapping[str, Any] | None = None,
    refusals: Sequence[type[InvalidInput]] = (),
) -> Any:  # noqa: ANN401 - what the function gave, as JSON
    """Run ``function(stream, options)`` on a file in a process of its own.

    Args:
        function: ``"healthtwin.room.module:name"``, a constant of ours. It gives bytes, or what JSON can say.
        content: bytes, or a file; the process gets an open descriptor, never a path.
        name: what a refusal calls the input.
        options: JSON. Whatever else the function needs.
        refusals: kinds of errors about the input, besides those of `healthtwin.domain.errors`, that the
            function may raise and that are raised again here.

    Raises:
        InvalidInput, MalformedInput: what the function found wrong, and `refusals`.
        TooLarge: the function said so, or its answer is longer than allowed.
        Unparsable: it took too long, too much memory, crashed, or tried what no parser needs.
    """
    with tempfile.TemporaryDirectory(prefix="healthtwin-sandbox-") as folder:
        order = {
            "function": function,
            "folder": folder,
            "options": dict(options or {}),
            **{field: getattr(limits, field) for field in limits.__slots__},
        }
        command = [
            sys.executable,
            "-ISB",
            "-c",
            _START.format(path=[os.path.abspath(each) for each in sys.path]),  # noqa: PTH100 - "" is a place
            json.dumps(order),
        ]
        if isinstance(content, Path):
            with _opened(content) as stream:
                status, answer = _run(command, folder, limits, stream, b"", name)
        else:
            status, answer = _run(command, folder, limits, subprocess.PIPE, content, name)
    return _value_of(status, answer, name, (*refusals, MalformedInput, InvalidInput))


def _opened(path: Path) -> Any:  # noqa: ANN401 - a binary file
    try:
        return path.open("rb")
    except OSError as error:
        raise MalformedInput(path.name, error.strerror or str(error), "a file that can be read") from error


def _run(
    command: list[str],
    folder: str,
    limits: Limits,
    stdin: Any,  # noqa: ANN401 - a file or PIPE
    content: bytes,
    name: str,
) -> tuple[int, bytes]:
    process = subprocess.Popen(  # nosec B603 - our own program, no shell
        command,
        stdin=stdin,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        cwd=folder,
        env={"TMPDIR": folder, "OMP_NUM_THREADS": "1", "OPENBLAS_NUM_THREADS": "1"},
        start_new_session=True,
        close_fds=True,
    )
    try:
        answer = _exchange(process, content, limits, name)
        return process.wait(timeout=5), answer
    except subprocess.TimeoutExpired as error:
        raise _unparsable(name, "its reader does not end") from error
    finally:
        with suppress(ProcessLookupError, PermissionError):
            os.killpg(process.pid, signal.SIGKILL)
        for pipe in (process.stdin, process.stdout):
            if pipe is not None:
                with suppress(OSError):
                    pipe.close()
        process.wait()


def _exchange(process: subprocess.Popen[bytes], content: bytes, limits: Limits, name: str) -> bytes:
    """Write the input and read the answer, whichever the other side is ready for."""
    ends = time.monotonic() + limits.wall_s
    left = memoryview(content)
    answer = bytearray()
    with selectors.DefaultSelector() as waiting:
        assert process.stdout is not None  # noqa: S101  # nosec B101 - a pipe was asked for
        waiting.register(process.stdout, selectors.EVENT_READ)
        if process.stdin is not None:
            os.set_blocking(process.stdin.fileno(), False)
            waiting.register(process.stdin, selectors.EVENT_WRITE)
        while True:
            seconds = ends - time.monotonic()
            if seconds <= 0:
                raise _unparsable(name, f"it takes longer than {limits.wall_s} s to read")
            for key, _ in waiting.select(seconds):
                if key.fileobj is process.stdout:
                    chunk = os.read(key.fd, _CHUNK)
                    if not chunk:
                        return bytes(answer)
                    answer += chunk
                    if len(answer) > limits.answer_bytes + 1:
                        raise TooLarge(f"{name}: what it holds is more than {limits.answer_bytes} bytes")
                else:
                    try:
                        left = left[os.write(key.fd, left[:_CHUNK]) :]
                    except BrokenPipeError:  # it has read enough, or is gone
                        left = left[:0]
                    if not left:
                        waiting.unregister(key.fileobj)
                        process.stdin.close()  # type: ignore[union-attr]  # it is the one that was written to


def _value_of(status: int, answer: bytes, name: str, refusals: Sequence[type[InvalidInput]]) -> Any:  # noqa: ANN401
    kind, body = answer[:1], answer[1:]
    if status != 0:
        raise _unparsable(name, _why_it_ended(status))
    if kind == child.AS_BYTES:
        return body
    if kind == child.FAILED:
        raise _unparsable(name, _WHY.get(body.decode("ascii", "replace"), _WHY[child.FAULT]))
    try:
        told = json.loads(body)
    except (ValueError, RecursionError) as error:
        raise _unparsable(name, "its reader gave no answer") from error
    if kind == child.AS_JSON:
        return told
    raise _refusal(told, name, refusals)


def _refusal(told: Any, name: str, refusals: Sequence[type[InvalidInput]]) -> Exception:  # noqa: ANN401
    """The error that the function raised, if it is one of those that are expected."""
    if isinstance(told, list) and len(told) == 2 and told[0] == TooLarge.__name__:  # noqa: PLR2004
        return TooLarge(str(told[1]))
    if isinstance(told, list) and len(told) == 4:  # noqa: PLR2004 - kind, field, value, allowed
        kinds = {kind.__name__: kind for kind in reversed(refusals)}
        return kinds.get(str(told[0]), MalformedInput)(str(told[1]), told[2], str(told[3]))
    return _unparsable(name, "its reader gave no answer")


def _why_it_ended(status: int) -> str:
    if status in {-signal.SIGXCPU, -signal.SIGALRM}:
        return "it takes too long to read"
    return "its reader crashed on it" if status < 0 else _WHY[child.FAULT]


def _unparsable(name: str, why: str) -> Unparsable:
    return Unparsable(name, why, "a file that its reader gets through within its limits")
