"""People are named as people name them, and what is misspelt is asked back or said, never silently made."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import pytest

from healthtwin.house.upkeep import last_backup_ms

if TYPE_CHECKING:
    from pathlib import Path

    from tests.cli.conftest import Commands


@pytest.mark.parametrize("named", ["Ada", "ada", " Ada "])
def test_every_command_about_a_person_takes_their_name(
    healthtwin: Commands, ada: str, named: str, tmp_path: Path
) -> None:
    token = healthtwin("token", "create", "--person", named, "--scope", "device", "--json").json
    assert token["people"] == [ada]
    assert (
        healthtwin("sign-in-link", "--person", named, "--label", "ward", "--json").json["scope"]
        == "clinician"
    )
    assert healthtwin("pair", "--person", named, "--json").json["device"]
    assert healthtwin("person", "set", named, "--sex", "female", "--json").json["id"] == ada
    out = tmp_path / f"{len(named)}.zip"
    assert healthtwin("person", "export", named, "--out", str(out), "--json").json["id"] == ada


def test_an_unknown_name_says_where_the_known_ones_stand(healthtwin: Commands, ada: str) -> None:
    answer = healthtwin("token", "create", "--person", "Adda", "--scope", "device")
    assert answer.status == 2
    assert "healthtwin person list" in answer.err
    assert "Adda" in answer.err


def test_of_two_who_are_called_the_same_the_ids_are_named(healthtwin: Commands, ada: str) -> None:
    other = healthtwin("person", "add", "--name", "Ada", "--timezone", "UTC", "--json").json["id"]
    answer = healthtwin("pair", "--person", "Ada")
    assert answer.status == 2
    assert ada in answer.err
    assert other in answer.err


def test_a_person_is_removed_by_name(healthtwin: Commands, ada: str) -> None:
    told = healthtwin("person", "remove", "Ada", "--yes", "--json").json
    assert (told["id"], told["erased"]) == (ada, True)
    assert healthtwin("person", "list", "--json").json == []


def test_a_label_of_a_link_says_later_whose_browser_it_was(healthtwin: Commands, ada: str) -> None:
    assert "--label" in healthtwin("sign-in-link").err


def test_a_backup_is_noted_where_the_operator_looks(healthtwin: Commands, ada: str, tmp_path: Path) -> None:
    assert last_backup_ms(healthtwin.home) is None
    made = healthtwin("backup", "--out", str(tmp_path / "b.zip"), "--json").json
    assert last_backup_ms(healthtwin.home) == made["created_at"]
    assert json.loads((healthtwin.home / "last-backup.json").read_text("utf-8"))["at"] == made["created_at"]
