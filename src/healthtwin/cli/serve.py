"""`healthtwin serve`: the house on the network, until a signal says stop."""

from __future__ import annotations

from dataclasses import dataclass, replace
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from healthtwin.cli.options import HomeOption
from healthtwin.cli.output import remark, tell
from healthtwin.cli.plain_logs import log_plainly
from healthtwin.cli.qr import qr_code
from healthtwin.domain.errors import ConfigurationError

if TYPE_CHECKING:
    from healthtwin.api import Addresses, Listen

DEFAULT_PORT = 8420


class Tls(StrEnum):
    """Where the server's certificate comes from, when no file is named."""

    LOCAL_CA = "local-ca"


def serve(  # noqa: PLR0913, PLR0917 - the options of a command are its parameters
    home: HomeOption,
    port: Annotated[int, typer.Option(min=0, max=65_535, help="0 takes a free one.")] = DEFAULT_PORT,
    host: Annotated[
        str | None,
        typer.Option(help="Name or address to listen on; else this machine alone, or with --tls all of its."),
    ] = None,
    allowed_host: Annotated[
        list[str] | None, typer.Option(help="Another name under which this server is reached.")
    ] = None,
    tls: Annotated[
        Tls | None, typer.Option(help="local-ca: a certificate by an authority of this home's own.")
    ] = None,
    tls_cert: Annotated[Path | None, typer.Option(help="Certificate chain, PEM.")] = None,
    tls_key: Annotated[Path | None, typer.Option(help="Its private key, PEM.")] = None,
    tls_1_2: Annotated[
        bool, typer.Option("--tls-1.2", help="Speak TLS 1.2 too, for old devices; else 1.3 alone.")
    ] = False,
    ca_port: Annotated[
        int | None,
        typer.Option(
            min=0,
            max=65_535,
            help="With --tls local-ca: where phones get its certificate over plain HTTP, and nothing else; "
            "0: nowhere; else the port after --port.",
        ),
    ] = None,
    behind_proxy: Annotated[
        bool, typer.Option("--behind-proxy", help="A proxy in front ends TLS; allows plain HTTP here.")
    ] = False,
    new: Annotated[
        bool, typer.Option("--new", help="Make a new home, though one of nearly the same name is beside it.")
    ] = False,
    client_header: Annotated[
        str | None,
        typer.Option(
            help="With --behind-proxy: the header in which the proxy says who sends (X-Forwarded-For, "
            "Forwarded, X-Real-IP); else all of its clients count as one."
        ),
    ] = None,
    trusted_proxy: Annotated[
        list[str] | None,
        typer.Option(help="Address or network of that proxy, where it is not on this machine."),
    ] = None,
) -> None:
    """Serve a home. The first line is the URL, when it is ready, then a QR code; SIGTERM drains and ends."""
    from healthtwin.api import Listen
    from healthtwin.api import serve as run
    from healthtwin.house import open_house
    from healthtwin.routing.client_address import ClientAddress
    from healthtwin.store import HomeKind

    log_plainly()
    if not behind_proxy and (client_header is not None or trusted_proxy):
        raise ConfigurationError("--client-header and --trusted-proxy speak of a proxy; give --behind-proxy")
    own = _Tls(tls, tls_cert is not None or tls_key is not None, behind_proxy)
    own.check(older=tls_1_2, ca_port=ca_port)
    names = frozenset(name.lower() for name in allowed_host or ())
    listen = Listen(host or "127.0.0.1", port, tls_cert, tls_key, behind_proxy, names)
    address = ClientAddress.trusting(client_header, trusted_proxy or ())
    listen = replace(listen, client_address=address, older_tls=tls_1_2)
    if tls is None:
        listen.check()
    made = _is_to_be_made(home, meant=new)
    house = open_house(home, kinds=(HomeKind.LIVE,))
    if tls is not None:
        listen = with_own_authority(home, listen, host, ca_port)

    def ready(addresses: Addresses) -> None:
        _note_address(home, addresses.url)
        tell(addresses.url)
        tell(qr_code(addresses.trust_url or f"{addresses.url}/app"))
        if made:
            remark(f"A new, empty home was made: {home.absolute()}. Nobody is in it yet:")
            remark(f"  healthtwin person add --home {home} --name …")
        for line in _what_next(home, addresses, listen):
            remark(line)

    house.start()
    run(house, listen, ready)


@dataclass(frozen=True, slots=True)
class _Tls:
    """Which ways of TLS the options speak of."""

    own: Tls | None
    files: bool
    proxy: bool

    def check(self, *, older: bool, ca_port: int | None) -> None:
        """Refuse options that do not go together.

        Raises:
            ConfigurationError: saying which.
        """
        if older and self.own is None and not self.files:
            raise ConfigurationError("--tls-1.2 goes with --tls local-ca, or with --tls-cert and --tls-key")
        if self.own is None and ca_port is not None:
            raise ConfigurationError("--ca-port hands out the certificate that --tls local-ca makes")
        if self.own is not None and (self.files or self.proxy):
            raise ConfigurationError(
                "--tls local-ca makes a certificate; leave out --tls-cert, --tls-key and --behind-proxy"
            )


def _is_to_be_made(home: Path, *, meant: bool) -> bool:
    """Whether there is no home yet in this directory.

    Raises:
        ConfigurationError: there is none, but one beside it of nearly the same name: that one was meant, or
            somebody says otherwise.
    """
    from difflib import get_close_matches

    from healthtwin.store.home import HOME_FILE

    if (home / HOME_FILE).exists():
        return False
    beside = home.absolute().parent
    if not meant and beside.is_dir():
        homes = [path.name for path in beside.iterdir() if (path / HOME_FILE).is_file()]
        near = get_close_matches(home.absolute().name, homes, n=1)
        if near:
            raise ConfigurationError(
                f"{home}: no home here; did you mean {beside / near[0]}? To make a new one, add --new"
            )
    return True


def _note_address(home: Path, url: str) -> None:
    import logging

    from healthtwin.store.home import ADDRESS_FILE

    try:
        (home / ADDRESS_FILE).write_text(url + "\n", encoding="utf-8")
    except OSError as error:  # a full disk keeps nobody from looking
        logging.getLogger("healthtwin").warning("%s cannot be written: %s", home / ADDRESS_FILE, error)


def with_own_authority(home: Path, listen: Listen, host: str | None, ca_port: int | None) -> Listen:
    """The same place to listen on, with a certificate of the home's own authority for it.

    Args:
        home: the directory; it is there.
        listen: as the other options say.
        host: as the operator named it; None: all addresses of this machine.
        ca_port: as the option `--ca-port`.

    Raises:
        ConfigurationError: a name outside what the authority may sign, or another way of TLS beside it.
    """
    from healthtwin.api import ServedAuthority
    from healthtwin.house import own_addresses, own_names
    from healthtwin.store import Home, LocalAuthority

    every = host in {None, "0.0.0.0", "::"}  # noqa: S104  # nosec B104 - TLS makes it right
    required = sorted(listen.names | (frozenset() if every else {str(host)}))
    authority = LocalAuthority(Home.open(home), [*own_names(), *own_addresses(), *required])
    served = ServedAuthority(authority, required, lambda: [*own_names(), *own_addresses()])
    served.renew()
    beside = 0 if listen.port == 0 else listen.port + 1
    return replace(
        listen,
        host="0.0.0.0" if host is None else host,  # noqa: S104  # nosec B104
        names=listen.names | set(own_names()),
        authority=served,
        trust_port=None if ca_port == 0 else ca_port or beside,
        shown_host=own_addresses()[0] if every else None,
    )


def _what_next(home: Path, addresses: Addresses, listen: Listen) -> list[str]:
    from healthtwin.domain.loopback import is_loopback

    lines = []
    if listen.authority is not None:
        authority = listen.authority.authority
        where = addresses.trust_url or f"{addresses.url}/trust (after a warning)"
        lines.append(f"A new phone first installs this home's certificate: {where}")
        lines.append(f"  {authority.name}, SHA-256 {authority.fingerprint}")
    elif is_loopback(listen.host):
        lines.append("Only this machine reaches it; for phones see 'healthtwin serve --tls local-ca'.")
    lines.append(f"To pair a phone:             healthtwin pair --home {home} --person p-…")
    lines.append(f"To sign in with a browser:   healthtwin sign-in-link --home {home}")
    return lines
