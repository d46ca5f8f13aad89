"""Running the application: a socket, a server on it, and a way to stop that loses nothing."""

from __future__ import annotations

import asyncio
import gc
import logging
import socket
import ssl
import threading
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Final

import uvicorn

from healthtwin.access import served_origins
from healthtwin.api.app import ServeSettings, create_app
from healthtwin.api.connections import ConnectionLimits, GuardedProtocol, allow_many_files, guarded
from healthtwin.api.live import Stopping
from healthtwin.api.trust import trust_listener
from healthtwin.domain.errors import ConfigurationError, HealthTwinError
from healthtwin.domain.loopback import is_loopback
from healthtwin.routing.client_address import ClientAddress

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable, Iterator
    from pathlib import Path
    from types import FrameType

    from healthtwin.api.trust import ServedAuthority
    from healthtwin.house import House

log = logging.getLogger("healthtwin.api")

GRACE_S: Final = 10
"""Requests under way get this long to finish after a stop; what was acknowledged is safe in any case."""

STALLED_S: Final = 0.5
"""Whoever neither reads nor goes on for so long while we stop is hung up on."""

HANDSHAKE_S: Final = 10.0
"""For a TLS handshake: who does not finish it holds a file, and no request can be told to them."""

BACKLOG: Final = 2_048
KEEP_ALIVE_S: Final = 75
STARTS_WITHIN_S: Final = 30.0

RENEWAL_EVERY_S: Final = 600
"""How soon a new address of this machine stands in the home's own certificate."""


@dataclass(frozen=True, slots=True)
class Addresses:
    """Where a served house is reached.

    Attributes:
        url: the house.
        trust_url: over plain HTTP, the certificate of the home's own authority and nothing else; None
            without one.
    """

    url: str
    trust_url: str | None = None


@dataclass(frozen=True, slots=True)
class Listen:
    """Where to listen.

    Attributes:
        host: name or address of this machine; port: 0 takes a free one.
        tls_cert, tls_key: PEM files; both or neither.
        behind_proxy: somebody in front ends TLS, so plain HTTP beyond loopback is right.
        names: host names under which people reach us, besides `host`.
        authority: the home's own, which signed the certificate; it renews it, and serves its own for phones.
        trust_port: where its certificate is had over plain HTTP, and nothing else; None: nowhere.
        client_address: how a proxy in front says who sends.
        shown_host: what stands in the URL where `host` means every address of this machine.
        older_tls: TLS 1.2 is spoken too, for devices that know no newer one.
    """

    host: str = "127.0.0.1"
    port: int = 0
    tls_cert: Path | None = None
    tls_key: Path | None = None
    behind_proxy: bool = False
    names: frozenset[str] = frozenset()
    authority: ServedAuthority | None = None
    trust_port: int | None = None
    shown_host: str | None = None
    client_address: ClientAddress = field(default_factory=ClientAddress)
    older_tls: bool = False

    def check(self) -> None:
        """Refuse what would send readings over the network in the clear.

        Raises:
            ConfigurationError: saying which option is missing.

        >>> Listen("0.0.0.0").check()
        Traceback (most recent call last):
        ...
        healthtwin.domain.errors.ConfigurationError: plain HTTP beyond this machine (0.0.0.0) would send \
readings in the clear; give --tls local-ca, --tls-cert and --tls-key, or --behind-proxy if a proxy ends TLS
        """
        if self.authority is not None and (self.tls_cert is not None or self.behind_proxy):
            raise ConfigurationError("--tls local-ca makes a certificate; it goes with no other way of TLS")
        if (self.tls_cert is None) != (self.tls_key is None):
            raise ConfigurationError("--tls-cert and --tls-key belong together; give both or neither")
        for option, file in (("--tls-cert", self.tls_cert), ("--tls-key", self.tls_key)):
            if file is not None and not file.is_file():
                raise ConfigurationError(f"{option}: no such file: {file}")
        if not self.secure and not is_loopback(self.host):
            raise ConfigurationError(
                f"plain HTTP beyond this machine ({self.host}) would send readings in the clear; give "
                "--tls local-ca, --tls-cert and --tls-key, or --behind-proxy if a proxy ends TLS"
            )

    @property
    def secure(self) -> bool:
        """Whether browsers reach us over TLS."""
        return self.files[0] is not None or self.behind_proxy

    @property
    def files(self) -> tuple[Path | None, Path | None]:
        """Certificate and key that we end TLS with; None where we do not."""
        return (self.tls_cert, self.tls_key) if self.authority is None else self.authority.files

    def settings(self) -> ServeSettings:
        """What the application must know of this."""
        return ServeSettings(
            allowed_hosts=self.names | {self.host},
            secure=self.secure,
            authority=None if self.authority is None else self.authority.authority,
            client_address=self.client_address,
        )


def bind(listen: Listen) -> socket.socket:
    """A socket that accepts connections as soon as somebody serves it.

    Raises:
        ConfigurationError: the address is taken or not ours.
    """
    try:
        found = socket.getaddrinfo(listen.host, listen.port, type=socket.SOCK_STREAM, flags=socket.AI_PASSIVE)
        family, kind, protocol, _, address = found[0]
        bound = socket.socket(family, kind, protocol)
        bound.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        bound.bind(address)
        bound.listen(BACKLOG)
    except OSError as error:
        raise ConfigurationError(
            f"cannot listen on {listen.host}:{listen.port} ({error.strerror})"
        ) from error
    return bound


def url_of(listen: Listen, bound: socket.socket) -> str:
    """What to type into a browser on this machine."""
    port = bound.getsockname()[1]
    name = listen.shown_host or listen.host
    host = f"[{name}]" if ":" in name else name
    return f"{'http' if listen.files[0] is None else 'https'}://{host}:{port}"


class Server(uvicorn.Server):
    """A server that tells when it is ready and ends open streams when it is told to stop."""

    def __init__(self, config: uvicorn.Config, stopping: Stopping, ready: Callable[[], None]) -> None:
        super().__init__(config)
        self._stopping = stopping
        self._ready = ready

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        """Begin to accept connections: as uvicorn does, with a time limit for handshakes."""
        config, loop = self.config, asyncio.get_running_loop()

        def protocol() -> asyncio.Protocol:
            made: asyncio.Protocol = config.http_protocol_class(  # type: ignore[call-arg]
                config=config, server_state=self.server_state, app_state={}, _loop=loop
            )
            return made

        self.servers = [
            await loop.create_server(
                protocol,
                sock=each,
                ssl=config.ssl,
                backlog=config.backlog,
                ssl_handshake_timeout=HANDSHAKE_S if config.ssl else None,
            )
            for each in sockets or []
        ]
        self.started = True
        self._ready()

    async def shutdown(self, sockets: list[socket.socket] | None = None) -> None:
        """Finish what is under way, and hang up on whoever keeps us from it."""
        hanging_up = asyncio.create_task(self._hang_up_on_the_stalled())
        try:
            await super().shutdown(sockets)
        finally:
            hanging_up.cancel()

    async def _hang_up_on_the_stalled(self) -> None:
        """A reader that takes nothing, a sender that brings nothing: neither will be done in time."""
        unread: dict[object, int] = {}
        while True:
            await asyncio.sleep(STALLED_S)
            for connection in list(self.server_state.connections):
                if not isinstance(connection, GuardedProtocol):
                    continue
                size = connection.transport.get_write_buffer_size()
                if (size and unread.get(connection) == size) or connection.brings_nothing(STALLED_S):
                    connection.put_out()
                unread[connection] = size

    def handle_exit(self, sig: int, frame: FrameType | None) -> None:  # noqa: ARG002 - a signal handler's shape
        """A first signal drains; a second one does not wait. Either way the process then ends by itself."""
        if self.should_exit:
            self.force_exit = True
        self.stop()

    def stop(self) -> None:
        """Finish what is under way and return from `run`; from any thread."""
        self._stopping.set()
        self.should_exit = True


def _named(settings: ServeSettings, listen: Listen, bound: socket.socket) -> ServeSettings:
    """The same settings, with the addresses that passkeys may belong to."""
    if settings.served:
        return settings
    names, port = listen.names | {listen.host}, bound.getsockname()[1]
    return replace(
        settings, served=served_origins(names, port, secure=listen.secure, proxied=listen.behind_proxy)
    )


def _server_for(house: House, listen: Listen, settings: ServeSettings, ready: Callable[[], None]) -> Server:
    stopping = Stopping()
    certificate, key = listen.files
    context = None if certificate is None else _tls_context(certificate, key, older=listen.older_tls)
    app = create_app(house, settings, stopping)
    config = uvicorn.Config(
        app,
        http=guarded(_limits_for(listen, settings)),
        ws="auto" if app.has_sockets else "none",
        lifespan="off",
        log_config=None,
        access_log=False,
        server_header=False,
        proxy_headers=False,
        timeout_keep_alive=KEEP_ALIVE_S,
        timeout_graceful_shutdown=GRACE_S,
        backlog=BACKLOG,
        ssl_context_factory=None if context is None else lambda _config, _usual: context,
        callback_notify=None if context is None else _renewal(listen.authority, context),
        timeout_notify=RENEWAL_EVERY_S,
    )
    return Server(config, stopping, ready)


def _limits_for(listen: Listen, settings: ServeSettings) -> ConnectionLimits:
    limits = settings.connections or ConnectionLimits.within(allow_many_files())
    # Behind a proxy all connections come from one address, which is nobody's in particular.
    return replace(limits, at_address=limits.waiting) if listen.behind_proxy else limits


def _tls_context(certificate: Path, key: Path | None, *, older: bool) -> ssl.SSLContext:
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    # Those before 1.2 are broken (RFC 8996); every browser of the last years speaks 1.3.
    context.minimum_version = ssl.TLSVersion.TLSv1_2 if older else ssl.TLSVersion.TLSv1_3
    try:
        context.load_cert_chain(certificate, key)
    except (OSError, ssl.SSLError) as error:
        raise ConfigurationError(
            f"{certificate}: cannot be served with the key {key} ({error}); both must be PEM, and belong "
            "together"
        ) from error
    return context


def _renewal(
    authority: ServedAuthority | None, context: ssl.SSLContext
) -> Callable[[], Awaitable[None]] | None:
    """Looks whether the home's own certificate still fits; what is open goes on under the former one."""
    if authority is None:
        return None

    async def renew() -> None:
        try:
            if await asyncio.to_thread(authority.renew):
                context.load_cert_chain(*authority.files)
        except (HealthTwinError, OSError) as error:  # the former one is good for some time yet
            log.warning("the certificate could not be renewed: %s", error)

    return renew


def keep_what_is_there() -> None:
    """Spare the garbage collector what lives as long as this process: modules, tables, the house itself.

    Looking through all that took milliseconds, now and then, in the middle of somebody's reading. Once per
    process: what is kept is never freed.
    """
    gc.collect()
    gc.freeze()


def serve(house: House, listen: Listen, ready: Callable[[Addresses], None]) -> None:
    """Serve a started house until a signal says stop, then drain it.

    Args:
        house: started; it is stopped before this returns.
        listen: where.
        ready: told the addresses once connections are accepted.

    Raises:
        ConfigurationError: an address cannot be listened on.
    """
    try:
        listen.check()
        with ExitStack() as opened:
            bound = bind(listen)
            url, trust_url = url_of(listen, bound), None
            if listen.authority is not None and listen.trust_port is not None:
                plain = replace(listen, port=listen.trust_port, tls_cert=None, tls_key=None, authority=None)
                plain_bound = bind(plain)
                trust_url = url_of(plain, plain_bound)
                hosts = listen.settings().allowed_hosts
                opened.enter_context(
                    trust_listener(listen.authority.authority, plain_bound, f"{url}/app", hosts)
                )
            addresses = Addresses(url, trust_url)
            settings = _named(listen.settings(), listen, bound)
            server = _server_for(house, listen, settings, lambda: ready(addresses))
            keep_what_is_there()
            server.run([bound])
    finally:
        house.stop()


@contextmanager
def serving(house: House, listen: Listen, settings: ServeSettings | None = None) -> Iterator[str]:
    """Serve a started house from a thread of this process; yields the URL.

    For a replay and for tests: the caller keeps the house and stops it.

    Raises:
        ConfigurationError: the address cannot be listened on, or the server did not come up.
    """
    bound = bind(listen)
    ready = threading.Event()
    server = _server_for(house, listen, _named(settings or listen.settings(), listen, bound), ready.set)
    thread = threading.Thread(target=server.run, args=([bound],), name="http", daemon=True)
    thread.start()
    try:
        if not ready.wait(STARTS_WITHIN_S):
            raise ConfigurationError("the server did not come up")
        yield url_of(listen, bound)
    finally:
        server.stop()
        thread.join(GRACE_S + 5)
        bound.close()
