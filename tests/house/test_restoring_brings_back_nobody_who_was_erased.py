"""Data comes back from its backup, keys from where they live or from theirs: the erased do not."""

from __future__ import annotations

import json
import shutil
import zipfile
from typing import TYPE_CHECKING

import pytest

from healthtwin.domain.errors import ConfigurationError, CorruptStorage
from healthtwin.house.erasure import erase_person
from healthtwin.house.restoring import restore_home, restore_keys
from healthtwin.store import Home, SeriesStore, Tables, backup
from healthtwin.store.keys import KeyStore, open_keys
from healthtwin.store.keys.copies import back_up_keys
from healthtwin.store.people import People
from tests.house.a_house import START, house_at_work

if TYPE_CHECKING:
    from pathlib import Path

MINUTE = 60_000


@pytest.fixture(scope="module")
def monday(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with a home of two people, its backup `monday.zip` and the keys' `monday.keys`."""
    folder = tmp_path_factory.mktemp("monday")
    with house_at_work(folder / "home") as at_work:
        for name in ("Ada", "Bob"):
            person = at_work.person(name)
            for n in range(3):
                at_work.send(person, START + n * MINUTE, heart_rate=61.0 + n)
    home = Home.open(folder / "home")
    backup(home, folder / "monday.zip")
    back_up(home, folder / "monday.keys")
    return folder


def back_up(home: Home, file: Path) -> None:
    with open_keys(home) as keys:
        assert isinstance(keys, KeyStore)
        back_up_keys(keys, file)


@pytest.fixture
def week(monday: Path, tmp_path: Path) -> Path:
    """The same, for this test alone, with Ada erased on Tuesday."""
    for name in ("home", "monday.zip", "monday.keys"):
        copy = shutil.copytree if name == "home" else shutil.copy
        copy(monday / name, tmp_path / name)
    home = Home.open(tmp_path / "home")
    with Tables.of(home) as tables:
        ada = next(person for person in People(tables).list() if person.name == "Ada")
    assert erase_person(home, ada.id, START).done
    return tmp_path


def names_in(home: Home) -> list[str]:
    with Tables.of(home) as tables:
        return sorted(person.name for person in People(tables).list())


def hearts_in(home: Home) -> int:
    """How many values can be read, of anybody."""
    with Tables.of(home) as tables, SeriesStore(home.series_path, keys=tables.keys) as series:
        people = People(tables).list()
        return sum(len(series.range(person.pseudonym, 1, 0, 2**52)[0]) for person in people)


def carry_away(archive: Path) -> None:
    """To a machine on which the home that it was made of is not."""
    with zipfile.ZipFile(archive) as packed:
        files = {name: packed.read(name) for name in packed.namelist()}
    told = json.loads(files["manifest.json"])
    told["origin"]["home"] = "/nowhere"
    files["manifest.json"] = json.dumps(told).encode()
    with zipfile.ZipFile(archive, "w") as packed:
        for name, content in files.items():
            packed.writestr(name, content)


def test_no_archive_of_data_holds_a_key(monday: Path) -> None:
    with zipfile.ZipFile(monday / "monday.zip") as archive:
        held = archive.namelist()
        content = b"".join(archive.read(name) for name in held)
    assert not any("keys" in name or "master" in name for name in held)
    assert (monday / "home" / "keys" / "master-1.json").read_bytes() not in content
    wrapped = json.loads((monday / "home" / "keys" / "master-1.json").read_text())["wrapped"]
    assert wrapped.encode() not in content


def test_with_the_living_keys_the_erased_stay_away_and_all_others_come_back(week: Path) -> None:
    done = restore_home(week / "monday.zip", week / "wednesday", week / "home")
    assert (done.keys, len(done.erased)) == (week / "home", 1)
    assert names_in(done.home) == ["Bob"]
    assert hearts_in(done.home) == 3


def test_keys_that_lie_in_the_directory_already_are_the_living_ones(week: Path) -> None:
    (week / "wednesday").mkdir()
    shutil.move(week / "home" / "keys", week / "wednesday" / "keys")
    done = restore_home(week / "monday.zip", week / "wednesday")
    assert (done.keys, len(done.erased), names_in(done.home)) == (week / "wednesday", 1, ["Bob"])
    assert sorted(path.name for path in week.iterdir() if "keys-before" in path.name) == []


def test_keys_of_the_home_that_was_backed_up_are_found_where_it_lies(monday: Path, tmp_path: Path) -> None:
    done = restore_home(monday / "monday.zip", tmp_path / "again")
    assert (done.keys, len(done.erased), names_in(done.home)) == (monday / "home", 0, ["Ada", "Bob"])


def test_on_a_new_machine_the_list_of_erasures_comes_with_the_backup_of_the_keys(week: Path) -> None:
    back_up(Home.open(week / "home"), week / "tuesday.keys")
    shutil.rmtree(week / "home")
    done = restore_home(week / "monday.zip", week / "wednesday", week / "tuesday.keys")
    assert (len(done.erased), names_in(done.home), hearts_in(done.home)) == (1, ["Bob"], 3)


def test_keys_may_follow_later_and_until_then_nothing_can_be_read(week: Path) -> None:
    home = Home.open(week / "home")
    back_up(home, week / "tuesday.keys")
    carry_away(week / "monday.zip")
    done = restore_home(week / "monday.zip", week / "wednesday")
    assert done.keys is None
    with pytest.raises(ConfigurationError, match="keys restore"):
        names_in(done.home)
    assert len(restore_keys(done.home, week / "tuesday.keys")) == 1
    assert names_in(done.home) == ["Bob"]
    with pytest.raises(ConfigurationError, match="has its keys"):
        restore_keys(done.home, week / "tuesday.keys")


def test_an_old_backup_of_the_keys_obeys_the_list_that_a_younger_archive_carries(week: Path) -> None:
    """Monday's keys still hold Ada's; Tuesday's data says that she was erased."""
    home = Home.open(week / "home")
    backup(home, week / "tuesday.zip")
    shutil.move(week / "home", week / "elsewhere")
    done = restore_home(week / "tuesday.zip", week / "wednesday", week / "monday.keys")
    with open_keys(done.home) as keys:
        assert isinstance(keys, KeyStore)
        assert keys.status()["people"] == 1
    assert names_in(done.home) == ["Bob"]


def test_keys_of_another_home_are_refused_and_the_home_stays_as_it_was(monday: Path, tmp_path: Path) -> None:
    other = Home.create(tmp_path / "other")
    back_up(other, tmp_path / "other.keys")
    with pytest.raises(ConfigurationError, match="another home"):
        restore_home(monday / "monday.zip", tmp_path / "again", tmp_path / "other.keys")
    assert not (tmp_path / "again").exists()


def test_a_served_house_that_finds_somebody_on_the_list_erases_them_before_the_first_request(
    week: Path,
) -> None:
    """However the files came together: old data beside the living keys."""
    keys = week / "home" / "keys"
    shutil.move(keys, week / "living")
    (week / "bare").mkdir()
    with zipfile.ZipFile(week / "monday.zip") as archive:
        archive.extractall(week / "bare")
    shutil.move(week / "living", week / "bare" / "keys")
    with house_at_work(week / "bare") as at_work:
        assert [person.name for person in People(at_work.house.tables).list()] == ["Bob"]
        assert at_work.house.operations.health().status == "ok"


@pytest.mark.parametrize("at", [100, 400, -30])
def test_a_changed_byte_in_a_backup_of_keys_is_noticed(monday: Path, tmp_path: Path, at: int) -> None:
    content = bytearray((monday / "monday.keys").read_bytes())
    content[at] ^= 0x40
    (tmp_path / "damaged.keys").write_bytes(content)
    home = restore_home(monday / "monday.zip", tmp_path / "again", monday / "home").home
    shutil.rmtree(home.path / "keys")
    with pytest.raises(CorruptStorage):
        restore_keys(home, tmp_path / "damaged.keys")
    assert not (home.path / "keys" / "keys.db").exists()
