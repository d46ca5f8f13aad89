"""What `bench_windows` asks of Pathway; runs in an environment that has it, not in this project's.

Usage: python pathway_windows.py EVENTS.npz
"""

from __future__ import annotations

import importlib
import json
import sys
from collections.abc import Callable
from typing import Any

import numpy as np

pw: Any = importlib.import_module("pathway")
temporal: Any = importlib.import_module("pathway.stdlib.temporal")

HOUR_MS = 3_600_000
LEFT, RIGHT, HEART_RATE = 0, 1, 2


SCHEMA = pw.schema_from_types(person=int, time_ms=int, value=float)


def stream(events: Any, kind: int) -> Any:  # noqa: ANN401 - Pathway's own table
    """Events of one kind, handed over one by one, as a stream in plain Python does."""
    chosen = events["kind"] == kind
    columns = [events[name][chosen].tolist() for name in ("person", "time_ms", "value")]

    def run(self: Any) -> None:  # noqa: ANN401
        for person, time_ms, value in zip(*columns, strict=True):
            self.next(person=person, time_ms=time_ms, value=value)

    subject = type("Stored", (pw.io.python.ConnectorSubject,), {"run": run})
    return pw.io.python.read(subject(), schema=SCHEMA)


def counting(told: dict[str, int], name: str) -> Callable[..., None]:
    """What Pathway calls for each row that comes or goes."""

    def on_change(**change: Any) -> None:  # noqa: ANN401
        told[name] += 1 if change["is_addition"] else -1

    return on_change


def main() -> None:
    """Count the windows and pairs that come out."""
    pw.set_monitoring_config(server_endpoint=None)
    events = np.load(sys.argv[1])

    beats, activities, symptoms = (stream(events, kind) for kind in (HEART_RATE, LEFT, RIGHT))
    windows = beats.windowby(
        beats.time_ms,
        window=temporal.sliding(hop=HOUR_MS, duration=6 * HOUR_MS),
        instance=beats.person,
        behavior=temporal.exactly_once_behavior(shift=900_000),
    ).reduce(
        person=pw.this["_pw_instance"],
        end_ms=pw.this["_pw_window_end"],
        values=pw.reducers.count(),
        total=pw.reducers.sum(pw.this.value),
        minimum=pw.reducers.min(pw.this.value),
        maximum=pw.reducers.max(pw.this.value),
    )
    pairs = activities.interval_join(
        symptoms,
        activities.time_ms,
        symptoms.time_ms,
        temporal.interval(0, 2 * HOUR_MS),
        activities.person == symptoms.person,
    ).select(person=activities.person, left_ms=activities.time_ms, right_ms=symptoms.time_ms)

    told = {"windows": 0, "pairs": 0}
    pw.io.subscribe(windows, on_change=counting(told, "windows"))
    pw.io.subscribe(pairs, on_change=counting(told, "pairs"))
    pw.run(monitoring_level=pw.MonitoringLevel.NONE)
    sys.stdout.write(json.dumps({"version": pw.__version__, **told}) + "\n")


if __name__ == "__main__":
    main()
