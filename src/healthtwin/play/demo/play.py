"""Playing a made-up household through the whole house, phone by phone, over HTTP."""

from __future__ import annotations

import time
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Final

import msgspec

from healthtwin.access import Credentials, Scope, wall_ms
from healthtwin.domain import Profile
from healthtwin.house import EventClock
from healthtwin.play.demo.household import SILENCE_AFTER_MS
from healthtwin.play.demo.report import DemoLatency, DemoReport, findings
from healthtwin.play.replay.report import Percentiles
from healthtwin.play.running_house import HouseFailed, alerts_of, running_house
from healthtwin.store import Home, HomeKind, Tables
from healthtwin.store.people import People

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Sequence
    from pathlib import Path

    import httpx2

    from healthtwin.notify import AlertView
    from healthtwin.play.demo.household import Household, HouseholdMember
    from healthtwin.play.running_house import RunningHouse
    from healthtwin.simulate import SyntheticMessage

PAST_ROWS: Final = 500
"""Messages of the past in one post."""


class _Receipt(msgspec.Struct):
    accepted: int = 0


@dataclass(slots=True)
class Stage:
    """A running house with the household in it.

    Attributes:
        members: person id → member.
        readings: values accepted so far.
        judged_ms: per live message, from sending it until its alert could have been read.
    """

    running: RunningHouse
    household: Household
    members: dict[str, HouseholdMember]
    phones: dict[str, httpx2.Client]
    admin: httpx2.Client
    readings: int = 0
    judged_ms: list[float] = field(default_factory=list)

    def bring_the_past(self, progress: Callable[[int], None]) -> None:
        """Import what everybody measured in the past months: it teaches, and raises nothing.

        The first measurement comes on the day it was made, so that who these people are stands before all of
        it; the rest comes as an import at the end, in order of time over all people, so that the house takes
        a step for everybody at once. Nobody is missed before they are watched: the silence alarm is switched
        on afterwards.

        Args:
            progress: told the number of messages after each post.
        """
        past = moments_of((person_id, member.past) for person_id, member in self.members.items())
        self._post(self.admin, past[0][1])
        self.running.await_judged()
        progress(len(past[0][1]))
        self.running.clock.advance_to(self.household.start_ms)
        messages = [told for _, together in past[1:] for told in together]
        for first in range(0, len(messages), PAST_ROWS):
            part = messages[first : first + PAST_ROWS]
            self._post(self.admin, part)
            self.running.await_judged()
            progress(len(part))
        people = People(self.running.house.tables)
        for person_id in self.members:
            profile = people.get(person_id).profile
            people.update_profile(person_id, replace(profile, silence_after_ms=SILENCE_AFTER_MS))

    def play(self, moments: Iterable[tuple[int, Sequence[tuple[str, SyntheticMessage]]]]) -> None:
        """Live messages, each judged before the next is sent; the clock stands at each moment meanwhile."""
        for moment_ms, told in moments:
            self.running.clock.advance_to(moment_ms)
            self.running.house.tick()
            for person_id, message in told:
                sent = time.perf_counter()
                self._post(self.phones[person_id], [(person_id, message)])
                self.running.await_judged()
                self.judged_ms.append((time.perf_counter() - sent) * 1000)

    def alerts(self) -> list[AlertView]:
        """Every episode so far."""
        return alerts_of(self.admin)

    def report(self) -> DemoReport:
        """What was found."""
        found, missed, false = findings(self.members, self.alerts())
        waits = Percentiles.of(self.judged_ms)
        return DemoReport(
            people=len(self.members),
            readings=self.readings,
            alerts=found,
            latency_ms=DemoLatency(waits.p50 or 0.0, waits.p99 or 0.0),
            missed=missed,
            false_alarms=false,
        )

    def _post(self, client: httpx2.Client, told: Sequence[tuple[str, SyntheticMessage]]) -> None:
        rows = [
            {"person": person_id, "timestamp": message.time_ms, **message.values}
            for person_id, message in told
        ]
        answer = client.post(
            "/api/vitals", content=msgspec.json.encode(rows), headers={"content-type": "application/json"}
        )
        accepted = msgspec.json.decode(answer.content, type=_Receipt).accepted if answer.is_success else 0
        if accepted != len(rows):
            raise HouseFailed(f"{accepted} of {len(rows)} simulated messages were taken: {answer.text[:300]}")
        self.readings += sum(len(message.values) for _, message in told)


def moments_of(
    told: Iterable[tuple[str, Sequence[SyntheticMessage]]],
) -> list[tuple[int, list[tuple[str, SyntheticMessage]]]]:
    """Everybody's messages by the moment at which they are sent, in order.

    Args:
        told: (person id, that person's messages).
    """
    by_moment: dict[int, list[tuple[str, SyntheticMessage]]] = {}
    for person_id, messages in told:
        for message in messages:
            by_moment.setdefault(message.time_ms, []).append((person_id, message))
    return sorted(by_moment.items())


@contextmanager
def stage_for(household: Household, home_path: Path, *, port: int = 0) -> Iterator[Stage]:
    """A new home of kind "demo" with the household in it, served until the block ends.

    Raises:
        ConfigurationError: the directory holds something already, or the port is taken.
    """
    home = Home.create(home_path, HomeKind.DEMO)
    members, tokens, admin = _move_in(home, household)
    clock = EventClock(min(member.past[0].time_ms for member in household.members))
    with running_house(home, clock, port=port) as running, ExitStack() as clients:
        phones = {
            person_id: clients.enter_context(running.client(token)) for person_id, token in tokens.items()
        }
        yield Stage(running, household, members, phones, clients.enter_context(running.client(admin)))


def play_headless(
    household: Household, home_path: Path, progress: Callable[[int], None] = lambda _: None
) -> DemoReport:
    """The past, then the watched stretch, as fast as the house judges it.

    Args:
        progress: told the number of messages of the past after each post.
    """
    with stage_for(household, home_path) as stage:
        stage.bring_the_past(progress)
        stage.play(moments_of((person_id, member.watched) for person_id, member in stage.members.items()))
        return stage.report()


def _move_in(home: Home, household: Household) -> tuple[dict[str, HouseholdMember], dict[str, str], str]:
    """Make the people and their tokens: (person id → member, person id → phone's token, admin's token)."""
    members, tokens = {}, {}
    with Tables.of(home) as tables:
        for member in household.members:
            person = member.person
            profile = Profile(
                person.timezone,
                person.birth_year,
                person.sex,
                labels={"synthetic": "true"},
            )
            person_id = People(tables).add(person.name, profile, household.start_ms).id
            members[person_id] = member
            minted = Credentials(tables).create_token(
                Scope.DEVICE, [person_id], wall_ms(), label="demo phone"
            )
            tokens[person_id] = minted.secret
        admin = (
            Credentials(tables)
            .create_token(Scope.ADMIN, (), wall_ms(), label="demo", every_person=True)
            .secret
        )
    return members, tokens, admin
