"""The application: every feature's routes, and what their handlers may ask for."""

from __future__ import annotations

import pkgutil
from dataclasses import dataclass, field
from functools import cache
from importlib import import_module
from typing import TYPE_CHECKING, Any, Final

from healthtwin import __version__
from healthtwin.access import BURST_ROWS, ROWS_PER_S, Identities, Passkeys, RateLimiter, wall_ms
from healthtwin.api.live import Stopping
from healthtwin.api.pairing import BURST_TRIES, PairingLimits
from healthtwin.api.signals import SignalDesk
from healthtwin.api.trust import trust_routes
from healthtwin.routing import Application, Description, RequestAuthenticator, Routes, all_of
from healthtwin.routing.audited import Witness
from healthtwin.routing.client_address import ClientAddress
from healthtwin.web import WEB, missing_page

if TYPE_CHECKING:
    from healthtwin.api.connections import ConnectionLimits
    from healthtwin.house import House
    from healthtwin.store import LocalAuthority

ABOUT: Final = """A personal health twin: readings in, your own normal learned, trouble seen early.

Research and wellness software; not a medical device. In an emergency call the emergency services first.
Times in answers are epoch milliseconds UTC; units are UCUM. Every error is `application/problem+json`.

`GET /api/live` streams what changes as server-sent events (`reading`, `alert`, `person`, `findings`,
`event`, `deleted`, `reset`);
`?person=` narrows it, `Last-Event-ID` (or `?after=`) resumes it.
"""


@dataclass(frozen=True, slots=True)
class ServeSettings:
    """How the application meets the world.

    Attributes:
        allowed_hosts: names it answers to besides loopback names and addresses.
        secure: browsers reach it over TLS, its own or a proxy's.
        authority: the home's own, whose certificate phones install; None: a public one signed ours.
        rows_per_s, burst_rows: what one token may send.
        pairing_tries: how many codes one address may try at once.
        client_address: from where requests come, where a proxy stands in front.
        served: where it is reached as far as passkeys go (`served_origins`).
        connections: what one may leave unfinished; None: as much as this process may open files for.
    """

    allowed_hosts: frozenset[str] = field(default_factory=frozenset)
    secure: bool = False
    authority: LocalAuthority | None = None
    rows_per_s: float = ROWS_PER_S
    burst_rows: int = BURST_ROWS
    pairing_tries: int = BURST_TRIES
    served: tuple[str, ...] = ()
    connections: ConnectionLimits | None = None
    client_address: ClientAddress = field(default_factory=ClientAddress)


@cache
def features() -> tuple[Routes, ...]:
    """Everything that a house serves: what the modules of this package call `routes`, then the pages.

    Whoever adds a feature adds its module. Modules are asked in the order of their names, which decides
    nothing: no two of their paths can mean one request.
    """
    package = f"{__package__}"
    names = (module.name for module in pkgutil.iter_modules(import_module(package).__path__))
    found = (getattr(import_module(f"{package}.{name}"), "routes", None) for name in names)
    return (*(routes for routes in found if isinstance(routes, Routes)), *WEB)


def create_app(house: House, settings: ServeSettings, stopping: Stopping | None = None) -> Application:
    """The API and the portal over a house that has been started.

    Args:
        house: what is served.
        settings: hosts, TLS and limits.
        stopping: set when the server goes down, so that open streams end.
    """
    authority = settings.authority
    served = features() if authority is None else (*features(), trust_routes)

    @cache
    def description() -> dict[str, Any]:
        return Description().of(all_of(served), title="healthtwin", version=__version__, about=ABOUT)

    passkeys = Passkeys(house.tables, house.access.ways_in, wall_ms, settings.served)
    passkeys.say_what_changed()
    provided = {
        "house": house,
        "authenticator": RequestAuthenticator(
            house.access.authenticator, secure=settings.secure, client_address=settings.client_address
        ),
        "stopping": stopping or Stopping(),
        "row_limits": RateLimiter(settings.rows_per_s, settings.burst_rows),
        "client_address": settings.client_address,
        "pairing_limits": PairingLimits(settings.pairing_tries),
        "signal_desk": SignalDesk(house),
        "passkeys": passkeys,
        "identities": Identities(house.tables, house.access.ways_in.oidc, wall_ms),
        "description": description,
        "authority": authority,
        "audit": house.access.audit,
        "witness": Witness(house.access.audit, house.engine.directory, settings.client_address),
        "app_url": "/app",
    }
    return Application(
        all_of(served),
        provided,
        allowed_hosts=settings.allowed_hosts,
        secure=settings.secure,
        missing=missing_page,
    )
