"""`healthtwin serve`: the house on the network, until a signal says stop."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from healthtwin.cli.options import HomeOption
from healthtwin.cli.output import remark, tell

DEFAULT_PORT = 8420

ADDRESS_FILE = "address"
"""Where in a home the URL stands under which it was last served; `sign-in-link` reads it."""


def serve(
    home: HomeOption,
    port: Annotated[int, typer.Option(min=0, max=65_535, help="0 takes a free one.")] = DEFAULT_PORT,
    host: Annotated[str, typer.Option(help="Name or address to listen on.")] = "127.0.0.1",
    allowed_host: Annotated[
        list[str] | None, typer.Option(help="Another name under which this server is reached.")
    ] = None,
    tls_cert: Annotated[Path | None, typer.Option(help="Certificate chain, PEM.")] = None,
    tls_key: Annotated[Path | None, typer.Option(help="Its private key, PEM.")] = None,
    behind_proxy: Annotated[
        bool, typer.Option("--behind-proxy", help="A proxy in front ends TLS; allows plain HTTP here.")
    ] = False,
) -> None:
    """Serve a home. The first line is the URL, when it is ready; SIGTERM drains and ends."""
    import logging
    import sys

    from healthtwin.api import Listen
    from healthtwin.api import serve as run
    from healthtwin.gateway import open_house
    from healthtwin.store import HomeKind

    logging.basicConfig(
        stream=sys.stderr, level=logging.INFO, format="%(asctime)s %(levelname)s %(name)s: %(message)s"
    )
    for chatty in ("alembic", "uvicorn"):  # what they tell at INFO is about themselves
        logging.getLogger(chatty).setLevel(logging.WARNING)
    names = frozenset(allowed_host or ())
    listen = Listen(host, port, tls_cert, tls_key, behind_proxy, names)
    listen.check()
    house = open_house(home, kinds=(HomeKind.LIVE,))
    address = home / ADDRESS_FILE

    def ready(url: str) -> None:
        address.write_text(url + "\n", encoding="utf-8")
        tell(url)
        remark("To sign in with a browser: healthtwin sign-in-link --home " + str(home))

    house.start()
    run(house, listen, ready)


def last_address(home: Path) -> str | None:
    """The URL under which a home was last served; None when it never was."""
    try:
        return (home / ADDRESS_FILE).read_text(encoding="utf-8").strip() or None
    except (OSError, UnicodeDecodeError):
        return None
