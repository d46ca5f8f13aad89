"""Two public recordings of people in daily life, as observations the twin can be played.

Neither is part of the project; `PROVENANCE.md` beside each says where it comes from and under which licence.

- `lifesnaps_daily`: wrist wearable, one row per person and day, 71 people over about four months.
- `welltory_hrv_covid19`: finger on the phone's camera (or a strap), whenever people felt like it, 185 people,
  many of them with COVID-19 during the recording; blood pressure typed in by some.
"""

from __future__ import annotations

import csv
import gzip
import io
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Final, NamedTuple

import numpy as np

from healthtwin.domain import DAY_MS, HOUR_MS, METRICS, to_ms
from healthtwin.domain.arrays import COLUMN, blank_observations
from healthtwin.domain.errors import InvalidInput

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence
    from pathlib import Path

    from numpy.typing import NDArray

    StructuredArray = NDArray[np.void]

LIFESNAPS_FILE: Final = "lifesnaps_daily/daily.csv.gz"
WELLTORY_HRV_FILE: Final = "welltory_hrv_covid19/hrv_measurements.csv"
WELLTORY_PRESSURE_FILE: Final = "welltory_hrv_covid19/blood_pressure.csv"

LIFESNAPS_METRICS: Final[Mapping[str, str]] = {
    "bpm": "heart_rate",  # mean of the day
    "resting_hr": "resting_heart_rate",
    "full_sleep_breathing_rate": "respiratory_rate",
    "spo2": "oxygen_saturation",  # mean of the night
    "rmssd": "hrv_rmssd",  # mean of the night
}
"""Column of the file to our metric. `nightly_temperature` is the skin's, so it is no body temperature."""

ACTIVE_MINUTES: Final[Mapping[str, float]] = {
    "lightly_active_minutes": 1.0,
    "moderately_active_minutes": 2.0,
    "very_active_minutes": 2.0,
}
"""Column of the file to our activity level; a day's activity is their mean over its 1,440 minutes."""

MINUTES_A_DAY: Final = 1440

WELLTORY_METRICS: Final[Mapping[str, str]] = {"bpm": "heart_rate", "sdnn": "hrv_sdnn", "rmssd": "hrv_rmssd"}
PRESSURE_METRICS: Final[Mapping[str, str]] = {
    "systolic": "blood_pressure_systolic",
    "diastolic": "blood_pressure_diastolic",
}


@dataclass(frozen=True, slots=True)
class Recording:
    """One person's observations in order of time; `observations` has shape `(n,)`."""

    dataset: str
    person: str
    observations: StructuredArray


def lockstep(recordings: Sequence[Recording]) -> Iterator[tuple[NDArray[np.intp], StructuredArray]]:
    """Round k takes the k-th observation of everybody who has one, so that thousands are played side by side.

    Yields:
        (who, rows), both of shape `(n,)`: positions in `recordings`, and their observations. The longest
        recordings come first, so `who` of a round is a prefix of `who` of the round before.
    """
    by_length = np.array(
        sorted(range(len(recordings)), key=lambda i: -len(recordings[i].observations)), np.intp
    )
    lengths = np.array([len(recordings[i].observations) for i in by_length])
    for k in range(int(lengths.max(initial=0))):
        who = by_length[: int((lengths > k).sum())]
        yield who, np.stack([recordings[i].observations[k] for i in who])


class _Row(NamedTuple):
    person: str
    time_ms: int
    values: dict[str, float]
    activity: float = float("nan")


def read_lifesnaps(data_dir: Path) -> list[Recording]:
    """The wearable's daily values, by person.

    Raises:
        InvalidInput: when the file or a column is missing.
    """
    needed = ("id", "date", *LIFESNAPS_METRICS, *ACTIVE_MINUTES)
    rows = [
        _Row(
            row["id"],
            _local(row["date"] + " 12:00:00", "date"),  # a day has no hour: all get the same one
            _values(row, LIFESNAPS_METRICS),
            _activity_of_day(row),
        )
        for row in _csv_rows(data_dir, LIFESNAPS_FILE, needed)
    ]
    return _by_person("lifesnaps_daily", rows)


def read_welltory(data_dir: Path) -> list[Recording]:
    """The phone measurements and typed-in blood pressures, by person, at the local time they were taken.

    The blood pressures come twice, the copy some whole hours later (a time zone applied once more): the same
    two values at the same minute and second within a day of the first are dropped.

    Raises:
        InvalidInput: when a file or a column is missing.
    """
    rows = [
        _Row(
            row["user_code"],
            _local(row["measurement_datetime"], "measurement_datetime"),
            _values(row, WELLTORY_METRICS),
        )
        for row in _csv_rows(
            data_dir, WELLTORY_HRV_FILE, ("user_code", "measurement_datetime", *WELLTORY_METRICS)
        )
    ]
    typed_in = [
        _Row(
            row["user_code"],
            _local(row["measurement_datetime"], "measurement_datetime"),
            _values(row, PRESSURE_METRICS),
        )
        for row in _csv_rows(
            data_dir, WELLTORY_PRESSURE_FILE, ("user_code", "measurement_datetime", *PRESSURE_METRICS)
        )
    ]
    return _by_person("welltory_hrv_covid19", rows + _without_copies(typed_in))


def _without_copies(rows: list[_Row]) -> list[_Row]:
    first_seen: dict[tuple[object, ...], int] = {}
    kept = []
    for row in sorted(rows, key=lambda row: row.time_ms):
        key = (row.person, row.time_ms % HOUR_MS, tuple(sorted(row.values.items())))
        if row.time_ms - first_seen.get(key, -DAY_MS) >= DAY_MS:
            first_seen[key] = row.time_ms
            kept.append(row)
    return kept


def _csv_rows(data_dir: Path, name: str, needed: tuple[str, ...]) -> Iterable[dict[str, str]]:
    path = data_dir / name
    if not path.is_file():
        raise InvalidInput("data_dir", str(data_dir), f"a folder that holds {name}")
    packed = path.read_bytes()
    text = (gzip.decompress(packed) if path.suffix == ".gz" else packed).decode("utf-8")
    with io.StringIO(text, newline="") as file:
        reader = csv.DictReader(file)
        missing = [column for column in needed if column not in (reader.fieldnames or ())]
        if missing:
            raise InvalidInput(f"columns of {name}", ", ".join(missing), "present")
        yield from reader


def _local(text: str, field: str) -> int:
    # The files hold local wall time without its zone. The twin asks only for the local hour, the local day
    # and the time between readings, so wall time is counted as if it were UTC.
    try:
        return to_ms(datetime.fromisoformat(" ".join(text.split())).replace(tzinfo=UTC))
    except ValueError:
        raise InvalidInput(field, text, "a date and time such as 2020-04-21 21:23:08") from None


def _values(row: Mapping[str, str], metrics: Mapping[str, str]) -> dict[str, float]:
    found = {}
    for column, name in metrics.items():
        text = row[column].strip()
        if not text:
            continue
        value = float(text)
        # What no person can show is no reading; both files also write 0 where nothing was measured.
        if value > 0 and METRICS[name].low <= value <= METRICS[name].high:
            found[name] = value
    return found


def _activity_of_day(row: Mapping[str, str]) -> float:
    texts = [row[column].strip() for column in ACTIVE_MINUTES]
    if not all(texts):
        return float("nan")
    levels = sum(float(text) * level for text, level in zip(texts, ACTIVE_MINUTES.values(), strict=True))
    # A whole day without one light minute is a watch that lay on the table.
    return levels / MINUTES_A_DAY if levels > 0 else float("nan")


def _by_person(dataset: str, rows: list[_Row]) -> list[Recording]:
    people: dict[str, list[_Row]] = {}
    for row in rows:
        if row.values:
            people.setdefault(row.person, []).append(row)
    recordings = []
    for person, found in sorted(people.items()):
        found.sort(key=lambda row: row.time_ms)
        observations = blank_observations(len(found))
        for i, row in enumerate(found):
            observations[i]["time_ms"] = observations[i]["arrived_ms"] = row.time_ms
            observations[i]["activity"] = row.activity
            for name, value in row.values.items():
                observations[i]["value"][COLUMN[name]] = value
        observations["hour"] = observations["time_ms"] // HOUR_MS % 24
        observations["day"] = observations["time_ms"] // DAY_MS
        recordings.append(Recording(dataset, person, observations))
    return recordings
