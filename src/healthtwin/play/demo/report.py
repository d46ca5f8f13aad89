"""What the demo found, as `--json` prints it."""

from __future__ import annotations

from typing import TYPE_CHECKING

import msgspec

from healthtwin.domain import AlertLevel

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from healthtwin.notify import AlertView
    from healthtwin.play.demo.household import HouseholdMember

_LOUD = (AlertLevel.WARNING.word, AlertLevel.CRITICAL.word)


class FoundAlert(msgspec.Struct, frozen=True):
    """One alert of the watched stretch.

    Attributes:
        person: name of the simulated person.
        level: the worst it reached.
        scenario: what was happening to that person.
        first_sign_at, raised_at: event time, epoch ms.
        evidence: why, in words.
    """

    person: str
    level: str
    scenario: str
    first_sign_at: int
    raised_at: int
    evidence: list[str]


class Missed(msgspec.Struct, frozen=True):
    """A planted effect that no alert above "info" told of. onset_at: epoch ms."""

    person: str
    scenario: str
    onset_at: int


class DemoLatency(msgspec.Struct, frozen=True):
    """Milliseconds from sending a live message until it was answered, judged, and its alert could be read."""

    p50: float
    p99: float


class DemoReport(msgspec.Struct, frozen=True):
    """What `healthtwin demo --headless --json` prints.

    Attributes:
        people: how many. readings: values that were accepted, the past included.
        missed: planted effects without an alert above "info".
        false_alarms: alerts above "info" about somebody to whom nothing happened, or before it did.
    """

    people: int
    readings: int
    alerts: list[FoundAlert]
    latency_ms: DemoLatency
    missed: list[Missed]
    false_alarms: list[FoundAlert]
    synthetic: bool = True


def findings(
    members: Mapping[str, HouseholdMember], alerts: Sequence[AlertView]
) -> tuple[list[FoundAlert], list[Missed], list[FoundAlert]]:
    """Every alert, the effects that were missed, and the alerts that should not have been.

    Args:
        members: person id → member.
        alerts: what `GET /api/alerts` tells at the end.
    """
    found, false = [], []
    caught: set[str] = set()
    for alert in sorted(alerts, key=lambda each: (each.raised_at, each.id)):
        member = members[alert.person]
        told = FoundAlert(
            person=member.person.name,
            level=alert.level,
            scenario=member.scenario.name,
            first_sign_at=alert.started_at,
            raised_at=alert.raised_at,
            evidence=[fact.text for fact in alert.evidence],
        )
        found.append(told)
        if alert.level not in _LOUD:
            continue
        if member.scenario.alarms and alert.raised_at >= member.onset_ms:
            caught.add(alert.person)
        else:
            false.append(told)
    missed = [
        Missed(member.person.name, member.scenario.name, member.onset_ms)
        for person_id, member in members.items()
        if member.scenario.alarms and person_id not in caught
    ]
    return found, missed, false
