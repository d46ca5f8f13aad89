"""Households played straight into the house step, all of them side by side: many seeds in seconds."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np

from healthtwin.domain import METRIC_BY_FIELD, MINUTE_MS, Profile
from healthtwin.episodes import EpisodeChange
from healthtwin.pipeline import PROFILE, VITALS, HouseStep, ProfilePayload, VitalsPayload, encode
from healthtwin.play.demo import Household, Member
from healthtwin.simulate import SyntheticMessage

LATENESS_MS = 15 * MINUTE_MS


@dataclass(frozen=True, slots=True)
class Logged:
    person: str
    kind: str
    time_ms: int
    arrived_ms: int
    payload: bytes


def changes_of(
    households: Sequence[Household], silence_after_ms: int
) -> Iterator[tuple[Member, EpisodeChange]]:
    """Everything told about anybody; the households begin at the same time."""
    (start_ms,) = {household.start_ms for household in households}
    members = [member for household in households for member in household.members]
    step = HouseStep(LATENESS_MS)
    state = step.blank(len(members))

    def take(rows: list[tuple[int, Logged]]) -> list[tuple[int, EpisodeChange]]:
        index = np.array([i for i, _ in rows])
        part = state[index]
        told = step.advance(part, step.rows([row for _, row in rows]), late=False)
        state[index] = part
        return [(int(index[i]), change) for i, change in told]

    take([(i, _profile(i, member, start_ms, silence_after_ms)) for i, member in enumerate(members)])
    for place in range(max(len(member.past) for member in members)):
        reached = [(i, member.past[place]) for i, member in enumerate(members) if place < len(member.past)]
        # What was measured in the last minutes before the watched stretch is still news when it comes.
        for i, change in take([(i, _vitals(i, message, start_ms)) for i, message in reached]):
            yield members[i], change
    moments: dict[int, list[tuple[int, Logged]]] = {}
    for i, member in enumerate(members):
        for message in member.watched:
            moments.setdefault(message.time_ms, []).append((i, _vitals(i, message, message.time_ms)))
    for now_ms, rows in sorted(moments.items()):
        # Nothing comes late here, so the settled states are the newest ones.
        for i, change in [*step.tick(state, state.copy(), now_ms), *take(rows)]:
            yield members[i], change


def _profile(i: int, member: Member, now_ms: int, silence_after_ms: int) -> Logged:
    person = member.person
    profile = Profile(person.timezone, person.birth_year, person.sex, silence_after_ms=silence_after_ms)
    return Logged(f"x{i}", PROFILE, now_ms, now_ms, encode(ProfilePayload.of(profile)))


def _vitals(i: int, message: SyntheticMessage, arrived_ms: int) -> Logged:
    values = {METRIC_BY_FIELD[name].code: value for name, value in message.values.items()}
    return Logged(f"x{i}", VITALS, message.time_ms, arrived_ms, encode(VitalsPayload(values)))
