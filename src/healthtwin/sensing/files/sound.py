"""Reads a sound file: WAV by itself, other forms (MP3, FLAC, Ogg) through soundfile where installed.

A file that ends before its own header says it should, or whose stream breaks off, is refused: half a
recording would be counted as a whole one.
"""

from __future__ import annotations

import struct
from typing import TYPE_CHECKING, Final

import numpy as np

from healthtwin.domain.errors import ConfigurationError, InvalidInput, MalformedInput, TooLarge

if TYPE_CHECKING:
    from pathlib import Path
    from types import ModuleType

    from numpy.typing import NDArray

    Floats = NDArray[np.float64]

MOST_BYTES: Final = 200_000_000
"""An hour of 16-bit stereo at 27 kHz, or 35 minutes at 48 kHz; the memory it takes is eight times that."""

PCM: Final = 1
FLOAT: Final = 3
EXTENSIBLE: Final = 0xFFFE

_UNKNOWN_SIZES: Final = frozenset({0xFFFFFFFF, 0x7FFFFFFF, 0xFFFFFFF7, 0x80000000})
"""What programs write that do not know the length yet, into a pipe; the sound goes to the end of the file."""

_MISSING_S: Final = 0.1
"""An encoder's padding; a decoder that gives that much less than the header says was cut off."""


def read_sound(path: Path) -> tuple[Floats, int]:
    """One channel (the mean of all), −1 to 1, and samples per second.

    Raises:
        InvalidInput: no such file, or it is empty.
        MalformedInput: it is no sound, or it breaks off.
        TooLarge: more than 200 MB.
        ConfigurationError: it is not WAV, and soundfile is not installed.
    """
    if not path.is_file():
        raise InvalidInput("file", str(path), "a sound file")
    size = path.stat().st_size
    if size == 0:
        raise InvalidInput("file", str(path), "a sound file that is not empty")
    if size > MOST_BYTES:
        raise TooLarge(f"{path.name}: {size:,} bytes; allowed: up to {MOST_BYTES:,}")
    with path.open("rb") as stream:
        head = stream.read(12)
    if head[:4] == b"RIFF" and head[8:12] == b"WAVE":
        return _read_wav(path.name, path.read_bytes())
    return _read_other(path)


def _read_wav(name: str, content: bytes) -> tuple[Floats, int]:
    told = struct.unpack_from("<I", content, 4)[0]
    declared = told + 8
    if declared > len(content) and told not in _UNKNOWN_SIZES:
        raise MalformedInput(
            name, f"{len(content)} bytes of {declared}", "a whole WAV file; this one was cut off"
        )
    layout: tuple[int, int, int, int] | None = None
    at = 12
    while at + 8 <= len(content):
        kind, length = content[at : at + 4], struct.unpack_from("<I", content, at + 4)[0]
        body = content[at + 8 : at + 8 + length]
        if kind == b"fmt ":
            layout = _layout(name, body)
        elif kind == b"data":
            if layout is None:
                raise MalformedInput(name, "data before fmt", "a WAV file")
            if len(body) < length and length not in _UNKNOWN_SIZES:
                raise MalformedInput(
                    name, f"{len(body)} bytes of sound of {length}", "a whole WAV file; this one was cut off"
                )
            return _decoded(name, body, layout)
        at += 8 + length + length % 2
    raise MalformedInput(name, "no sound inside", "a WAV file with a data chunk")


def _layout(name: str, body: bytes) -> tuple[int, int, int, int]:
    """Format, channels, rate, bits."""
    if len(body) < 16:  # noqa: PLR2004
        raise MalformedInput(name, f"a fmt chunk of {len(body)} bytes", "16 or more")
    kind, channels, rate, _, _, bits = struct.unpack_from("<HHIIHH", body)
    if kind == EXTENSIBLE and len(body) >= 26:  # noqa: PLR2004
        kind = struct.unpack_from("<H", body, 24)[0]
    if (kind, bits) not in {(PCM, 8), (PCM, 16), (PCM, 24), (PCM, 32), (FLOAT, 32), (FLOAT, 64)}:
        raise MalformedInput(
            name, f"format {kind} with {bits} bits", "8, 16, 24 or 32 bits, or 32- or 64-bit floats"
        )
    if channels == 0 or rate == 0:
        raise MalformedInput(name, f"{channels} channels at {rate} per second", "at least 1 of each")
    return kind, channels, rate, bits


def _decoded(name: str, body: bytes, layout: tuple[int, int, int, int]) -> tuple[Floats, int]:
    kind, channels, rate, bits = layout
    whole = len(body) // (channels * bits // 8) * (channels * bits // 8)
    if whole == 0:
        raise InvalidInput(name, "no samples", "a recording that is not empty")
    raw = np.frombuffer(body[:whole], np.uint8)
    if kind == FLOAT:
        values = raw.view(f"<f{bits // 8}").astype(np.float64)
    elif bits == 8:  # noqa: PLR2004
        values = (raw.astype(np.float64) - 128) / 128  # the only width that is unsigned
    elif bits == 24:  # noqa: PLR2004
        wide = np.zeros((len(raw) // 3, 4), np.uint8)
        wide[:, 1:] = raw.reshape(-1, 3)
        values = wide.view("<i4").ravel() / 2.0**31
    else:
        values = raw.view(f"<i{bits // 8}") / 2.0 ** (bits - 1)
    return np.asarray(values.reshape(-1, channels).mean(axis=1)), rate


def _read_other(path: Path) -> tuple[Floats, int]:
    soundfile = _soundfile(path)
    try:
        with soundfile.SoundFile(path) as opened:
            declared, rate = int(opened.frames), int(opened.samplerate)
            samples = np.asarray(opened.read(dtype="float64", always_2d=True))
    except soundfile.LibsndfileError as problem:
        raise MalformedInput(path.name, str(problem), "a whole sound file: WAV, MP3, FLAC or Ogg") from None
    if len(samples) < declared - _MISSING_S * rate or len(samples) == 0:
        raise MalformedInput(
            path.name, f"{len(samples)} samples of {declared}", "a whole sound file; this one was cut off"
        )
    return np.asarray(samples.mean(axis=1)), rate


def _soundfile(path: Path) -> ModuleType:
    try:
        import soundfile
    except ImportError:
        raise ConfigurationError(
            f"{path.name} is not WAV; to read other forms: pip install 'healthtwin[audio]'"
        ) from None
    module: ModuleType = soundfile
    return module
