"""`healthtwin pair`: a code that makes a phone somebody's own."""

from __future__ import annotations

from typing import Annotated

import typer

from healthtwin.cli.access import DEFAULT_URL
from healthtwin.cli.noted import note_grant
from healthtwin.cli.options import HomeOption, JsonOption
from healthtwin.cli.output import remark, tell, tell_json
from healthtwin.cli.tables import now_ms, person_id_of, tables_of
from healthtwin.domain import MINUTE_MS


def pair(
    home: HomeOption,
    person: Annotated[str, typer.Option(help="Id or name of the person whose phone it is.")],
    label: Annotated[str, typer.Option(help="What to call the phone, until it says itself.")] = "phone",
    minutes: Annotated[int, typer.Option(min=1, max=24 * 60, help="How long the code is good for.")] = 15,
    url: Annotated[
        str | None, typer.Option(help="Where the server is reached; else where it last served this home.")
    ] = None,
    as_json: JsonOption = False,
) -> None:
    """Pair a phone with a person: scan the code, or type it into the app. It is good once."""
    from healthtwin.access import Pairing
    from healthtwin.cli.qr import qr_code
    from healthtwin.store import Home

    with tables_of(home) as tables:
        made = Pairing(tables).create_code(
            found := person_id_of(tables, person), now_ms(), label=label, lifetime_ms=minutes * MINUTE_MS
        )
        note_grant(Home.open(home), tables, "console pair", [found], admin=False)
    base = (url or Home.open(home).last_address() or DEFAULT_URL).rstrip("/")
    link = f"{base}/app/pair#code={made.secret}"
    if as_json:
        tell_json(
            {"url": link, "code": made.secret, "device": made.grant.device, "expires_at": made.expires_ms}
        )
        return
    tell(link)
    tell(qr_code(link))
    remark(f"Code {made.secret}: pairs one phone, once, within {minutes} minutes.")
    if base.startswith("http://"):
        remark("Over plain HTTP no phone lets a page measure; see 'healthtwin serve --tls local-ca'.")
