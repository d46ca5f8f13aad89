"""Whether the clocks of sensors are right, from when their readings say they were taken and when they came.

A clock that is behind and a queue that was held back look alike in one message: both bring old stamps. They
differ from one message to the next. What waited in a queue is sent faster than it was measured, so its stamps
run ahead of the arrivals; the stamps of a slow clock go on at the pace of the arrivals, by always the same
lag. (NTP tells delay from offset in the same way: RFC 5905, section 10, takes the sample of least delay.)
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import msgspec
import numpy as np

from healthtwin.domain import AHEAD_MS, DAY_MS, HOUR_MS, MINUTE_MS, SECOND_MS
from healthtwin.stream.chains import NO_SLOT, Chains
from healthtwin.stream.devices import NOT_YET
from healthtwin.stream.record import HOUSE_DEVICE

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from healthtwin.domain.arrays import StructuredArray

    Times = NDArray[np.int64]
    People = NDArray[np.int64]

STEADY_MS: Final = 90 * SECOND_MS
"""How far stamps and arrivals may come apart in a steady stretch: stamps of whole minutes, and the jitter of
a phone that sends within half a minute..."""

STEADY_SHARE: Final = 3
"""...or this part of the stretch, since phones send when their system lets them. A queue that is sent at less
than four thirds of the pace at which it was measured would pass for a slow clock; none is."""

BELIEVED_AFTER_MS: Final = 3 * MINUTE_MS
"""How long a stretch must be to count: two messages five minutes apart, or one a minute for three minutes."""

ANEW_AFTER_MS: Final = 30 * MINUTE_MS
"""After this a stretch begins anew, so that a clock that goes on slowing down is followed."""

LEAPS: Final = 3
"""So many leaps back and forth within `LEAPS_WITHIN_MS` make a clock that jumps; an upload of older readings
between those of now is one or two."""

LEAPS_WITHIN_MS: Final = HOUR_MS

LEAP_GAP_MS: Final = MINUTE_MS
"""A message sent sooner than this after another belongs to the same upload."""

FORGOTTEN_AFTER_MS: Final = 2 * DAY_MS
"""A sensor that has not spoken for longer is no present problem."""

CLOCK: Final = np.dtype(
    [
        ("sensor", "i8"),  # its key
        ("device", "i8"),  # key of what sends its readings
        ("message_ms", "i8"),  # when its newest message arrived
        ("newest_ms", "i8"),  # the youngest stamp in that
        ("oldest_ms", "i8"),  # the oldest one
        ("before_ms", "i8"),  # when the message before arrived
        ("reached_ms", "i8"),  # the youngest stamp in that one
        ("delay_ms", "i8"),  # by how much that one's youngest stamp was behind
        ("from_ms", "i8"),  # arrival of the message with which the steady stretch began; NOT_YET: none did
        ("from_newest_ms", "i8"),  # its youngest stamp
        ("least_ms", "i8"),  # the least lag in the stretch
        ("behind_ms", "i8"),  # what the clock is behind by all that is known; 0: not
        ("since_ms", "i8"),  # since when; 0: not
        ("leapt_ms", "i8"),  # when it last leapt back
        ("leaps", "i4"),  # how often
        ("fell", "i4"),  # 1: it came forward again since
    ]
)
"""What is known of one sensor's clock."""


class ClockProblem(msgspec.Struct, frozen=True):
    """A sensor's clock that is wrong.

    Attributes:
        device: key of what sends its readings.
        kind: ``behind`` or ``jumping``.
        behind_ms: by so much; of a jumping one, in the last message.
        since_ms: since when, on the house's clock.
    """

    device: int
    kind: str
    behind_ms: int
    since_ms: int


class SensorClocks:
    """What is known of the clocks of everybody's sensors.

    Args:
        lateness_ms: a reading that comes later than this says nothing about now, so a clock that is behind by
            more makes its wearer unheard: those alone are looked for.
    """

    def __init__(self, lateness_ms: int) -> None:
        self._chains = Chains(CLOCK, "sensor")
        self._lateness_ms = lateness_ms

    def reserve(self, people: int) -> None:
        """Make room for this many people."""
        self._chains.reserve(people)

    def note(
        self,
        people: People,
        device: Times,
        sensor: Times,
        time_ms: Times,
        arrived_ms: Times,
        now_ms: Times,
    ) -> Times:
        """When each row is judged to have been measured; at most one row per person, shape `(people,)`.

        That is when it says, unless its sensor's clock is known to be wrong; never after it arrived, but for
        what the door lets in.

        Args:
            people: their numbers. device: device keys.
            sensor: which of its device's, 0 if it has only one.
            time_ms: when they say. arrived_ms: when they came. now_ms: the log's clock then.
        """
        judged = time_ms.copy()
        theirs = device != HOUSE_DEVICE
        judged[~theirs] = np.minimum(time_ms, np.maximum(arrived_ms, now_ms) + AHEAD_MS)[~theirs]
        keys = device ^ (sensor << 20)
        slots = self._chains.slots_of(people, keys)
        known = theirs & (slots != NO_SLOT)
        fresh = theirs & ~known
        if known.any():
            clocks = self._chains.records[slots[known]]
            judged[known] = _hear(clocks, time_ms[known], arrived_ms[known], self._lateness_ms)
            self._chains.records[slots[known]] = clocks
        if fresh.any():
            clocks = np.zeros(int(fresh.sum()), CLOCK)
            clocks["sensor"], clocks["device"] = keys[fresh], device[fresh]
            clocks["message_ms"] = clocks["before_ms"] = arrived_ms[fresh]
            clocks["newest_ms"] = clocks["oldest_ms"] = time_ms[fresh]
            clocks["from_ms"] = NOT_YET
            clocks["fell"] = 1
            self._chains.add(people[fresh], clocks)
        return judged

    def problems(self, person: int, now_ms: int) -> list[ClockProblem]:
        """What is wrong with the clocks of this person's sensors."""
        found = []
        for clock in self._chains.of(person):
            if now_ms - int(clock["message_ms"]) > FORGOTTEN_AFTER_MS:
                continue
            lag_ms = max(int(clock["message_ms"] - clock["newest_ms"]), 0)
            if clock["behind_ms"] > 0:
                behind = ClockProblem(
                    int(clock["device"]), "behind", int(clock["behind_ms"]), int(clock["since_ms"])
                )
                found.append(behind)
            elif _is_jumping(clock, now_ms):
                found.append(ClockProblem(int(clock["device"]), "jumping", lag_ms, int(clock["leapt_ms"])))
        return found

    def wrong(self, now_ms: int) -> int:
        """How many clocks of all people together are wrong; any thread may ask."""
        clocks = self._chains.records[: self._chains.count]
        lately = now_ms - clocks["message_ms"] <= FORGOTTEN_AFTER_MS
        return int((lately & ((clocks["behind_ms"] > 0) | _is_jumping(clocks, now_ms))).sum())

    def clear(self, person: int) -> None:
        """Forget one person's."""
        self._chains.clear(person)

    def of(self, person: int) -> StructuredArray:
        """One person's as an array of `CLOCK`, in the order in which they were first heard."""
        return self._chains.of(person)

    def load(self, person: int, clocks: StructuredArray) -> None:
        """Restore what `of` returned, for a person without any."""
        self._chains.load(person, clocks)


def _is_jumping(clocks: StructuredArray | np.void, now_ms: int | Times) -> NDArray[np.bool_]:
    found: NDArray[np.bool_] = (clocks["leaps"] >= LEAPS) & (now_ms - clocks["leapt_ms"] <= LEAPS_WITHIN_MS)
    return found


def _hear(clocks: StructuredArray, time_ms: Times, arrived_ms: Times, lateness_ms: int) -> Times:
    """A reading of each sensor came; `clocks` changes in place. Returns when they are judged to be of."""
    begins = arrived_ms != clocks["message_ms"]
    if begins.any():
        begun = clocks[begins]
        _take_message(begun, lateness_ms)
        begun["before_ms"], begun["reached_ms"] = begun["message_ms"], begun["newest_ms"]
        begun["message_ms"] = arrived_ms[begins]
        begun["newest_ms"] = begun["oldest_ms"] = time_ms[begins]
        clocks[begins] = begun
    clocks["newest_ms"] = np.maximum(clocks["newest_ms"], time_ms)
    clocks["oldest_ms"] = np.minimum(clocks["oldest_ms"], time_ms)
    delay = np.maximum(arrived_ms - time_ms, 0)
    # What comes sooner than the clock was thought to be behind says that it is not, or less.
    sooner = (clocks["behind_ms"] > 0) & (delay < clocks["behind_ms"])
    clocks["behind_ms"] = np.where(sooner, np.where(delay > lateness_ms, delay, 0), clocks["behind_ms"])
    clocks["since_ms"] = np.where(clocks["behind_ms"] > 0, clocks["since_ms"], 0)
    judged = np.where(clocks["behind_ms"] > 0, time_ms + clocks["behind_ms"], time_ms)
    # Only the first of a message: what else it brings may be older, and a clock that jumps cannot say so.
    lost = begins & _is_jumping(clocks, arrived_ms) & (arrived_ms - judged > lateness_ms)
    return np.where(lost, arrived_ms, judged)


def _take_message(clocks: StructuredArray, lateness_ms: int) -> None:
    """The newest message of each of these sensors is complete: what does it say of the clock? In place."""
    arrived_ms, newest_ms = clocks["message_ms"], clocks["newest_ms"]
    delay = np.maximum(arrived_ms - newest_ms, 0)
    had = clocks["from_ms"] != NOT_YET
    span = np.where(had, arrived_ms - clocks["from_ms"], 0)
    apart = np.abs(np.where(had, newest_ms - clocks["from_newest_ms"], 0) - span)
    steady = had & (span >= 0) & (apart <= np.maximum(STEADY_MS, span // STEADY_SHARE))
    # What brings readings of before the last message is an upload, whose youngest says nothing of now.
    steady &= clocks["oldest_ms"] >= clocks["reached_ms"] - STEADY_MS
    least = np.where(steady, np.minimum(clocks["least_ms"], delay), delay)
    settled = steady & (span >= BELIEVED_AFTER_MS)
    wrong = settled & (least > lateness_ms)
    clocks["since_ms"] = np.where(wrong & (clocks["since_ms"] == 0), arrived_ms, clocks["since_ms"])
    clocks["behind_ms"] = np.where(wrong, least, np.where(settled, 0, clocks["behind_ms"]))
    anew = ~steady | (span >= ANEW_AFTER_MS)
    clocks["from_ms"] = np.where(anew, arrived_ms, clocks["from_ms"])
    clocks["from_newest_ms"] = np.where(anew, newest_ms, clocks["from_newest_ms"])
    clocks["least_ms"] = np.where(anew, delay, least)
    _count_leaps(clocks, delay, had, lateness_ms)
    clocks["delay_ms"] = delay


def _count_leaps(clocks: StructuredArray, delay: Times, had: NDArray[np.bool_], lateness_ms: int) -> None:
    """A clock that leaps back, comes forward and leaps back again is no upload."""
    arrived_ms = clocks["message_ms"]
    apart = had & (arrived_ms - clocks["before_ms"] >= LEAP_GAP_MS)
    leapt = apart & (delay - clocks["delay_ms"] > lateness_ms) & (clocks["fell"] == 1)
    fell = had & (clocks["delay_ms"] - delay > lateness_ms)
    again = arrived_ms - clocks["leapt_ms"] <= LEAPS_WITHIN_MS
    clocks["leaps"] = np.where(leapt, np.where(again, clocks["leaps"] + 1, 1), clocks["leaps"])
    clocks["leapt_ms"] = np.where(leapt, arrived_ms, clocks["leapt_ms"])
    clocks["fell"] = np.where(leapt, 0, np.where(fell, 1, clocks["fell"]))
