"""Inside the process that reads what somebody brought: shut in first, then the parser, then one answer.

Two fences. The kernel's: limits of processor time, memory, files and processes, an alarm that ends it even
when nobody waits for it any more, and, where the kernel allows it, a network of its own in which there is
nothing. Python's: an audit hook that refuses sockets, other processes, signals, native libraries, files that
are not the program's own, and anything written outside the folder that was made for this call.

The second holds a parser in Python. Native code that an input takes over is held by the first alone, and has
the rights of the user that the house runs as.
"""

from __future__ import annotations

import json
import os
import resource
import signal
import sys
from contextlib import suppress
from importlib import import_module
from typing import TYPE_CHECKING, Any, Final

if TYPE_CHECKING:
    from collections.abc import Callable

AS_JSON: Final = b"j"
AS_BYTES: Final = b"b"
REFUSED: Final = b"r"
FAILED: Final = b"f"
"""First byte of an answer: a value, bytes, an error about the input, another failure."""

OUT_OF_MEMORY: Final = "memory"
TOO_DEEP: Final = "depth"
NOT_ALLOWED: Final = "not allowed"
FAULT: Final = "fault"
"""Ways in which a parser fails."""

_NEW_USER: Final = 0x10000000
_NEW_NETWORK: Final = 0x40000000
"""CLONE_NEWUSER and CLONE_NEWNET of unshare(2)."""

_WRITES: Final = os.O_WRONLY | os.O_RDWR | os.O_CREAT | os.O_TRUNC | os.O_APPEND
_NEVER: Final = (
    "ctypes.",
    "ftplib.",
    "http.client.",
    "os.exec",
    "os.fork",
    "os.kill",
    "os.posix_spawn",
    "os.spawn",
    "os.startfile",
    "os.system",
    "pty.",
    "resource.",
    "signal.",
    "smtplib.",
    "socket.",
    "sqlite3.",
    "subprocess.",
    "sys.remote_exec",
    "urllib.",
    "webbrowser.",
)
"""Beginnings of audit events that have no place in a parser."""

_CHANGES_FILES: Final = frozenset(
    f"os.{verb}"
    for verb in (
        "chflags",
        "chmod",
        "chown",
        "link",
        "lockf",
        "mkdir",
        "remove",
        "removexattr",
        "rename",
        "rmdir",
        "setxattr",
        "symlink",
        "truncate",
        "utime",
    )
)
_LOOKS: Final = frozenset({"os.listdir", "os.scandir"})


class NotAllowed(PermissionError):
    """The parser tried what no parser needs."""


def main() -> None:
    """Read the order from the command line, the input from standard input, and write the answer."""
    order: dict[str, Any] = json.loads(sys.argv[1])
    signal.signal(signal.SIGALRM, signal.SIG_DFL)
    signal.alarm(order["wall_s"] + 1)  # also when whoever waits was killed
    answers = os.dup(1)
    nowhere = os.open(os.devnull, os.O_WRONLY)
    os.dup2(nowhere, 1)
    os.dup2(nowhere, 2)  # what a parser prints may be what it read
    _leave_the_network()
    module, _, name = order["function"].partition(":")
    function: Callable[[Any, dict[str, Any]], object] = getattr(import_module(module), name)
    _limit(order)
    sys.addaudithook(_fence(order["folder"]))
    _answer(answers, *_outcome(function, order["options"]))


def _outcome(
    function: Callable[[Any, dict[str, Any]], object], options: dict[str, Any]
) -> tuple[bytes, bytes]:
    from healthtwin.domain.errors import InvalidInput, TooLarge

    try:
        with os.fdopen(0, "rb", closefd=False) as stream:
            found = function(stream, options)
        if isinstance(found, bytes):
            return AS_BYTES, found
        return AS_JSON, json.dumps(found, allow_nan=False).encode()
    except InvalidInput as error:
        value = error.value if isinstance(error.value, str | int | float | None) else repr(error.value)
        told = [type(error).__name__, error.field, value, error.allowed]
        return REFUSED, json.dumps(told).encode("utf-8", "backslashreplace")
    except TooLarge as error:
        return REFUSED, json.dumps([TooLarge.__name__, str(error)]).encode()
    except MemoryError:
        return FAILED, OUT_OF_MEMORY.encode()
    except RecursionError:
        return FAILED, TOO_DEEP.encode()
    except NotAllowed:
        return FAILED, NOT_ALLOWED.encode()
    except BaseException:  # noqa: BLE001 - whatever it is, nothing but its kind of failure leaves
        return FAILED, FAULT.encode()


def _answer(descriptor: int, kind: bytes, body: bytes) -> None:
    left = memoryview(kind + body)
    while left:
        left = left[os.write(descriptor, left) :]
    os._exit(0)  # nothing that a parser left to be run at the end is run


def _leave_the_network() -> None:
    """Into one in which there is nothing, where the kernel has such a thing and lets us."""
    if not sys.platform.startswith("linux"):
        return
    wanted = _NEW_NETWORK if os.geteuid() == 0 else _NEW_NETWORK | _NEW_USER  # which others need to be let
    with suppress(AttributeError, ImportError, OSError):
        import ctypes  # Python has it as os.unshare from 3.12 on

        ctypes.CDLL(None).unshare(wanted)


def _limit(order: dict[str, Any]) -> None:
    wanted = {
        resource.RLIMIT_CORE: 0,
        resource.RLIMIT_FSIZE: order["file_bytes"],
        resource.RLIMIT_NOFILE: order["open_files"],
        resource.RLIMIT_AS: _address_space() + order["memory_bytes"],
    }
    if hasattr(resource, "RLIMIT_NPROC"):
        wanted[resource.RLIMIT_NPROC] = 0  # the superuser is above it, and held by the hook
    with suppress(OSError, ValueError):  # first told so by a signal, then killed
        resource.setrlimit(resource.RLIMIT_CPU, (order["cpu_s"], order["cpu_s"] + 1))
    for kind, most in wanted.items():
        _, hard = resource.getrlimit(kind)
        bound = most if hard == resource.RLIM_INFINITY else min(most, hard)
        with suppress(OSError, ValueError):  # not every system knows each
            resource.setrlimit(kind, (bound, bound))


def _address_space() -> int:
    """Bytes that the program itself takes; a guess where the system does not tell."""
    try:
        with open("/proc/self/statm", encoding="ascii") as told:  # noqa: PTH123 - nothing more is loaded for it
            return int(told.read().split()[0]) * resource.getpagesize()
    except OSError:
        return 1024 * 1024 * 1024


def _fence(folder: str) -> Callable[[str, tuple[Any, ...]], None]:
    own = os.path.realpath(folder)
    places = {os.path.realpath(each) for each in (*sys.path, sys.prefix, sys.base_prefix) if each}
    readable = (own, *sorted(places))

    def within(path: object, roots: tuple[str, ...]) -> bool:
        if isinstance(path, int):
            return True  # opened before
        real = os.path.realpath(os.fsdecode(path or "."))  # type: ignore[arg-type]
        return any(real == root or real.startswith(root.rstrip(os.sep) + os.sep) for root in roots)

    def judge(event: str, arguments: tuple[Any, ...]) -> None:
        if event == "open":
            path, _, flags = arguments
            writes = bool(int(flags or 0) & _WRITES)
            if not within(path, (own,) if writes else readable):
                raise NotAllowed("a file that is not its own")
        elif event in _CHANGES_FILES:
            if not all(within(path, (own,)) for path in arguments if isinstance(path, str | bytes)):
                raise NotAllowed("a change outside of its folder")
        elif event in _LOOKS:
            if not within(arguments[0], readable):
                raise NotAllowed("a folder that is not its own")
        elif event.startswith(_NEVER):
            raise NotAllowed(event)

    return judge
