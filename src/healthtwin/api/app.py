"""The application: every route in one place, everything guarded but what says it is open."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from fastapi import FastAPI
from starlette.middleware import Middleware
from starlette.routing import Route

from healthtwin import __version__
from healthtwin.access.rate import BURST_ROWS, ROWS_PER_S, RateLimiter
from healthtwin.api.about import about_routes
from healthtwin.api.alerts import alert_routes
from healthtwin.api.docs import docs_routes
from healthtwin.api.events import event_routes
from healthtwin.api.front import Front
from healthtwin.api.genes import gene_routes
from healthtwin.api.identity import Identity
from healthtwin.api.live import Stopping, live_routes
from healthtwin.api.medicines import medicine_routes
from healthtwin.api.operation import health_routes, operation_routes
from healthtwin.api.pairing import BURST_TRIES, pairing_routes
from healthtwin.api.people import people_routes
from healthtwin.api.problems import install
from healthtwin.api.schema import VITALS_PATH
from healthtwin.api.sharing import sharing_routes
from healthtwin.api.sign_in import sign_in_routes
from healthtwin.api.signals import signal_routes
from healthtwin.api.trust import trust_routes
from healthtwin.api.vitals import VitalsEndpoint

if TYPE_CHECKING:
    from healthtwin.house import House
    from healthtwin.store import LocalAuthority


@dataclass(frozen=True, slots=True)
class ServeSettings:
    """How the application meets the world.

    Attributes:
        allowed_hosts: names it answers to besides loopback names and addresses.
        secure: browsers reach it over TLS, its own or a proxy's.
        authority: the home's own, whose certificate phones install; None: a public one signed ours.
        rows_per_s, burst_rows: what one token may send.
        pairing_tries: how many codes one address may try at once.
    """

    allowed_hosts: frozenset[str] = field(default_factory=frozenset)
    secure: bool = False
    authority: LocalAuthority | None = None
    rows_per_s: float = ROWS_PER_S
    burst_rows: int = BURST_ROWS
    pairing_tries: int = BURST_TRIES


def create_app(house: House, settings: ServeSettings, stopping: Stopping | None = None) -> FastAPI:
    """The API and the portal over a house that has been started.

    Args:
        house: what is served.
        settings: hosts, TLS and limits.
        stopping: set when the server goes down, so that open streams end.
    """
    from healthtwin.web import mount

    identity = Identity(house.access.authenticator, secure=settings.secure)
    vitals = VitalsEndpoint(house, identity, RateLimiter(settings.rows_per_s, settings.burst_rows))
    front = Middleware(
        Front,
        allowed_hosts=settings.allowed_hosts,
        secure=settings.secure,
        direct={("POST", VITALS_PATH): vitals},
    )
    app = FastAPI(
        title="healthtwin",
        version=__version__,
        openapi_url=None,
        docs_url=None,
        redoc_url=None,
        redirect_slashes=False,
        middleware=[front],
        # Spans would carry the ids of people to wherever the environment says.
        telemetry={"tracing": False, "metrics": False, "logs": False, "auto_configure": False},
    )
    install(app)
    app.router.routes.append(Route(VITALS_PATH, vitals, methods=["POST"], include_in_schema=False))
    app.include_router(people_routes(house, identity))
    app.include_router(signal_routes(house, identity))
    app.include_router(event_routes(house, identity))
    app.include_router(about_routes(house, identity))
    app.include_router(sharing_routes(house, identity))
    app.include_router(pairing_routes(house, identity, settings.pairing_tries))
    app.include_router(alert_routes(house, identity))
    app.include_router(medicine_routes(house, identity))
    app.include_router(gene_routes(identity, house.medicines.gene_tables))
    app.include_router(live_routes(house, identity, stopping or Stopping()))
    app.include_router(operation_routes(house, identity))
    app.include_router(health_routes(house, identity))
    app.include_router(sign_in_routes(identity))
    app.include_router(docs_routes(app, identity, __version__))
    if settings.authority is not None:
        app.include_router(trust_routes(settings.authority, None))
    mount(app, house, identity)
    return app
