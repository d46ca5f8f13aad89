"""What browsers hear of the log: each record once, and nothing that was there before the house was opened."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, cast

from healthtwin.domain import Profile
from healthtwin.house.live_readings import LiveReadings
from healthtwin.people import Directory
from healthtwin.pipeline import Codec, EventPayload, VitalsPayload
from healthtwin.store import Tables
from healthtwin.store.people import People
from healthtwin.stream.record import placed

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from healthtwin.house import LiveFeed
    from healthtwin.pipeline import Payload


@dataclass
class Heard:
    """A feed that notes what it is to publish."""

    events: list[tuple[str, str]] = field(default_factory=list)

    def publish(self, person_id: str, name: str, render: Callable[[], bytes]) -> str:
        self.events.append((name, render().decode()))
        return person_id


def test_a_record_is_news_once_and_only_while_the_house_is_open(tmp_path: Path) -> None:
    codec, feed = Codec(), Heard()
    with Tables(f"sqlite:///{tmp_path / 'records.db'}") as tables:
        ada = People(tables).add("Ada", Profile("UTC"), 0)
        news: list[tuple[Payload, str]] = [
            (VitalsPayload({1: 60.0}), ada.pseudonym),
            (VitalsPayload({1: 61.0}), ada.pseudonym),
            (VitalsPayload({1: 61.0}), "somebody who was erased"),
            (EventPayload("symptom", 0, "g-1", "dizzy"), ada.pseudonym),
        ]
        records = [
            placed(codec.record(said, person=person, time_ms=n, arrived_ms=n), n, 0)
            for n, (said, person) in enumerate(news, start=1)
        ]
        live = LiveReadings(cast("LiveFeed", feed), codec, Directory(tables), offset=1)
        live.apply(records[:3], 3)
        live.apply(records, 4)
        live.apply(records, 4)
    assert live.offset == 4
    assert [name for name, _ in feed.events] == ["reading", "event"]
    assert '"heart_rate":61.0' in feed.events[0][1]
    assert "dizzy" in feed.events[1][1]
