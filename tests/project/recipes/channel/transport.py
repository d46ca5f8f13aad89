"""Lines at the end of a file."""

from __future__ import annotations

from typing import TYPE_CHECKING

from healthtwin.access import Actor
from healthtwin.notify.channels.diary.words import line_of

from healthtwin.notify.channels.channel import DeliveryResult, Disposition, Message

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from healthtwin.domain import EpisodeChange


class Diary:
    """Writes a line for every alert of everybody. file: where."""

    name = "diary"
    at_once = False

    def __init__(self, file: Path) -> None:
        self._file = file

    def recipients(self, person: str) -> Sequence[str]:
        """The one file."""
        del person
        return (self._file.name,)

    def words_of(self, change: EpisodeChange, first_id: str) -> str:
        """One line."""
        return line_of(change, first_id)

    def actor_of(self, recipient: str) -> Actor | None:
        """Whoever has the home: it is their diary."""
        return Actor(recipient)

    def without_readings(self, body: str) -> str:
        """The same line: it names no value."""
        return body

    def words_of_trial(self, at_ms: int) -> str:
        """One line that says what it is."""
        return f"{at_ms} This is a test. Nothing has happened."

    def send(self, message: Message) -> DeliveryResult:
        """Add the line."""
        if message.recipient != self._file.name:
            return DeliveryResult(Disposition.REFUSED, "there is one diary")
        try:
            with self._file.open("a", encoding="utf-8") as diary:
                diary.write(f"{message.body}\n")
        except OSError as error:
            return DeliveryResult(Disposition.RETRY, f"cannot be written ({type(error).__name__})")
        return DeliveryResult(Disposition.DELIVERED, "written")
