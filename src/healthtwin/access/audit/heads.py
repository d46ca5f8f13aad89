"""Signed heads: so far the chain reached, said outside the database that holds it.

A chain of hashes alone shows a change in its middle, but neither an end that was cut off nor a chain that was
computed anew. So every commit is signed, and the signature also stands in files beside the keys, and where
the settings say: a journal that is only appended to, and the newest head, which is replaced each time.
"""

from __future__ import annotations

import json
import os
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from healthtwin.access.audit.entry import canonical
from healthtwin.access.audit.keys import keys_folder, public_hex

if TYPE_CHECKING:
    from collections.abc import Iterator

    from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

    from healthtwin.access.audit.settings import AuditSettings
    from healthtwin.store import Home

HEADS_FILE: Final = "audit-heads"
NOW_SUFFIX: Final = ".now"
LOCK_FILE: Final = "audit.lock"

HEAD: Final = "healthtwin audit head 1"
CHECKPOINT: Final = "healthtwin audit checkpoint 1"
"""What a signature is for stands in what is signed, so that none passes for another."""

_LONGEST_LINE: Final = 4_096


@dataclass(frozen=True, slots=True)
class Head:
    """So far the chain reached; signed.

    Attributes:
        seq: number of the last entry. hash: its hash. at_ms: when that was signed.
        key: public key, hexadecimal. sig: Ed25519 signature, hexadecimal.
        use: `HEAD`; `CHECKPOINT`: what came before was trimmed, as the retention says.
    """

    seq: int
    hash: str
    at_ms: int
    key: str
    sig: str
    use: str = HEAD

    @classmethod
    def signed(cls, key: Ed25519PrivateKey, seq: int, hash_hex: str, at_ms: int, use: str = HEAD) -> Head:
        """A head, signed now."""
        public = public_hex(key)
        sig = key.sign(_signed_bytes(use, seq, hash_hex, at_ms, public)).hex()
        return cls(seq, hash_hex, at_ms, public, sig, use)

    @classmethod
    def read(cls, line: str) -> Head | None:
        """A head from its line; None where it is none."""
        try:
            told: Any = json.loads(line)
            head = cls(told["seq"], told["hash"], told["at"], told["key"], told["sig"], told.get("use", HEAD))
        except (ValueError, KeyError, TypeError, AttributeError):
            return None
        numbers: tuple[object, ...] = (head.seq, head.at_ms)
        texts: tuple[object, ...] = (head.hash, head.key, head.sig, head.use)
        whole = all(isinstance(each, int) for each in numbers)
        return head if whole and all(isinstance(each, str) for each in texts) else None

    def line(self) -> bytes:
        """As it stands in a file."""
        told = {"seq": self.seq, "hash": self.hash, "at": self.at_ms, "key": self.key, "sig": self.sig}
        return canonical(told | ({} if self.use == HEAD else {"use": self.use})) + b"\n"

    def holds(self) -> bool:
        """Whether its signature is one by the key that it names."""
        from cryptography.exceptions import InvalidSignature
        from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey

        try:
            key = Ed25519PublicKey.from_public_bytes(bytes.fromhex(self.key))
            told = _signed_bytes(self.use, self.seq, self.hash, self.at_ms, self.key)
            key.verify(bytes.fromhex(self.sig), told)
        except (ValueError, InvalidSignature):
            return False
        return True


def _signed_bytes(use: str, seq: int, hash_hex: str, at_ms: int, key: str) -> bytes:
    return canonical({"use": use, "seq": seq, "hash": hash_hex, "at": at_ms, "key": key})


class Anchor:
    """The files outside the database.

    Args:
        home: whose audit. settings: where the journal of heads stands.
    """

    def __init__(self, home: Home | Path, settings: AuditSettings) -> None:
        folder = keys_folder(home)
        self._journals = [folder / HEADS_FILE, *([Path(settings.anchor)] if settings.anchor else [])]
        self._lock = folder / LOCK_FILE

    @contextmanager
    def alone(self) -> Iterator[None]:
        """Be the one process that appends to the chain: so what stands in the files never goes back."""
        import fcntl

        file = os.open(self._lock, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
        try:
            fcntl.flock(file, fcntl.LOCK_EX)
            yield
        finally:
            os.close(file)

    def newest(self, head: Head) -> None:
        """Replace the newest head.

        Raises:
            OSError: a file cannot be written.
        """
        line = head.line()
        for journal in self._journals:
            _replace(journal.with_name(journal.name + NOW_SUFFIX), line)

    def keep(self, head: Head, only: Path | None = None) -> None:
        """Append a head to the journals (to one of them alone), to stay.

        Raises:
            OSError: a file cannot be written.
        """
        line = head.line()
        for journal in self._journals if only is None else [only]:
            handle = os.open(journal, os.O_WRONLY | os.O_CREAT | os.O_APPEND | os.O_CLOEXEC, 0o600)
            try:
                os.write(handle, line)
                os.fsync(handle)
            finally:
                os.close(handle)

    def journals(self) -> list[tuple[Path, list[Head | None], Head | None]]:
        """Each journal: its file, its heads in order (None: a line that is none), and the newest head."""
        found = []
        for journal in self._journals:
            lines = _lines(journal)
            now = _lines(journal.with_name(journal.name + NOW_SUFFIX))
            found.append((journal, [Head.read(line) for line in lines], Head.read(now[0]) if now else None))
        return found


def _replace(path: Path, line: bytes) -> None:
    """One write over what stood there: a reader sees one line or the other, and no name is made anew."""
    handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_CLOEXEC, 0o600)
    try:
        os.pwrite(handle, line.rstrip(b"\n").ljust(_room(len(line))) + b"\n", 0)
    finally:
        os.close(handle)


def _room(length: int) -> int:
    """Lines of one length, so that a shorter one leaves nothing of the one before."""
    return min(max(448, length), _LONGEST_LINE)


def _lines(path: Path) -> list[str]:
    try:
        return [line for line in path.read_text("utf-8", "replace").splitlines() if line.strip()]
    except FileNotFoundError:
        return []
