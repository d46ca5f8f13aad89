"""Options that several commands share."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, Final

import typer

HomeOption = Annotated[
    Path,
    typer.Option("--home", envvar="HEALTHTWIN_HOME", help="Directory that holds everything."),
]
JsonOption = Annotated[bool, typer.Option("--json", help="Answer in JSON, and with nothing else.")]
PeopleOption = Annotated[
    list[str] | None, typer.Option("--person", help="Id of a person; may be given several times.")
]
DataOption = Annotated[
    Path, typer.Option("--data", envvar="HEALTHTWIN_DATA", help="Folder that holds the recordings.")
]

DEFAULT_DATA: Final = Path("../shared/data")
