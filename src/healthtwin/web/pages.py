"""The portal's pages: each is a shell in HTML plus the data it opens with.

The first paint therefore needs no second request; everything after that comes over the API and the live
stream.
"""

from __future__ import annotations

import logging
from http import HTTPStatus
from typing import TYPE_CHECKING, Final

import msgspec
from starlette.responses import HTMLResponse, RedirectResponse, Response

from healthtwin.domain import DAY_MS, HOUR_MS, AlertState
from healthtwin.domain.errors import Forbidden, HealthTwinError, NotFound, Unauthenticated
from healthtwin.domain.said import Said, quoted
from healthtwin.people import person_without
from healthtwin.routing import About, Kind, Need, Routes
from healthtwin.routing.problems import is_ours, name_of
from healthtwin.web.assets import load_assets
from healthtwin.web.rendering import render
from healthtwin.web.seen import alert_seen, alerts_seen, no_background, no_risk, no_twin, people_seen
from healthtwin.web.sign_in import ProviderButton
from healthtwin.web.spoken import language_of
from healthtwin.words import say

if TYPE_CHECKING:
    from collections.abc import Sequence

    from starlette.requests import HTTPConnection

    from healthtwin.access import Identities, Passkeys, StandingView
    from healthtwin.house import HealthView, House, UpkeepView, WeekItem
    from healthtwin.medicines import PersonFinding
    from healthtwin.notify import AlertView
    from healthtwin.people import BackgroundView, EventView, PersonView, RiskView, SeriesView, TwinView
    from healthtwin.routing import Ask
    from healthtwin.store import LocalAuthority

log = logging.getLogger("healthtwin.web")

THEME_COOKIE: Final = "theme"

OPEN_STATES: Final = tuple(state for state in AlertState if state is not AlertState.RESOLVED)

LEVELS: Final = (None, "info", "warning", "critical")
"""From no limit passed to the gravest."""

PEOPLE_AT_FIRST: Final = 60
"""With the page itself come so many; a page of 500 would be half a megabyte before anything is shown."""

LISTED: Final = frozenset(
    {"heart_rate", "respiratory_rate", "oxygen_saturation", "body_temperature", "activity_level"}
)
"""What a line of the list shows of somebody, and whether they are at rest."""

EVENTS_SHOWN: Final = 20
"""The newest of what the person wrote."""

FIRST_RANGE_MS: Final = DAY_MS
"""The chart opens with a day: long enough to show the person's own rhythm."""

FOR_EVER: Final = "public, max-age=31536000, immutable"
"""A fingerprinted URL never changes its content."""

KEEP_NOTHING: Final = {"Cache-Control": "no-store"}
"""A page holds somebody's readings: no cache on the way, and none on a shared computer."""


class FirstChart(msgspec.Struct, frozen=True):
    """The chart a person's page opens with. `from_at`, `to_at`: epoch ms, both ends included."""

    metric: str
    from_at: int
    to_at: int
    series: SeriesView


class HousePage(msgspec.Struct, frozen=True, tag_field="page", tag="house"):
    """What the operator's page opens with: how the house is, and its forecasts week by week, newest first."""

    now: int
    kind: str
    mark: str
    health: HealthView
    weeks: list[WeekItem]
    upkeep: UpkeepView


class PeoplePage(msgspec.Struct, frozen=True, tag_field="page", tag="people"):
    """What "who needs me now" opens with.

    Attributes:
        now: the house's clock, epoch ms, that ages are counted from.
        kind: of the home; the clock of a demo or a replay runs ahead of the wall's.
        mark: what the live stream is followed after (`LiveFeed.newest`), as on every page.
        operates: whether the house itself is this visitor's to look after. sees_nobody: they do that and
            nothing else: no relation to anybody came with it.
        people: the `PEOPLE_AT_FIRST` who need somebody most; all: how many there are. The page asks for the
            others once it stands.
    """

    now: int
    kind: str
    mark: str
    operates: bool
    all: int
    people: list[PersonView]
    alerts: list[AlertView]
    sees_nobody: bool = False


class PersonPage(msgspec.Struct, frozen=True, tag_field="page", tag="person"):
    """What one person's page opens with; `chart` is None before the first reading.

    Attributes:
        events: what the person wrote, newest first; shared with whoever may read their readings.
        background: what somebody who helps must know; conditions and risks only for whoever may state them.
        standing: in which relation the visitor sees them, and until when where that is by broken glass.

    What the person keeps back from the visitor is empty here, and `person.withheld` says so.
    """

    now: int
    kind: str
    mark: str
    may_act: bool
    person: PersonView
    twin: TwinView
    risk: RiskView
    alerts: list[AlertView]
    findings: list[PersonFinding]
    chart: FirstChart | None
    events: list[EventView]
    background: BackgroundView
    standing: StandingView | None = None


class AlertPage(msgspec.Struct, frozen=True, tag_field="page", tag="alert"):
    """What one alert's page opens with."""

    now: int
    kind: str
    mark: str
    may_act: bool
    person: PersonView
    alert: AlertView
    standing: StandingView | None = None


class AccountPage(msgspec.Struct, frozen=True, tag_field="page", tag="account"):
    """What one's own account opens with; the rest the page asks for.

    Attributes:
        offer: passkeys can be made on this page; why_not: else the reason, a sentence.
        trust: this home's own authority signed the certificate.
        old_name, old_keys: a name that the house had, and how many passkeys belong to it; for who runs it.
    """

    now: int
    kind: str
    offer: bool
    why_not: str
    trust: bool
    providers: list[ProviderButton]
    old_name: str
    old_keys: int


def first_metric(twin: TwinView, alerts: Sequence[AlertView] = ()) -> str | None:
    """The metric to look at first: of an open alert, else beyond a limit, else the furthest from usual.

    None before the first reading.
    """
    measured = {metric.metric: metric for metric in twin.metrics if metric.value is not None}
    if not measured:
        return None
    spoken = [
        fact.metric
        for alert in sorted(alerts, key=lambda alert: -LEVELS.index(alert.level))
        if alert.state in OPEN_STATES
        for fact in alert.evidence
    ]
    graver = [name for name in spoken if name in measured]
    if graver:
        return graver[0]
    return max(
        measured.values(), key=lambda metric: (LEVELS.index(metric.level), abs(metric.z or 0.0))
    ).metric


def ribbon_of(kind: str, *, synthetic: bool) -> str | None:
    """The message that says, on every screen, where its data comes from; None for real, live readings.

    >>> ribbon_of("live", synthetic=True)
    'ribbon-synthetic'
    >>> ribbon_of("live", synthetic=False)
    """
    if kind == "replay":
        return "frame-replay"
    if kind == "demo" or synthetic:
        return "ribbon-synthetic"
    return None


def _explanation(error: HealthTwinError, language: str) -> str:
    """What a reader may know of it. Of our own failures the kind alone: their messages name files."""
    if isinstance(error, Forbidden):
        return "no such page"
    if not is_ours(error):
        return str(error)
    log.error("A page could not be put together: %s", error)
    return say(Said.of("broken-kind", kind=name_of(error)), language)


def reads_pages(request: HTTPConnection) -> bool:
    """Whether it is a browser that opens a page, and not a program or a script of a page."""
    path = request.scope["path"]
    return "text/html" in request.headers.get("accept", "") and not path.startswith(("/api/", "/static/"))


def missing_page(request: HTTPConnection, error: HealthTwinError) -> Response | None:
    """A page for who opened in a browser what is not served; None for everybody else."""
    return failed_page(request, error) if reads_pages(request) else None


def failed_page(request: HTTPConnection, error: HealthTwinError) -> Response:
    """A person sees a page for what goes wrong, not JSON; whoever is not signed in is led to `/sign-in`."""
    if isinstance(error, Unauthenticated):
        return RedirectResponse("/sign-in", status_code=303, headers=KEEP_NOTHING)
    missing = isinstance(error, NotFound | Forbidden)  # what is not theirs is told like what is not there
    language = language_of(request)
    html = render(
        "error.html",
        theme=request.cookies.get(THEME_COOKIE),
        language=language,
        title=say(Said("missing-title" if missing else "broken-title"), language),
        explanation=_explanation(error, language),
        missing=missing,
    )
    status = HTTPStatus.NOT_FOUND if missing else HTTPStatus.SERVICE_UNAVAILABLE
    return HTMLResponse(html, status_code=status, headers=KEEP_NOTHING)


routes = Routes(strict=False, failed=failed_page)
"""The house is only read here: what people do goes through the API's routes, which the pages call."""


@routes.get("/", need=Need.KNOWN)
def who_needs_me(ask: Ask, house: House) -> Response:
    """Who needs me now."""
    mark = house.feed.newest
    people = people_seen(ask, house)
    data = PeoplePage(
        now=house.now_ms(),
        kind=house.kind,
        mark=mark,
        operates=ask.may(Need.OPERATE),
        all=len(people),
        people=[_in_a_list(person) for person in people[:PEOPLE_AT_FIRST]],
        alerts=[
            alert
            for state in OPEN_STATES
            for alert in alerts_seen(ask, house.notify.alerts(ask.people, state))
        ],
        sees_nobody=ask.grant.sees_nobody,
    )
    synthetic = any(person.synthetic for person in people)
    return page_of(ask, house, "people.html", Said("people-title"), data, synthetic=synthetic)


@routes.get("/house", need=Need.OPERATE)
def how_the_house_is(ask: Ask, house: House) -> Response:
    """For the operator."""
    mark = house.feed.newest
    data = HousePage(
        now=house.now_ms(),
        kind=house.kind,
        mark=mark,
        health=house.operations.health(),
        weeks=house.operations.weeks(),
        upkeep=house.upkeep(),
    )
    return page_of(ask, house, "house.html", Said("house-title"), data, synthetic=False)


@routes.get("/people/{person_id}", need=Need.READ, kind=Kind.PROFILE)
def one_person(ask: Ask, house: House, person_id: str) -> Response:
    """One person live against their own normal."""
    mark = house.feed.newest
    kinds = ask.kinds(person_id)
    person = person_without(house.people.view(person_id), ask.withheld(person_id))
    twin = house.people.twin(person_id) if Kind.VITALS in kinds else no_twin(person_id)
    alerts = alerts_seen(ask, house.notify.alerts(frozenset({person_id}), None))
    data = PersonPage(
        now=house.now_ms(),
        kind=house.kind,
        mark=mark,
        may_act=ask.allows(Need.ACT, Kind.ALERTS, person_id),
        person=person,
        twin=twin,
        risk=house.people.risk(person_id) if Kind.VITALS in kinds else no_risk(person_id),
        alerts=alerts,
        findings=house.medicines.findings(person_id).findings if Kind.GENES in kinds else [],
        chart=_first_chart(house, person_id, twin, alerts) if Kind.VITALS in kinds else None,
        events=_events(house, person_id) if Kind.TIMELINE in kinds else [],
        background=_background(ask, house, person_id)
        if Kind.DOCUMENTS in kinds
        else no_background(person_id),
        standing=house.access.relations.standing(ask.grant, person_id),
    )
    return page_of(ask, house, "person.html", quoted(person.name), data, synthetic=person.synthetic)


@routes.get(
    "/alerts/{alert_id}",
    need=Need.READ,
    kind=Kind.ALERTS,
    about=About("alert_id", "alert", "no such alert", lambda house, alert_id: house.notify.alert(alert_id)),
)
def one_alert(ask: Ask, house: House, alert: AlertView) -> Response:
    """The alert with its evidence."""
    mark = house.feed.newest
    alert = alert_seen(ask, alert)
    person = person_without(house.people.view(alert.person), ask.withheld(alert.person))
    data = AlertPage(
        now=house.now_ms(),
        kind=house.kind,
        mark=mark,
        may_act=ask.allows(Need.ACT, Kind.ALERTS, alert.person),
        person=person,
        alert=alert,
        standing=house.access.relations.standing(ask.grant, alert.person),
    )
    synthetic = alert.synthetic or person.synthetic
    return page_of(
        ask, house, "alert.html", Said.of("alert-title", name=person.name), data, synthetic=synthetic
    )


@routes.get("/account", need=Need.KNOWN)
def own_account(
    ask: Ask, house: House, passkeys: Passkeys, identities: Identities, authority: LocalAuthority | None
) -> Response:
    """What lets one in, and where one is signed in."""
    if not ask.grant.account:
        raise NotFound("no account stands behind this; sign in with one")
    offer, language = passkeys.offer(ask.own_address), language_of(ask.request)
    old = passkeys.of_other_names() if ask.may(Need.OPERATE) else {}
    old_name = max(old, key=lambda name: old[name], default="")
    data = AccountPage(
        now=house.now_ms(),
        kind=house.kind,
        offer=offer.why_not is None,
        why_not="" if offer.why_not is None else say(Said(f"passkey-not-{offer.why_not}"), language),
        trust=authority is not None,
        providers=[ProviderButton(name, title) for name, title in identities.providers()],
        old_name=old_name,
        old_keys=old.get(old_name, 0),
    )
    return page_of(ask, house, "account.html", Said("page-account"), data, synthetic=False)


static = Routes("/static", strict=False)


@static.get("/{fingerprint}/{path:path}", need=Need.NOBODY)
def static_file(ask: Ask, fingerprint: str, path: str) -> Response:
    """A file of this release."""
    assets = load_assets()
    asset = assets.files.get(path)
    if asset is None:
        raise NotFound(f"no such file: {path!r}")
    # A page of the former release may still ask for its files during an upgrade: it gets ours, uncached.
    headers = {
        "Cache-Control": FOR_EVER if fingerprint == assets.fingerprint else "no-store",
        "Vary": "Accept-Encoding",
    }
    if "gzip" in ask.request.headers.get("accept-encoding", ""):
        headers["Content-Encoding"] = "gzip"
        return Response(asset.compressed, media_type=asset.media_type, headers=headers)
    return Response(asset.body, media_type=asset.media_type, headers=headers)


def _events(house: House, person_id: str) -> list[EventView]:
    return list(house.people.events(person_id, None, EVENTS_SHOWN))


def _background(ask: Ask, house: House, person_id: str) -> BackgroundView:
    known = house.people.background(person_id)
    return known if ask.allows(Need.STATE, Kind.DOCUMENTS, person_id) else for_helpers(known)


def _in_a_list(person: PersonView) -> PersonView:
    """As much of a person as their line shows."""
    shown = [value for value in person.latest if value.metric in LISTED or value.level is not None]
    return msgspec.structs.replace(person, latest=shown)


def for_helpers(background: BackgroundView) -> BackgroundView:
    """What whoever helps must know: allergies and whom to call, and nothing else of somebody's history."""
    return msgspec.structs.replace(background, conditions=(), risk_factors=())


def _first_chart(
    house: House, person_id: str, twin: TwinView, alerts: Sequence[AlertView]
) -> FirstChart | None:
    metric = first_metric(twin, alerts)
    if metric is None:
        return None
    now = house.now_ms()
    start = now - FIRST_RANGE_MS
    series = house.people.series(person_id, metric, start, now + HOUR_MS, None)
    return FirstChart(metric=metric, from_at=start, to_at=now, series=series)


def page_of(
    ask: Ask, house: House, template: str, title: Said, data: msgspec.Struct, *, synthetic: bool
) -> Response:
    """A page for somebody who is signed in: its shell, and the data that it opens with."""
    language = language_of(ask.request)
    html = render(
        template,
        theme=ask.request.cookies.get(THEME_COOKIE),
        language=language,
        title=say(title, language),
        data=data,
        csrf_token=ask.csrf_token,
        ribbon=ribbon_of(house.kind, synthetic=synthetic),
        has_account=bool(ask.grant.account),
    )
    return HTMLResponse(html, headers=KEEP_NOTHING)
