"""Episodes: what comes together for one person is one alert, opened once, told again when worse, then closed.

::

                 level > 0                calm, or somebody resolves it
    NEVER ─────────────────▶ TRIGGERED ─────────────────────────────────▶ RESOLVED
                              │  ▲  │  ▲                                     │
                  acknowledge │  │  │ snooze              level > 0: a new   │
                              ▼  │  ▼  │                 episode with a new  │
                    ACKNOWLEDGED │  SNOOZED              id, TRIGGERED or    │
                news: a new sign ┘  or one clearly      SNOOZED (while one ◀┘
                worse; the end of a snooze              runs for its signs)

- What somebody knows is a set of signs with values. A verb covers what its sender knew (`Knows`) and nothing
  else: a new sign, a clearly worse one (`healthtwin.episodes.ladders`) or a higher level is told again.
- A reading older than a click undoes it only where it says something graver than was known: a higher level,
  a deeper rung of a known vital, an urgent rung. A further sign of the same level is shown, and told when a
  reading after the click shows it too.
- A sign is told once until it has ceased (IEC 60601-1-8: an acknowledgement lasts until the condition
  ceases): until its own vital was calm, as an episode must be to close. Then it is new again.
- The level of an open episode never falls; a worse sign raises it and opens no other.
- A snooze belongs to its signs. It outlives an episode that closes by itself, for the same signs alone; its
  end tells what is still true and fresh (`WOKEN`), else nobody (`LAPSED`), and from then on all is new.
- A critical episode that is acknowledged and not better is told again after 30 minutes, then hourly.
- An episode that somebody resolves while its signs still stand keeps quiet until they were calm once, become
  worse, or `RESOLVED_HOLD_MS` have passed; until then it can be opened again (`reopen`).
- Time alone never closes an episode: where readings end, the state is unknown, not fine.

A person has one record per dedup key (`DEDUP_KEYS`), and for vitals a `LADDER`. Everything works in place,
elementwise, on arrays of records; a batch is cut anywhere without changing a bit.
"""

from __future__ import annotations

from enum import IntEnum
from typing import TYPE_CHECKING, Final

import numpy as np

from healthtwin.domain import HOUR_MS, MINUTE_MS, STALE_AFTER_MS, AlertLevel, AlertState
from healthtwin.domain.arrays import whole_words
from healthtwin.domain.rules import RULES, SEEN_NOW_H
from healthtwin.domain.signs import SIGN_WORDS, any_of, only_where, signs_of
from healthtwin.episodes import ladders

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from healthtwin.episodes.ladders import Look

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

CALM_STRETCH_MS: Final = ladders.STRETCH_MS
"""How long every reading must be clearly back in range before a watched episode resolves by itself."""

RESOLVED_HOLD_MS: Final = 30 * MINUTE_MS
"""How long signs that were there already may stand on after somebody resolved the episode by hand."""

REMIND_AFTER_MS: Final = 30 * MINUTE_MS
REMIND_EVERY_MS: Final = HOUR_MS
"""When a critical episode that is acknowledged and not better is told again: NEWS2 has a patient of 5 or more
seen within the hour and watched hourly (RCP, 2017); "somebody has it" is a claim that must be kept fresh."""

FLAPPING_MS: Final = HOUR_MS
"""What opens again within this after it was closed by measuring on purpose needs a calm stretch to close."""

_SEEN_NOW: Final = signs_of(*(number for number, rule in RULES.items() if rule.within_h == SEEN_NOW_H))

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

EPISODE_VERSION: Final = 3

EPISODE: Final = whole_words(
    [
        ("started_ms", "i8"),  # event time of the first sign; with the dedup key it makes the id
        ("last_sign_ms", "i8"),  # event time of the latest sign
        ("calm_since_ms", "i8"),  # first reading of the present calm stretch; 0 while not calm
        ("resolved_ms", "i8"),  # 0 while open
        ("snoozed_until_ms", "i8"),  # 0 when no snooze runs; outlives the episode
        ("told_ms", "i8"),  # event time of what was told last
        ("remind_ms", "i8"),  # when it is told again though it is acknowledged; 0 never
        ("former_ms", "i8"),  # start of the episode before this one; 0 none
        ("former_end_ms", "i8"),
        ("signs", "u8", (SIGN_WORDS,)),  # every rule that spoke (`domain.signs`)
        ("told", "u8", (SIGN_WORDS,)),  # of these, what was told and has not ceased since
        ("former_level", "u1"),
        ("level", "u1"),  # highest so far, domain.AlertLevel
        ("quiet_level", "u1"),  # up to this level somebody asked for quiet; 0 nobody did
        ("state", "u1"),  # NEVER … RESOLVED
        ("held", "?"),  # resolved by hand while signs stood, and they have not been calm since
        ("before", "u1"),  # state in which it was resolved by hand
        ("era", "u1"),  # how often a snooze ended unheard, so that all is told anew; modulo 256
        ("by_repeat", "?"),  # resolved since it was measured again on purpose
        ("strict", "?"),  # opened again soon after that
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
    WORSENED = 8
    LAPSED = 9
    REMINDED = 10
    REOPENED = 11


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
    episodes: StructuredArray,
    level: Levels,
    signs: Signs,
    calm: Flags,
    time_ms: Times,
    look: Look | None = None,
    ladder: StructuredArray | None = None,
) -> NDArray[np.uint8]:
    """Take in one judgement per person, in place.

    Args:
        episodes: `EPISODE`, shape (n,).
        level: 0 none, else `domain.AlertLevel`, shape (n,).
        signs: rules that speak now (`domain.signs`), shape (n, SIGN_WORDS).
        calm: clearly back in range, shape (n,). time_ms: event time of the readings, shape (n,).
        look: the values behind it. ladder: `LADDER`, shape (n,). Both None for what has no vitals.

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
    woken, lapsed = _end_snoozes(episodes, ladder, time_ms, sign)
    was_open = is_open(episodes)
    if not (sign.any() or was_open.any() or episodes["held"].any()):  # by far the most usual
        return np.zeros(len(episodes), np.uint8)
    news = _news(episodes, level, signs, time_ms, look, ladder)
    asked_for = sign & ~news & (level <= episodes["quiet_level"]) & (episodes["snoozed_until_ms"] > time_ms)
    held = (
        episodes["held"]
        & ~news
        & (level <= episodes["level"])
        & (time_ms < episodes["resolved_ms"] + RESOLVED_HOLD_MS)
    )
    opened = sign & ~was_open & ~held
    quietly = opened & asked_for
    raised = sign & was_open & (level > episodes["level"])
    worsened = was_open & news & (level >= AlertLevel.WARNING) & ~raised
    loudly = (opened & ~quietly) | raised | worsened
    _open(episodes, opened, quietly, time_ms)
    if ladder is not None:
        ladders.begin_anew(ladder, opened & ~quietly)
    _tell(episodes, loudly, time_ms)
    write(episodes, "level", opened | raised, level)
    write(episodes, "held", opened | calm, value=False)
    stands = sign & (was_open | opened)
    write(episodes, "signs", stands[:, None], episodes["signs"] | signs)
    write(episodes, "told", loudly[:, None], episodes["told"] | signs)
    write(episodes, "last_sign_ms", sign & (stands | held), time_ms)

    calm_now = calm & ~sign
    resolved = _calm_long(episodes, was_open | sign, was_open & calm_now, time_ms)
    if look is not None and ladder is not None:
        ladders.note_seen(ladder, look, stands | was_open | episodes["held"], time_ms)
        ladders.note_told(ladder, loudly)
        repeated = _settle(episodes, ladder, look, stands | was_open, time_ms) & was_open & calm_now
        write(episodes, "by_repeat", resolved | repeated, repeated & ~resolved)
        resolved |= repeated
    close(episodes, resolved, time_ms)
    return codes(
        len(episodes),
        (woken, Moved.WOKEN),
        (lapsed, Moved.LAPSED),
        (worsened, Moved.WORSENED),
        (raised, Moved.RAISED),
        (opened, Moved.OPENED),
        (resolved, Moved.RESOLVED),
    )


def _news(
    episodes: StructuredArray,
    level: Levels,
    signs: Signs,
    time_ms: Times,
    look: Look | None,
    ladder: StructuredArray | None,
) -> Flags:
    """Where something speaks at warning or above that was not told, or is clearly worse than it was."""
    loud = only_where(signs, level >= AlertLevel.WARNING) if look is None else look.loud
    fresh = loud & ~episodes["told"]
    if look is None or ladder is None:
        return any_of(fresh)
    closed = episodes["held"] & (episodes["state"] == RESOLVED)
    worse = ladders.worsened(ladder, look, time_ms, episodes["told_ms"], closed)
    # "Be seen within two hours" is more than "today or tomorrow", also of a vital that was told already.
    sooner = any_of(fresh & _SEEN_NOW) & ~any_of(episodes["told"] & _SEEN_NOW)
    sooner &= episodes["level"] < AlertLevel.CRITICAL
    news: Flags = any_of(fresh & ~ladders.told_rules(ladder)) | np.logical_or.reduce(worse, axis=1)
    return news | sooner


def _calm_long(episodes: StructuredArray, concerned: Flags, calm: Flags, time_ms: Times) -> Flags:
    """Where a calm stretch is long enough with this reading."""
    write(episodes, "calm_since_ms", concerned & ~calm, 0)
    write(episodes, "calm_since_ms", calm & (episodes["calm_since_ms"] == 0), time_ms)
    long: Flags = calm & (time_ms - episodes["calm_since_ms"] >= CALM_STRETCH_MS)
    return long


def _open(episodes: StructuredArray, opened: Flags, quietly: Flags, time_ms: Times) -> None:
    soon = episodes["by_repeat"] & (time_ms - episodes["resolved_ms"] < FLAPPING_MS)
    write(episodes, "strict", opened, soon)
    for name, of in (("_ms", "started_ms"), ("_end_ms", "resolved_ms"), ("_level", "level")):
        write(episodes, f"former{name}", opened, episodes[of])
    write(episodes, "started_ms", opened, time_ms)
    for name in ("resolved_ms", "remind_ms", "by_repeat", "before"):
        write(episodes, name, opened, 0)
    write(episodes, "signs", opened[:, None], 0)
    write(episodes, "told", (opened & ~quietly)[:, None], 0)
    write(episodes, "era", opened & ~quietly, 0)
    write(episodes, "state", quietly, SNOOZED)


def _tell(episodes: StructuredArray, where: Flags, time_ms: Times | np.int64) -> None:
    write(episodes, "state", where, TRIGGERED)
    write(episodes, "told_ms", where, time_ms)
    for name in ("snoozed_until_ms", "quiet_level", "remind_ms"):
        write(episodes, name, where, 0)


def _settle(
    episodes: StructuredArray, ladder: StructuredArray, look: Look, where: Flags, time_ms: Times
) -> Flags:
    """Forget vitals that are over; returns where the last one that stood is over with this reading."""
    stood = ladders.standing(ladder)
    enough = np.where(episodes["level"] >= AlertLevel.CRITICAL, 2, 1)
    enough = np.where(episodes["strict"], 255, enough).astype(np.uint8)
    # What is snoozed is told of again only when the snooze is over, also where it came and went.
    asleep = episodes["state"] == SNOOZED
    over = ladders.settle(ladder, look, where, time_ms, enough, asleep)
    if not over.any():
        return np.zeros(len(episodes), np.bool_)
    gone = ladders.rules_over(over, ladder)
    write(episodes, "told", any_of(gone)[:, None], episodes["told"] & ~gone)
    last: Flags = stood & ~ladders.standing(ladder)
    return last


def wake(episodes: StructuredArray, now_ms: int, ladder: StructuredArray | None = None) -> NDArray[np.uint8]:
    """What time alone does, in place: snoozes end, a rung seen once is told, who acknowledged is reminded.

    Returns:
        `Moved` codes, shape (n,).
    """
    now = np.int64(now_ms)
    woken, lapsed = _end_snoozes(episodes, ladder, now, None)
    worsened = is_open(episodes) & (episodes["level"] >= AlertLevel.WARNING)
    if ladder is None:
        worsened[:] = False
    else:
        few = np.flatnonzero(worsened)  # of a million people, few have anything open
        worsened[few] = ladders.unconfirmed(ladder[few], now_ms).any(axis=1)
        _tell(episodes, worsened, now)
        ladders.note_told(ladder, worsened)
    due = (episodes["state"] == ACKNOWLEDGED) & (episodes["remind_ms"] > 0) & (episodes["remind_ms"] <= now)
    better = (episodes["calm_since_ms"] > 0) | (now - episodes["last_sign_ms"] > STALE_AFTER_MS)
    reminded = due & ~better
    skipped = np.maximum(now - episodes["remind_ms"], 0) // REMIND_EVERY_MS + 1
    write(episodes, "remind_ms", due, episodes["remind_ms"] + skipped * REMIND_EVERY_MS)
    return codes(
        len(episodes),
        (reminded, Moved.REMINDED),
        (lapsed, Moved.LAPSED),
        (woken, Moved.WOKEN),
        (worsened, Moved.WORSENED),
    )


def _end_snoozes(
    episodes: StructuredArray, ladder: StructuredArray | None, now_ms: Times | np.int64, sign: Flags | None
) -> tuple[Flags, Flags]:
    """Clear what has run out; where it is told again, and where nothing of it speaks of now."""
    over = (episodes["snoozed_until_ms"] > 0) & (episodes["snoozed_until_ms"] <= now_ms)
    if not over.any():
        return over, over
    ended = over & (episodes["state"] == SNOOZED)
    if ladder is None:
        true = np.ones(len(episodes), np.bool_)
    else:
        times = np.broadcast_to(np.asarray(now_ms, np.int64), (len(episodes),))
        lately = (times - episodes["last_sign_ms"] <= HOUR_MS) & (episodes["calm_since_ms"] == 0)
        true = (lately & ~ladders.standing(ladder)) | ladders.fresh(ladder, times)
    if sign is not None:
        true = true | sign
    woken: Flags = ended & true
    lapsed: Flags = ended & ~true
    write(episodes, "state", woken, TRIGGERED)
    write(episodes, "told_ms", woken, episodes["snoozed_until_ms"])
    write(episodes, "state", lapsed, ACKNOWLEDGED)
    write(episodes, "told", lapsed[:, None], 0)
    if ladder is not None:
        ladders.untell(ladder, lapsed)
    write(episodes, "era", lapsed, episodes["era"] + 1)
    write(episodes, "quiet_level", over, 0)
    write(episodes, "snoozed_until_ms", over, 0)
    return woken, lapsed


def close(episodes: StructuredArray, where: Flags, time_ms: Times) -> None:
    """The end of these episodes, in place."""
    write(episodes, "state", where, RESOLVED)
    write(episodes, "resolved_ms", where, time_ms)
    write(episodes, "remind_ms", where, 0)
    snoozed = episodes["snoozed_until_ms"] > time_ms
    write(episodes, "quiet_level", where & ~snoozed, 0)


def write(episodes: StructuredArray, field: str, where: Flags, value: object) -> None:
    """Set one field of some records, in place."""
    np.copyto(
        episodes[field], np.asarray(value), where=where, casting="unsafe"
    )  # small integers, all in range


def codes(count: int, *moves: tuple[Flags, Moved]) -> NDArray[np.uint8]:
    """The last one that fits counts."""
    codes = np.zeros(count, np.uint8)
    for where, moved in moves:
        codes[where] = moved
    return codes
