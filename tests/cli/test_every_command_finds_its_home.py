"""Whoever has said once where the home is need not say it to every command."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
import typer
from typer.core import TyperGroup

from healthtwin.cli import app

OF_THEIR_OWN = {
    "demo": "makes a home that is deleted at the end, unless told where",
    "person verify-certificate": "asks whether this very house signed it, only where somebody says which",
}


def commands(group: TyperGroup, path: str = "") -> Iterator[tuple[str, Any]]:
    for name, command in group.commands.items():
        if isinstance(command, TyperGroup):
            yield from commands(command, f"{path}{name} ")
        else:
            yield f"{path}{name}", command


TOP = typer.main.get_command(app)
assert isinstance(TOP, TyperGroup)
WITH_HOME = {
    name: option for name, command in commands(TOP) for option in command.params if "--home" in option.opts
}


@pytest.mark.parametrize("name", sorted(WITH_HOME))
def test_the_home_may_stand_in_the_environment(name: str) -> None:
    if name in OF_THEIR_OWN:
        return
    assert WITH_HOME[name].envvar == "HEALTHTWIN_HOME"


def test_every_command_that_touches_a_home_takes_it_by_the_same_name() -> None:
    told = {"serve", "replay", "backup", "restore", "pair", "sign-in-link", "person erase", "person export"}
    told |= {"person add", "person set", "person list", "token create", "token list", "token revoke"}
    assert told <= set(WITH_HOME)
