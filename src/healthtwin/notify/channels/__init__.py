"""The ways of telling somebody, one folder each.

A folder here is a channel: its ``__init__`` says what it is (``KIND``), `transport` carries a message,
`words` makes it of an alert, `settings` reads its table of config.toml. Whoever lies here is opened, asked
whom it tells, tried again and documented; nothing else names it.
"""

from __future__ import annotations

import importlib
import pkgutil
from typing import TYPE_CHECKING

from healthtwin.notify.channels.channel import ChannelKind

if TYPE_CHECKING:
    from healthtwin.notify.channels.channel import Channel
    from healthtwin.room import Ports

__all__ = ["channel_kinds", "open_channels"]


def channel_kinds() -> dict[str, ChannelKind]:
    """Every channel by the name of its folder, in the order of the names.

    >>> list(channel_kinds())
    ['in_app', 'webhook']
    """
    names = sorted(entry.name for entry in pkgutil.iter_modules(__path__) if entry.ispkg)
    kinds = {}
    for name in names:
        kind = importlib.import_module(f"{__name__}.{name}").KIND
        if not isinstance(kind, ChannelKind):
            raise TypeError(f"{__name__}.{name}.KIND is no ChannelKind")
        kinds[name] = kind
    return kinds


def open_channels(ports: Ports) -> list[Channel]:
    """Every channel that is set up in this home.

    Raises:
        ConfigurationError: a setting that cannot work.
    """
    opened = [kind.open(ports) for kind in channel_kinds().values()]
    return [channel for channel in opened if channel is not None]
