"""Who a secret belongs to: tokens and sessions, looked up once and remembered until anybody's access changes.

Sign-in links, sessions and CSRF tokens as the browser needs them. Secrets are stored as hashes by
`Credentials`; here they only pass through.
"""

from __future__ import annotations

import hashlib
import hmac
import threading
import time
from typing import TYPE_CHECKING, Final, NamedTuple

from healthtwin.access.credentials import Credentials
from healthtwin.access.grants import Grant
from healthtwin.access.pairing import Pairing

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from healthtwin.access.credentials import Minted, StoredGrant
    from healthtwin.access.ties import Scope, Tie
    from healthtwin.store import Tables

REMEMBERED: Final = 1_000_000
"""Grants kept in memory, half a kilobyte each: looking one up costs more than all else about a reading."""


def wall_ms() -> int:
    """Secrets expire by the wall clock, also in a replay whose own clock follows the recording."""
    return time.time_ns() // 1_000_000


class _Remembered(NamedTuple):
    """A grant in half the memory: a phone's one person needs no set."""

    actor: str
    device: str
    scope: Scope
    people: str | frozenset[str] | None
    expires_ms: int | None
    ties: Mapping[str, Tie]

    @classmethod
    def of(cls, stored: StoredGrant, *, token: bool) -> _Remembered:
        grant = Grant.of(stored, token=token)
        only = next(iter(grant.people)) if grant.people is not None and len(grant.people) == 1 else None
        return cls(
            grant.actor, grant.device, grant.scope, only or grant.people, stored.expires_ms, grant.ties
        )

    def grant(self) -> Grant:
        people = frozenset((self.people,)) if isinstance(self.people, str) else self.people
        return Grant(self.actor, self.device, self.scope, people, self.ties)


class Authenticator:
    """Finds the grant behind a secret; safe to share between threads.

    Args:
        tables: where tokens and sessions are; other processes may change them at any time, and a
            revocation there holds for the very next request here.
        now_ms: the wall clock.
    """

    def __init__(self, tables: Tables, now_ms: Callable[[], int] = wall_ms) -> None:
        self._tables = tables
        self._credentials = Credentials(tables)
        self._pairing = Pairing(tables)
        self._now_ms = now_ms
        self._known: dict[bytes, _Remembered] = {}
        self._revision: int | None = None
        self._lock = threading.Lock()

    def grant_of_token(self, secret: str) -> Grant:
        """Raises: Unauthenticated, when the token is unknown, expired or revoked."""
        return self._find(secret, self._credentials.lookup_token, token=True)

    def grant_of_session(self, secret: str) -> Grant:
        """Raises: Unauthenticated, when the session is unknown, ended or expired."""
        return self._find(secret, self._credentials.lookup_session, token=False)

    def sign_in(self, link_secret: str) -> Minted:
        """Use a one-time link up and begin a session.

        Raises:
            Unauthenticated: the link is unknown, used or expired.
        """
        return self._credentials.redeem_link(link_secret, self._now_ms())

    def pair(self, code: str, label: str | None) -> Minted:
        """Use a pairing code up and begin the session of a phone.

        Raises:
            Unauthenticated: the code is unknown, used or expired.
            InvalidInput: a label that cannot be kept.
        """
        return self._pairing.redeem_code(code, self._now_ms(), label=label)

    def is_pairing_code(self, code: str) -> bool:
        """Whether a code would pair a phone now; it is not used up."""
        return self._pairing.is_good(code, self._now_ms())

    def note_use(self, session_secret: str) -> int | None:
        """Let a lasting session last from now on; for how many ms from now, None when it has ended."""
        now_ms = self._now_ms()
        ends_ms = self._credentials.note_use(session_secret, now_ms)
        return None if ends_ms is None else ends_ms - now_ms

    def sign_out(self, session_secret: str) -> None:
        """End a session; nothing happens when it is over already."""
        self._credentials.end_session(session_secret)

    def _find(self, secret: str, lookup: Callable[[str, int], StoredGrant], *, token: bool) -> Grant:
        now_ms = self._now_ms()
        # Kept under a digest, so that a memory dump of the cache holds no usable secret.
        kind = b"t" if token else b"s"
        key = hashlib.sha256(kind + secret.encode("utf-8", "surrogatepass")).digest()
        revision = self._tables.changed()
        with self._lock:
            if revision != self._revision:
                self._known.clear()
                self._revision = revision
            known = self._known.get(key)
        # A session in use lasts longer than when it was remembered, so the end is asked for again.
        if known is None or (known.expires_ms is not None and known.expires_ms <= now_ms):
            stored = lookup(secret, now_ms)
            known = _Remembered.of(stored, token=token)
            with self._lock:
                # Somebody may have cleared the cache since: what was looked up before is not put back.
                if revision == self._revision:
                    if len(self._known) >= REMEMBERED:
                        self._known.clear()
                    self._known[key] = known
        return known.grant()


def csrf_token_of(session_secret: str) -> str:
    """What a page must send back beside the session's cookie: bound to the session, so nothing is stored."""
    return hmac.new(session_secret.encode("utf-8", "replace"), b"healthtwin csrf", hashlib.sha256).hexdigest()


def csrf_matches(session_secret: str, sent: str) -> bool:
    """Whether `sent` is this session's token, in a time that does not depend on where they differ."""
    return hmac.compare_digest(csrf_token_of(session_secret).encode(), sent.encode("utf-8", "replace"))
