"""`healthtwin backup` and `healthtwin restore`: a whole home in one file, and back."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from healthtwin.cli.noted import note_if_possible
from healthtwin.cli.options import HomeOption, JsonOption
from healthtwin.cli.output import remark, tell, tell_json
from healthtwin.domain.errors import ConfigurationError


def backup(
    home: HomeOption,
    out: Annotated[Path, typer.Option(help="File to write; it must not exist yet.")],
    as_json: JsonOption = False,
) -> None:
    """Write everything in a home into one file; the server may be running."""
    from healthtwin.house.upkeep import note_backup
    from healthtwin.store import Home
    from healthtwin.store import backup as back_up

    opened = Home.open(home)
    note_if_possible(opened, "console backup")
    report = back_up(opened, out)
    note_backup(opened.path, report.created_ms)
    if as_json:
        tell_json(
            {
                "file": str(report.file),
                "bytes": report.file_bytes,
                "created_at": report.created_ms,
                "files": dict(report.files),
            }
        )
    else:
        tell(f"{report.file}  {report.file_bytes} bytes")
        if opened.encrypted:
            remark(f"Its keys are not in it: healthtwin keys backup --home {opened.path} --out FILE")


def move_records(home: HomeOption, as_json: JsonOption = False) -> None:
    """Bring the records of a home that nobody serves into the PostgreSQL that its config.toml names."""
    from healthtwin.store import Home
    from healthtwin.store import move_records as move

    kept = move(Home.open(home))
    if as_json:
        tell_json({"kept": str(kept)})
    else:
        tell(f"The records are moved; what they were lies in {kept}")


def restore(
    home: HomeOption,
    file: Annotated[Path | None, typer.Argument(help="What backup wrote.", show_default=False)] = None,
    source: Annotated[
        Path | None,
        typer.Option("--from", "--in", "--file", help="The same, as an option.", show_default=False),
    ] = None,
    keys: Annotated[
        Path | None,
        typer.Option(
            help="A backup of the keys, or a home that has them; else those in the directory, else those of "
            "the home that was backed up.",
            show_default=False,
        ),
    ] = None,
    as_json: JsonOption = False,
) -> None:
    """Make a home from a backup, in a directory that is empty, holds only keys, or does not exist."""
    from healthtwin.house.restoring import restore_home

    named = [path for path in (file, source) if path is not None]
    if len(named) != 1:
        raise ConfigurationError("name one backup file: healthtwin restore FILE --home DIR")
    done = restore_home(named[0], home, keys)
    restored = done.home
    if as_json:
        tell_json(
            {
                "home": str(restored.path),
                "kind": str(restored.kind),
                "keys": None if done.keys is None else str(done.keys),
                "erased_again": done.erased,
            }
        )
    else:
        tell(f"{restored.path}  restored")
        if done.keys is not None:
            tell(f"keys  from {done.keys}")
        for person_id in done.erased:
            tell(f"{person_id}  was erased since this backup was made, and is not brought back")
    if restored.encrypted and done.keys is None:
        remark(
            "Without its keys nothing in this home can be read: bring them with "
            f"`healthtwin keys restore --home {restored.path} FILE`"
        )
