"""What somebody decides about an alert, as a verb for the log: it carries what they had seen."""

from __future__ import annotations

from itertools import zip_longest
from typing import TYPE_CHECKING, Final, Literal

import msgspec

from healthtwin.domain import (
    LONGEST_CRITICAL_SNOOZE_MS,
    LONGEST_SNOOZE_MS,
    MINUTE_MS,
    AlertLevel,
    AlertState,
)
from healthtwin.domain.errors import Conflict, InvalidInput
from healthtwin.domain.signs import rules_in
from healthtwin.episodes import VITALS_KEY
from healthtwin.pipeline import VerbPayload

if TYPE_CHECKING:
    import numpy as np

    from healthtwin.notify.alerts import StoredAlert

REASONS: Final = ("treated", "measuring_error", "usual_for_them", "other")
"""Why somebody closes an alert while its signs stand."""

LONGEST_NOTE: Final = 200


class Decision(msgspec.Struct, frozen=True):
    """What somebody decided.

    Attributes:
        verb: ``acknowledge``, ``snooze``, ``resolve`` or ``reopen``.
        seen: version of the alert that they saw; None means what stands when the click arrives.
        until_ms: end of a snooze. field, value: what they asked for in their own words, for an error.
        reason, note: why they close it.
    """

    verb: Literal["acknowledge", "snooze", "resolve", "reopen"]
    seen: int | None = None
    until_ms: int | None = None
    field: str = "minutes"
    value: object = None
    reason: str = ""
    note: str = ""


def check(decision: Decision, alert: StoredAlert, head: np.void | None, now_ms: int) -> None:
    """Whether an alert can be decided on so.

    Args:
        head: the person's newest state; None for somebody unheard of.

    Raises:
        Conflict: the state of the alert forbids it.
        InvalidInput: a version that it never had, or a snooze longer than may be.
    """
    if decision.seen is not None and decision.seen > alert.version:
        raise InvalidInput("seen", decision.seen, f"a version of this alert, 1 to {alert.version}")
    closed = alert.state is AlertState.RESOLVED
    if decision.verb == "reopen":
        if not closed:
            raise Conflict("the alert is open; there is nothing to open again")
        if not _held(alert, head):
            raise Conflict("its signs have ceased, or it closed by itself; a new sign opens a new alert")
        return
    if closed:
        raise Conflict(f"the alert is resolved; it cannot be {decision.verb}d any more")
    if decision.verb == "snooze":
        _check_snooze(decision, alert, now_ms)


def _check_snooze(decision: Decision, alert: StoredAlert, now_ms: int) -> None:
    critical = alert.level is AlertLevel.CRITICAL
    longest_ms = LONGEST_CRITICAL_SNOOZE_MS if critical else LONGEST_SNOOZE_MS
    # Between the click and its arrival a minute may pass.
    if (decision.until_ms or 0) - now_ms > longest_ms + MINUTE_MS:
        minutes = longest_ms // MINUTE_MS
        why = (
            "somebody whose signs are critical is looked at every hour (RCP, NEWS2)"
            if critical
            else "switching alerts off for longer is a setting of the person, which every screen shows"
        )
        allowed = f"at most {minutes} minutes for a {alert.level.word} alert: {why}"
        raise InvalidInput(decision.field, decision.value, allowed)


def _held(alert: StoredAlert, head: np.void | None) -> bool:
    if head is None:
        return False
    episode = head[alert.dedup_key]
    return bool(episode["held"]) and int(episode["started_ms"]) == alert.started_ms


def verb_of(decision: Decision, alert: StoredAlert, head: np.void | None, actor: str) -> VerbPayload:
    """The decision as it goes into the log.

    With `seen`, what was told by that version is known; without, all that stands when the click arrives.
    """
    level, rules, rungs = int(alert.level), alert.known.get("rules"), alert.known.get("rungs", ())
    if decision.seen is None and head is not None:
        episode = head[alert.dedup_key]
        level = max(level, int(episode["level"]))
        rules = [*(rules or ()), *(rule.number for rule in rules_in(episode["told"]))]
        if alert.dedup_key == VITALS_KEY:
            told = head["ladder"]["told_rung"].tolist()
            rungs = [max(pair) for pair in zip_longest(rungs, told, fillvalue=0)]
    return VerbPayload(
        decision.verb,
        alert.dedup_key,
        alert.started_ms,
        decision.until_ms,
        level,
        actor=actor,
        rules=None if rules is None else tuple(sorted(set(rules))),
        rungs=tuple(rungs),
        seen=decision.seen,
        reason=decision.reason,
        note=decision.note,
    )
