"""Who sees whom, as it is read by the person and by whoever sees them (`GET /api/me/access`)."""

from __future__ import annotations

from typing import Any

import msgspec


class WhoView(msgspec.Struct, frozen=True):
    """Somebody, or something, that can see the person.

    Attributes:
        grant: id, which `sharing` and consents name.
        scope: role: ``family``, ``clinician``, ``admin``, ``person`` (a phone), ``device``, ``service``.
        relation: ``self``, ``family``, ``treating``.
        kinds: of data that they see now.
        until: epoch ms at which the relation or its proof ends; None: not by itself.
        rests: it carries nothing until it is confirmed; since somebody came of age, or (`reset`) since their
            sign-in was made anew, which `POST …/sharing/{grant}/agree` ends.
        state: ``active``, or ``invited`` when nobody has used the link or code yet.
        last_used_at: to the hour; None when not known.
        current: it is the asker. revocable: `DELETE …/sharing/{grant}` ends it.
        looks_after: they were let in while the person was a child.
    """

    grant: str
    label: str
    scope: str
    relation: str
    kinds: list[str]
    since: int
    until: int | None
    rests: bool
    reset: bool
    state: str
    last_used_at: int | None
    current: bool
    revocable: bool
    looks_after: bool


class LookedView(msgspec.Struct, frozen=True):
    """That somebody looked, a day at a time.

    Attributes:
        day: in the person's own time zone, ``2026-11-29``.
        grant: id; who: as the house calls them, empty for somebody who is gone.
        relation: in which they looked. kind: of data.
        count: how often. last_at: the last time, epoch ms.
        result: ``allowed``, ``refused`` or ``failed``.
        glass: by broken glass.
    """

    day: str
    grant: str
    who: str
    relation: str
    kind: str
    count: int
    last_at: int
    result: str
    glass: bool = False


class GlassView(msgspec.Struct, frozen=True):
    """One time that somebody broke the glass; the reason is shown to the person alone.

    Attributes:
        until: when its hour was over; ended_at: when it was ended before. runs: it opens something now.
        verdict: what the person says of it: ``right``, ``wrong``, or empty.
    """

    id: str
    who: str
    reason: str
    at: int
    until: int
    ended_at: int | None
    runs: bool
    verdict: str


class YoungView(msgspec.Struct, frozen=True):
    """When somebody comes of age, by the law of where they live; epoch ms.

    Attributes:
        country: a code of ISO 3166; None: nobody said it, the usual ages hold.
        own_at: from then on they may keep back what is most their own.
        consent_at: from then on they decide about everything.
        majority_at: from then on relations of who looked after them rest until confirmed.
        counted_by: ``month`` of birth, or ``year``: the end of it, where the month is not known.
    """

    country: str | None
    own_at: int
    consent_at: int
    majority_at: int
    counted_by: str


class ReachView(msgspec.Struct, frozen=True):
    """Somebody whom the asker sees.

    Attributes:
        relation: as what. choices: as what they could, where that is more than one.
        kinds: of data that they see now. until: when it ends. rests: until it is confirmed.
        reads_only: by broken glass.
    """

    person: str
    name: str
    relation: str
    choices: list[str]
    kinds: list[str]
    until: int | None
    rests: bool
    reads_only: bool


class NoticeView(msgspec.Struct, frozen=True):
    """Something that the asker must come to know; untold while `read_at` is None.

    Attributes:
        kind: ``break_glass``, ``joined`` or ``majority``.
        person: id, where the asker may know whom it is about. facts: what it says, by name.
    """

    id: str
    kind: str
    person: str | None
    at: int
    read_at: int | None
    facts: dict[str, Any]


class AccessView(msgspec.Struct, frozen=True):
    """Who can see what of the asker, and who looked; and whom the asker can see.

    Attributes:
        person: id of whom the asker is; None: nobody in this house, and `who` to `young` say nothing.
        who, looked, break_glass, young: of the person.
        reach: whom else the asker sees. notices: to the asker.
    """

    person: str | None
    name: str | None
    who: list[WhoView]
    looked: list[LookedView]
    break_glass: list[GlassView]
    young: YoungView | None
    reach: list[ReachView]
    notices: list[NoticeView]


class NoticesView(msgspec.Struct, frozen=True):
    """What the asker was told about who sees whom, with the broken glass that it is about."""

    person: str | None
    name: str | None
    break_glass: list[GlassView]
    notices: list[NoticeView]


class ActingView(msgspec.Struct, frozen=True):
    """In which relation this session sees a person from now on, and in which it could."""

    person: str
    relation: str
    choices: list[str]


class InsideView(msgspec.Struct, frozen=True):
    """An invitation that was opened inside a session.

    Attributes:
        who: whose session it is. whom: for whom the invitation is.
        person: whom it lets see, where it can be taken into the session; empty: it cannot.
    """

    who: str
    whom: str
    person: str


class StandingView(msgspec.Struct, frozen=True):
    """In which relation a visitor sees a person. until: of broken glass; None: it is none."""

    person: str
    name: str
    relation: str
    choices: list[str]
    until: int | None
