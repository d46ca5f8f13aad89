"""Sound files of every usual width are read alike; what broke off or is no sound is refused."""

from __future__ import annotations

import struct
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from healthtwin.domain.errors import ConfigurationError, InvalidInput, MalformedInput, TooLarge
from healthtwin.sensing.files import sound as sound_file
from healthtwin.sensing.files.sound import read_sound

Sound = np.ndarray[Any, np.dtype[np.float64]]
WAVE = 0.5 * np.sin(np.arange(4000) / 20)


def wav(samples: Sound, kind: int, bits: int, channels: int = 1, *, extensible: bool = False) -> bytes:
    """A WAV file of one wave in every channel."""
    if kind == 3:
        body = samples.astype(f"<f{bits // 8}").tobytes()
    elif bits == 8:
        body = np.round(samples * 127 + 128).astype(np.uint8).tobytes()
    else:
        whole = np.round(samples * (2 ** (bits - 1) - 1)).astype("<i4")
        body = whole.view(np.uint8).reshape(-1, 4)[:, : bits // 8].tobytes()
    width = bits // 8
    each = [body[at : at + width] * channels for at in range(0, len(body), width)]
    data = b"".join(each)
    tag = 0xFFFE if extensible else kind
    layout = struct.pack("<HHIIHH", tag, channels, 8000, 8000 * width * channels, width * channels, bits)
    if extensible:
        layout += struct.pack(
            "<HHIH14s", 22, bits, 0, kind, b"\x00\x00\x00\x00\x10\x00\x80\x00\x00\xaa\x00\x38\x9b\x71"
        )
    chunks = b"".join(
        [
            b"fmt " + struct.pack("<I", len(layout)) + layout,
            b"LIST" + struct.pack("<I", 3) + b"abc\x00",  # of odd length, therefore padded
            b"data" + struct.pack("<I", len(data)) + data,
        ]
    )
    return b"RIFF" + struct.pack("<I", 4 + len(chunks)) + b"WAVE" + chunks


@pytest.mark.parametrize("channels", [1, 2, 6])
@pytest.mark.parametrize(("kind", "bits"), [(1, 8), (1, 16), (1, 24), (1, 32), (3, 32), (3, 64)])
def test_every_width_and_number_of_channels_gives_the_same_wave(
    tmp_path: Path, kind: int, bits: int, channels: int
) -> None:
    path = tmp_path / "wave.wav"
    path.write_bytes(wav(WAVE, kind, bits, channels))
    samples, rate = read_sound(path)
    assert rate == 8000
    assert samples == pytest.approx(WAVE, abs=2.0 ** (1 - min(bits, 24)) * 2)


def test_the_extensible_form_is_read(tmp_path: Path) -> None:
    path = tmp_path / "wave.wav"
    path.write_bytes(wav(WAVE, 1, 24, extensible=True))
    assert read_sound(path)[0] == pytest.approx(WAVE, abs=1e-6)


@pytest.mark.parametrize("unknown", [0xFFFFFFFF, 0x7FFFFFFF])
def test_a_wav_from_a_pipe_goes_to_its_end(tmp_path: Path, unknown: int) -> None:
    path = tmp_path / "pipe.wav"
    told = wav(WAVE, 1, 16)
    size = struct.pack("<I", unknown)
    at = told.index(b"data") + 4
    path.write_bytes(told[:4] + size + told[8:at] + size + told[at + 4 :])
    assert read_sound(path)[0] == pytest.approx(WAVE, abs=1e-4)


@pytest.mark.parametrize("kept", [20, 40, 60, 4000])
def test_a_wav_that_was_cut_off_is_refused(tmp_path: Path, kept: int) -> None:
    path = tmp_path / "cut.wav"
    path.write_bytes(wav(WAVE, 1, 16)[:kept])
    with pytest.raises(MalformedInput, match="cut off"):
        read_sound(path)


def test_a_wav_whose_parts_do_not_fit_is_refused(tmp_path: Path) -> None:
    whole = wav(WAVE, 1, 16)
    data = whole.index(b"data")
    broken = {
        "sound longer than the file": whole[: data + 4] + struct.pack("<I", 10**6) + whole[data + 8 :],
        "no sound": whole[:data] + b"junk" + whole[data + 4 :],
        "sound before its layout": whole.replace(b"fmt ", b"what"),
        "a layout cut short": whole.replace(b"fmt " + struct.pack("<I", 16), b"fmt " + struct.pack("<I", 4)),
        "a width that is none": whole.replace(struct.pack("<HH", 2, 16), struct.pack("<HH", 2, 12)),
        "no channel": whole.replace(struct.pack("<HHI", 1, 1, 8000), struct.pack("<HHI", 1, 0, 8000)),
    }
    for name, content in broken.items():
        path = tmp_path / "broken.wav"
        path.write_bytes(content)
        with pytest.raises(MalformedInput, match=r"broken\.wav"):
            read_sound(path)
        assert content != whole, name
    path.write_bytes(wav(WAVE[:0], 1, 16))
    with pytest.raises(InvalidInput, match="empty"):
        read_sound(path)


def test_what_is_no_file_or_empty_is_refused(tmp_path: Path) -> None:
    with pytest.raises(InvalidInput, match="a sound file"):
        read_sound(tmp_path / "absent.wav")
    (tmp_path / "empty.wav").touch()
    with pytest.raises(InvalidInput, match="not empty"):
        read_sound(tmp_path / "empty.wav")


def test_a_gigabyte_is_refused_before_it_is_read(tmp_path: Path) -> None:
    path = tmp_path / "huge.wav"
    with path.open("wb") as stream:
        stream.truncate(10**9)  # sparse: it takes no room
    with pytest.raises(TooLarge, match="1,000,000,000 bytes"):
        read_sound(path)


def test_other_forms_need_soundfile(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = tmp_path / "sound.mp3"
    path.write_bytes(b"ID3" + bytes(100))
    monkeypatch.setitem(__import__("sys").modules, "soundfile", None)
    with pytest.raises(ConfigurationError, match=r"healthtwin\[audio\]"):
        sound_file.read_sound(path)


def test_what_is_no_sound_at_all_is_refused(tmp_path: Path) -> None:
    pytest.importorskip("soundfile")
    path = tmp_path / "words.mp3"
    path.write_text("not a sound " * 100)
    with pytest.raises(MalformedInput, match=r"words\.mp3"):
        read_sound(path)


def test_a_flac_is_read_and_a_cut_one_refused(tmp_path: Path) -> None:
    soundfile = pytest.importorskip("soundfile")
    path = tmp_path / "wave.flac"
    soundfile.write(path, WAVE, 8000)
    samples, rate = read_sound(path)
    assert rate == 8000
    assert samples == pytest.approx(WAVE, abs=1e-3)
    path.write_bytes(path.read_bytes()[: path.stat().st_size // 2])
    with pytest.raises(MalformedInput, match=r"wave\.flac"):
        read_sound(path)


def test_an_mp3_that_was_cut_off_is_refused(recordings: Path, tmp_path: Path) -> None:
    pytest.importorskip("soundfile")
    folder = recordings / "covid19_cough_cc0" / "raw"
    if not folder.is_dir():
        pytest.skip(f"no recordings at {folder}")
    whole = max(folder.glob("*.mp3"), key=lambda path: path.stat().st_size)
    path = tmp_path / "cut.mp3"
    path.write_bytes(whole.read_bytes()[: whole.stat().st_size // 3])
    with pytest.raises(MalformedInput, match=r"cut\.mp3"):
        read_sound(path)
    assert read_sound(whole)[0].size > 0
