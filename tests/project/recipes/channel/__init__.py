"""A diary: a line for every alert, in a file of the home."""

from __future__ import annotations

from typing import TYPE_CHECKING

from healthtwin.notify.channels.channel import ChannelKind
from healthtwin.notify.channels.diary.settings import DiarySettings
from healthtwin.notify.channels.diary.transport import Diary

if TYPE_CHECKING:
    from healthtwin.room import Ports


def _open(ports: Ports) -> Diary | None:
    settings = DiarySettings.of(ports.home.section(DiarySettings.SECTION), ports.home.config_path)
    return Diary(ports.home.path / settings.file) if settings.file else None


KIND = ChannelKind(open=_open, settings=DiarySettings)
