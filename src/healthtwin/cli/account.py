"""`healthtwin account`: who signs in by a proof of their own."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated

import typer

from healthtwin.cli.access import DEFAULT_URL
from healthtwin.cli.options import HomeOption, JsonOption, PeopleOption
from healthtwin.cli.output import remark, tell, tell_json, tell_table
from healthtwin.cli.tables import now_ms, person_id_of, tables_of
from healthtwin.domain import HOUR_MS, from_ms

if TYPE_CHECKING:
    from pathlib import Path

    from healthtwin.access import Account, Added

account_app = typer.Typer(
    help="Add, list, disable and reset accounts.", no_args_is_help=True, rich_markup_mode=None
)

AccountArgument = Annotated[str, typer.Argument(help="Id (a-…) or name of the account.")]
HoursOption = Annotated[int, typer.Option(min=1, max=168, help="How long the link is good for.")]
UrlOption = Annotated[
    str | None, typer.Option(help="Where the server is reached; else where it last served this home.")
]


@account_app.command("add")
def add(
    home: HomeOption,
    name: Annotated[str, typer.Option(help="What they sign in with, and what others call them.")],
    role: Annotated[
        str,
        typer.Option(
            help="person: themselves. family: reads, acts on alerts. clinician: reads and acts. admin: runs "
            "the house. service: a program; gets a token, once, and no sign-in."
        ),
    ],
    person: PeopleOption = None,
    hours: HoursOption = 24,
    url: UrlOption = None,
    as_json: JsonOption = False,
) -> None:
    """Add an account, and make the link by which its owner sets up their way in, once."""
    from healthtwin.access import Accounts

    with tables_of(home) as tables:
        people = [person_id_of(tables, named) for named in person or []]
        made = Accounts(tables).add(name, role, people, now_ms(), lifetime_ms=hours * HOUR_MS)
        _note(home, "console account add", alarm="new-admin" if role == "admin" else "")
    _tell(made, home, url, as_json=as_json)


@account_app.command("list")
def show(home: HomeOption, as_json: JsonOption = False) -> None:
    """Every account: whose, what for, how it is opened; never a secret."""
    from healthtwin.access import Accounts

    with tables_of(home) as tables:
        accounts = Accounts(tables).list(now_ms())
    if as_json:
        tell_json([_facts(account) for account in accounts])
        return
    tell_table(
        ("id", "name", "role", "people", "state", "opened by", "last used"),
        [
            (
                account.id,
                account.name,
                account.role,
                ", ".join(account.people) or None,
                "rests" if account.rests_until_ms is not None and account.enrolled_ms else account.state,
                _opened_by(account),
                None if account.last_used_ms is None else from_ms(account.last_used_ms).date().isoformat(),
            )
            for account in accounts
        ],
    )


@account_app.command("disable")
def disable(account: AccountArgument, home: HomeOption, as_json: JsonOption = False) -> None:
    """Let nobody in by an account; a running server refuses it at once."""
    from healthtwin.access import Accounts

    with tables_of(home) as tables:
        accounts = Accounts(tables)
        found = accounts.id_of(account)
        _note(home, "console account disable")
        accounts.disable(found, now_ms())
    _done(found, "disabled", as_json=as_json)


@account_app.command("enable")
def enable(account: AccountArgument, home: HomeOption, as_json: JsonOption = False) -> None:
    """Let a disabled account be used again, by the proofs that it had; for a service reset it, too."""
    from healthtwin.access import Accounts

    with tables_of(home) as tables:
        accounts = Accounts(tables)
        found = accounts.id_of(account)
        _note(home, "console account enable")
        accounts.enable(found, now_ms())
    _done(found, "enabled", as_json=as_json)


@account_app.command("reset")
def reset(
    account: AccountArgument,
    home: HomeOption,
    hours: HoursOption = 24,
    url: UrlOption = None,
    as_json: JsonOption = False,
) -> None:
    """End everything that opens an account, and make a link for a new way in.

    Its reach to people rests until its owner confirms with a proof of before, the people agree again, or 24
    hours pass after somebody used the link.
    """
    from healthtwin.access import Accounts

    with tables_of(home) as tables:
        accounts = Accounts(tables)
        found = accounts.id_of(account)
        _note(home, "console account reset", alarm="account-reset")
        made = accounts.reset(found, now_ms(), lifetime_ms=hours * HOUR_MS)
    _tell(made, home, url, as_json=as_json)


@account_app.command("confirm")
def confirm(account: AccountArgument, home: HomeOption, as_json: JsonOption = False) -> None:
    """End the rest of an account that was reset, when whoever runs the house vouches for its owner."""
    from healthtwin.access import Accounts

    with tables_of(home) as tables:
        accounts = Accounts(tables)
        found = accounts.id_of(account)
        _note(home, "console account confirm", alarm="account-confirmed")
        accounts.confirm(found)
    _done(found, "confirmed", as_json=as_json)


def _note(home: Path, what: str, alarm: str = "") -> None:
    """Into the audit, where it can be: the console is the way back in whatever state the house is in."""
    from healthtwin.cli.noted import note_if_possible
    from healthtwin.store import Home

    note_if_possible(Home.open(home), what, alarm=alarm)


def _tell(made: Added, home: Path, url: str | None, *, as_json: bool) -> None:
    from healthtwin.store import Home

    base = (url or Home.open(home).last_address() or DEFAULT_URL).rstrip("/")
    link = None if made.enrol_secret is None else f"{base}/enrol/{made.enrol_secret}"
    if as_json:
        told: dict[str, object] = {"id": made.id, "enrol_url": link}
        if made.token is not None:
            told["token"] = made.token
        else:
            told["expires_at"] = made.expires_ms
        tell_json(told)
        return
    tell(link or made.token or "")
    if link is None:
        remark(f"Token of {made.id}. Not shown again; 'healthtwin account reset {made.id}' makes another.")
    else:
        remark(f"For {made.id}: sets up one way in, once. Whoever has the link is taken for its owner.")


def _done(account: str, what: str, *, as_json: bool) -> None:
    if as_json:
        tell_json({"id": account, what: True})
    else:
        tell(f"{account} is {what}.")


def _opened_by(account: Account) -> str | None:
    factors = account.factors
    named = [
        *(["password"] if factors.password else []),
        *(["authenticator app"] if factors.totp else []),
        *([f"{factors.passkeys} passkeys"] if factors.passkeys else []),
    ]
    return " + ".join(named) or ("token" if str(account.role) == "service" else None)


def _facts(account: Account) -> dict[str, object]:
    factors = account.factors
    return {
        "id": account.id,
        "name": account.name,
        "role": str(account.role),
        "state": account.state,
        "people": list(account.people),
        "factors": {
            "password": factors.password,
            "totp": factors.totp,
            "passkeys": factors.passkeys,
            "recovery_codes": factors.recovery_codes,
        },
        "created_at": account.created_ms,
        "enrolled_at": account.enrolled_ms,
        "disabled_at": account.disabled_ms,
        "rests_until": account.rests_until_ms,
        "last_used_at": account.last_used_ms,
    }
