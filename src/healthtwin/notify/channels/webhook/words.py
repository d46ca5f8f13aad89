"""The message that a webhook gets about an alert: JSON for a machine, sentences for a person."""

from __future__ import annotations

from typing import Final

import msgspec

from healthtwin.domain import SECOND_MS, EpisodeChange, Evidence, Said, Verb, from_ms
from healthtwin.episodes import shown_signs
from healthtwin.episodes.words import advice, summary
from healthtwin.words import say

NOTICE_VERSION: Final = 1
"""Grows when a field changes its meaning; fields may be added without."""


class AdvisedStep(msgspec.Struct, frozen=True):
    """One thing to do, with where that comes from."""

    action: str
    source: str


class Fact(msgspec.Struct, frozen=True):
    """One fact behind an alert (`healthtwin.domain.Evidence`), in words and numbers."""

    text: str
    source: str
    metric: str | None
    value: float | None
    expected: float | None
    spread: float | None
    time_ms: int | None


class Notice(msgspec.Struct, frozen=True, omit_defaults=True, kw_only=True):
    """What a webhook receives.

    Attributes:
        type: ``alert``, ``access`` (somebody broke the glass) or ``test``. version: `NOTICE_VERSION`.
        alert: id under which this alert was told first; it stays the same when the episode is corrected.
        person: pseudonym, the same in every message about them.
        name: what the house calls them; left out where `[webhooks] names = false`.
        link: where the alert is shown, to whoever is signed in there; left out while no address is known.
        event: what happened (`Verb`). level: ``critical``, ``warning``, ``info``. state: of the episode.
        alert_version: 1 at first, one more with every telling of this alert: the highest is the newest.
        within_h: of a warning, within how many hours somebody must see the person: 2 or 24.
        summary: one sentence. evidence: the facts behind it. steps: what to do, most urgent first.
        started_at: first sign; at: of this change; RFC 3339, UTC.
        by: of an access: who; until: up to when; reason: why, to the person's own receivers alone.
    """

    type: str
    version: int = NOTICE_VERSION
    alert: str = ""
    person: str = ""
    name: str = ""
    link: str = ""
    event: str = ""
    level: str = ""
    state: str = ""
    alert_version: int = 0
    rule: str = ""
    within_h: int | None = None
    summary: str
    started_at: str = ""
    at: str
    evidence: tuple[Fact, ...] = ()
    steps: tuple[AdvisedStep, ...] = ()
    by: str = ""
    until: str = ""
    reason: str = ""


_encoder: Final = msgspec.json.Encoder()


def notice_of(
    change: EpisodeChange, first_id: str, portal: str | None = None, name: str | None = None
) -> str:
    """The JSON text that tells a change.

    Args:
        first_id: the id under which the alert was told first.
        portal: where it is shown, a URL without a path; name: of the person.
    """
    over = change.verb in (Verb.RESOLVED, Verb.CLOSED, Verb.WITHDRAWN)
    standing = shown_signs(change.standing)
    rules = [sign.rule for sign in standing] or [change.rule]
    steps = () if over else advice(change.level, rules, change.dedup_key)
    notice = Notice(
        type="alert",
        version=NOTICE_VERSION,
        alert=first_id,
        person=change.person,
        name=name or "",
        link=f"{portal.rstrip('/')}/alerts/{first_id}" if portal else "",
        event=change.verb.value,
        level=change.level.word,
        state=change.state.value,
        alert_version=change.version,
        rule=change.rule,
        within_h=change.within_h,
        summary=say(summary(change.level, rules, change.dedup_key, change.verb)),
        started_at=_rfc3339(change.started_ms),
        at=_rfc3339(change.at_ms),
        evidence=tuple(_fact(each) for each in change.evidence),
        steps=tuple(AdvisedStep(say(step.said), say(step.source)) for step in steps),
    )
    return _encoder.encode(notice).decode()


def without_evidence(notice: str) -> str:
    """The JSON text of a notice for whom the person does not let see what was measured.

    >>> told = '{"type":"alert","summary":"Low oxygen.","at":"…","evidence":[{"text":"SpO2 84 %"}]}'
    >>> without_evidence(told)
    '{"type":"alert","summary":"Low oxygen.","at":"…"}'
    """
    said = msgspec.json.decode(notice, type=dict[str, object])
    return _encoder.encode({name: value for name, value in said.items() if name != "evidence"}).decode()


def glass_notice(
    pseudonym: str, *, by: str, at_ms: int, until_ms: int, reason: str = "", name: str | None = None
) -> str:
    """The JSON text that tells of broken glass.

    Args:
        by: who, as the house calls them. reason: why; empty for receivers that are not the person's own.
        name: of the person; None: not to be told.

    >>> glass_notice("a1", by="Dr Bo", at_ms=0, until_ms=3_600_000)[:47]
    '{"type":"access","person":"a1","event":"break_g'
    """
    notice = Notice(
        type="access",
        person=pseudonym,
        name=name or "",
        event="break_glass",
        summary=say(Said.of("told-glass", who=by)),
        at=_rfc3339(at_ms),
        by=by,
        until=_rfc3339(until_ms),
        reason=reason,
    )
    return _encoder.encode(notice).decode()


def trial_notice(at_ms: int) -> str:
    """The JSON text of a test: it says that it is one and nothing about anybody.

    >>> trial_notice(0)
    '{"type":"test","summary":"This is a test. Nothing has happened.","at":"1970-01-01T00:00:00Z"}'
    """
    return _encoder.encode(
        Notice(type="test", summary=say(Said.of("notice-test")), at=_rfc3339(at_ms))
    ).decode()


def _fact(fact: Evidence) -> Fact:
    return Fact(
        say(fact.said), say(fact.source), fact.metric, fact.value, fact.expected, fact.spread, fact.time_ms
    )


def _rfc3339(time_ms: int) -> str:
    text = from_ms(time_ms).isoformat(timespec="milliseconds" if time_ms % SECOND_MS else "seconds")
    return text.replace("+00:00", "Z")
