"""Recovery codes: what lets somebody in whose phone is lost, each once."""

from __future__ import annotations

import secrets
from typing import Final

from healthtwin.access.pairing import CODE_ALPHABET, plain_code
from healthtwin.store.secrets import hash_of

CODES: Final = 10
GROUPS: Final = 4
GROUP: Final = 4
"""Sixteen characters of Crockford's base 32: 80 bits, so that a plain hash has nothing to protect."""

_PREFIX: Final = "hr_"
"""Hashed before the code, so that it can be no other secret of ours."""


def new_recovery_codes() -> list[str]:
    """Ten fresh codes, such as ``4D9W-0K2R-X7TQ-M8HC``; no two are the same.

    >>> codes = new_recovery_codes()
    >>> len(set(codes)), {len(code) for code in codes}
    (10, {19})
    """
    codes: set[str] = set()
    while len(codes) < CODES:
        letters = "".join(secrets.choice(CODE_ALPHABET) for _ in range(GROUPS * GROUP))
        codes.add("-".join(letters[at : at + GROUP] for at in range(0, GROUPS * GROUP, GROUP)))
    return list(codes)


def recovery_hash(account_id: str, typed: str) -> str:
    """What is stored of a code; it belongs to one account, however it is typed.

    >>> recovery_hash("a-1", "4d9w 0k2r-x7tqM8HC") == recovery_hash("a-1", "4D9W-OK2R-X7TQ-M8HC")
    True
    """
    return hash_of(f"{_PREFIX}{account_id}:{plain_code(typed)}")
