"""A file and a mapping, read; what came of it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from healthtwin.domain import from_ms
from healthtwin.play.replay import Recording, load_mapping, read_recording

if TYPE_CHECKING:
    from pathlib import Path


def recording_of(
    folder: Path,
    csv: str,
    *,
    metrics: str = 'heart_rate = "hr"',
    time: str = '{ column = "when" }',
    person: str = 'person_is = "me"',
    more: str = "",
) -> Recording:
    """What a CSV holds, by a mapping of these parts."""
    mapping = folder / "mapping.toml"
    mapping.write_text(
        f'name = "x"\n[[table]]\n{person}\ntime = {time}\n{more}\n[table.metrics]\n{metrics}\n',
        encoding="utf-8",
    )
    file = folder / "table.csv"
    file.write_text(csv, encoding="utf-8", newline="")
    return read_recording(file, load_mapping(mapping))


def instants(recording: Recording) -> list[str]:
    """When its rows were measured, in UTC."""
    return [from_ms(at).strftime("%Y-%m-%dT%H:%M:%SZ") for at in recording.times_ms.tolist()]


def refused(recording: Recording) -> list[tuple[str, str, int]]:
    """Column, first text and line of what could not be read."""
    return [(bad.column, bad.examples[0], bad.lines[0]) for bad in recording.counts.unreadable]
