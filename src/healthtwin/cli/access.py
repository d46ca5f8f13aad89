"""`healthtwin token` and `healthtwin sign-in-link`: who may send, read and act."""

from __future__ import annotations

from enum import StrEnum
from typing import TYPE_CHECKING, Annotated

import typer

from healthtwin.cli.noted import note_grant, note_if_possible
from healthtwin.cli.options import EveryPersonOption, HomeOption, JsonOption, PeopleOption
from healthtwin.cli.output import remark, tell, tell_json, tell_table
from healthtwin.cli.tables import now_ms, person_id_of, tables_of
from healthtwin.domain import DAY_MS, MINUTE_MS, from_ms

if TYPE_CHECKING:
    from healthtwin.access import Token

token_app = typer.Typer(help="Make, list and revoke tokens.", no_args_is_help=True, rich_markup_mode=None)

DEFAULT_URL = "http://127.0.0.1:8420"


class ScopeName(StrEnum):
    """What a token allows; the store's own scopes, named here so that `--help` need not open it."""

    DEVICE = "device"
    FAMILY = "family"
    CLINICIAN = "clinician"
    ADMIN = "admin"


@token_app.command("create")
def create(
    home: HomeOption,
    scope: Annotated[
        ScopeName,
        typer.Option(
            help="device: sends and reads. family: reads, acts on alerts. clinician: reads and acts. "
            "admin: runs the house, and sees the people that --person or --every-person names."
        ),
    ],
    person: PeopleOption = None,
    every_person: EveryPersonOption = False,
    label: Annotated[str, typer.Option(help="Whose or which device's it is, for the list.")] = "",
    expires_days: Annotated[
        int | None, typer.Option(min=1, max=36_500, help="When it ends; else never.")
    ] = None,
    as_json: JsonOption = False,
) -> None:
    """Make a token. It is shown once and cannot be read again."""
    from healthtwin.access import Credentials
    from healthtwin.store import Home

    now = now_ms()
    expires_ms = None if expires_days is None else now + expires_days * DAY_MS
    with tables_of(home) as tables:
        people = [person_id_of(tables, named) for named in person or []]
        made = Credentials(tables).create_token(
            str(scope), people, now, label=label, expires_ms=expires_ms, every_person=every_person
        )
        admin = scope is ScopeName.ADMIN
        note_grant(
            Home.open(home), tables, "console token create", people, admin=admin, everybody=every_person
        )
    if as_json:
        tell_json(
            {
                "token": made.secret,
                "id": made.id,
                "scope": str(scope),
                "people": None if every_person else sorted(people),
                "device": made.grant.device,
                "expires_at": expires_ms,
            }
        )
        return
    tell(made.secret)
    remark(f"Token {made.id} ({scope}). It is not shown again; 'healthtwin token revoke {made.id}' ends it.")
    _remark_on_reach(scope, people, every_person=every_person)


@token_app.command("list")
def show(home: HomeOption, as_json: JsonOption = False) -> None:
    """Every token, revoked and expired ones too; never the secrets."""
    from healthtwin.access import Credentials

    with tables_of(home) as tables:
        tokens = Credentials(tables).tokens()
    if as_json:
        tell_json([_facts(token) for token in tokens])
        return
    tell_table(
        ("id", "scope", "people", "label", "made", "ends", "revoked"),
        [
            (
                token.id,
                token.grant.scope,
                "everybody"
                if token.grant.every_person
                else ", ".join(sorted(token.grant.people)) or "nobody",
                token.grant.label or None,
                _day(token.created_ms),
                _day(token.expires_ms),
                _day(token.revoked_ms),
            )
            for token in tokens
        ],
    )


@token_app.command("revoke")
def revoke(
    token: Annotated[str, typer.Argument(help="Id of the token (t-…), not the token itself.")],
    home: HomeOption,
    as_json: JsonOption = False,
) -> None:
    """End a token for good; a running server refuses it at once."""
    from healthtwin.access import Credentials
    from healthtwin.store import Home

    with tables_of(home) as tables:
        Credentials(tables).revoke_token(token, now_ms())
    note_if_possible(Home.open(home), "console token revoke")
    if as_json:
        tell_json({"id": token, "revoked": True})
    else:
        tell(f"{token} is revoked.")


def sign_in_link(
    home: HomeOption,
    scope: Annotated[
        ScopeName | None, typer.Option(help="family, clinician or admin; admin when no person is named.")
    ] = None,
    person: PeopleOption = None,
    every_person: EveryPersonOption = False,
    label: Annotated[str, typer.Option(help="Whose browser it is, for lists and for who did what.")] = "",
    minutes: Annotated[int, typer.Option(min=1, max=24 * 60, help="How long the link is good for.")] = 15,
    url: Annotated[
        str | None, typer.Option(help="Where the server is reached; else where it last served this home.")
    ] = None,
    as_json: JsonOption = False,
) -> None:
    """Make a link that signs one browser in, once."""
    from healthtwin.access import Credentials
    from healthtwin.store import Home, HomeKind

    wanted = scope or (ScopeName.CLINICIAN if person else ScopeName.ADMIN)
    now, opened = now_ms(), Home.open(home)
    # In a demo everybody is made up, and whoever looks wants to see them.
    shown = opened.kind is HomeKind.DEMO and wanted is ScopeName.ADMIN and not person
    with tables_of(home) as tables:
        covered = [person_id_of(tables, named) for named in person or []]
        made = Credentials(tables).create_link(
            str(wanted),
            covered,
            now,
            label=label,
            lifetime_ms=minutes * MINUTE_MS,
            every_person=every_person or shown,
        )
        admin = wanted is ScopeName.ADMIN
        everybody = every_person or shown
        note_grant(opened, tables, "console sign-in-link", covered, admin=admin, everybody=everybody)
    base = (url or opened.last_address() or DEFAULT_URL).rstrip("/")
    link = f"{base}/sign-in/{made.secret}"
    if as_json:
        tell_json({"url": link, "scope": str(wanted), "expires_at": made.expires_ms})
        return
    tell(link)
    remark(f"Signs one browser in as {wanted}, once, within {minutes} minutes.")
    _remark_on_reach(wanted, covered, every_person=every_person or shown)
    if not label:
        remark("Without --label nobody will know later whose browser it was.")


def _remark_on_reach(scope: ScopeName, people: list[str], *, every_person: bool) -> None:
    if scope is ScopeName.ADMIN and every_person:
        remark("It sees everybody in this home, whoever comes later too; each person can end that.")
    elif scope is ScopeName.ADMIN and not people:
        remark("It runs the house and sees nobody's health data; --person or --every-person names people.")


def _whom(token: Token) -> str:
    return "everybody" if token.grant.every_person else ", ".join(sorted(token.grant.people)) or "nobody"


def _facts(token: Token) -> dict[str, object]:
    grant = token.grant
    return {
        "id": token.id,
        "scope": str(grant.scope),
        "people": None if grant.every_person else sorted(grant.people),
        "device": grant.device,
        "label": grant.label,
        "created_at": token.created_ms,
        "expires_at": token.expires_ms,
        "revoked_at": token.revoked_ms,
    }


def _day(time_ms: int | None) -> str | None:
    return None if time_ms is None else from_ms(time_ms).date().isoformat()
