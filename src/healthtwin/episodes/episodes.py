"""Episodes: what comes together for one person is one alert, opened once, raised when worse, then closed.

::

                 level > 0                     calm for CALM_STRETCH_MS, or somebody resolves it
    NEVER ─────────────────▶ TRIGGERED ──────────────────────────────────────────────▶ RESOLVED
                              │  ▲  │  ▲                                                    │
                  acknowledge │  │  │ snooze                        level > 0: a new episode,│
                              ▼  │  ▼  │                           with a new id, TRIGGERED  │
                    ACKNOWLEDGED │  SNOOZED                          (SNOOZED while a snooze ◀┘
                       worse ────┘  worse, or the snooze is over      still runs)

- The level of an open episode never falls; a worse sign raises it and opens no other.
- An acknowledgement holds until the episode resolves *and* recurs. It was given for a level: a worse one is
  told again, because acknowledging a warning is not acknowledging a critical sign.
- A snooze outlives the episode: what flaps open again before its end opens snoozed. A worse level than the
  one that was snoozed breaks it.
- An episode that somebody resolves while its signs still stand keeps quiet until they were calm once, become
  worse, or `RESOLVED_HOLD_MS` have passed.
- Time alone never closes an episode: where readings end, the state is unknown, not fine.

A person has one record per dedup key (`DEDUP_KEYS`). Everything works in place, elementwise, on arrays of
records; a batch is cut anywhere without changing a bit.
"""

from __future__ import annotations

from enum import IntEnum
from typing import TYPE_CHECKING, Final

import numpy as np

from healthtwin.domain import LONGEST_SNOOZE_MS, MINUTE_MS, AlertState
from healthtwin.domain.errors import InvalidInput
from healthtwin.domain.signs import SIGN_WORDS

if TYPE_CHECKING:
    from numpy.typing import NDArray

    StructuredArray = NDArray[np.void]
    Levels = NDArray[np.uint8]
    Flags = NDArray[np.bool_]
    Times = NDArray[np.int64]
    Signs = NDArray[np.uint64]

VITALS_KEY: Final = "vitals"
SILENCE_KEY: Final = "silence"
DEDUP_KEYS: Final = (VITALS_KEY, SILENCE_KEY)
"""What may be open only once at a time for one person. Each has an episode of its own in a person's state,
which is acknowledged, snoozed, woken, resolved and corrected by itself; a new one is one more name here, and
somebody who opens it (`advance`)."""

CALM_STRETCH_MS: Final = 30 * MINUTE_MS
"""How long every reading must be clearly back in range before an episode resolves by itself: half the 1-hour
interval at which NEWS2 (Royal College of Physicians, 2017) has a patient of medium risk watched."""

RESOLVED_HOLD_MS: Final = 30 * MINUTE_MS
"""How long signs that were there already may stand on after somebody resolved the episode by hand."""

NEVER: Final = 0
TRIGGERED: Final = 1
ACKNOWLEDGED: Final = 2
SNOOZED: Final = 3
RESOLVED: Final = 4

STATE_WORDS: Final = (
    "",
    AlertState.TRIGGERED.value,
    AlertState.ACKNOWLEDGED.value,
    AlertState.SNOOZED.value,
    AlertState.RESOLVED.value,
)
"""The API's word for each state number; NEVER has none, since no alert exists then."""

EPISODE_VERSION: Final = 2

EPISODE: Final = np.dtype(
    [
        ("started_ms", "i8"),  # event time of the first sign; with the dedup key it makes the id
        ("last_sign_ms", "i8"),  # event time of the latest sign
        ("calm_since_ms", "i8"),  # first reading of the present calm stretch; 0 while not calm
        ("resolved_ms", "i8"),  # 0 while open
        ("snoozed_until_ms", "i8"),  # 0 when no snooze runs; outlives the episode
        ("signs", "u8", (SIGN_WORDS,)),  # every rule that spoke (`domain.signs`)
        ("level", "u1"),  # highest so far, domain.AlertLevel
        ("quiet_level", "u1"),  # up to this level somebody asked for quiet; 0 nobody did
        ("state", "u1"),  # NEVER … RESOLVED
        ("held", "?"),  # resolved by hand while signs stood, and they have not been calm since
    ],
)
"""One open-or-last episode of one dedup key."""


class Moved(IntEnum):
    """What a step did to an episode."""

    NOTHING = 0
    OPENED = 1
    RAISED = 2
    RESOLVED = 3
    WOKEN = 4
    ACKNOWLEDGED = 5
    SNOOZED = 6
    RESOLVED_BY_HAND = 7
    SAID_USUAL = 20
    SAID_UNUSUAL = 21


def blank_episodes(count: int) -> StructuredArray:
    """`count` records of people who never had an episode, shape `(count,)`.

    >>> blank_episodes(3)["state"].tolist()
    [0, 0, 0]
    """
    return np.zeros(count, EPISODE)


def is_open(episodes: StructuredArray) -> Flags:
    """Whether each episode stands open: triggered, acknowledged or snoozed."""
    state = episodes["state"]
    opened: Flags = (state >= TRIGGERED) & (state <= SNOOZED)
    return opened


def open_level(episodes: StructuredArray) -> Levels:
    """The level of each open episode; 0 where none is open."""
    levels: Levels = np.where(is_open(episodes), episodes["level"], 0).astype(np.uint8)
    return levels


def advance(
    episodes: StructuredArray, level: Levels, signs: Signs, calm: Flags, time_ms: Times
) -> NDArray[np.uint8]:
    """Take in one judgement per person, in place.

    Args:
        episodes: `EPISODE`, shape (n,).
        level: 0 none, else `domain.AlertLevel`, shape (n,).
        signs: rules that speak now (`domain.signs`), shape (n, SIGN_WORDS).
        calm: clearly back in range, shape (n,). time_ms: event time of the readings, shape (n,).

    Returns:
        `Moved` codes, shape (n,).

    >>> from healthtwin.domain.signs import signs_of
    >>> episode = blank_episodes(1)
    >>> one = lambda value, kind: np.array([value], kind)
    >>> def step(level, calm, minute):
    ...     moved = advance(
    ...         episode, one(level, "u1"), signs_of(0)[None], one(calm, "?"), one(minute * 60_000, "i8")
    ...     )
    ...     return Moved(int(moved[0])).name
    >>> step(2, False, 0), step(2, False, 5), step(3, False, 10), step(0, True, 15), step(0, True, 45)
    ('OPENED', 'NOTHING', 'RAISED', 'NOTHING', 'RESOLVED')
    """
    sign = level > 0
    woken = _end_snoozes(episodes, time_ms)
    was_open = is_open(episodes)
    snoozing = (episodes["snoozed_until_ms"] > time_ms) & (level <= episodes["quiet_level"])
    held = (
        episodes["held"]
        & (level <= episodes["level"])
        & (time_ms < episodes["resolved_ms"] + RESOLVED_HOLD_MS)
    )
    opened = sign & ~was_open & ~held
    raised = sign & was_open & (level > episodes["level"])
    told_again = raised & (level > episodes["quiet_level"])

    _write(episodes, "started_ms", opened, time_ms)
    _write(episodes, "resolved_ms", opened, 0)
    _write(episodes, "signs", opened[:, None], 0)
    _write(episodes, "state", opened, np.where(snoozing, SNOOZED, TRIGGERED))
    _write(episodes, "state", told_again, TRIGGERED)
    loud = (opened & ~snoozing) | told_again
    _write(episodes, "snoozed_until_ms", loud, 0)
    _write(episodes, "quiet_level", loud, 0)
    _write(episodes, "level", opened | raised, level)
    _write(episodes, "held", opened | calm, value=False)
    standing = sign & (was_open | opened)
    _write(episodes, "signs", standing[:, None], episodes["signs"] | signs)
    _write(episodes, "last_sign_ms", standing, time_ms)

    calm_now = calm & ~sign
    since = episodes["calm_since_ms"]
    _write(episodes, "calm_since_ms", ~calm_now, 0)
    _write(episodes, "calm_since_ms", calm_now & (since == 0), time_ms)
    resolved = was_open & calm_now & (time_ms - episodes["calm_since_ms"] >= CALM_STRETCH_MS)
    _close(episodes, resolved, time_ms)
    return _codes(
        len(episodes),
        (woken, Moved.WOKEN),
        (opened, Moved.OPENED),
        (raised, Moved.RAISED),
        (resolved, Moved.RESOLVED),
    )


def acknowledge(episodes: StructuredArray, started_ms: Times, level: Levels) -> NDArray[np.uint8]:
    """Somebody has seen it: quiet for this episode up to `level`, in place.

    Args:
        started_ms: start of the episode as the actor saw it; on a later one the click has no effect.
        level: the level as the actor saw it; where it has become worse since, the click has no effect.

    Returns:
        `Moved` codes, shape (n,).
    """
    meant = is_open(episodes) & (episodes["started_ms"] == started_ms) & (episodes["level"] <= level)
    done = meant & (episodes["state"] != ACKNOWLEDGED)
    _write(episodes, "state", done, ACKNOWLEDGED)
    _write(episodes, "quiet_level", done, episodes["level"])
    _write(episodes, "snoozed_until_ms", done, 0)
    return _codes(len(episodes), (done, Moved.ACKNOWLEDGED))


def snooze(
    episodes: StructuredArray, started_ms: Times, level: Levels, until_ms: Times, time_ms: Times
) -> NDArray[np.uint8]:
    """Quiet until `until_ms` (at most `LONGEST_SNOOZE_MS` from `time_ms`), in place; also for what recurs.

    Args and returns as in `acknowledge`.
    """
    meant = is_open(episodes) & (episodes["started_ms"] == started_ms) & (episodes["level"] <= level)
    until = np.minimum(until_ms, time_ms + LONGEST_SNOOZE_MS)
    done = meant & (until > time_ms)
    _write(episodes, "state", done, SNOOZED)
    _write(episodes, "quiet_level", done, episodes["level"])
    _write(episodes, "snoozed_until_ms", done, until)
    return _codes(len(episodes), (done, Moved.SNOOZED))


def resolve(episodes: StructuredArray, started_ms: Times, time_ms: Times) -> NDArray[np.uint8]:
    """Somebody has dealt with it, in place; what still stands keeps quiet for a while (see the module).

    Returns:
        `Moved` codes, shape (n,).
    """
    done = is_open(episodes) & (episodes["started_ms"] == started_ms)
    _write(episodes, "held", done & (episodes["calm_since_ms"] == 0), value=True)
    _close(episodes, done, time_ms)
    return _codes(len(episodes), (done, Moved.RESOLVED_BY_HAND))


def wake(episodes: StructuredArray, now_ms: int) -> NDArray[np.uint8]:
    """End every snooze that has run out, in place: an episode still open is told again.

    Returns:
        `Moved` codes, shape (n,).
    """
    return _codes(len(episodes), (_end_snoozes(episodes, np.int64(now_ms)), Moved.WOKEN))


def apply_verb(
    episodes: StructuredArray, verb: str, started_ms: Times, level: Levels, until_ms: Times, time_ms: Times
) -> NDArray[np.uint8]:
    """Do what somebody asked for, in place: ``acknowledge``, ``snooze`` or ``resolve``.

    Raises:
        InvalidInput: for another verb.
    """
    if verb == "acknowledge":
        return acknowledge(episodes, started_ms, level)
    if verb == "snooze":
        return snooze(episodes, started_ms, level, until_ms, time_ms)
    if verb == "resolve":
        return resolve(episodes, started_ms, time_ms)
    raise InvalidInput("verb", verb, "acknowledge, snooze or resolve")


def _end_snoozes(episodes: StructuredArray, now_ms: Times | np.int64) -> Flags:
    """Clear what has run out; returns where an open episode was asleep until now."""
    over = (episodes["snoozed_until_ms"] > 0) & (episodes["snoozed_until_ms"] <= now_ms)
    woken: Flags = over & (episodes["state"] == SNOOZED)
    _write(episodes, "state", woken, TRIGGERED)
    _write(episodes, "quiet_level", over, 0)
    _write(episodes, "snoozed_until_ms", over, 0)
    return woken


def _close(episodes: StructuredArray, where: Flags, time_ms: Times) -> None:
    _write(episodes, "state", where, RESOLVED)
    _write(episodes, "resolved_ms", where, time_ms)
    snoozed = episodes["snoozed_until_ms"] > time_ms
    _write(episodes, "quiet_level", where & ~snoozed, 0)


def _write(episodes: StructuredArray, field: str, where: Flags, value: object) -> None:
    np.copyto(
        episodes[field], np.asarray(value), where=where, casting="unsafe"
    )  # small integers, all in range


def _codes(count: int, *moves: tuple[Flags, Moved]) -> NDArray[np.uint8]:
    codes = np.zeros(count, np.uint8)
    for where, moved in moves:
        codes[where] = moved
    return codes
