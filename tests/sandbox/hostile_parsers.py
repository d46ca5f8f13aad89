"""Parsers, and inputs, that would take a house down if they ran inside it."""

from __future__ import annotations

import faulthandler
import io
import json
import os
import socket
import subprocess
import sys
import time
import zipfile
import zlib
from pathlib import Path
from typing import Any, BinaryIO

from healthtwin.domain.bounded import unpacked
from healthtwin.domain.errors import MalformedInput

Options = dict[str, Any]


def size(stream: BinaryIO, options: Options) -> object:
    return {"bytes": len(stream.read()), "options": options}


def whole(stream: BinaryIO, _: Options) -> object:
    return stream.read()


def surroundings(_: BinaryIO, __: Options) -> object:
    Path("note").write_text("mine", encoding="utf-8")
    return {
        "environment": dict(os.environ),
        "folder": str(Path.cwd()),
        "note": Path("note").read_text("utf-8"),
    }


def malformed(_: BinaryIO, __: Options) -> object:
    raise MalformedInput("line 3", "\udcff", "text")


def packed(stream: BinaryIO, _: Options) -> object:
    return unpacked(stream.read(), 1024 * 1024)


def zipped(stream: BinaryIO, _: Options) -> object:
    """Believes every member, as a careless parser does."""
    with zipfile.ZipFile(io.BytesIO(stream.read())) as archive:
        return sum(len(archive.read(name)) for name in archive.namelist())


def zipped_to_disk(stream: BinaryIO, _: Options) -> object:
    with zipfile.ZipFile(io.BytesIO(stream.read())) as archive:
        archive.extractall(".")
    return "unpacked"


def picture(stream: BinaryIO, _: Options) -> object:
    """Believes the size in the head of a PNG, as a careless decoder does."""
    head = stream.read()
    width, height = (int.from_bytes(head[at : at + 4], "big") for at in (16, 20))
    return len(bytearray(width * height * 4))


def document(stream: BinaryIO, _: Options) -> object:
    """Descends into arrays of a PDF by recursion."""
    text = stream.read()

    def depth(at: int) -> int:
        return 1 + depth(at + 1) if text[at : at + 1] == b"[" else 0

    return depth(text.index(b"["))


def nested(stream: BinaryIO, _: Options) -> object:
    return json.loads(stream.read())


def spin(_: BinaryIO, __: Options) -> object:
    while True:
        pass


def sleep(_: BinaryIO, __: Options) -> object:
    time.sleep(3_600)
    return None


def hog(_: BinaryIO, __: Options) -> object:
    kept = []
    while True:
        kept.append(bytearray(32 * 1024 * 1024))


def fork(_: BinaryIO, __: Options) -> object:
    return os.fork()


def forks_and_says_nothing(_: BinaryIO, __: Options) -> object:
    try:
        return os.fork()
    except OSError:
        return "held"


def call(_: BinaryIO, __: Options) -> object:
    return subprocess.run([sys.executable, "-c", "print(1)"], check=False).returncode


def connect(_: BinaryIO, options: Options) -> object:
    with socket.socket(socket.AF_INET, socket.SOCK_STREAM) as out:
        return out.connect_ex(("127.0.0.1", options["port"]))


def look_up(_: BinaryIO, __: Options) -> object:
    return socket.gethostbyname("example.org")


def write_outside(_: BinaryIO, options: Options) -> object:
    return Path(options["path"]).write_text("owned", encoding="utf-8")


def remove_outside(_: BinaryIO, options: Options) -> object:
    Path(options["path"]).unlink()
    return "gone"


def read_outside(_: BinaryIO, options: Options) -> object:
    return Path(options["path"]).read_text(encoding="utf-8")


def link_outside(_: BinaryIO, options: Options) -> object:
    Path("inside").symlink_to(options["path"])
    return Path("inside").read_text(encoding="utf-8")


def fill_the_disk(_: BinaryIO, __: Options) -> object:
    with Path("large").open("wb") as file:
        while True:
            file.write(b"x" * 1024 * 1024)


def many_files(_: BinaryIO, __: Options) -> object:
    return len([Path(f"f{number}").open("wb") for number in range(1_000)])


def flood(_: BinaryIO, __: Options) -> object:
    return b"x" * (64 * 1024 * 1024)


def chatter(_: BinaryIO, __: Options) -> object:
    sys.stdout.write("jnot an answer" * 10_000)
    sys.stderr.write("heart rate of Ada: 180")
    return "heard"


def crash(_: BinaryIO, __: Options) -> object:
    faulthandler._sigsegv()  # type: ignore[attr-defined]  # noqa: SLF001 - the one way without native code
    return None


def native(_: BinaryIO, __: Options) -> object:
    import ctypes

    return ctypes.string_at(0)


def abort(_: BinaryIO, __: Options) -> object:
    os.abort()


def leave(_: BinaryIO, __: Options) -> object:
    os._exit(0)


def end_the_parent(_: BinaryIO, __: Options) -> object:
    os.kill(os.getppid(), 9)
    return None


def raise_limits(_: BinaryIO, __: Options) -> object:
    import resource

    resource.setrlimit(resource.RLIMIT_CPU, (1_000, 1_000))
    return None


def fault(_: BinaryIO, __: Options) -> object:
    raise KeyError("heart rate of Ada: 180")


def not_json(_: BinaryIO, __: Options) -> object:
    return {1j}


def inflated(stream: BinaryIO, _: Options) -> object:
    return len(zlib.decompress(stream.read()))
