"""`healthtwin version`."""

from __future__ import annotations

from healthtwin import __version__
from healthtwin.cli.options import JsonOption
from healthtwin.cli.output import tell, tell_json


def version(as_json: JsonOption = False) -> None:
    """Which release this is."""
    if as_json:
        tell_json({"version": __version__})
    else:
        tell(f"healthtwin {__version__}")
