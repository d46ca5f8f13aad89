"""`healthtwin evaluate …` and `healthtwin train …`: what the laboratory brings, where it is installed.

The laboratory (`healthtwin_lab`) is a package of its own, larger than the product that it measures; nobody
needs it to run a house. It is looked up by name, and only when one of its commands is asked for: the product
never imports it, and `healthtwin --help` does not wait for it.
"""

from __future__ import annotations

from importlib import import_module
from importlib.util import find_spec
from typing import TYPE_CHECKING, Final

import typer
from typer.core import TyperGroup
from typer.main import get_command

from healthtwin.domain.errors import ConfigurationError

if TYPE_CHECKING:
    from typer._click.core import Command, Context

_PACKAGE: Final = "healthtwin_lab"

_HOW_TO_GET_IT: Final = (
    "the laboratory is not installed, and `{command}` is one of its commands; from a checkout of healthtwin: "
    "pip install ./lab (or make install)"
)


class _LaboratoryGroup(TyperGroup):
    """A group whose commands stand in ``healthtwin_lab.commands.NAME`` as ``NAME_app``."""

    def list_commands(self, ctx: Context) -> list[str]:
        """Names of the commands, in their order."""
        return self._brought().list_commands(ctx)

    def get_command(self, ctx: Context, cmd_name: str) -> Command | None:
        """One of them; None for a name that none has."""
        return self._brought().get_command(ctx, cmd_name)

    def _brought(self) -> TyperGroup:
        name = str(self.name)
        if find_spec(_PACKAGE) is None:
            raise ConfigurationError(_HOW_TO_GET_IT.format(command=f"healthtwin {name}"))
        commands = import_module(f"{_PACKAGE}.commands.{name}")
        group = get_command(getattr(commands, f"{name}_app"))
        if not isinstance(group, TyperGroup):
            raise TypeError(f"{commands.__name__}: {name}_app holds one command, not a group of them")
        return group


def laboratory_group(summary: str) -> typer.Typer:
    """A group for the command line that is filled by the laboratory when it is asked for.

    Args:
        summary: what `healthtwin --help` says of it.
    """
    return typer.Typer(cls=_LaboratoryGroup, help=summary, no_args_is_help=True)
