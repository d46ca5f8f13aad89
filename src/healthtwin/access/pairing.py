"""Pairing a phone: a code that a person can read from a screen becomes a lasting session, once."""

from __future__ import annotations

import secrets
from typing import TYPE_CHECKING, Final

from sqlalchemy import select

from healthtwin.access.credentials import LINK_LIFETIME_MS, begin_session, new_grant, use_link_up
from healthtwin.access.stored_grants import Minted
from healthtwin.access.tables import DeviceRow, GrantRow, SignInLinkRow
from healthtwin.access.ties import Scope
from healthtwin.domain import plain_text
from healthtwin.domain.errors import InvalidInput, Unauthenticated
from healthtwin.store.secrets import hash_of

if TYPE_CHECKING:
    from healthtwin.store import Tables

CODE_ALPHABET: Final = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
"""Crockford's base 32: no letter that looks like a digit (https://www.crockford.com/base32.html)."""

CODE_CHARACTERS: Final = 10
"""50 bits. A right code passes however many wrong ones were tried, so these bits are what keeps guessers out:
who tries 5,000 a second, more than the server answers, for the whole quarter of an hour hits one code with a
chance below 5e-9."""

_LOOKS_LIKE: Final = str.maketrans("OIL", "011")
_PREFIX: Final = "hp_"
"""Hashed before the code, so that no sign-in link can be one."""

LONGEST_LABEL: Final = 100


class Pairing:
    """Codes that pair a phone with a person. Every method is one transaction."""

    def __init__(self, tables: Tables) -> None:
        self._tables = tables

    def create_code(
        self, person_id: str, now_ms: int, *, label: str = "phone", lifetime_ms: int = LINK_LIFETIME_MS
    ) -> Minted:
        """A code for one phone of this person, with the id of a new device; `secret` is ``XXXXX-XXXXX``.

        Raises:
            NotFound: no such person.
            InvalidInput: an overlong label or a lifetime that has none.
        """
        label = checked_label(label)
        if lifetime_ms <= 0:
            raise InvalidInput("lifetime_ms", lifetime_ms, "above 0 ms")
        code = "".join(secrets.choice(CODE_ALPHABET) for _ in range(CODE_CHARACTERS))
        expires_ms = now_ms + lifetime_ms
        with self._tables.write(changes_access=True) as session:
            grant = new_grant(session, Scope.PERSON, [person_id], label, now_ms, expires_ms)
            session.add(
                SignInLinkRow(
                    hash=hash_of(_PREFIX + code), grant_id=grant.id, created_ms=now_ms, expires_ms=expires_ms
                )
            )
        half = CODE_CHARACTERS // 2
        return Minted(f"{code[:half]}-{code[half:]}", "", grant, expires_ms)

    def is_good(self, code: str, now_ms: int) -> bool:
        """Whether a code would pair a phone; it is not used up. One look, however it is typed."""
        with self._tables.read() as session:
            found = session.scalar(
                select(SignInLinkRow.grant_id).where(
                    SignInLinkRow.hash == hash_of(_PREFIX + plain_code(code)),
                    SignInLinkRow.used_ms.is_(None),
                    SignInLinkRow.expires_ms > now_ms,
                )
            )
        return found is not None

    def redeem_code(self, code: str, now_ms: int, *, label: str | None = None) -> Minted:
        """Use a code up and begin the phone's session; of several who try at once, one succeeds.

        Args:
            code: as typed; see `plain_code`.
            label: what the person calls this phone; None keeps what the code said.

        Raises:
            Unauthenticated: for an unknown, expired or used code (they are not told apart).
            InvalidInput: an overlong label.
        """
        if label is not None:
            label = checked_label(label)
        with self._tables.write(changes_access=True) as session:
            grant_id = use_link_up(session, hash_of(_PREFIX + plain_code(code)), now_ms)
            if grant_id is None:
                raise Unauthenticated("this code is unknown, used or expired; ask for a new one")
            row = session.get_one(GrantRow, grant_id)
            if label is not None:
                row.label = label
                session.get_one(DeviceRow, row.device_id).label = label
            return begin_session(session, row, now_ms)


def plain_code(typed: str) -> str:
    """A code as it is hashed, however it was typed.

    >>> plain_code("abcde-fghij"), plain_code(" o1l2 345678 ")
    ('ABCDEFGH1J', '0112345678')
    """
    kept = "".join(character for character in typed.upper() if character.isalnum())
    return kept.translate(_LOOKS_LIKE)


def checked_label(label: str) -> str:
    """A label as it may be kept.

    Raises:
        InvalidInput: empty, overlong or unprintable.
    """
    return plain_text("label", label, LONGEST_LABEL)
