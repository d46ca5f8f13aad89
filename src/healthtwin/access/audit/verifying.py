"""Is the audit what it was? Read through from its beginning, and held against what stands outside it."""

from __future__ import annotations

import json
from contextlib import closing
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Final

from healthtwin.access.audit.entry import GENESIS, canonical, hash_of, subjects_of
from healthtwin.access.audit.file import AUDIT_FILE
from healthtwin.access.audit.heads import CHECKPOINT, HEAD, Anchor, Head
from healthtwin.access.audit.keys import KEYS_FOLDER, SIGNING_FILE, public_hex, signing_key
from healthtwin.access.audit.writer import GAP_ANCHOR, GAP_LATE, GAP_MISSING, GAP_REPLACED
from healthtwin.domain.errors import CorruptStorage, HealthTwinError
from healthtwin.engines.sqlite import open_shared, storage_errors

if TYPE_CHECKING:
    from collections.abc import Iterator

    from healthtwin.access.audit.settings import AuditSettings
    from healthtwin.engines.sqlite import Database
    from healthtwin.store import Home

_TABLES: Final = frozenset({"entries", "subjects", "heads", "checkpoints"})


class _Bad(Exception):
    """The first entry that is not as it was, and why."""

    def __init__(self, seq: int, why: str) -> None:
        self.seq = seq
        self.why = why
        super().__init__(why)


@dataclass(frozen=True, slots=True)
class Verdict:
    """What was found.

    Attributes:
        ok: all that stands is as it was, and nothing is missing.
        first, last: numbers of the entries that stand; 0 where none does.
        trimmed: entries up to this number were trimmed, as the retention says.
        bad: number of the first entry that is not as it was, or is missing; None where all is well.
        why: what is wrong with it.
        gaps: times for which nothing could be written, as the chain itself tells them.
        heads: signed heads that were checked. key: public key that they are signed with, hexadecimal.
    """

    ok: bool
    first: int = 0
    last: int = 0
    trimmed: int = 0
    bad: int | None = None
    why: str = ""
    gaps: tuple[dict[str, int], ...] = ()
    heads: int = 0
    key: str = ""


@dataclass(slots=True)
class _Seen:
    """What has been read so far."""

    first: int = 0
    last: int = 0
    trimmed: int = 0
    hash: str = GENESIS
    gaps: list[dict[str, int]] = field(default_factory=list)
    heads: int = 0
    key: str = ""
    outside: dict[int, set[str]] = field(default_factory=dict)
    checked: set[int] = field(default_factory=set)


def verify(home: Home, settings: AuditSettings) -> Verdict:
    """Read the whole audit; nothing is written, and others may be writing.

    Raises:
        StorageError: a file cannot be read for a reason that says nothing about what is in it.
    """
    seen, path = _Seen(), home.path / AUDIT_FILE
    anchor = Anchor(home, settings)
    try:
        _outside(seen, anchor, home)
        if not path.exists():
            if seen.outside:
                raise _Bad(_first_kept(seen), "the file of the audit is gone")
            return Verdict(ok=True, key=seen.key)
        with storage_errors(path), closing(open_shared(path, read_only=True)) as database:
            database.execute("BEGIN")
            _inside(seen, database)
        if seen.last and not seen.outside:
            raise _Bad(seen.first, "no signed head stands outside the database")
    except _Bad as bad:
        told = (seen.first, seen.last, seen.trimmed, bad.seq, bad.why, tuple(seen.gaps), seen.heads, seen.key)
        return Verdict(False, *told)
    except CorruptStorage as error:
        return Verdict(False, seen.first, seen.last, seen.trimmed, seen.last + 1, str(error))
    return Verdict(
        True, seen.first, seen.last, seen.trimmed, gaps=tuple(seen.gaps), heads=seen.heads, key=seen.key
    )


def _first_kept(seen: _Seen) -> int:
    return max(seen.trimmed + 1, 1)


def _outside(seen: _Seen, anchor: Anchor, home: Home) -> None:
    """Heads in the journals: by one key from the first line on, which is the key of this home."""
    if (home.path / KEYS_FOLDER / SIGNING_FILE).exists():
        try:
            seen.key = public_hex(signing_key(home))
        except HealthTwinError as error:
            raise _Bad(1, f"the key that signs heads cannot be read ({error})") from error
    for file, heads, now in anchor.journals():
        before = 0
        if heads and now is None:
            raise _Bad(1, f"{file}: the newest signed head, which stands beside it, is gone")
        for number, head in enumerate([*heads, *([] if now is None else [now])], 1):
            if head is None or not head.holds() or head.use not in {HEAD, CHECKPOINT}:
                raise _Bad(before + 1, f"{file}: line {number} is no head that was signed")
            if not seen.key:
                raise _Bad(1, f"the key that signs heads is gone, and {file} holds heads by it")
            if head.key != seen.key:
                raise _Bad(before + 1, f"{file}: line {number} is signed by another key than this home's")
            if head.use == CHECKPOINT:
                seen.trimmed = max(seen.trimmed, head.seq)
            seen.outside.setdefault(head.seq, set()).add(head.hash)
            before = max(before, head.seq)


def _inside(seen: _Seen, database: Database) -> None:
    tables = {row[0] for row in database.execute("SELECT name FROM sqlite_schema WHERE type = 'table'")}
    if not tables >= _TABLES:
        raise _Bad(_first_kept(seen), "the file is no audit")
    trimmed_outside, seen.trimmed = seen.trimmed, 0
    begin = _checkpoint(seen, database)
    if trimmed_outside > seen.trimmed:
        raise _Bad(seen.trimmed + 1, "more was trimmed than the file's own checkpoint says")
    subjects = _Subjects(database)
    seen.last, seen.hash = begin
    heads = {head.seq: head for head in _heads(database)}
    for seq, entry, hash_hex in database.execute("SELECT seq, entry, hash FROM entries ORDER BY seq"):
        _entry(seen, seq, entry, hash_hex, subjects)
        head = heads.pop(seq, None)
        if head is not None:
            _signed(seen, head)
        _held_outside(seen, seq)
    if subjects.left():
        raise _Bad(seen.last + 1, "the index names entries that are not there")
    if heads:
        raise _Bad(min(heads), "a head was signed for an entry that is not there")
    missing = [seq for seq in seen.outside if seq > seen.last]
    if missing:
        raise _Bad(seen.last + 1, f"entries up to {max(missing)} stood here; the end was cut off")
    if seen.last > begin[0] and seen.last not in seen.checked:
        raise _Bad(seen.last, "no signature covers the end: it was written by somebody else")


def _checkpoint(seen: _Seen, database: Database) -> tuple[int, str]:
    rows = database.execute("SELECT seq, hash, at, key, sig FROM checkpoints ORDER BY seq").fetchall()
    if not rows:
        return 0, GENESIS
    if len(rows) > 1:
        raise _Bad(1, "more than one checkpoint")
    head = _read(rows[0], CHECKPOINT)
    if head is None or not head.holds() or head.key != seen.key:
        raise _Bad(1, "the checkpoint before which entries were trimmed is not signed by this home's key")
    seen.trimmed = head.seq
    return head.seq, head.hash


def _heads(database: Database) -> Iterator[Head]:
    for row in database.execute("SELECT seq, hash, at, key, sig FROM heads ORDER BY seq"):
        head = _read(row, HEAD)
        if head is None:
            raise _Bad(row[0] if isinstance(row[0], int) else 1, "a signed head cannot be read")
        yield head


def _read(row: tuple[Any, ...], use: str) -> Head | None:
    seq, hash_hex, at_ms, key, sig = row
    whole = isinstance(seq, int) and isinstance(at_ms, int)
    return Head(seq, hash_hex, at_ms, key, sig, use) if whole and _texts(hash_hex, key, sig) else None


def _texts(*values: object) -> bool:
    return all(isinstance(value, str) for value in values)


def _entry(seen: _Seen, seq: int, entry: object, hash_hex: object, subjects: _Subjects) -> None:
    """One entry: in its place, as it was hashed, and found under what it is about."""
    expected = seen.last + 1
    if seq != expected:
        raise _Bad(expected, f"entry {expected} is missing")
    if not isinstance(entry, str):
        raise _Bad(seq, "the entry is no text")
    try:
        body = json.loads(entry)
        content = canonical(body)
        said = body["seq"], body["prev"]
        found = sorted(set(subjects_of(body)))
    except (ValueError, KeyError, TypeError, AttributeError):
        raise _Bad(seq, "the entry cannot be read") from None
    if content != entry.encode("utf-8", "replace"):
        raise _Bad(seq, "the entry is not in its canonical form")
    if said != (seq, seen.hash):
        raise _Bad(seq, "the entry does not follow the one before it")
    if hash_of(content) != hash_hex:
        raise _Bad(seq, "the entry is not what was hashed")
    if subjects.of(seq) != found:
        raise _Bad(seq, "the index does not find the entry under what it is about")
    seen.first = seen.first or seq
    seen.last, seen.hash = seq, str(hash_hex)
    _gaps(seen, body)


def _gaps(seen: _Seen, body: dict[str, Any]) -> None:
    if body.get("who") != "house" or body["what"] not in {GAP_ANCHOR, GAP_LATE, GAP_MISSING, GAP_REPLACED}:
        return
    facts = body.get("facts", {})
    if body["what"] == GAP_MISSING:
        first = facts.get("first", body["seq"])
        raise _Bad(first, f"when entry {body['seq']} was written, entries from {first} on were not there")
    seen.gaps.append({"seq": body["seq"], "at": body["at"], **facts})


def _signed(seen: _Seen, head: Head) -> None:
    if head.key != seen.key:
        raise _Bad(head.seq, "signed by another key than this home's")
    if head.hash != seen.hash or not head.holds():
        raise _Bad(head.seq, "the signed head is not of this entry")
    seen.heads += 1
    seen.checked.add(head.seq)


def _held_outside(seen: _Seen, seq: int) -> None:
    told = seen.outside.get(seq)
    if told is None:
        return
    if told != {seen.hash}:
        raise _Bad(seq, "another entry stood here when its head was signed outside the database")
    seen.heads += 1


class _Subjects:
    """The index, read beside the entries."""

    def __init__(self, database: Database) -> None:
        self._rows = iter(database.execute("SELECT seq, subject FROM subjects ORDER BY seq, subject"))
        self._next = next(self._rows, None)

    def of(self, seq: int) -> list[str]:
        """Under what an entry stands in the index; what stands before it belongs to none."""
        found: list[str] = []
        while self._next is not None and self._next[0] == seq:
            found.append(self._next[1])
            self._next = next(self._rows, None)
        return found

    def left(self) -> bool:
        """Whether it names anything else."""
        return self._next is not None
