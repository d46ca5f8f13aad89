"""A small audit for tests, and ways to tamper with one."""

from __future__ import annotations

import json
import shutil
from collections.abc import Callable
from contextlib import closing
from pathlib import Path
from random import Random

from healthtwin.access import Audit, AuditSettings, verify
from healthtwin.access.audit.entry import canonical, hash_of
from healthtwin.access.audit.verifying import Verdict
from healthtwin.engines.sqlite import Database, open_alone
from healthtwin.store import Home

ADA, BOB, EVE = "a" * 24, "b" * 24, "e" * 24
ROUTE = "GET /api/people/{person_id}/series"


def small_audit(folder: Path, entries: int = 24, commits: int = 6) -> Home:
    """A home whose audit holds so many entries about three people, in several commits."""
    home = Home.create(folder)
    clock = iter(range(1_795_970_000_000, 2_000_000_000_000, 61_000))
    with closing(Audit(home, now_ms=lambda: next(clock))) as audit:
        for number in range(entries):
            who = f"t-{number % 4}"
            if number % 6 == 5:
                audit.note(who, None, "GET /api/people", "care", "192.168.1.7", people=[ADA, BOB, EVE])
            else:
                person = (ADA, BOB, EVE)[number % 3]
                result = "refused" if number % 7 == 0 else "allowed"
                audit.note(who, person, ROUTE, "care", "192.168.1.7", result, kind="vitals")
            if number % (entries // commits) == 0:
                audit.flush()
    return home


def verdict(home: Home) -> Verdict:
    return verify(home, AuditSettings.of(home.section("audit"), home.config_path))


def copied(home: Home, folder: Path) -> Home:
    """The same home elsewhere; what was there goes."""
    if folder.exists():
        shutil.rmtree(folder)
    shutil.copytree(home.path, folder)
    return Home.open(folder)


def tampered(home: Home, change: str, chance: Random) -> str:
    """Change the database as somebody would who can write the file; says what was done."""
    with closing(open_alone(home.path / "audit.db")) as database:
        database.execute("PRAGMA synchronous=OFF")
        said = CHANGES[change](database, chance)
        database.commit()
    return said


def put_back(original: Home, home: Home) -> None:
    """What `tampered` changed is as it was."""
    for suffix in ("-wal", "-shm"):
        (home.path / f"audit.db{suffix}").unlink(missing_ok=True)
    shutil.copyfile(original.path / "audit.db", home.path / "audit.db")


def _rows(database: Database) -> list[tuple[int, str, str]]:
    return list(database.execute("SELECT seq, entry, hash FROM entries ORDER BY seq"))


def _edit(database: Database, chance: Random) -> str:
    """One character of an entry becomes another."""
    seq, entry, _ = chance.choice(_rows(database))
    place = chance.randrange(len(entry))
    other = chance.choice([sign for sign in '0123456789abcdef",:{}' if sign != entry[place]])
    edited = entry[:place] + other + entry[place + 1 :]
    database.execute("UPDATE entries SET entry = ? WHERE seq = ?", (edited, seq))
    return f"character {place} of entry {seq}"


def _edit_and_hash(database: Database, chance: Random) -> str:
    """An entry says something else, and its hash is made to fit."""
    seq, entry, _ = chance.choice(_rows(database))
    body = json.loads(entry)
    body["who"] = chance.choice(["t-9", "console", "house"])
    content = canonical(body)
    database.execute(
        "UPDATE entries SET entry = ?, hash = ? WHERE seq = ?", (content.decode(), hash_of(content), seq)
    )
    return f"entry {seq}, hashed anew"


def _edit_and_chain(database: Database, chance: Random) -> str:
    """An entry says something else, and everything after it is made to fit; only signatures cannot be."""
    rows = _rows(database)
    at = chance.randrange(len(rows))
    before = json.loads(rows[at][1])["prev"]
    for seq, entry, _ in rows[at:]:
        body = json.loads(entry) | {"prev": before}
        if seq == rows[at][0]:
            body["result"] = "refused" if body["result"] == "allowed" else "allowed"
        content = canonical(body)
        before = hash_of(content)
        database.execute(
            "UPDATE entries SET entry = ?, hash = ? WHERE seq = ?", (content.decode(), before, seq)
        )
    return f"from entry {rows[at][0]} on, hashed anew"


def _edit_hash(database: Database, chance: Random) -> str:
    seq, _, hash_hex = chance.choice(_rows(database))
    place = chance.randrange(len(hash_hex))
    other = chance.choice([sign for sign in "0123456789abcdef" if sign != hash_hex[place]])
    edited = hash_hex[:place] + other + hash_hex[place + 1 :]
    database.execute("UPDATE entries SET hash = ? WHERE seq = ?", (edited, seq))
    return f"hash of entry {seq}"


def _delete(database: Database, chance: Random) -> str:
    seq, _, _ = chance.choice(_rows(database))
    database.execute("DELETE FROM entries WHERE seq = ?", (seq,))
    database.execute("DELETE FROM subjects WHERE seq = ?", (seq,))
    return f"entry {seq} deleted"


def _delete_and_close_up(database: Database, chance: Random) -> str:
    """An entry is taken out, and the numbers of all after it close up."""
    seq, _, _ = chance.choice(_rows(database)[:-1])
    for table in ("entries", "subjects"):
        database.execute(f"DELETE FROM {table} WHERE seq = ?", (seq,))  # noqa: S608
    for later, _, _ in _rows(database):
        if later > seq:
            for table in ("entries", "subjects"):
                database.execute(f"UPDATE {table} SET seq = ? WHERE seq = ?", (later - 1, later))  # noqa: S608
    return f"entry {seq} deleted, those after it renumbered"


def _swap(database: Database, chance: Random) -> str:
    (one, entry, hash_hex), (other, entry2, hash2) = chance.sample(_rows(database), 2)
    for seq, text, digest in ((one, entry2, hash2), (other, entry, hash_hex)):
        database.execute("UPDATE entries SET entry = ?, hash = ? WHERE seq = ?", (text, digest, seq))
    return f"entries {one} and {other} swapped"


def _insert(database: Database, chance: Random) -> str:
    """An entry is put behind another, the chain after it made to fit or not."""
    rows = _rows(database)
    at = chance.randrange(len(rows) + 1)
    before = rows[at - 1][2] if at else "0" * 64
    first = at + 1
    for seq, _, _ in reversed(rows[at:]):
        for table in ("entries", "subjects"):
            database.execute(f"UPDATE {table} SET seq = ? WHERE seq = ?", (seq + 1, seq))  # noqa: S608
    body = json.loads(chance.choice(rows)[1]) | {"seq": first, "prev": before}
    content = canonical(body)
    database.execute("INSERT INTO entries VALUES (?, ?, ?)", (first, content.decode(), hash_of(content)))
    if "person" in body:
        database.execute("INSERT OR IGNORE INTO subjects VALUES (?, ?)", (body["person"], first))
    return f"an entry inserted as {first}"


def _truncate(database: Database, chance: Random) -> str:
    """The end is cut off, with all that the database says of it."""
    keep = chance.randrange(1, len(_rows(database)))
    for table in ("entries", "subjects", "heads"):
        database.execute(f"DELETE FROM {table} WHERE seq > ?", (keep,))  # noqa: S608
    return f"everything after entry {keep} cut off"


def _cut_beginning(database: Database, chance: Random) -> str:
    through = chance.randrange(1, len(_rows(database)))
    for table in ("entries", "subjects", "heads"):
        database.execute(f"DELETE FROM {table} WHERE seq <= ?", (through,))  # noqa: S608
    return f"everything up to entry {through} cut off"


def _hide(database: Database, chance: Random) -> str:
    """The index finds an entry no more under the person whom it is about."""
    subject, seq = chance.choice(database.execute("SELECT subject, seq FROM subjects").fetchall())
    database.execute("DELETE FROM subjects WHERE subject = ? AND seq = ?", (subject, seq))
    return f"entry {seq} no longer found under {subject}"


def _blame(database: Database, chance: Random) -> str:
    """The index finds an entry under somebody whom it is not about."""
    database.execute("INSERT INTO subjects VALUES (?, ?)", ("c" * 24, chance.choice(_rows(database))[0]))
    return "an entry found under somebody else"


def _empty(database: Database, _: Random) -> str:
    for table in ("entries", "subjects", "heads"):
        database.execute(f"DELETE FROM {table}")  # noqa: S608
    return "everything deleted"


CHANGES: dict[str, Callable[[Database, Random], str]] = {
    "a character edited": _edit,
    "edited and hashed": _edit_and_hash,
    "edited and the chain made to fit": _edit_and_chain,
    "a hash edited": _edit_hash,
    "deleted": _delete,
    "deleted and closed up": _delete_and_close_up,
    "swapped": _swap,
    "inserted": _insert,
    "the end cut off": _truncate,
    "the beginning cut off": _cut_beginning,
    "hidden from the index": _hide,
    "blamed on somebody else": _blame,
    "emptied": _empty,
}
