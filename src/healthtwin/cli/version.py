"""`healthtwin version` and `healthtwin --version`."""

from __future__ import annotations

from typing import Annotated

import typer

from healthtwin import __version__
from healthtwin.cli.options import JsonOption
from healthtwin.cli.output import tell, tell_json


def version(as_json: JsonOption = False) -> None:
    """Which release this is."""
    if as_json:
        tell_json({"version": __version__})
    else:
        tell(f"healthtwin {__version__}")


def _say_and_leave(asked: bool) -> None:
    if asked:
        version()
        raise typer.Exit


def global_options(
    _version: Annotated[
        bool,
        typer.Option(
            "--version", is_eager=True, callback=_say_and_leave, help="Say which release this is, and exit."
        ),
    ] = False,
) -> None:
    """A self-hosted personal health twin. Research and wellness software; not a medical device."""
