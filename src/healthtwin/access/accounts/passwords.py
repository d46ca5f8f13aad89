"""Passwords: which may be chosen, and how what is kept of one is made (Argon2id).

Rules after NIST SP 800-63B-4, 3.1.1: at least 15 characters where a password stands alone, 8 beside a second
factor; no rules about kinds of characters, no expiry; what is common or was stolen is refused.
"""

from __future__ import annotations

import secrets
import threading
import unicodedata
from typing import TYPE_CHECKING, Final

from argon2 import PasswordHasher, Type, extract_parameters
from argon2.exceptions import InvalidHashError, VerificationError

from healthtwin.access.accounts.blocklist import is_guessable
from healthtwin.domain.errors import InvalidInput, RateLimited

if TYPE_CHECKING:
    from collections.abc import Iterable

    from healthtwin.access.accounts.blocklist import StolenPasswords

LEAST_ALONE: Final = 15
LEAST_BESIDE: Final = 8
"""Characters: where the password is the only factor, and beside a second one (SP 800-63B-4, 3.1.1.2)."""

MOST_BYTES: Final = 1_024
"""In UTF-8: the standard wants at least 64 characters taken; hashing costs the same."""

MEMORY_MIB: Final = 64
PASSES: Final = 3
LANES: Final = 4
"""The second recommended parameters of RFC 9106, section 4: for where memory is not plentiful."""

LEAST_MEMORY_MIB: Final = 19
"""OWASP's floor for Argon2id (Password Storage Cheat Sheet)."""

AT_ONCE: Final = 1
"""Hashes made at one time for browsers that nobody knows, and as many again for those who are known: a flood
takes 64 MiB and one turn of the processor, and who is known does not queue behind it."""

WAITING: Final = 10
"""How many wait for their turn, each on a thread that others also need (there are 40); more are asked to come
again."""

WAIT_S: Final = 15.0

KIB_PER_MIB: Final = 1_024


def normalised(password: str) -> str:
    r"""A password as it is hashed (OpaqueString of RFC 8265, 4.2): spaces are one, letters composed (NFC).

    The same letter typed on a phone and on a computer may be one code point or two.

    >>> normalised("caf\u0065\u0301\u00a0au lait") == "café au lait"
    True
    """
    spaced = "".join(" " if unicodedata.category(each) == "Zs" else each for each in password)
    return unicodedata.normalize("NFC", spaced)


def checked_password(
    password: str, *, alone: bool, words: Iterable[str] = (), stolen: StolenPasswords | None = None
) -> str:
    """A new password as it will be kept.

    Args:
        password: as typed.
        alone: nothing else will be asked for.
        words: names that stand near the account.
        stolen: the operator's list.

    Raises:
        InvalidInput: too short, too long or too easily guessed; the password itself is never echoed.
    """
    kept = normalised(password)
    least = LEAST_ALONE if alone else LEAST_BESIDE
    if len(kept) < least:
        beside = "; 8 are enough beside a second factor" if alone else ""
        raise InvalidInput("password", f"{len(kept)} characters", f"at least {least} characters{beside}")
    if len(kept.encode("utf-8", "surrogatepass")) > MOST_BYTES:
        raise InvalidInput("password", "a longer one", f"at most {MOST_BYTES} bytes")
    if is_guessable(kept, words) or (stolen is not None and stolen.holds(kept)):
        raise InvalidInput(
            "password",
            "one that is guessed early",
            "what is on no list of stolen passwords and is more than names, common words and rows of keys: "
            "a few words that have nothing to do with one another",
        )
    return kept


class PasswordHashes:
    """Makes and checks what is kept of passwords; every call costs one hash, whatever comes of it.

    Args:
        memory_mib: what one hash takes.
    """

    def __init__(self, memory_mib: int = MEMORY_MIB) -> None:
        self._hasher = PasswordHasher(
            time_cost=PASSES, memory_cost=memory_mib * KIB_PER_MIB, parallelism=LANES, type=Type.ID
        )
        self._decoy: str | None = None
        self._turns = {True: _Turns(AT_ONCE), False: _Turns(AT_ONCE)}
        self.made = 0
        """How many hashes were computed: what an answer costs, without a clock."""

    def of(self, password: str, *, known: bool = True) -> str:
        """What is kept of a password that was checked.

        Raises:
            RateLimited: too many wait already.
        """
        with self._turns[known]:
            self.made += 1
            return self._hasher.hash(password.encode("utf-8", "surrogatepass"))

    def matches(self, kept: str | None, password: str, *, known: bool = False) -> bool:
        """Whether this is the password that was kept; None, and anything broken, matches nothing.

        Args:
            kept: as of `of`; None where there is no account, or none that a password opens.
            password: as typed.
            known: who asks is signed in, or sits at a browser that signed in before.

        Raises:
            RateLimited: too many wait already.
        """
        text = normalised(password).encode("utf-8", "surrogatepass")
        right = len(text) <= MOST_BYTES
        text = text[:MOST_BYTES]
        with self._turns[known]:
            self.made += 1
            against = kept or self._nobodys()
            same = self._verified(against, text)
            self._make_up_for(against, text)
        return same and right and bool(kept)

    def is_of_before(self, kept: str) -> bool:
        """Whether it was made with less effort than is asked today, so that it is made anew at a sign-in."""
        return self._hasher.check_needs_rehash(kept)

    def _verified(self, kept: str, text: bytes) -> bool:
        try:
            return self._hasher.verify(kept, text)
        except (VerificationError, InvalidHashError):
            return False

    def _nobodys(self) -> str:
        """A hash of nobody's password, at today's cost."""
        if self._decoy is None:
            self._decoy = self._hasher.hash(secrets.token_bytes())
        return self._decoy

    def _make_up_for(self, kept: str, text: bytes) -> None:
        """What a hash of cheaper days lacks to today's cost: its time would tell that there is one."""
        today = self._hasher
        try:
            was = extract_parameters(kept)
        except InvalidHashError:
            return
        lacking = today.memory_cost - was.memory_cost * was.time_cost // today.time_cost
        if lacking >= 8 * LANES:  # the least that Argon2 takes
            PasswordHasher(time_cost=PASSES, memory_cost=lacking, parallelism=LANES).hash(text)


class _Turns:
    """So many at a time, and a queue that ends somewhere."""

    def __init__(self, at_once: int) -> None:
        self._free = threading.BoundedSemaphore(at_once)
        self._waiting = 0
        self._lock = threading.Lock()

    def __enter__(self) -> None:
        with self._lock:
            if self._waiting >= WAITING:
                raise RateLimited("many sign in at this moment; try again in a few seconds", WAIT_S / 3)
            self._waiting += 1
        try:
            if not self._free.acquire(timeout=WAIT_S):
                raise RateLimited("many sign in at this moment; try again in a few seconds", WAIT_S / 3)
        finally:
            with self._lock:
                self._waiting -= 1

    def __exit__(self, *_: object) -> None:
        self._free.release()
