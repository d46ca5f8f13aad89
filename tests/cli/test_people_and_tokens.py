"""What an operator does with people, tokens, links and webhooks."""

from __future__ import annotations

import json
import os
import subprocess
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from healthtwin.access import Authenticator, Scope
from healthtwin.store import Home, Tables
from tests.cli.conftest import PROGRAM, Commands
from tests.notify.receiver import receiving


def test_a_person_is_added_listed_and_changed(healthtwin: Commands) -> None:
    added = healthtwin(
        *("person", "add", "--name", "Ada", "--birth-year", "1980", "--sex", "female"),
        *("--timezone", "Europe/London", "--silence-after-minutes", "90", "--json"),
    ).json
    assert added["id"].startswith("p-")
    assert (added["birth_year"], added["silence_after_minutes"]) == (1980, 90)
    changed = healthtwin(
        *("person", "set", added["id"], "--name", "Ada L.", "--pregnant"),
        *("--silence-after-minutes", "0", "--json"),
    ).json
    assert (changed["name"], changed["pregnant"], changed["silence_after_minutes"]) == ("Ada L.", True, None)
    assert changed["birth_year"] == 1980
    assert healthtwin("person", "list", "--json").json == [changed]
    assert "Ada L." in healthtwin("person", "list").out


def test_what_moves_a_limit_is_set_with_a_name_and_an_end(healthtwin: Commands) -> None:
    until = (datetime.now(tz=UTC) + timedelta(days=40)).date().isoformat()
    added = healthtwin(
        *("person", "add", "--name", "Ada", "--timezone", "UTC", "--birth-year", "1998"),
        *("--birth-month", "2", "--low-pulse-floor", "36", "--low-pulse-known-until", until),
        *("--low-pulse-known-by", "Dr. Sharma", "--pacemaker-rate", "50", "--json"),
    ).json
    assert (added["birth_month"], added["low_pulse_floor"], added["pacemaker_rate"]) == (2, 36, 50)
    assert (added["low_pulse_known_by"], added["low_pulse_known_until"]) == ("Dr. Sharma", until)
    kept = healthtwin("person", "set", added["id"], "--atrial-fibrillation", "--json").json
    assert kept == {**added, "atrial_fibrillation": True}
    cleared = healthtwin(
        *("person", "set", added["id"], "--low-pulse-floor", "0", "--pacemaker-rate", "0", "--json")
    ).json
    assert [cleared[name] for name in ("low_pulse_floor", "low_pulse_known_by", "pacemaker_rate")] == [
        None
    ] * 3


@pytest.mark.parametrize(
    ("arguments", "complaint"),
    [
        (("person", "add", "--name", "Ada", "--timezone", "Mars/Olympus"), "IANA"),
        (("person", "add", "--name", " ", "--timezone", "UTC"), "name"),
        (("person", "add", "--name", "Ada", "--timezone", "UTC", "--sex", "x"), "female"),
        (("person", "add", "--name", "Ada", "--timezone", "UTC", "--birth-year", "80"), "birth_year"),
        (("person", "add", "--name", "Ada", "--timezone", "UTC", "--birth-year", "2190"), "present year"),
        (("person", "add", "--name", "Ada", "--timezone", "UTC", "--birth-month", "5"), "birth_year"),
        (("person", "add", "--name", "A", "--timezone", "UTC", "--gave-birth-on", "1/2/26"), "YYYY-MM-DD"),
        (("person", "add", "--name", "A", "--timezone", "UTC", "--low-pulse-floor", "36"), "has an end"),
        (("person", "add", "--name", "A", "--timezone", "UTC", "--pacemaker-rate", "300"), "30 to 120"),
        (("person", "add", "--timezone", "UTC"), "--name"),
        (("person", "set", "p-nobody", "--name", "x"), "p-nobody"),
        (("token", "create", "--scope", "device"), "person"),
        (("token", "create", "--scope", "device", "--person", "p-nobody"), "p-nobody"),
        (("token", "create", "--scope", "king"), "clinician"),
        (("token", "revoke", "t-none"), "t-none"),
        (("webhook", "add", "ftp://example.org/x"), "http"),
        (("webhook", "remove", "w-none"), "w-none"),
        (("sign-in-link", "--scope", "device"), "device"),
        (("restore",), "backup file"),
        (("no-such-command",), "no-such-command"),
    ],
)
def test_what_cannot_be_right_is_said_on_stderr_with_status_2(
    inhabited: Commands, arguments: tuple[str, ...], complaint: str
) -> None:
    ran = inhabited(*arguments)
    assert (ran.status, ran.out) == (2, "")
    assert complaint in ran.err
    assert "Traceback" not in ran.err


def test_a_command_without_a_home_says_so(healthtwin: Commands, tmp_path: Path) -> None:
    ran = healthtwin("token", "list", home=tmp_path / "nowhere")
    assert ran.status == 2
    assert "no home here" in ran.err
    without = {name: value for name, value in os.environ.items() if name != "HEALTHTWIN_HOME"}
    done = subprocess.run(
        [PROGRAM, "person", "list"], capture_output=True, text=True, env=without, check=False
    )
    assert done.returncode == 2
    assert "--home" in done.stderr


def test_a_token_opens_what_its_scope_says_until_it_is_revoked(healthtwin: Commands, ada: str) -> None:
    made = healthtwin("token", "create", "--scope", "device", "--person", ada, "--json").json
    with Tables.of(Home.open(healthtwin.home)) as tables:
        access = Authenticator(tables)
        grant = access.grant_of_token(made["token"])
        assert (grant.scope, grant.people, grant.device) == (Scope.DEVICE, frozenset({ada}), made["device"])
        assert healthtwin("token", "revoke", made["id"]).status == 0
        with pytest.raises(Exception, match="revoked"):
            access.grant_of_token(made["token"])
    (listed,) = healthtwin("token", "list", "--json").json
    assert listed["revoked_at"] is not None
    assert made["token"] not in healthtwin("token", "list", "--json").out


def test_an_admin_token_names_nobody_these_people_or_everybody(healthtwin: Commands, ada: str) -> None:
    for extra, people in (((), []), (("--person", ada), [ada]), (("--every-person",), None)):
        made = healthtwin("token", "create", "--scope", "admin", *extra, "--json").json
        assert made["people"] == people
    assert "sees nobody" in healthtwin("token", "create", "--scope", "admin").err
    assert [token["people"] for token in healthtwin("token", "list", "--json").json[:3]] == [[], [ada], None]
    assert healthtwin("token", "create", "--scope", "clinician", "--every-person").status == 2


def test_a_token_is_the_only_thing_on_stdout_so_that_a_shell_can_keep_it(
    healthtwin: Commands, ada: str
) -> None:
    ran = healthtwin("token", "create", "--scope", "clinician", "--person", ada)
    assert ran.out.strip().startswith("ht_")
    assert len(ran.out.split()) == 1
    assert "not shown again" in ran.err


def test_a_sign_in_link_points_to_where_the_server_is_said_to_be(healthtwin: Commands, ada: str) -> None:
    link = healthtwin("sign-in-link", "--person", ada, "--url", "https://twin.example/", "--json").json
    assert link["url"].startswith("https://twin.example/sign-in/hl_")
    assert link["scope"] == "clinician"
    assert "/sign-in/hl_" in healthtwin("sign-in-link").out


def test_a_webhook_is_added_listed_and_removed_and_its_key_is_told_once(
    healthtwin: Commands, ada: str
) -> None:
    added = healthtwin("webhook", "add", "https://example.org/hook", "--person", ada, "--json").json
    assert len(bytes.fromhex(added["secret"])) == 32
    listed = healthtwin("webhook", "list", "--json")
    assert added["secret"] not in listed.out
    assert [hook["id"] for hook in listed.json] == [added["id"]]
    assert healthtwin("webhook", "remove", added["id"]).status == 0
    assert healthtwin("webhook", "list", "--json").json == []


def test_a_webhook_can_be_tried_and_tells_what_came_of_it(healthtwin: Commands, ada: str) -> None:
    with receiving() as receiver:
        hook = added_at_home(healthtwin, receiver.url, ada)
        tried = healthtwin("webhook", "test", hook, "--json").json
        assert tried == {"id": hook, "delivered": True, "outcome": "200"}
        assert json.loads(receiver.received[0].body)["type"] == "test"
        receiver.statuses = [404]
        refused = healthtwin("webhook", "test", hook)
        assert refused.status == 1
        assert "not delivered: 404" in refused.out
    assert healthtwin("webhook", "test", "w-none").status == 2


def added_at_home(healthtwin: Commands, url: str, person: str) -> str:
    """Id of a webhook into the own network, which must be allowed first."""
    refused = healthtwin("webhook", "add", url, "--person", person)
    assert refused.status == 2
    assert "allow_private = true" in refused.err
    (healthtwin.home / "config.toml").write_text("[webhooks]\nallow_private = true\n", encoding="utf-8")
    added: str = healthtwin("webhook", "add", url, "--person", person, "--json").json["id"]
    return added


def test_a_home_comes_back_from_its_backup(healthtwin: Commands, ada: str, tmp_path: Path) -> None:
    report = healthtwin("backup", "--out", tmp_path / "twin.zip", "--json").json
    assert Path(report["file"]).stat().st_size == report["bytes"]
    for number, arguments in enumerate((("FILE",), ("--from", "FILE"))):
        place = tmp_path / f"again-{number}"
        named = [report["file"] if part == "FILE" else part for part in arguments]
        assert (
            healthtwin(
                "restore",
                *named,
                home=place,
            ).status
            == 0
        )
        assert [person["id"] for person in healthtwin("person", "list", "--json", home=place).json] == [ada]
    assert healthtwin("restore", report["file"]).status == 2


def test_version_and_help_answer_without_a_home(healthtwin: Commands) -> None:
    assert healthtwin("version", "--json").json["version"]
    assert healthtwin("--version").out == healthtwin("version").out
    shown = healthtwin("--help")
    assert shown.status == 0
    assert "not a" in shown.out
    for command in ("serve", "person", "token", "sign-in-link", "webhook", "backup", "restore"):
        assert command in shown.out
