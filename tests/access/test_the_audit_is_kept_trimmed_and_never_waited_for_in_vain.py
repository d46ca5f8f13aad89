"""The audit outlives a full disk on room set aside, forgets what outlived its days, says when it was cut."""

from __future__ import annotations

import os
import subprocess
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest

from healthtwin.access import Audit, AuditSettings, looks_at
from healthtwin.domain import DAY_MS
from healthtwin.domain.errors import Unrecorded
from healthtwin.engines.sqlite import open_alone
from healthtwin.store import Home, Tables
from healthtwin.store.keys.copies import bring_keys
from tests.access.an_audit import ADA, BOB, EVE, ROUTE, verdict

NOON = 1_795_953_600_000


class Clock:
    """A wall clock that a test moves."""

    def __init__(self) -> None:
        self.now_ms = NOON

    def __call__(self) -> int:
        return self.now_ms


def noted(audit: Audit, clock: Clock, days: int) -> None:
    """A look at Ada, and at a list with everybody, on each of so many days."""
    for _ in range(days):
        audit.note("t-1", ADA, ROUTE)
        audit.note("t-1", None, "GET /api/people", people=[ADA, BOB, EVE])
        audit.note("t-2", None, "GET /api/people", people=[ADA, BOB, EVE])
        audit.flush()
        clock.now_ms += DAY_MS


def test_what_outlived_its_days_goes_and_the_rest_is_verified_from_a_signed_checkpoint(
    tmp_path: Path,
) -> None:
    home, clock = Home.create(tmp_path / "home"), Clock()
    with closing(Audit(home, AuditSettings(keep_days=10), now_ms=clock)) as audit:
        noted(audit, clock, 30)
        while not audit.tidy():
            pass
        audit.note("t-1", ADA, ROUTE)
    found = verdict(home)
    assert found.ok, found.why
    assert found.trimmed == found.first - 1 > 0
    kept = [body["at"] for body in looks_at(home, BOB)]
    assert min(kept) >= clock.now_ms - 11 * DAY_MS
    assert len(kept) in {20, 22}, "two lists a day, each of which can still be told whom it held"


def test_a_checkpoint_that_nobody_signed_is_found(tmp_path: Path) -> None:
    home, clock = Home.create(tmp_path / "home"), Clock()
    with closing(Audit(home, AuditSettings(keep_days=10), now_ms=clock)) as audit:
        noted(audit, clock, 15)
        while not audit.tidy():
            pass
    with closing(open_alone(home.path / "audit.db")) as database:
        last = database.execute("SELECT max(seq) FROM entries").fetchone()[0]
        hash_hex = database.execute("SELECT hash FROM entries WHERE seq = ?", (last - 2,)).fetchone()[0]
        for table in ("entries", "subjects", "heads"):
            database.execute(f"DELETE FROM {table} WHERE seq <= ?", (last - 2,))  # noqa: S608
        database.execute("UPDATE checkpoints SET seq = ?, hash = ?", (last - 2, hash_hex))
        database.commit()
    assert not verdict(home).ok


def test_an_end_that_was_cut_off_while_nobody_served_is_told_at_the_next_start(tmp_path: Path) -> None:
    home = Home.create(tmp_path / "home")
    with closing(Audit(home)) as audit:
        for number in range(5):
            audit.note(f"t-{number}", ADA, ROUTE)
            audit.flush()
    with closing(open_alone(home.path / "audit.db")) as database:
        for table in ("entries", "subjects", "heads"):
            database.execute(f"DELETE FROM {table} WHERE seq > 3")  # noqa: S608
        database.commit()
    with closing(Audit(home)) as audit:
        audit.note("t-9", ADA, ROUTE)
        audit.flush()
        (alarm,) = audit.alarms(0)
    assert (alarm["alarm"], alarm["facts"]["first"]) == ("audit-gap", 4)
    assert verdict(home).bad == 4, "and it stays told, though more was written since"


def test_two_processes_write_one_chain(tmp_path: Path) -> None:
    home = Home.create(tmp_path / "home")
    with closing(Audit(home)) as one, closing(Audit(home)) as other:
        for number in range(40):
            (one, other)[number % 2].note(f"t-{number}", ADA, ROUTE)
            (one, other)[number % 3 % 2].flush()
    found = verdict(home)
    assert found.ok, found.why
    assert found.last == 40


def test_keys_that_are_brought_back_leave_the_audit_its_own(tmp_path: Path) -> None:
    home, other = Home.create(tmp_path / "home"), Home.create(tmp_path / "other")
    with Tables.of(other):
        pass  # has keys from its first use on
    with closing(Audit(home)) as audit:
        audit.note("t-1", ADA, ROUTE)
    bring_keys(other.path, home.path)
    found = verdict(home)
    assert found.ok, found.why
    assert found.last == 1


def test_a_text_that_somebody_typed_has_no_place_in_an_entry(tmp_path: Path) -> None:
    home = Home.create(tmp_path / "home")
    with closing(Audit(home)) as audit:
        for wrong in ({"kind": "Chest pain!"}, {"relation": "Ada's son"}, {"facts": {"reason": 1}}):
            with pytest.raises(ValueError, match="audit entry"):
                audit.note("t-1", ADA, ROUTE, **wrong)
        with pytest.raises(ValueError, match="audit entry"):
            audit.note("t-1", "Ada Lovelace", ROUTE)
        with pytest.raises(ValueError, match="audit entry"):
            audit.note("t-1", ADA, "GET /people?name=Ada")
    assert list(looks_at(home, ADA)) == []


@pytest.fixture
def small_disk(tmp_path: Path) -> Iterator[Path]:
    """A file system of 24 MiB of its own."""
    mounted = subprocess.run(
        ["mount", "-t", "tmpfs", "-o", "size=24m", "none", str(tmp_path)], capture_output=True, check=False
    )
    if mounted.returncode:
        pytest.skip("this user may not mount a file system")
    try:
        yield tmp_path
    finally:
        subprocess.run(["umount", "-l", str(tmp_path)], check=True)


def fill(path: Path) -> None:
    file = os.open(path, os.O_CREAT | os.O_WRONLY | os.O_APPEND)
    try:
        while os.write(file, b"x" * 4096):
            pass
    except OSError:
        os.close(file)


def _until_refused(audit: Audit, people: list[str]) -> None:
    for number in range(len(people)):
        audit.note(f"u-{number}", None, "GET /api/people", people=people[number:], waited=True).result()


def test_on_a_full_disk_it_lives_on_the_room_set_aside_and_says_so_and_then_refuses(small_disk: Path) -> None:
    home = Home.create(small_disk / "home")
    (home.path / "config.toml").write_text("[storage]\nreserve_mib = 1\n[audit]\nreserve_mib = 2\n")
    people = [f"{number:024x}" for number in range(2_000)]
    with closing(Audit(home)) as audit:
        audit.note("t-0", ADA, ROUTE)
        audit.flush()
        assert audit.tidy()
        fill(small_disk / "somebody-elses")
        number = 0
        while audit.failures()["audit-room"] is None:
            number += 1
            audit.note(f"t-{number}", None, "GET /api/people", people=people[number:], waited=True).result()
        audit.note("t-a", ADA, ROUTE, waited=True).result()
        fill(small_disk / "somebody-elses-too")
        with pytest.raises(Unrecorded):
            _until_refused(audit, people[number:])
        with pytest.raises(Unrecorded):
            audit.ready()
        for file in small_disk.glob("somebody-elses*"):
            file.unlink()
        audit.note("t-b", ADA, ROUTE).result(30)
        audit.ready()
        assert [alarm["alarm"] for alarm in audit.alarms(0)] == ["audit-gap"]
        assert audit.tidy()
        assert audit.failures()["audit-room"] is None
    found = verdict(home)
    assert found.ok, found.why
    assert len(found.gaps) == 1


def test_ninety_percent_of_its_room_is_told(tmp_path: Path) -> None:
    home = Home.create(tmp_path / "home")
    people = [f"{number:024x}" for number in range(2_000)]
    with closing(Audit(home, AuditSettings(room_mib=1))) as audit:
        assert audit.failures()["audit-room"] is None
        for number in range(30):
            audit.note(f"t-{number}", None, "GET /api/people", people=people[number:])
        audit.flush()
        told = audit.failures()["audit-room"]
    assert told is not None
    assert "room_mib" in str(told)
