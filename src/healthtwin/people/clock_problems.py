"""Whose clocks are wrong, as it is told."""

from __future__ import annotations

from typing import TYPE_CHECKING

from healthtwin.domain import Said
from healthtwin.people.answers import ClockProblemView
from healthtwin.stream import device_key
from healthtwin.words import say

if TYPE_CHECKING:
    from healthtwin.room import Ports
    from healthtwin.store.people import Person


class ClockProblems:
    """Devices of a person whose clocks are wrong: seen in their readings, or refused since they are ahead."""

    def __init__(self, ports: Ports) -> None:
        self._ports = ports

    def of(self, person: Person) -> list[ClockProblemView]:
        """The person's."""
        wrong = self._ports.runner.clock_problems(person.pseudonym)
        ahead = self._ports.fast_clocks(person.id)
        if not wrong and not ahead:
            return []
        labels = self._ports.devices_of(person.id)
        ids = {device_key(device): device for device in labels}
        found = [(ids.get(one.device, ""), one.kind, one.behind_ms, one.since_ms) for one in wrong]
        found += [(one.device, "ahead", one.ahead_ms, one.since_ms) for one in ahead]
        return [
            _view(device, labels.get(device, ""), kind, by_ms, since_ms)
            for device, kind, by_ms, since_ms in found
        ]


def _view(device: str, label: str, kind: str, by_ms: int, since_ms: int) -> ClockProblemView:
    said = Said.of("clock-problem", kind=kind, device=label or device or "unnamed", ms=by_ms)
    return ClockProblemView(device, label, kind, by_ms, since_ms, say(said), said)
