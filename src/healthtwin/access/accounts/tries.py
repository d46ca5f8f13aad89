"""Wrong tries to sign in slow down whoever guesses, and never lock anybody out.

Strikes stand on the server, in the home's tables, so a restart forgets none. They are counted for a name and
a network together, for a name from wherever, and for a browser that the account signed in from before. Who
comes too early is answered as if the password were wrong, without a look at it, and gains no strike by it:
neither the answer nor its time tells. A known browser is held to its own count alone (the device cookies of
OWASP), so a guesser elsewhere does not slow it; a passkey or an open session is not asked at all.

Names that nobody has are counted in the same way, in as many slots as a table may hold.
"""

from __future__ import annotations

import hashlib
import secrets
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from sqlalchemy import delete, func, select

from healthtwin.access.account_tables import TryRow
from healthtwin.access.client import network_of
from healthtwin.domain import DAY_MS, HOUR_MS, MINUTE_MS, SECOND_MS

if TYPE_CHECKING:
    from collections.abc import Sequence

    from sqlalchemy.orm import Session

    from healthtwin.store import Tables

FORGIVEN_EVERY_MS: Final = HOUR_MS
"""One strike is forgotten for every hour that passes."""

KEPT_MS: Final = 7 * DAY_MS
MOST_ROWS: Final = 20_000
"""More are never kept: whoever has many addresses shall not fill the disk."""

_SALT: Final = secrets.token_hex(32)
"""Of names that nobody has; what is counted for those may be forgotten with the process."""

UNKNOWN_SLOTS: Final = 4_096
"""Names that nobody has share so many rows, so that what somebody typed there by mistake (a password, often)
is not written down in any form that could be guessed back."""


@dataclass(frozen=True, slots=True)
class Pace:
    """How strikes slow down.

    Attributes:
        free: so many wrong tries cost nothing.
        first_ms: wait after the next; doubled with each further one.
        longest_ms: and never longer than this.
    """

    free: int
    first_ms: int
    longest_ms: int

    def wait_ms(self, strikes: int) -> int:
        """How long after the last wrong try the next one is looked at.

        >>> FROM_ONE_NETWORK.wait_ms(5), FROM_ONE_NETWORK.wait_ms(7), FROM_ONE_NETWORK.wait_ms(99)
        (0, 4000, 900000)
        """
        over = strikes - self.free
        return 0 if over <= 0 else min(self.longest_ms, self.first_ms << min(over - 1, 20))


FROM_ONE_NETWORK: Final = Pace(free=5, first_ms=2 * SECOND_MS, longest_ms=15 * MINUTE_MS)
FROM_ANYWHERE: Final = Pace(free=20, first_ms=2 * SECOND_MS, longest_ms=15 * MINUTE_MS)
"""About a hundred guesses a day on one account, from however many addresses (NIST SP 800-63B-4, 3.2.2)."""

KNOWN_BROWSER: Final = Pace(free=10, first_ms=SECOND_MS, longest_ms=SECOND_MS)
"""Only slowed to what fingers can type."""

KNOWN_UNTIL: Final = 100
"""So many strikes in a row make a known browser an unknown one (the same standard's limit)."""


@dataclass(frozen=True, slots=True)
class Knock:
    """Who tries: what strikes are counted for, and at which pace.

    Attributes:
        counted: key and pace of each count.
    """

    counted: tuple[tuple[str, Pace], ...]


def knock_of(account_id: str | None, name: str, salt: str, address: str, browser_hash: str | None) -> Knock:
    """What a try counts for.

    Args:
        account_id: whom the name means; None: nobody.
        name: as typed, folded.
        salt: of the account, so that the address cannot be read out of what is kept.
        address: where it comes from.
        browser_hash: of the cookie of a browser that this account knows.
    """
    if browser_hash is not None:
        return Knock(((f"b:{browser_hash[:40]}", KNOWN_BROWSER),))
    who = account_id
    if who is None:
        slot = int.from_bytes(hashlib.sha256(name.encode("utf-8", "replace")).digest()[:4], "big")
        who = f"unknown-{slot % UNKNOWN_SLOTS}"
    network = hashlib.sha256(f"{salt or _SALT}|{network_of(address)}".encode()).hexdigest()[:24]
    return Knock(((f"n:{who}:{network}", FROM_ONE_NETWORK), (f"a:{who}", FROM_ANYWHERE)))


def is_too_early(session: Session, knock: Knock, now_ms: int) -> bool:
    """Whether this try is not looked at."""
    rows = _rows(session, knock)
    early = False
    for key, pace in knock.counted:
        row = rows.get(key)
        # A clock that went back makes nobody wait until it is there again.
        early |= row is not None and 0 <= now_ms - row.at_ms < pace.wait_ms(_standing(row, now_ms))
    return early


def is_still_known(session: Session, browser_hash: str, now_ms: int) -> bool:
    """Whether a known browser has not been wrong so often that it is treated as any other."""
    row = session.get(TryRow, f"b:{browser_hash[:40]}")
    return row is None or _standing(row, now_ms) < KNOWN_UNTIL


def note_try(session: Session, knock: Knock, now_ms: int, *, wrong: bool | None) -> None:
    """Write down what came of a try: the same writes, whatever it was.

    Args:
        session: of a write transaction.
        knock: as of `knock_of`.
        now_ms: the present.
        wrong: True: one strike more; False: all forgotten; None: as it was (it came too early).
    """
    rows = _rows(session, knock)
    for key, _ in knock.counted:
        row = rows.get(key)
        if row is None:
            row = TryRow(about=key, strikes=0, at_ms=now_ms, asked_ms=now_ms)
            session.add(row)
        row.asked_ms = max(now_ms, row.asked_ms + 1)  # something changes in every case
        if wrong is not None:
            row.strikes = _standing(row, now_ms) + 1 if wrong else 0
            row.at_ms = now_ms
    session.flush()


def forget_tries(tables: Tables, now_ms: int) -> None:
    """Forget what is long past, and the oldest beyond what is kept."""
    with tables.write() as session:
        _forget(session, now_ms)


def _forget(session: Session, now_ms: int) -> None:
    session.execute(delete(TryRow).where(TryRow.at_ms < now_ms - KEPT_MS))
    beyond = session.scalar(select(func.count()).select_from(TryRow)) or 0
    if beyond > MOST_ROWS:
        oldest = select(TryRow.about).order_by(TryRow.at_ms).limit(beyond - MOST_ROWS)
        session.execute(delete(TryRow).where(TryRow.about.in_(oldest)))


def _standing(row: TryRow, now_ms: int) -> int:
    return max(0, row.strikes - max(0, now_ms - row.at_ms) // FORGIVEN_EVERY_MS)


def _rows(session: Session, knock: Knock) -> dict[str, TryRow]:
    keys: Sequence[str] = [key for key, _ in knock.counted]
    return {row.about: row for row in session.scalars(select(TryRow).where(TryRow.about.in_(keys)))}
