"""`healthtwin replay`: a recording through the whole house."""

from __future__ import annotations

from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from healthtwin.cli.options import HomeOption, JsonOption
from healthtwin.cli.output import remark, tell_json, tell_table

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

NOTHING_TAKEN = 2
"""Exit status when the house refused every row: as for any input that cannot work."""


def replay(
    path: Annotated[
        Path, typer.Argument(help="A recording: CSV, CSV in gzip, Parquet, or a folder of a known one.")
    ],
    home: HomeOption,
    mapping: Annotated[
        Path | None,
        typer.Option(help="TOML file that says what the columns mean; known recordings need none."),
    ] = None,
    speed: Annotated[str, typer.Option(help="max, or how many times faster than life, such as 60x.")] = "max",
    people: Annotated[int | None, typer.Option(help="Only the first so many people of the file.")] = None,
    limit: Annotated[int | None, typer.Option(help="Only the first so many rows in order of time.")] = None,
    as_json: JsonOption = False,
) -> None:
    """Send a recording through the whole product into a new home, and tell what came of it.

    What is refused is told with its line, value and reason. When nothing at all was taken, the reason stands
    on stderr and the exit status is 2.
    """
    import msgspec

    from healthtwin.play.replay import (
        load_mapping,
        nothing_taken,
        parse_speed,
        read_recording,
        report_lines,
        shortened,
    )
    from healthtwin.play.replay import replay as play

    factor = parse_speed(speed)
    recording = read_recording(path, None if mapping is None else load_mapping(mapping))
    played = shortened(recording, people=people, rows=limit)
    with progress_bar("replay", played.rows) as progress:
        report = play(played, home, not_played=recording.rows - played.rows, speed=factor, progress=progress)
    if as_json:
        tell_json(msgspec.to_builtins(report))
    else:
        tell_table(("what", "value"), list(report_lines(report)))
    if report.nothing_taken:
        remark(f"healthtwin: {nothing_taken(report)}")
        raise typer.Exit(NOTHING_TAKEN)


@contextmanager
def progress_bar(what: str, total: int) -> Iterator[Callable[[int], None]]:
    """A bar on stderr while somebody looks at it; yields what to tell the progress to."""
    from rich.console import Console
    from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn

    console = Console(stderr=True)
    columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeRemainingColumn())
    with Progress(*columns, console=console, disable=not console.is_terminal, transient=True) as bar:
        task = bar.add_task(what, total=total)
        yield lambda done: bar.advance(task, done)
