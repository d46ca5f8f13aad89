"""A mistyped home is asked about, a new one is told of; naming another database hides nobody."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from healthtwin.cli.serve import _is_to_be_made
from healthtwin.domain.errors import ConfigurationError
from healthtwin.store import Home, HomeKind

if TYPE_CHECKING:
    from pathlib import Path

    from tests.cli.conftest import Commands


def test_a_home_of_nearly_the_same_name_is_asked_about(
    healthtwin: Commands, ada: str, tmp_path: Path
) -> None:
    assert ada
    mistyped = healthtwin("serve", "--port", "0", home=tmp_path / "hmoe")
    assert mistyped.status == 2
    assert f"did you mean {tmp_path / 'home'}?" in mistyped.err
    assert "--new" in mistyped.err
    assert not (tmp_path / "hmoe").exists()


@pytest.mark.parametrize(
    ("name", "meant", "made"), [("twin", False, False), ("twim", True, True), ("cabin", False, True)]
)
def test_whoever_says_so_or_names_something_else_gets_a_new_one(
    tmp_path: Path, name: str, meant: bool, made: bool
) -> None:
    Home.create(tmp_path / "twin", HomeKind.LIVE)
    assert _is_to_be_made(tmp_path / name, meant=meant) is made


def test_beside_no_home_any_name_is_new(tmp_path: Path) -> None:
    assert _is_to_be_made(tmp_path / "a" / "b", meant=False)
    (tmp_path / "twin").mkdir()
    assert _is_to_be_made(tmp_path / "twim", meant=False)


def test_a_directory_that_holds_only_settings_becomes_a_home_with_them(healthtwin: Commands) -> None:
    healthtwin.home.mkdir()
    (healthtwin.home / "config.toml").write_text("[storage]\nraw_days = 30\n", encoding="utf-8")
    assert healthtwin("person", "add", "--name", "Ada", "--timezone", "UTC").status == 0
    assert Home.open(healthtwin.home).storage_settings().raw_days == 30


def test_a_directory_that_holds_anything_else_does_not(tmp_path: Path) -> None:
    (tmp_path / "config.toml").touch()
    (tmp_path / "letters.txt").touch()
    with pytest.raises(ConfigurationError, match="not empty"):
        Home.create(tmp_path, HomeKind.LIVE)


def test_people_are_not_hidden_by_naming_another_database(healthtwin: Commands, ada: str) -> None:
    assert ada
    (healthtwin.home / "config.toml").write_text(
        '[storage]\nrecords_url = "postgresql+psycopg://nobody@127.0.0.1:9/twin"\n', encoding="utf-8"
    )
    refused = healthtwin("person", "list")
    assert refused.status == 2
    assert "1 people, who would not be seen" in refused.err
    assert "move-records" in refused.err
