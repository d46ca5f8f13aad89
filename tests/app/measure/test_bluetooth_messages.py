"""What sensors say over Bluetooth, byte by byte (Bluetooth SIG, GATT Specification Supplement)."""

from __future__ import annotations

import struct
from typing import TYPE_CHECKING, Any

import pytest

if TYPE_CHECKING:
    from tests.app.measure.conftest import Screen

pytestmark = pytest.mark.browser

READ = "(module, [name, bytes]) => module[name](new DataView(new Uint8Array(bytes).buffer))"


def sfloat(mantissa: int, exponent: int = 0) -> bytes:
    return struct.pack("<H", (exponent & 0xF) << 12 | mantissa & 0xFFF)


def read(modules: Screen, name: str, message: bytes) -> Any:  # noqa: ANN401 - as JavaScript has it
    return modules.run("bluetooth_values.js", READ, [name, list(message)])


def test_short_floats_keep_sign_exponent_and_what_is_no_number(modules: Screen) -> None:
    words = [0x0061, 0xF3CF, 0x1005, 0x0FFF, 0xE001, 0x07FF, 0x0800, 0x07FE, 0x0802, 0x0801]
    values = modules.run("bluetooth_values.js", "({sfloat}, words) => words.map(sfloat)", words)
    assert values == [97, 97.5, 50, -1, 0.01, None, None, None, None, None]


def test_a_continuous_value_is_read_behind_every_optional_field(modules: Screen) -> None:
    plain = read(modules, "readPlxContinuous", b"\x00" + sfloat(97) + sfloat(63))
    assert plain == {"spo2": 97, "pulse": 63, "trouble": None}
    fast_slow = sfloat(96) + sfloat(64) + sfloat(95) + sfloat(65)
    status = struct.pack("<H", 1 << 7) + (1 << 5).to_bytes(3, "little")  # validated; low perfusion
    full = b"\x1f" + sfloat(975, -1) + sfloat(63) + fast_slow + status + sfloat(12, -1)
    assert read(modules, "readPlxContinuous", full) == {"spo2": 97.5, "pulse": 63, "trouble": None}


@pytest.mark.parametrize(
    ("measurement", "sensor", "trouble"),
    [
        (0, 1 << 11, "no_finger"),
        (1 << 15, 1 << 11, "no_finger"),
        (1 << 15, 0, "invalid"),
        (1 << 14, 0, "questionable"),
        (1 << 10, 0, "demonstration"),
        (0, 1 << 7, "no_pulse"),
        (0, 1 << 15, "disconnected"),
        (1 << 5 | 1 << 6, 1 << 9 | 1 << 0, None),  # ongoing, early; analysing, display updating
    ],
)
def test_a_value_that_the_device_doubts_is_not_used(
    modules: Screen, measurement: int, sensor: int, trouble: str | None
) -> None:
    status = struct.pack("<H", measurement) + sensor.to_bytes(3, "little")
    message = b"\x0c" + sfloat(97) + sfloat(63) + status
    assert read(modules, "readPlxContinuous", message)["trouble"] == trouble


def test_a_spot_check_skips_the_devices_own_time(modules: Screen) -> None:
    message = b"\x07" + sfloat(94) + sfloat(88) + bytes(7) + struct.pack("<H", 1 << 13) + bytes(3)
    assert read(modules, "readPlxSpotCheck", message) == {"spo2": 94, "pulse": 88, "trouble": "unavailable"}


@pytest.mark.parametrize("value", [0x07FF, 0x0800, 0, 101])
def test_no_oxygen_value_is_never_nought(modules: Screen, value: int) -> None:
    message = b"\x00" + struct.pack("<H", value) + sfloat(63)
    assert read(modules, "readPlxContinuous", message)["trouble"] == "no_value"


def test_a_message_that_ends_too_early_is_an_error_and_no_value(modules: Screen) -> None:
    failed = modules.run(
        "bluetooth_values.js",
        """({readPlxContinuous}) => {
             try { return readPlxContinuous(new DataView(new Uint8Array([0x04, 97, 0, 63, 0]).buffer)); }
             catch (error) { return error.name; }
           }""",
    )
    assert failed == "RangeError"


def test_a_strap_says_rate_contact_and_every_interval(modules: Screen) -> None:
    short = read(modules, "readHeartRate", bytes([0x00, 72]))
    assert short == {"heartRate": 72, "contact": None, "intervals_ms": []}
    message = bytes([0x1F]) + struct.pack("<HHHH", 140, 7, 1024, 512)
    assert read(modules, "readHeartRate", message) == {
        "heartRate": 140,
        "contact": True,
        "intervals_ms": [1000, 500],
    }
    assert read(modules, "readHeartRate", bytes([0x04, 72]))["contact"] is False
