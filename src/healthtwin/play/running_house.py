"""A house on its own clock, served on loopback from this process: what a replay and the demo play into."""

from __future__ import annotations

from contextlib import contextmanager
from typing import TYPE_CHECKING, Final

import httpx2
import msgspec

from healthtwin.api import Listen, ServeSettings, serving
from healthtwin.domain.errors import HealthTwinError
from healthtwin.house import open_house
from healthtwin.notify import AlertView
from healthtwin.people import PersonView

if TYPE_CHECKING:
    from collections.abc import Iterator

    from healthtwin.house import EventClock, House
    from healthtwin.store import Home

_ROWS_PER_S: Final = 1_000_000.0
"""The player waits for the house after each message, so a limit on what it may send would only idle."""

_ANSWER_WITHIN_S: Final = 120.0
_CATCHES_UP_WITHIN_S: Final = 300.0


class HouseFailed(HealthTwinError):
    """The house did not do what it was asked to in time."""


class RunningHouse:
    """A served house, its address and its clock.

    Attributes:
        house: the house. url: where it listens. clock: moved by whoever plays.
    """

    def __init__(self, house: House, url: str, clock: EventClock) -> None:
        self.house = house
        self.url = url
        self.clock = clock

    def client(self, token: str) -> httpx2.Client:
        """An HTTP client that sends this token; no proxy and no setting of the environment is used."""
        return httpx2.Client(
            base_url=self.url,
            headers={"authorization": f"Bearer {token}"},
            timeout=_ANSWER_WITHIN_S,
            trust_env=False,
        )

    def await_judged(self) -> None:
        """Return once everything acknowledged has been through the twin and its alerts can be read.

        Raises:
            HouseFailed: that did not come about within minutes.
        """
        if not self.house.caught_up(_CATCHES_UP_WITHIN_S):
            raise HouseFailed(f"the twin did not catch up within {_CATCHES_UP_WITHIN_S:g} s")


@contextmanager
def running_house(home: Home, clock: EventClock, *, port: int = 0) -> Iterator[RunningHouse]:
    """Open, start and serve the house in a home until the block ends.

    Raises:
        ConfigurationError, StorageBusy: the home cannot be opened, or is open elsewhere.
    """
    house = open_house(home.path, clock, kinds=(home.kind,))
    try:
        house.start()
        settings = ServeSettings(rows_per_s=_ROWS_PER_S, burst_rows=int(_ROWS_PER_S))
        with serving(house, Listen(port=port), settings) as url:
            yield RunningHouse(house, url, clock)
    finally:
        house.stop()


def people_of(client: httpx2.Client) -> list[PersonView]:
    """Everybody, as `GET /api/people` tells."""
    return msgspec.json.decode(_body(client, "/api/people"), type=list[PersonView])


def alerts_of(client: httpx2.Client) -> list[AlertView]:
    """Every episode, as `GET /api/alerts` tells."""
    return msgspec.json.decode(_body(client, "/api/alerts"), type=list[AlertView])


def _body(client: httpx2.Client, path: str) -> bytes:
    answer = client.get(path)
    if not answer.is_success:
        raise HouseFailed(f"GET {path} was answered {answer.status_code}: {answer.text[:300]}")
    return answer.content
