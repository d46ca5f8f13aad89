"""Heart rate and variability from beat-to-beat intervals, by the definitions that the server keeps."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
import pytest

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from tests.app.measure.conftest import Screen

pytestmark = pytest.mark.browser


def measured(modules: Screen, intervals: NDArray[np.float64] | list[float]) -> dict[str, Any]:
    answer: dict[str, Any] = modules.run(
        "beat_intervals.js", "({fromIntervals}, intervals) => fromIntervals(intervals)", list(intervals)
    )
    return answer


@pytest.mark.parametrize("seed", range(5))
def test_clean_intervals_follow_the_definitions(modules: Screen, seed: int) -> None:
    rng = np.random.default_rng(seed)
    intervals = rng.normal(60000 / rng.uniform(45, 150), 12, 200)
    values = measured(modules, intervals)["values"]
    assert values == pytest.approx(
        {
            "heart_rate": 60000 / intervals.mean(),
            "hrv_sdnn": intervals.std(),
            "hrv_rmssd": np.sqrt(np.mean(np.diff(intervals) ** 2)),
        }
    )


def test_a_missed_beat_is_left_out_and_not_bridged(modules: Screen) -> None:
    intervals = np.tile([790.0, 810.0], 50)
    broken = np.insert(intervals, 41, 1600.0)
    answer = measured(modules, broken)
    assert answer["values"]["heart_rate"] == pytest.approx(75)
    assert answer["values"]["hrv_rmssd"] == pytest.approx(20)
    assert answer["quality"] == pytest.approx(100 / 101)


@pytest.mark.parametrize(
    ("beats", "names"),
    [
        (20, {"heart_rate"}),
        (40, {"heart_rate", "hrv_rmssd"}),
        (80, {"heart_rate", "hrv_rmssd", "hrv_sdnn"}),
    ],
)
def test_variability_only_when_there_were_beats_for_long_enough(
    modules: Screen, beats: int, names: set[str]
) -> None:
    assert set(measured(modules, np.tile([790.0, 810.0], beats // 2))["values"]) == names


def test_intervals_that_are_mostly_artefact_give_nothing(modules: Screen) -> None:
    rng = np.random.default_rng(3)
    assert measured(modules, rng.uniform(250, 2500, 120))["values"] == {}
    assert measured(modules, [])["values"] == {}


FEED = """({OximeterCollection, StrapCollection}, {kind, readings}) => {
  const collection = kind === "strap" ? new StrapCollection(60) : new OximeterCollection();
  return readings.map(([reading, time]) => collection.add(reading, time));
}"""


def collected(modules: Screen, kind: str, readings: list[Any]) -> list[dict[str, Any]]:
    states: list[dict[str, Any]] = modules.run(
        "bluetooth_collecting.js", FEED, {"kind": kind, "readings": readings}
    )
    return states


def oxygen(spo2: float, second: int, trouble: str | None = None) -> list[Any]:
    return [{"spo2": spo2, "pulse": 60 + second % 3, "trouble": trouble}, second * 1000]


def test_oxygen_counts_once_it_was_steady(modules: Screen) -> None:
    states = collected(modules, "oximeter", [oxygen(96 + second % 2, second) for second in range(16)])
    first = next(at for at, state in enumerate(states) if state.get("values"))
    assert first == 14
    assert states[first]["values"] == {"oxygen_saturation": 96, "heart_rate": 61}


def test_a_slipping_probe_or_a_doubted_value_begins_anew(modules: Screen) -> None:
    steady = [oxygen(97, second) for second in range(12)]
    slipped = [*steady, oxygen(88, 12), *[oxygen(97, second) for second in range(13, 20)]]
    states = collected(modules, "oximeter", slipped)
    assert states[12]["trouble"] == "unsteady"
    assert not any(state.get("values") for state in states)
    doubted = [*steady, oxygen(97, 12, "no_finger"), *[oxygen(97, second) for second in range(13, 20)]]
    assert not any(state.get("values") for state in collected(modules, "oximeter", doubted))


def beat(
    second: int, rate: int = 75, contact: bool | None = True, intervals: tuple[float, ...] = ()
) -> list[Any]:
    return [{"heartRate": rate, "contact": contact, "intervals_ms": list(intervals)}, second * 1000]


def test_a_minute_of_beats_gives_rate_and_variability(modules: Screen) -> None:
    readings = [beat(second, intervals=(790.0 if second % 2 else 810.0,)) for second in range(80)]
    values = next(state["values"] for state in collected(modules, "strap", readings) if state.get("values"))
    assert values["heart_rate"] == pytest.approx(75, abs=0.1)
    assert values["hrv_rmssd"] == pytest.approx(20)


def test_a_strap_without_intervals_gives_no_variability(modules: Screen) -> None:
    readings = [beat(second, rate=74 + second % 3) for second in range(61)]
    assert collected(modules, "strap", readings)[-1]["values"] == {"heart_rate": 75}


def test_a_strap_that_lost_the_skin_begins_anew(modules: Screen) -> None:
    readings = [beat(second, contact=second != 50, intervals=(800.0,)) for second in range(70)]
    states = collected(modules, "strap", readings)
    assert states[50]["trouble"] == "no_contact"
    assert not any(state.get("values") for state in states)
