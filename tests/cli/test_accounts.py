"""`healthtwin account`: made, listed, disabled, reset; what cannot be is a line; no secret lies open."""

from __future__ import annotations

from typing import Any

from healthtwin.access import Client, PasswordHashes, SignIn, wall_ms
from healthtwin.store import Home, Tables
from tests.cli.conftest import Commands

PASSWORD = "tr0mbone lattice gorse"


def enrol(commands: Commands, made: dict[str, Any]) -> None:
    """Whoever has the link uses it."""
    secret = made["enrol_url"].rpartition("/")[2]
    with Tables.of(Home.open(commands.home)) as tables:
        SignIn(tables, PasswordHashes(1), None, wall_ms).enrol(secret, PASSWORD, Client("127.0.0.1", "x"))


def test_an_account_from_its_link_to_its_reset(healthtwin: Commands, ada: str) -> None:
    said = ("account", "add", "--name", "Paulchen Panther", "--role", "family", "--person", ada, "--json")
    made = healthtwin(*said).json
    assert made["id"].startswith("a-")
    assert made["enrol_url"].startswith("http://127.0.0.1:8420/enrol/he_")
    again = healthtwin(*said)
    assert (again.status, again.out) == (2, "")
    assert "name: got 'Paulchen Panther'" in again.err
    enrol(healthtwin, made)
    reset = healthtwin("account", "reset", "paulchen PANTHER", "--json").json
    assert reset["id"] == made["id"]
    assert reset["enrol_url"] != made["enrol_url"]
    enrol(healthtwin, reset)
    (listed,) = healthtwin("account", "list", "--json").json
    assert (listed["name"], listed["role"], listed["state"]) == ("Paulchen Panther", "family", "active")
    assert listed["people"] == [ada]
    assert listed["rests_until"] > wall_ms()
    confirmed = healthtwin("account", "confirm", made["id"], "--json").json
    assert confirmed == {"id": made["id"], "confirmed": True}
    shown = healthtwin("account", "list").out
    assert "password" in shown
    assert "rests" not in shown
    held = b"".join(path.read_bytes() for path in healthtwin.home.rglob("*") if path.is_file())
    for secret in ("Paulchen", made["enrol_url"].rpartition("/")[2], PASSWORD, "$argon2id"):
        assert secret.encode() not in held, secret
    for command in (b"console account add", b"console account reset", b"console account confirm"):
        assert command in held, "in the audit"


def test_the_last_administrator_stays_and_the_console_has_a_way_back(healthtwin: Commands, ada: str) -> None:
    enrol(healthtwin, healthtwin("account", "add", "--name", "Ann", "--role", "admin", "--json").json)
    refused = healthtwin("account", "disable", "Ann")
    assert (refused.status, refused.out) == (2, "")
    assert "last administrator" in refused.err
    assert "account add --role admin" in refused.err
    assert healthtwin("account", "reset", "Ann", "--json").json["enrol_url"]


def test_a_service_gets_a_token_once_and_no_link(healthtwin: Commands, ada: str) -> None:
    made = healthtwin(
        "account", "add", "--name", "Lab", "--role", "service", "--person", "Ada", "--json"
    ).json
    assert made["enrol_url"] is None
    assert made["token"].startswith("ht_")
    wrong = healthtwin("account", "add", "--name", "X", "--role", "boss", "--json")
    assert (wrong.status, wrong.out) == (2, "")
    assert wrong.err == "healthtwin: role: got 'boss'; allowed: admin, clinician, family, person, service\n"
