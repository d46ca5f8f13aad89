"""Random ids and opaque secrets; what is stored of a secret is its hash."""

from __future__ import annotations

import base64
import hashlib
import secrets
from typing import Final

_ALPHABET: Final = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz"

SECRET_BYTES: Final = 32
SECRET_CHARACTERS: Final = 43
"""What 32 bytes take in base 62."""

TOKEN_PREFIX: Final = "ht_"  # noqa: S105 - a prefix, no secret
LINK_PREFIX: Final = "hl_"
SESSION_PREFIX: Final = "hs_"
"""Prefixes let a scanner of published files recognise a leaked secret, and a person tell them apart."""

_ID_BYTES: Final = 10
"""80 bits: sixteen base-32 characters."""


def new_secret(prefix: str) -> str:
    """A fresh secret: the prefix and 32 random bytes in base 62.

    >>> len(new_secret("ht_"))
    46
    """
    number = int.from_bytes(secrets.token_bytes(SECRET_BYTES), "big")
    digits = []
    for _ in range(SECRET_CHARACTERS):
        number, digit = divmod(number, len(_ALPHABET))
        digits.append(_ALPHABET[digit])
    return prefix + "".join(digits)


def hash_of(secret: str) -> str:
    """What is stored of a secret.

    A plain SHA-256 suffices: with 256 random bits there is nothing to guess that a slow hash would protect.

    >>> hash_of("ht_1")[:12]
    '94bb02f8c19d'
    """
    return hashlib.sha256(secret.encode("utf-8", "surrogatepass")).hexdigest()


def new_id(prefix: str) -> str:
    """A fresh random id such as ``p-k7dzq2m4x6bfw3ta``.

    >>> len(new_id("p-"))
    18
    """
    return prefix + base64.b32encode(secrets.token_bytes(_ID_BYTES)).decode().lower()
