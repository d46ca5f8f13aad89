"""The key store of a home: everybody's data key, wrapped by the master key, and who was erased.

It lies in `HOME/keys/`, which no data archive holds: wrapped keys in `keys.db`, beside it `master-N.json`.
"""

from __future__ import annotations

import hmac
import os
import threading
import time
from contextlib import contextmanager, suppress
from typing import TYPE_CHECKING, Final, Self

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from healthtwin.domain.errors import ConfigurationError, CorruptStorage, Gone, KeyGone
from healthtwin.domain.log import PLAINTEXT_KEY
from healthtwin.domain.sealing import Place
from healthtwin.engines.sqlite import (
    BUSY_TIMEOUT_S,
    Connect,
    connect_sqlite,
    leave_nothing_deleted,
    open_durable,
    storage_errors,
    transaction,
)
from healthtwin.store.keys.envelope import HOUSE_KEY, KEY_BYTES, NONCE_BYTES, SealingKey, head_alike
from healthtwin.store.keys.masters import Masters
from healthtwin.store.keys.none import NoKeys

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
    from pathlib import Path
    from types import TracebackType

    from healthtwin.store.keys.settings import KeySettings

FOLDER: Final = "keys"
DATABASE: Final = "keys.db"

FIRST_VERSION: Final = 1
MARK_BYTES: Final = 16
_TENANT_BYTES: Final = 16

_AT_WORK: Final = 8_192
"""Keys that stay ready for work, about 2 KB each; of all others only the 32 bytes are remembered."""

_MARKS: Final = -1
"""Stands among the secrets in memory for what keys the list of erasures."""

_VERSION_BYTES: Final = 4

_SCHEMA: Final = (
    "CREATE TABLE meta (name TEXT PRIMARY KEY, value BLOB NOT NULL) STRICT, WITHOUT ROWID",
    # AUTOINCREMENT: the number of a key that is gone is never given again.
    """CREATE TABLE keys (
        id INTEGER PRIMARY KEY AUTOINCREMENT, owner TEXT NOT NULL, master INTEGER NOT NULL,
        wrapped BLOB NOT NULL, created_ms INTEGER NOT NULL, retired INTEGER NOT NULL DEFAULT 0) STRICT""",
    "CREATE INDEX keys_of ON keys (owner, retired)",
    "CREATE TABLE erased (mark BLOB PRIMARY KEY, erased_ms INTEGER NOT NULL) STRICT, WITHOUT ROWID",
)


class KeyStore:
    """Mints, keeps and forgets data keys; seals and opens with them. For many threads and processes at once.

    Key ids: 0 is none (what was written before the home was encrypted), `HOUSE_KEY` is the house's own, each
    person's are above. What was minted or forgotten survives a power cut.

    Args:
        folder: `HOME/keys`, which exists.
        settings: who keeps the master key.
        passphrase: asked for the passphrase; None: environment or terminal.
        connect: how the database is opened; another one puts another file system underneath.

    Use `open_keys`.
    """

    encrypted = True
    house_key = HOUSE_KEY

    def __init__(
        self,
        folder: Path,
        settings: KeySettings,
        *,
        passphrase: Callable[[], str] | None = None,
        connect: Connect = connect_sqlite,
    ) -> None:
        self.folder = folder
        self.settings = settings
        self._path = folder / DATABASE
        self._lock = threading.RLock()
        self.masters = Masters(folder, settings, passphrase)
        self._database = open_durable(self._path, connect, BUSY_TIMEOUT_S, _SCHEMA)
        try:
            self._path.chmod(0o600)
            with self.errors("open"):
                self._database.execute("PRAGMA secure_delete=ON")
            self._current: dict[str, int] = {}
            self._secrets: dict[int, tuple[str, bytes]] = {}
            self._at_work: dict[int, SealingKey] = {}
            self._seen = self._data_version()
            self.tenant: bytes = self._value("tenant") or b""
        except BaseException:
            self._database.close()
            raise

    # ---------------------------------------------------------------- keys

    @property
    def is_ready(self) -> bool:
        """Whether it was made to the end: it has a master key and the house's own."""
        return self._value("current") is not None

    def prepare(self) -> None:
        """Make the first master key and the house's own, unless they are there; may be repeated."""
        with self._lock, self.errors("make the keys"):
            if self.is_ready:
                return
            with transaction(self._database):
                if not self.tenant:
                    self._set("tenant", os.urandom(_TENANT_BYTES))
            self.tenant = self._value("tenant") or b""
            if FIRST_VERSION not in self.masters.versions():
                self.masters.make(FIRST_VERSION, self.tenant)
            with transaction(self._database):
                self._insert("", FIRST_VERSION, HOUSE_KEY)
                self.set_marks(os.urandom(KEY_BYTES), FIRST_VERSION)
                self._set("current", b"%d" % FIRST_VERSION)

    def mint(self, pseudonym: str) -> int:
        """The key of a person, made unless there is one; durable on return.

        Raises:
            Gone: this person was erased.
        """
        return self.mint_many([pseudonym])[0]

    def mint_many(self, pseudonyms: Sequence[str]) -> list[int]:
        """As `mint`, for many in one transaction.

        Raises:
            Gone: one of them was erased; no key was made.
        """
        with self._lock:
            self.masters.load(self.current_version(), self.tenant)  # not while everybody else waits
            with self.errors("make a person's key"), transaction(self._database):
                minted = self._mint(pseudonyms)
        self._current.update(zip(pseudonyms, minted, strict=True))
        return minted

    def _mint(self, pseudonyms: Sequence[str]) -> list[int]:
        version = self.current_version()
        minted = []
        for pseudonym in pseudonyms:
            if not pseudonym:
                raise ValueError("nobody has no key")
            if self._is_marked(pseudonym):
                raise Gone("this person was erased")
            minted.append(self._newest(pseudonym) or self._insert(pseudonym, version))
        return minted

    def key_of(self, pseudonym: str) -> int:
        """The key under which new data about a person is sealed; made for one who has none yet.

        Raises:
            Gone: this person was erased: nothing about them is kept.
        """
        known = self._current.get(pseudonym)
        if known is not None:
            return known
        with self._lock, self.errors("read the keys"):
            there = self._newest(pseudonym)
            if there is not None:
                self._current[pseudonym] = there
        return self.mint(pseudonym) if there is None else there

    def rekey(self, pseudonym: str) -> int:
        """A new key for a person; the former ones still open what they sealed, until `retire`.

        Raises:
            Gone: this person was erased.
        """
        with self._lock, self.errors("make a person's key"):
            with transaction(self._database):
                if self._is_marked(pseudonym):
                    raise Gone("this person was erased")
                self._database.execute("UPDATE keys SET retired = 1 WHERE owner = ?", (pseudonym,))
                key_id = self._insert(pseudonym, self.current_version())
            self._current[pseudonym] = key_id
        return key_id

    def retire(self, pseudonym: str) -> None:
        """Destroy a person's former keys: nothing is sealed with them any more."""
        self._delete("DELETE FROM keys WHERE owner = ? AND retired = 1", pseudonym)

    def forget(self, key_id: int, person_id: str) -> None:
        """Destroy every key of the person whose key this is; that they were erased stays as a keyed hash.

        Args:
            key_id: one of theirs; one that is gone is fine, so that it may be called again.
            person_id: their id, which nobody may have again.
        """
        with self._lock:
            found = self._row(key_id)
            self.forget_person(found[0] if found else "", person_id)

    def forget_person(self, pseudonym: str, person_id: str, proofs: Sequence[str] = ()) -> None:
        """As `forget`, by the pseudonym; also of somebody who never had a key.

        Args:
            pseudonym, person_id: of whom it is.
            proofs: hashes of what their phones showed; they are known as those of somebody who was erased.
        """
        with self._lock, self.errors("forget a person's key"):
            now_ms = time.time_ns() // 1_000_000
            marks = [self.mark_of(name) for name in (person_id, pseudonym, *proofs) if name]
            with transaction(self._database):
                if not self._is_marked(person_id):
                    self._set("erased_people", b"%d" % (self.erased_count() + 1))
                self._database.executemany(
                    "INSERT OR IGNORE INTO erased VALUES (?, ?)", [(mark, now_ms) for mark in marks]
                )
        if pseudonym:
            self._delete("DELETE FROM keys WHERE owner = ?", pseudonym)

    def is_erased(self, name: str) -> bool:
        """Whether the person with this id, or this pseudonym, was erased."""
        with self._lock, self.errors("read who was erased"):
            return self._is_marked(name)

    def erased_among(self, names: Iterable[str]) -> list[str]:
        """Which of these ids or pseudonyms are of people who were erased."""
        with self._lock, self.errors("read who was erased"):
            marks = {bytes(mark) for (mark,) in self._database.execute("SELECT mark FROM erased").fetchall()}
            return [name for name in names if self.mark_of(name) in marks] if marks else []

    def marks(self) -> list[bytes]:
        """The list of erasures: keyed hashes of ids and pseudonyms."""
        with self._lock, self.errors("read who was erased"):
            return [
                bytes(mark)
                for (mark,) in self._database.execute("SELECT mark FROM erased ORDER BY mark").fetchall()
            ]

    def note_marks(self, marks: Iterable[bytes]) -> int:
        """Take over what another list of erasures of this home says; how many keys were destroyed for it."""
        now_ms = time.time_ns() // 1_000_000
        with self._lock, self.errors("note who was erased"):
            with transaction(self._database):
                self._database.executemany(
                    "INSERT OR IGNORE INTO erased VALUES (?, ?)", [(mark, now_ms) for mark in marks]
                )
            found = self._database.execute("SELECT DISTINCT owner FROM keys WHERE owner <> ''").fetchall()
            erased = self.erased_among([owner for (owner,) in found])
            for owner in erased:
                self._delete("DELETE FROM keys WHERE owner = ?", owner)
        return len(erased)

    # ---------------------------------------------------------------- rotation

    def former_owners(self) -> list[str]:
        """Pseudonyms of those who have former keys yet."""
        with self._lock, self.errors("read the keys"):
            found = self._database.execute("SELECT DISTINCT owner FROM keys WHERE retired = 1").fetchall()
        return [owner for (owner,) in found]

    def use(self, version: int) -> None:
        """Wrap new keys with another master key from now on; durable on return."""
        with self._lock, self.errors("change the master key"), transaction(self._database):
            self._set("current", b"%d" % version)

    def rewrap(self, limit: int) -> int:
        """Bring at most so many keys under the current master key, read back each; how many there were."""
        with self._lock, self.errors("wrap keys anew"), transaction(self._database):
            version = self.current_version()
            rows = self._database.execute(
                "SELECT id, owner, master, wrapped FROM keys WHERE master <> ? LIMIT ?", (version, limit)
            ).fetchall()
            for key_id, owner, former, wrapped in rows:
                secret = self._unwrapped(wrapped, former, _wrapping(key_id, owner))
                anew = self._wrapped(secret, version, _wrapping(key_id, owner))
                if self._unwrapped(anew, version, _wrapping(key_id, owner)) != secret:
                    raise CorruptStorage("a key that was wrapped anew does not open; nothing was changed")
                self._database.execute(
                    "UPDATE keys SET master = ?, wrapped = ? WHERE id = ?", (version, anew, key_id)
                )
            if not rows:
                self.set_marks(self.marks_secret(), version)
        return len(rows)

    def require_all_open(self) -> int:
        """Open every key with the master key that it names; how many there are.

        Raises:
            CorruptStorage: one does not open, or is not under the current master key.
        """
        with self._lock, self.errors("read every key"):
            rows = self._database.execute("SELECT id, owner, master, wrapped FROM keys").fetchall()
            version = self.current_version()
            for key_id, owner, master, wrapped in rows:
                if master != version:
                    raise CorruptStorage(f"key {key_id} is still under master key {master}")
                self._unwrapped(wrapped, version, _wrapping(key_id, owner))
        return len(rows)

    def note(self, name: str, value: int) -> None:
        """Remember a number, such as when something was done last."""
        with self._lock, self.errors("note it"), transaction(self._database):
            self._set(name, b"%d" % value)

    def settle(self) -> None:
        """Leave nothing of former wrappings in the file."""
        with self._lock, self.errors("clear former keys"):
            leave_nothing_deleted(self._database)

    # ---------------------------------------------------------------- sealing

    def seal(self, key_id: int, plain: bytes, place: Place) -> bytes:
        """What may lie on a disk.

        Raises:
            KeyGone: the key is gone, as its owner was erased.
        """
        return plain if key_id == PLAINTEXT_KEY else self.key(key_id).seal(plain, place)

    def seal_alike(self, key_id: int, plain: bytes, place: Place) -> bytes:
        """As `seal`; the same content at the same place becomes the same bytes."""
        return plain if key_id == PLAINTEXT_KEY else self.key(key_id).seal_alike(plain, place)

    def head_alike(self, key_id: int) -> bytes:
        """See `healthtwin.domain.sealing.Sealing.head_alike`."""
        return b"" if key_id == PLAINTEXT_KEY else head_alike(key_id)

    def open(self, key_id: int, sealed: bytes, place: Place) -> bytes:
        """What was sealed.

        Raises:
            CorruptStorage: it was changed, moved, or sealed with another key.
            KeyGone: the key is gone.
        """
        return sealed if key_id == PLAINTEXT_KEY else self.key(key_id).open(sealed, place)

    def key(self, key_id: int) -> SealingKey:
        """A key at work.

        Raises:
            KeyGone: there is none of this number.
        """
        at_work = self._at_work.get(key_id)
        return at_work if at_work is not None else self._put_to_work(key_id)

    def read_all(self) -> None:
        """Read everybody's key at once, for who opens something of each: one by one takes longer."""
        with self._lock, self.errors("read the keys"):
            found = self._database.execute("SELECT id, owner, master, wrapped FROM keys").fetchall()
            masters = {
                version: AESGCM(self.masters.load(version, self.tenant))
                for version in {row[2] for row in found}
            }
            for key_id, owner, version, wrapped in found:
                if key_id not in self._secrets:
                    what = self._bound(version, _wrapping(key_id, owner))
                    with suppress(InvalidTag, ValueError):  # who needs it is told
                        secret = masters[version].decrypt(wrapped[:NONCE_BYTES], wrapped[NONCE_BYTES:], what)
                        self._secrets[key_id] = (owner, secret)

    # ---------------------------------------------------------------- others

    def refresh(self) -> bool:
        """Take note of what another process changed; whether there was anything. Cheap."""
        with self._lock, self.errors("read the keys"):
            seen = self._data_version()
            if seen == self._seen:
                return False
            self._seen = seen
            self._let_go_of_what_is_gone()
        return True

    def status(self) -> Mapping[str, object]:
        """What an operator may know: no key, no name."""
        with self._lock, self.errors("read the keys"):
            people, keys = self._database.execute(
                "SELECT COUNT(DISTINCT owner), COUNT(*) FROM keys WHERE owner <> ''"
            ).fetchone()
            (behind,) = self._database.execute(
                "SELECT COUNT(*) FROM keys WHERE master <> ?", (self.current_version(),)
            ).fetchone()
            (retired,) = self._database.execute("SELECT COUNT(*) FROM keys WHERE retired = 1").fetchone()
            rotated, backed_up = self._value("rotated_ms"), self._value("backed_up_ms")
            return {
                "encrypted": True,
                "kms": self.masters.kept_by(self.current_version()),
                "master_version": self.current_version(),
                "people": people,
                "keys": keys,
                "under_former_master": behind,
                "former_keys": retired,
                "rotation_unfinished": len(self.masters.versions()) > 1,
                "last_rotation": None if rotated is None else int(rotated),
                "last_backup": None if backed_up is None else int(backed_up),
                "erased": self.erased_count(),
            }

    def erased_count(self) -> int:
        """How many people were erased."""
        return int(self._value("erased_people") or 0)

    def current_version(self) -> int:
        """Of the master key that wraps new keys."""
        current = self._value("current")
        if current is None:
            raise ConfigurationError(f"{self.folder}: the keys were never made to the end")
        return int(current)

    def mark_of(self, name: str) -> bytes:
        """The keyed hash of an id or a pseudonym, as it stands in the list of erasures."""
        return hmac.digest(self.marks_secret(), name.encode(), "sha256")[:MARK_BYTES]

    def marks_secret(self) -> bytes:
        """What keys the hashes in the list of erasures."""
        known = self._secrets.get(_MARKS)
        if known is None:
            kept = self._value("marks")
            if kept is None:
                raise CorruptStorage(f"{self._path}: damaged; restore the keys from their backup")
            version, wrapped = int.from_bytes(kept[:_VERSION_BYTES], "big"), kept[_VERSION_BYTES:]
            known = self._secrets[_MARKS] = ("", self._unwrapped(wrapped, version, "marks"))
        return known[1]

    def set_marks(self, secret: bytes, version: int) -> None:
        """Keep it under a master key; inside the caller's transaction."""
        self._set("marks", version.to_bytes(_VERSION_BYTES, "big") + self._wrapped(secret, version, "marks"))

    def close(self) -> None:
        """Release the file and let go of every key."""
        with self._lock:
            self._clear_memory()
            self._database.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    @contextmanager
    def errors(self, doing: str) -> Iterator[None]:
        """Within it, what the database reports is raised in the words of `healthtwin.domain.errors`."""
        with storage_errors(self._path, doing):
            yield

    # ---------------------------------------------------------------- inside

    def _put_to_work(self, key_id: int) -> SealingKey:
        with self._lock:
            known = self._secrets.get(key_id) if key_id > 0 else None
            if known is None:
                known = self._read_secret(key_id)
            key = SealingKey(known[1], key_id, self.tenant, known[0])
            if len(self._at_work) >= _AT_WORK:
                for old in list(self._at_work)[: _AT_WORK // 2]:
                    del self._at_work[old]
            self._at_work[key_id] = key
        return key

    def _read_secret(self, key_id: int) -> tuple[str, bytes]:
        with self.errors("read a key"):
            found = self._row(key_id)
        if found is None:
            raise KeyGone(f"key {key_id} is gone: its owner was erased, or the keys are not this home's")
        owner, version, wrapped = found
        try:
            secret = self._unwrapped(wrapped, version, _wrapping(key_id, owner))
        except ConfigurationError:
            again = self._row(key_id)  # a rotation may have moved it on to the next master key meanwhile
            if again is None or again[1] == version:
                raise
            secret = self._unwrapped(again[2], again[1], _wrapping(key_id, owner))
        self._secrets[key_id] = (owner, secret)
        return owner, secret

    def _row(self, key_id: int) -> tuple[str, int, bytes] | None:
        found: tuple[str, int, bytes] | None = self._database.execute(
            "SELECT owner, master, wrapped FROM keys WHERE id = ?", (key_id,)
        ).fetchone()
        return found

    def _newest(self, pseudonym: str) -> int | None:
        newest: int | None
        (newest,) = self._database.execute(
            "SELECT MAX(id) FROM keys WHERE owner = ? AND retired = 0", (pseudonym,)
        ).fetchone()
        return newest

    def _insert(self, owner: str, version: int, key_id: int | None = None) -> int:
        """A new key, inside the caller's transaction."""
        if key_id is None:
            (last,) = self._database.execute(
                "SELECT MAX(seq) FROM sqlite_sequence WHERE name = 'keys'"
            ).fetchone()
            key_id = max(int(last or 0), HOUSE_KEY) + 1
        wrapped = self._wrapped(os.urandom(KEY_BYTES), version, _wrapping(key_id, owner))
        self._database.execute(
            "INSERT INTO keys (id, owner, master, wrapped, created_ms) VALUES (?, ?, ?, ?, ?)",
            (key_id, owner, version, wrapped, time.time_ns() // 1_000_000),
        )
        return key_id

    def _delete(self, statement: str, owner: str) -> None:
        with self._lock, self.errors("forget a key"):
            with transaction(self._database):
                self._database.execute(statement, (owner,))
            leave_nothing_deleted(self._database)
            self._let_go_of_what_is_gone()

    def _wrapped(self, secret: bytes, version: int, what: str) -> bytes:
        nonce = os.urandom(NONCE_BYTES)
        sealed = AESGCM(self.masters.load(version, self.tenant)).encrypt(
            nonce, secret, self._bound(version, what)
        )
        return nonce + sealed

    def _unwrapped(self, wrapped: bytes, version: int, what: str) -> bytes:
        master = AESGCM(self.masters.load(version, self.tenant))
        try:
            return master.decrypt(wrapped[:NONCE_BYTES], wrapped[NONCE_BYTES:], self._bound(version, what))
        except (InvalidTag, ValueError):
            raise CorruptStorage(
                f"{self._path}: a key is damaged, or wrapped by another master key; restore the keys from a "
                "backup"
            ) from None

    def _bound(self, version: int, what: str) -> bytes:
        return b"healthtwin key\x00" + self.tenant + b"%d\x00" % version + what.encode()

    def _is_marked(self, name: str) -> bool:
        if self._database.execute("SELECT 1 FROM erased LIMIT 1").fetchone() is None:
            return False
        found = self._database.execute(
            "SELECT 1 FROM erased WHERE mark = ?", (self.mark_of(name),)
        ).fetchone()
        return found is not None

    def _value(self, name: str) -> bytes | None:
        with self._lock:
            found = self._database.execute("SELECT value FROM meta WHERE name = ?", (name,)).fetchone()
        return None if found is None else bytes(found[0])

    def _set(self, name: str, value: bytes) -> None:
        self._database.execute("INSERT OR REPLACE INTO meta VALUES (?, ?)", (name, value))

    def _data_version(self) -> int:
        return int(self._database.execute("PRAGMA data_version").fetchone()[0])

    def _let_go_of_what_is_gone(self) -> None:
        """Forget in memory every key that stands nowhere any more; the others need not be unwrapped again."""
        there = {key_id for (key_id,) in self._database.execute("SELECT id FROM keys").fetchall()}
        self._current.clear()
        self._secrets = {key: kept for key, kept in self._secrets.items() if key in there or key == _MARKS}
        self._at_work = {key: kept for key, kept in self._at_work.items() if key in there}

    def _clear_memory(self) -> None:
        self._current.clear()
        self._secrets.clear()
        self._at_work.clear()


Keys = KeyStore | NoKeys
"""What seals and opens in a home."""


def _wrapping(key_id: int, owner: str) -> str:
    return f"{key_id}\x00{owner}"
