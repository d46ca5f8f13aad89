"""The portal's pages: each is a shell in HTML plus the data it opens with.

The first paint therefore needs no second request; everything after that comes over the API and the live
stream.
"""

from __future__ import annotations

from http import HTTPStatus
from typing import TYPE_CHECKING, Final, Protocol

import msgspec
from fastapi import FastAPI, Request
from fastapi.responses import HTMLResponse, RedirectResponse, Response

from healthtwin.access.grants import Scope
from healthtwin.domain import DAY_MS, HOUR_MS, AlertState
from healthtwin.domain.errors import HealthTwinError, NotFound, Unauthenticated
from healthtwin.web.app_pages import mount_app
from healthtwin.web.assets import load_assets
from healthtwin.web.rendering import render

if TYPE_CHECKING:
    from collections.abc import Callable

    from healthtwin.access.grants import Grant
    from healthtwin.house import House
    from healthtwin.house.health import HealthView, WeekItem
    from healthtwin.medicines.answers import PersonFinding
    from healthtwin.notify.answers import AlertView
    from healthtwin.people.answers import PersonView, RiskView, SeriesView, TwinView

THEME_COOKIE: Final = "theme"

OPEN_STATES: Final = tuple(state for state in AlertState if state is not AlertState.RESOLVED)

FIRST_RANGE_MS: Final = DAY_MS
"""The chart opens with a day: long enough to show the person's own rhythm."""

FOR_EVER: Final = "public, max-age=31536000, immutable"
"""A fingerprinted URL never changes its content."""

KEEP_NOTHING: Final = {"Cache-Control": "no-store"}
"""A page holds somebody's readings: no cache on the way, and none on a shared computer."""


class Access(Protocol):
    """What the portal must know about who is asking (`healthtwin.access.authenticator` answers)."""

    def grant_of(self, request: Request) -> Grant:
        """Who is asking.

        Raises:
            Unauthenticated: without a valid session or token.
        """
        ...

    def csrf_token(self, request: Request) -> str:
        """What the page sends back as `X-CSRF-Token` with everything that changes something."""
        ...


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


class PeoplePage(msgspec.Struct, frozen=True, tag_field="page", tag="people"):
    """What "who needs me now" opens with.

    Attributes:
        now: the house's clock, epoch ms, that ages are counted from.
        kind: of the home; the clock of a demo or a replay runs ahead of the wall's.
        mark: what the live stream is followed after (`LiveFeed.newest`), as on every page.
        operates: whether the house itself is this visitor's to look after.
    """

    now: int
    kind: str
    mark: str
    operates: bool
    people: list[PersonView]
    alerts: list[AlertView]


class PersonPage(msgspec.Struct, frozen=True, tag_field="page", tag="person"):
    """What one person's page opens with; `chart` is None before the first reading."""

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


class AlertPage(msgspec.Struct, frozen=True, tag_field="page", tag="alert"):
    """What one alert's page opens with."""

    now: int
    kind: str
    mark: str
    may_act: bool
    person: PersonView
    alert: AlertView


def first_metric(twin: TwinView) -> str | None:
    """The metric to look at first: the one furthest from this person's usual, else the first measured.

    None before the first reading.
    """
    measured = [metric for metric in twin.metrics if metric.value is not None]
    if not measured:
        return None
    return max(measured, key=lambda metric: abs(metric.z or 0.0)).metric


def ribbon_of(kind: str, *, synthetic: bool) -> str | None:
    """What every screen must say about where its data comes from; None for real, live readings.

    >>> ribbon_of("live", synthetic=True)
    'Synthetic data: simulated people, not real ones.'
    >>> ribbon_of("live", synthetic=False)
    """
    if kind == "replay":
        return "Replay of recorded data; not live."
    if kind == "demo" or synthetic:
        return "Synthetic data: simulated people, not real ones."
    return None


class _Portal:
    """The routes' bodies: one method per page, all of them plain functions of the house's answers."""

    def __init__(self, house: House, access: Access) -> None:
        self._house = house
        self._access = access

    def people(self, request: Request) -> Response:
        grant, mark = self._access.grant_of(request), self._house.feed.newest
        people = self._house.people.list(grant.people)
        data = PeoplePage(
            now=self._house.now_ms(),
            kind=self._house.kind,
            mark=mark,
            operates=grant.scope is Scope.ADMIN,
            people=people,
            alerts=[
                alert for state in OPEN_STATES for alert in self._house.notify.alerts(grant.people, state)
            ],
        )
        synthetic = any(person.synthetic for person in people)
        return self._page(request, "people.html", "Who needs me now", data, synthetic=synthetic)

    def house(self, request: Request) -> Response:
        if self._access.grant_of(request).scope is not Scope.ADMIN:
            raise NotFound("no such page")  # in the words of one that does not exist
        mark = self._house.feed.newest
        data = HousePage(
            now=self._house.now_ms(),
            kind=self._house.kind,
            mark=mark,
            health=self._house.operations.health(),
            weeks=self._house.operations.weeks(),
        )
        return self._page(request, "house.html", "How the house is", data, synthetic=False)

    def person(self, request: Request, person_id: str) -> Response:
        grant, mark = self._access.grant_of(request), self._house.feed.newest
        grant.require_covers(person_id)
        person = self._house.people.view(person_id)
        twin = self._house.people.twin(person_id)
        data = PersonPage(
            now=self._house.now_ms(),
            kind=self._house.kind,
            mark=mark,
            may_act=_may_act(grant),
            person=person,
            twin=twin,
            risk=self._house.people.risk(person_id),
            alerts=self._house.notify.alerts(frozenset({person_id}), None),
            findings=self._house.medicines.findings(person_id).findings,
            chart=self._first_chart(person_id, twin),
        )
        return self._page(request, "person.html", person.name, data, synthetic=person.synthetic)

    def alert(self, request: Request, alert_id: str) -> Response:
        grant, mark = self._access.grant_of(request), self._house.feed.newest
        alert = self._house.notify.alert(alert_id)
        grant.require_covers(alert.person)
        person = self._house.people.view(alert.person)
        data = AlertPage(
            now=self._house.now_ms(),
            kind=self._house.kind,
            mark=mark,
            may_act=_may_act(grant),
            person=person,
            alert=alert,
        )
        synthetic = alert.synthetic or person.synthetic
        return self._page(request, "alert.html", f"Alert for {person.name}", data, synthetic=synthetic)

    def _first_chart(self, person_id: str, twin: TwinView) -> FirstChart | None:
        metric = first_metric(twin)
        if metric is None:
            return None
        now = self._house.now_ms()
        start = now - FIRST_RANGE_MS
        series = self._house.people.series(person_id, metric, start, now + HOUR_MS, None)
        return FirstChart(metric=metric, from_at=start, to_at=now, series=series)

    def _page(
        self, request: Request, template: str, title: str, data: msgspec.Struct, *, synthetic: bool
    ) -> Response:
        html = render(
            template,
            theme=request.cookies.get(THEME_COOKIE),
            title=title,
            data=data,
            csrf_token=self._access.csrf_token(request),
            ribbon=ribbon_of(self._house.kind, synthetic=synthetic),
        )
        return HTMLResponse(html, headers=KEEP_NOTHING)


def _may_act(grant: Grant) -> bool:
    """Whether the buttons are shown; the API decides again when one is pressed."""
    return grant.scope is not Scope.DEVICE


def _guarded(request: Request, body: Callable[[], Response]) -> Response:
    """Run a page's body; a person sees a page for what goes wrong, not JSON."""
    try:
        return body()
    except Unauthenticated:
        return RedirectResponse("/sign-in", status_code=303, headers=KEEP_NOTHING)
    except HealthTwinError as error:
        missing = isinstance(error, NotFound)
        html = render(
            "error.html",
            theme=request.cookies.get(THEME_COOKIE),
            title="Not here" if missing else "Something is wrong in the house",
            explanation=str(error),
            missing=missing,
        )
        status = HTTPStatus.NOT_FOUND if missing else HTTPStatus.SERVICE_UNAVAILABLE
        return HTMLResponse(html, status_code=status, headers=KEEP_NOTHING)


def _static_file(request: Request, fingerprint: str, path: str) -> Response:
    assets = load_assets()
    asset = assets.files.get(path)
    if asset is None:
        raise NotFound(f"no such file: {path!r}")
    # A page of the former release may still ask for its files during an upgrade: it gets ours, uncached.
    headers = {
        "Cache-Control": FOR_EVER if fingerprint == assets.fingerprint else "no-store",
        "Vary": "Accept-Encoding",
    }
    if "gzip" in request.headers.get("accept-encoding", ""):
        headers["Content-Encoding"] = "gzip"
        return Response(asset.compressed, media_type=asset.media_type, headers=headers)
    return Response(asset.body, media_type=asset.media_type, headers=headers)


def mount(app: FastAPI, house: House, access: Access) -> None:
    """Add the portal (``/``, ``/house``, ``/people/{id}``, ``/alerts/{id}``), the app's shell, ``/static/…``.

    Whoever is not signed in is led to ``/sign-in``, which is the API's. `house` is only read: what people do
    goes through the API's routes, which the pages call.
    """
    portal = _Portal(house, access)

    @app.get("/", include_in_schema=False)
    def people(request: Request) -> Response:
        return _guarded(request, lambda: portal.people(request))

    @app.get("/house", include_in_schema=False)
    def the_house(request: Request) -> Response:
        return _guarded(request, lambda: portal.house(request))

    @app.get("/people/{person_id}", include_in_schema=False)
    def person(request: Request, person_id: str) -> Response:
        return _guarded(request, lambda: portal.person(request, person_id))

    @app.get("/alerts/{alert_id}", include_in_schema=False)
    def alert(request: Request, alert_id: str) -> Response:
        return _guarded(request, lambda: portal.alert(request, alert_id))

    @app.get("/static/{fingerprint}/{path:path}", include_in_schema=False)
    def static_file(request: Request, fingerprint: str, path: str) -> Response:
        return _static_file(request, fingerprint, path)

    mount_app(app)
