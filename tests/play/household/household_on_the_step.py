"""Households played straight into the house step, all of them side by side: many seeds in seconds."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import numpy as np

from healthtwin.domain import (
    METRIC_BY_FIELD,
    MINUTE_MS,
    Change,
    EpisodeChange,
    NewRecord,
    Profile,
    decode_change,
)
from healthtwin.pipeline import Codec, HouseStep, ProfilePayload, VitalsPayload
from healthtwin.play.demo import Household, HouseholdMember
from healthtwin.simulate import SyntheticMessage

LATENESS_MS = 15 * MINUTE_MS


CODEC = Codec()


def changes_of(
    households: Sequence[Household], silence_after_ms: int
) -> Iterator[tuple[HouseholdMember, EpisodeChange]]:
    """Everything told about anybody; the households begin at the same time."""
    (start_ms,) = {household.start_ms for household in households}
    members = [member for household in households for member in household.members]
    step = HouseStep(LATENESS_MS)
    state = step.blank(len(members))

    def take(rows: list[tuple[int, NewRecord]]) -> list[tuple[int, Change]]:
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
            yield members[i], decode_change(change.payload)
    moments: dict[int, list[tuple[int, NewRecord]]] = {}
    for i, member in enumerate(members):
        for message in member.watched:
            moments.setdefault(message.time_ms, []).append((i, _vitals(i, message, message.time_ms)))
    for now_ms, rows in sorted(moments.items()):
        # Nothing comes late here, so the settled states are the newest ones.
        for i, change in [*step.tick(state, state.copy(), now_ms), *take(rows)]:
            yield members[i], decode_change(change.payload)


def _profile(i: int, member: HouseholdMember, now_ms: int, silence_after_ms: int) -> NewRecord:
    person = member.person
    profile = Profile(person.timezone, person.birth_year, person.sex, silence_after_ms=silence_after_ms)
    return CODEC.record(ProfilePayload.of(profile), person=f"x{i}", time_ms=now_ms, arrived_ms=now_ms)


def _vitals(i: int, message: SyntheticMessage, arrived_ms: int) -> NewRecord:
    values = {METRIC_BY_FIELD[name].code: value for name, value in message.values.items()}
    return CODEC.record(VitalsPayload(values), person=f"x{i}", time_ms=message.time_ms, arrived_ms=arrived_ms)
