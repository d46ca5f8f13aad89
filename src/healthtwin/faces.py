"""The face of a room: what others may use of it, fetched when it is first used.

So a command that needs one small thing of a room does not wait for all that the room stands on.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable


def face(package: str, **names: str) -> Callable[[str], object]:
    """A package's `__getattr__`.

    Args:
        package: its name. names: by module inside it, what that module gives, separated by spaces.

    >>> here = face("healthtwin.domain", clock="MINUTE_MS HOUR_MS", errors="NotFound")
    >>> here("HOUR_MS")
    3600000
    >>> here("Nonsense")
    Traceback (most recent call last):
    ...
    AttributeError: module 'healthtwin.domain' has no attribute 'Nonsense'
    """
    modules = {name: module for module, given in names.items() for name in given.split()}

    def get(name: str) -> object:
        if name in modules:
            return getattr(import_module(f"{package}.{modules[name]}"), name)
        raise AttributeError(f"module {package!r} has no attribute {name!r}")

    return get
