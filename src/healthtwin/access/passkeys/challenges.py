"""Challenges: each good once, for a short time, for one purpose, in one browser.

Nothing is kept of a challenge until it is answered: what it is good for stands in it, sealed with a key of
this process. So nobody can fill a table by asking for them. Only those that were answered are remembered,
until they would have expired anyway.
"""

from __future__ import annotations

import hashlib
import hmac
import secrets
import threading
from enum import StrEnum
from typing import TYPE_CHECKING, Final

from healthtwin.domain import MINUTE_MS
from healthtwin.domain.errors import Conflict

if TYPE_CHECKING:
    from collections.abc import Callable

LIFETIME_MS: Final = 5 * MINUTE_MS
"""As long as the browser's own dialogue is asked to stay open (WebAuthn, 15.1: five minutes and more with
user verification). A page that stands open longer asks for a new one."""

_NONCE_BYTES: Final = 24
_TIME_BYTES: Final = 8
_MAC_BYTES: Final = 32
_REMEMBERED: Final = 100_000
"""Answered ones. Beyond it none is taken until some have expired: a limit that gives way would be none."""


class ChallengeOver(Conflict):
    """It was answered before, has expired, or was not made for this: ask for a new one."""


class Purpose(StrEnum):
    """What an answer is taken for."""

    SIGN_IN = "sign-in"
    STEP_UP = "step-up"
    REGISTER = "register"
    ENROL = "enrol"


class Challenges:
    """Makes challenges and takes their answers; for many threads.

    Args:
        now_ms: a clock.
        lifetime_ms: of one.

    >>> challenges = Challenges(lambda: 0)
    >>> made = challenges.make(Purpose.SIGN_IN, "this browser")
    >>> challenges.use(made, Purpose.SIGN_IN, "this browser")
    """

    def __init__(self, now_ms: Callable[[], int], lifetime_ms: int = LIFETIME_MS) -> None:
        self._now_ms = now_ms
        self._lifetime_ms = lifetime_ms
        self._key = secrets.token_bytes(32)
        self._used: dict[bytes, int] = {}
        self._lock = threading.Lock()

    def make(self, purpose: Purpose, bound: str) -> bytes:
        """A fresh one.

        Args:
            purpose: what for.
            bound: who asks: the browser before sign-in, the session after it.
        """
        body = secrets.token_bytes(_NONCE_BYTES) + (self._now_ms() + self._lifetime_ms).to_bytes(
            _TIME_BYTES, "big"
        )
        return body + self._mac(body, purpose, bound)

    def use(self, challenge: bytes, purpose: Purpose, bound: str) -> None:
        """Take the answer to one, which ends it, whatever becomes of the answer.

        Raises:
            ChallengeOver: it is not good for this, here and now.
        """
        body, mac = challenge[:-_MAC_BYTES], challenge[-_MAC_BYTES:]
        now_ms = self._now_ms()
        good = len(body) == _NONCE_BYTES + _TIME_BYTES and hmac.compare_digest(
            mac, self._mac(body, purpose, bound)
        )
        ends_ms = int.from_bytes(body[_NONCE_BYTES:], "big") if good else 0
        with self._lock:
            if len(self._used) >= _REMEMBERED:
                self._used = {each: ends for each, ends in self._used.items() if ends > now_ms}
            if not good or ends_ms <= now_ms or body in self._used or len(self._used) >= _REMEMBERED:
                raise ChallengeOver("this request was answered before, or took too long; ask again")
            self._used[body] = ends_ms

    def _mac(self, body: bytes, purpose: Purpose, bound: str) -> bytes:
        said = b"\0".join((body, purpose.encode(), bound.encode("utf-8", "surrogatepass")))
        return hmac.digest(self._key, said, hashlib.sha256)
