"""Time-based one-time codes (RFC 6238) as every authenticator app makes them: SHA-1, six digits, 30 seconds.

SHA-1 is broken for signatures, not for HMAC (RFC 6194, section 3.3), and the only hash that all apps take.
"""

from __future__ import annotations

import base64
import hashlib
import hmac
import secrets
from typing import TYPE_CHECKING, Final
from urllib.parse import quote, urlencode

from healthtwin.domain import SECOND_MS

if TYPE_CHECKING:
    from collections.abc import Collection

STEP_MS: Final = 30 * SECOND_MS
DIGITS: Final = 6
SECRET_BYTES: Final = 20
"""As long as the hash (RFC 4226, R6 recommends 160 bits)."""

WINDOW: Final = 1
"""Steps before and after the present one that are taken: for a code typed slowly, a clock half a minute off
(RFC 6238, 5.2 recommends at most one)."""

DRIFT_STEPS: Final = 40
"""As far as a wrong clock is recognised and named: 20 minutes either way. Beyond it nobody can tell a wrong
clock from a wrong code often enough to be of use."""

ISSUER: Final = "healthtwin"


def new_totp_secret() -> str:
    """A fresh secret, in base 32 as apps take it.

    >>> len(new_totp_secret())
    32
    """
    return base64.b32encode(secrets.token_bytes(SECRET_BYTES)).decode()


def step_of(now_ms: int) -> int:
    """Which time step an instant lies in."""
    return now_ms // STEP_MS


def code_at(secret: str, step: int) -> str:
    """The code of a time step.

    Examples are those of RFC 6238, appendix B, cut to six digits.

    >>> key = base64.b32encode(b"12345678901234567890").decode()
    >>> code_at(key, 59 // 30), code_at(key, 1111111109 // 30), code_at(key, 20000000000 // 30)
    ('287082', '081804', '353130')
    """
    digest = hmac.new(base64.b32decode(secret), step.to_bytes(8, "big"), hashlib.sha1).digest()
    at = digest[-1] & 0x0F
    number = int.from_bytes(digest[at : at + 4], "big") & 0x7FFF_FFFF
    return f"{number % 10**DIGITS:0{DIGITS}d}"


def plain_totp(typed: str) -> str:
    """A code however it was typed: apps show a space in the middle.

    >>> plain_totp(" 287 082 ")
    '287082'
    """
    return "".join(typed.split())


def matching_step(
    secret: str, typed: str, now_ms: int, *, above: int | None = None, told: Collection[int] = ()
) -> int | None:
    """The step whose code this is, of those that may be used now; None for any other code.

    Args:
        secret: base 32.
        typed: the code.
        now_ms: the present.
        above: the highest step that was used; only a greater one counts.
        told: steps whose codes were recognised before their time.

    >>> key = base64.b32encode(b"12345678901234567890").decode()
    >>> matching_step(key, "287082", 59_000), matching_step(key, "287082", 59_000, above=1)
    (1, None)
    """
    wanted, now = plain_totp(typed).encode("utf-8", "replace"), step_of(now_ms)
    found = None
    for step in range(max(0, now - WINDOW), now + WINDOW + 1):
        same = hmac.compare_digest(code_at(secret, step).encode(), wanted)
        if same and (above is None or step > above) and step not in told:
            found = step
    return found


def drift_of(secret: str, typed: str, now_ms: int) -> int | None:
    """By how many steps the clock that made this code is ahead; None when no clock nearby made it.

    >>> key = base64.b32encode(b"12345678901234567890").decode()
    >>> drift_of(key, code_at(key, 100), now_ms=92 * STEP_MS)
    8
    """
    wanted, now = plain_totp(typed).encode("utf-8", "replace"), step_of(now_ms)
    nearest = None
    for distance in range(WINDOW + 1, DRIFT_STEPS + 1):
        for away in (distance, -distance):
            step = now + away
            made = code_at(secret, step).encode() if step >= 0 else b""
            if hmac.compare_digest(made, wanted) and nearest is None:
                nearest = away
    return nearest


def otpauth_uri(secret: str, account: str) -> str:
    """What an authenticator app reads from the QR code (Key Uri Format).

    >>> otpauth_uri("JBSWY3DP", "Ada L.")
    'otpauth://totp/healthtwin:Ada%20L.?secret=JBSWY3DP&issuer=healthtwin&algorithm=SHA1&digits=6&period=30'
    """
    told = {
        "secret": secret,
        "issuer": ISSUER,
        "algorithm": "SHA1",
        "digits": DIGITS,
        "period": STEP_MS // SECOND_MS,
    }
    return f"otpauth://totp/{ISSUER}:{quote(account, safe='')}?{urlencode(told)}"
