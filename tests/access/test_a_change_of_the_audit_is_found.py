"""Whatever is changed, taken out, put in, swapped or cut off: `verify` says so, and where first."""

from __future__ import annotations

import shutil
from contextlib import closing
from pathlib import Path
from random import Random

import pytest

from healthtwin.access import Audit
from healthtwin.engines.sqlite import Database, open_alone
from healthtwin.store import Home
from tests.access.an_audit import ADA, CHANGES, ROUTE, copied, put_back, small_audit, tampered, verdict

QUICK_ROUNDS = 8
ALL_ROUNDS = 10_000


@pytest.fixture(scope="module")
def audited(tmp_path_factory: pytest.TempPathFactory) -> Home:
    return small_audit(tmp_path_factory.mktemp("audited") / "home")


def test_what_nobody_touched_is_whole(audited: Home) -> None:
    found = verdict(audited)
    assert found.ok, found.why
    assert (found.first, found.last, found.bad) == (1, 24, None)
    assert found.heads >= 1


@pytest.mark.parametrize("change", CHANGES)
def test_every_change_of_the_database_is_found(audited: Home, tmp_path: Path, change: str) -> None:
    chance, home = Random(change), copied(audited, tmp_path / "home")
    for _ in range(QUICK_ROUNDS):
        put_back(audited, home)
        what = tampered(home, change, chance)
        found = verdict(home)
        assert not found.ok, what
        assert found.bad is not None


@pytest.mark.torture
def test_ten_thousand_changes_are_all_found(audited: Home, tmp_path: Path) -> None:
    chance, home = Random(7), copied(audited, tmp_path / "home")
    for _ in range(ALL_ROUNDS):
        put_back(audited, home)
        what = tampered(home, chance.choice(list(CHANGES)), chance)
        assert not verdict(home).ok, what


def test_the_first_entry_that_is_not_as_it_was_is_named(audited: Home, tmp_path: Path) -> None:
    home = copied(audited, tmp_path / "home")
    with closing(_database(home)) as database:
        database.execute("UPDATE entries SET entry = replace(entry, 'care', 'none') WHERE seq IN (9, 15)")
        database.commit()
    assert verdict(home).bad == 9


def test_an_end_that_was_cut_off_is_named_by_the_entry_that_is_missing(audited: Home, tmp_path: Path) -> None:
    home = copied(audited, tmp_path / "home")
    with closing(_database(home)) as database:
        for table in ("entries", "subjects", "heads"):
            database.execute(f"DELETE FROM {table} WHERE seq > 23")  # noqa: S608
        database.commit()
    assert verdict(home).bad == 24


def test_a_file_that_is_gone_is_found(audited: Home, tmp_path: Path) -> None:
    home = copied(audited, tmp_path / "home")
    (home.path / "audit.db").unlink()
    assert verdict(home).bad == 1


def test_another_chain_in_its_place_is_found_by_its_signatures(audited: Home, tmp_path: Path) -> None:
    home, other = copied(audited, tmp_path / "home"), small_audit(tmp_path / "other", entries=30)
    shutil.copy(other.path / "audit.db", home.path / "audit.db")
    assert not verdict(home).ok


def test_another_chain_with_its_key_is_found_by_the_heads_outside(audited: Home, tmp_path: Path) -> None:
    home, other = copied(audited, tmp_path / "home"), small_audit(tmp_path / "other", entries=30)
    shutil.copy(other.path / "audit.db", home.path / "audit.db")
    shutil.copy(other.path / "keys" / "audit-signing.pem", home.path / "keys" / "audit-signing.pem")
    assert not verdict(home).ok


def test_another_key_is_found(audited: Home, tmp_path: Path) -> None:
    home, other = copied(audited, tmp_path / "home"), small_audit(tmp_path / "other", entries=12)
    shutil.copy(other.path / "keys" / "audit-signing.pem", home.path / "keys" / "audit-signing.pem")
    assert not verdict(home).ok


def test_heads_outside_that_are_gone_are_missed(audited: Home, tmp_path: Path) -> None:
    home = copied(audited, tmp_path / "home")
    for file in (home.path / "keys").glob("audit-heads*"):
        file.unlink()
    assert not verdict(home).ok


def test_the_newest_head_outside_that_is_gone_is_missed(audited: Home, tmp_path: Path) -> None:
    home = copied(audited, tmp_path / "home")
    (home.path / "keys" / "audit-heads.now").unlink()
    assert not verdict(home).ok
    with closing(Audit(home)) as audit:
        audit.note("t-1", ADA, ROUTE)
        audit.flush()
        assert [alarm["alarm"] for alarm in audit.alarms(0)] == ["audit-gap"]
    found = verdict(home)
    assert found.ok, "every entry stands"
    assert len(found.gaps) == 1, "and that it was gone is said"


def test_everything_inside_the_home_forged_is_found_by_an_anchor_elsewhere(tmp_path: Path) -> None:
    anchor = tmp_path / "elsewhere" / "heads"
    anchor.parent.mkdir()
    homes = []
    for name in ("home", "forged"):
        home = Home.create(tmp_path / name)
        if name == "home":
            (home.path / "config.toml").write_text(f'[audit]\nanchor = "{anchor}"\n')
        with closing(Audit(home)) as audit:
            audit.note("t-1", ADA, ROUTE)
        homes.append(home)
    home, forged = homes
    assert verdict(home).ok
    for file in ("audit.db", "keys"):
        (shutil.rmtree if file == "keys" else Path.unlink)(home.path / file)
    shutil.copy(forged.path / "audit.db", home.path / "audit.db")
    shutil.copytree(forged.path / "keys", home.path / "keys")
    assert not verdict(home).ok


def _database(home: Home) -> Database:

    return open_alone(home.path / "audit.db")
