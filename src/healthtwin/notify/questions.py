"""Soft alerts ask: was that unusual for you? One tap answers, and the twin learns from it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final, Literal

import msgspec
import numpy as np

from healthtwin.domain import METRICS, RULE_BY_NAME, AlertLevel, rules
from healthtwin.domain.arrays import COLUMN
from healthtwin.domain.errors import Conflict
from healthtwin.episodes import VITALS_KEY, Verb
from healthtwin.pipeline import VerbPayload
from healthtwin.twin import SOFT, phase

if TYPE_CHECKING:
    from collections.abc import Sequence

    from healthtwin.notify.alerts import StoredAlert, TrailEntry
    from healthtwin.notify.answers import AlertView

Answer = Literal["usual", "unusual"]

ANSWERS: Final[dict[str, Answer]] = {Verb.SAID_USUAL.value: "usual", Verb.SAID_UNUSUAL.value: "unusual"}
"""What stands in an alert's trail, and what was answered."""

_FORESEEN: Final = frozenset({rules.FORECAST_HYPOXIA, rules.FORECAST_RED})


def asks(alert: StoredAlert, head: np.void | None) -> bool:
    """Whether an alert asks somebody, and an answer is taken now.

    It does while its person's twin is in the soft phase, where the twin alone raised it, and as long as no
    later episode has begun.

    Args:
        head: the person's newest state; None where nothing was heard of them.
    """
    rule = RULE_BY_NAME.get(alert.rule)
    own = rule is not None and rule.budgeted and rule.number not in _FORESEEN
    if head is None or not own or alert.dedup_key != VITALS_KEY or alert.level is not AlertLevel.INFO:
        return False
    newest = int(head[VITALS_KEY]["started_ms"]) == alert.started_ms
    return newest and int(phase(np.array([head], head.dtype)["twin"])[0]) == SOFT


def payload_of(alert: StoredAlert, head: np.void | None, answer: Answer, actor: str) -> VerbPayload:
    """What goes into the log: which metrics were shown as unusual, how far off they were, and the answer.

    Raises:
        Conflict: the alert asks nothing, or no more.
    """
    if not asks(alert, head):
        raise Conflict("this alert asks nothing: soft alerts do, from day 31 to 60, until another begins")
    shown = [fact for fact in alert.evidence if fact.metric is not None and fact.metric in COLUMN]
    shifts = {
        METRICS[fact.metric].code: fact.value - fact.expected
        for fact in shown
        if fact.metric is not None and fact.value is not None and fact.expected is not None
    }
    columns = 0
    for fact in shown:
        columns |= 1 << COLUMN[str(fact.metric)]
    return VerbPayload(
        f"say_{answer}",
        alert.dedup_key,
        alert.started_ms,
        level=int(alert.level),
        actor=actor,
        columns=columns,
        shifts=shifts,
    )


def without_answers(trail: Sequence[TrailEntry]) -> list[TrailEntry]:
    """The trail of what happened to the episode itself: an answer changes nothing of it."""
    return [entry for entry in trail if entry.verb not in ANSWERS]


def with_question(
    view: AlertView, alert: StoredAlert, trail: Sequence[TrailEntry], head: np.void | None
) -> AlertView:
    """The alert as it is shown, with whether it asks and what was answered last."""
    answers = [ANSWERS[entry.verb] for entry in trail if entry.verb in ANSWERS]
    return msgspec.structs.replace(
        view, answerable=asks(alert, head), answer=answers[-1] if answers else None
    )
