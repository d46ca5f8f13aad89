"""`healthtwin rebuild`: one projection made anew from the log."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, Final

import typer

from healthtwin.cli.options import JsonOption
from healthtwin.cli.output import remark, tell, tell_json
from healthtwin.domain.errors import ConfigurationError

PROJECTIONS: Final = {
    "series": "measured values over time, and their daily summaries",
    "timeline": "what happened to people: symptoms, meals, medication",
    "alerts": "alerts and their history, as they stand; nobody is told again",
}
"""What can be made anew; a test holds it against what the house has."""


def rebuild(
    name: Annotated[
        str | None,
        typer.Argument(help="One of: " + ", ".join(PROJECTIONS) + ".", show_default=False, metavar="NAME"),
    ] = None,
    home: Annotated[
        Path | None,
        typer.Option(
            "--home", envvar="HEALTHTWIN_HOME", help="Directory that holds everything.", show_default=False
        ),
    ] = None,
    show_list: Annotated[bool, typer.Option("--list", help="Say what there is, and do nothing.")] = False,
    as_json: JsonOption = False,
) -> None:
    """Make one projection anew from the log, in a home that nobody serves; what outlived the log is kept."""
    if show_list:
        _list(as_json=as_json)
        return
    if name is None:
        raise ConfigurationError(f"name what to make anew: one of {', '.join(PROJECTIONS)}")
    if home is None:
        raise ConfigurationError("name the home: --home DIR, or HEALTHTWIN_HOME")
    from healthtwin.house import rebuild as make_anew
    from healthtwin.store import Home

    done = make_anew(Home.open(home), name)
    if as_json:
        tell_json(
            {
                "name": done.name,
                "heard": done.heard,
                "log_begins_after": done.log_begins_after,
                "set_aside": None if done.set_aside is None else str(done.set_aside),
                "seconds": done.seconds,
            }
        )
        return
    tell(f"{done.name}  made anew from {done.heard} {'changes' if done.name == 'alerts' else 'records'}")
    if done.log_begins_after and done.name != "alerts":
        remark(f"The log begins after record {done.log_begins_after}; what came before was kept as it stood.")
    if done.set_aside is not None:
        remark(f"The file was damaged; it lies in {done.set_aside} until you, or an erasure, remove it.")


def _list(*, as_json: bool) -> None:
    if as_json:
        tell_json([{"name": name, "holds": holds} for name, holds in PROJECTIONS.items()])
        return
    for name, holds in PROJECTIONS.items():
        tell(f"{name}  {holds}")
