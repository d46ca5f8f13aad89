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
    list[str] | None, typer.Option("--person", help="Id or name of a person; may be given several times.")
]
EveryPersonOption = Annotated[
    bool,
    typer.Option(
        "--every-person", help="Of an admin: it treats everybody in this home, whoever comes later too."
    ),
]
DataOption = Annotated[
    Path, typer.Option("--data", envvar="HEALTHTWIN_DATA", help="Folder that holds the recordings.")
]

LanguageOption = Annotated[
    str | None,
    typer.Option("--language", help="en or de; else that of the environment (LC_ALL, LC_MESSAGES, LANG)."),
]

DEFAULT_DATA: Final = Path("../shared/data")


def chosen_language(option: str | None) -> str:
    """The language that was asked for, else the environment's where we speak it, else English.

    Raises:
        InvalidInput: a language that we do not speak.
    """
    import os

    from healthtwin.domain.errors import InvalidInput
    from healthtwin.words import LANGUAGES, language_for

    if option is None:
        named = (os.environ.get(name) for name in ("LC_ALL", "LC_MESSAGES", "LANG"))
        return language_for(next(filter(None, named), ""))
    if option not in LANGUAGES:
        raise InvalidInput("--language", option, "one of " + ", ".join(LANGUAGES))
    return option
