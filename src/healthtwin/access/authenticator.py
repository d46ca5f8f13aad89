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

from healthtwin.access.accounts.own import needs_proof
from healthtwin.access.credentials import Credentials
from healthtwin.access.grants import Grant
from healthtwin.access.pairing import Pairing
from healthtwin.access.relations.majority import Growing
from healthtwin.access.relations.more_ties import completed
from healthtwin.domain import MINUTE_MS

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from healthtwin.access.stored_grants import Minted, StoredGrant
    from healthtwin.access.ties import Scope, Tie
    from healthtwin.store import Tables

REMEMBERED: Final = 1_000_000
"""Grants kept in memory, half a kilobyte each: looking one up costs more than all else about a reading."""

STEP_UP_MS: Final = 5 * MINUTE_MS
"""For so long after a proof nothing asks for another: about what one errand takes."""

NOTED_PARTS: Final = 12
"""Use is noted after a twelfth of the time in which a session ends without: every five minutes of an hour."""


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
    account: str = ""
    session: str = ""
    verified_ms: int | None = None
    touch_ms: int | None = None
    idle_ms: int = 0

    @classmethod
    def of(cls, stored: StoredGrant, *, token: bool) -> _Remembered:
        grant = Grant.of(stored, token=token)
        only = next(iter(grant.people)) if grant.people is not None and len(grant.people) == 1 else None
        kept = (grant.actor, grant.device, grant.scope, only or grant.people, stored.expires_ms, grant.ties)
        if not stored.session:
            return cls(*kept)
        proof = (grant.account, grant.session, grant.verified_ms)
        if stored.idle_ms is None or stored.used_ms is None:
            return cls(*kept, *proof)
        return cls(*kept, *proof, stored.used_ms + stored.idle_ms // NOTED_PARTS, stored.idle_ms)

    def grant(self) -> Grant:
        people = frozenset((self.people,)) if isinstance(self.people, str) else self.people
        proof = (self.account, self.session, self.verified_ms)
        return Grant(self.actor, self.device, self.scope, people, self.ties, *proof)


class Authenticator:
    """Finds the grant behind a secret; safe to share between threads.

    Args:
        tables: where tokens and sessions are; other processes may change them at any time, and a
            revocation there holds for the very next request here.
        now_ms: the wall clock.
        growing: who comes of age when, by the country of the house; None: none is known.
    """

    def __init__(
        self, tables: Tables, now_ms: Callable[[], int] = wall_ms, *, growing: Growing | None = None
    ) -> None:
        self._tables = tables
        self._growing = growing or Growing(tables)
        self._credentials = Credentials(tables)
        self._pairing = Pairing(tables)
        self._now_ms = now_ms
        self._known: dict[bytes, _Remembered] = {}
        self._revision: int | None = None
        self._lock = threading.Lock()

    def grant_of_token(self, secret: str) -> Grant:
        """Raises: Unauthenticated, when the token is unknown, expired or revoked."""
        return self._find(secret, self._credentials.lookup_token, token=True)

    def grant_of_session(self, secret: str, client: str = "", *, used: bool = True) -> Grant:
        """Who a session belongs to.

        Args:
            secret: its cookie.
            client: the mark of the browser that asks.
            used: somebody asks for something, so the session lasts; False for a stream that only goes on.

        Raises:
            Unauthenticated: the session is unknown, ended or expired.
        """

        def lookup(secret: str, now_ms: int) -> StoredGrant:
            return self._credentials.lookup_session(secret, now_ms, client)

        return self._find(secret, lookup, token=False, used=used)

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

    def needs_proof(self, grant: Grant) -> bool:
        """Whether whoever asks must prove anew who they are, before something that hands data on."""
        if not grant.session:
            return False
        with self._tables.read() as session:
            return needs_proof(session, grant, self._now_ms(), STEP_UP_MS)

    def note_use(self, session_secret: str) -> int | None:
        """Let a lasting session last from now on; for how many ms from now, None when it has ended."""
        now_ms = self._now_ms()
        ends_ms = self._credentials.note_use(session_secret, now_ms)
        return None if ends_ms is None else ends_ms - now_ms

    def sign_out(self, session_secret: str) -> None:
        """End a session; nothing happens when it is over already."""
        self._credentials.end_session(session_secret)

    def _find(
        self, secret: str, lookup: Callable[[str, int], StoredGrant], *, token: bool, used: bool = True
    ) -> Grant:
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
            stored = completed(self._tables, self._growing, stored, stored.session or stored.id, now_ms)
            known = _Remembered.of(stored, token=token)
            if stored.once:
                return known.grant()
            with self._lock:
                # Somebody may have cleared the cache since: what was looked up before is not put back.
                if revision == self._revision:
                    if len(self._known) >= REMEMBERED:
                        self._known.clear()
                    self._known[key] = known
        if used and known.touch_ms is not None and known.touch_ms <= now_ms:
            self._credentials.touch(known.session, now_ms, known.idle_ms)
            with self._lock:
                self._known.pop(key, None)
        return known.grant()


def csrf_token_of(session_secret: str) -> str:
    """What a page must send back beside the session's cookie: bound to the session, so nothing is stored."""
    return hmac.new(session_secret.encode("utf-8", "replace"), b"healthtwin csrf", hashlib.sha256).hexdigest()


def csrf_matches(session_secret: str, sent: str) -> bool:
    """Whether `sent` is this session's token, in a time that does not depend on where they differ."""
    return hmac.compare_digest(csrf_token_of(session_secret).encode(), sent.encode("utf-8", "replace"))
