"""Pseudonyms and partitions: how a person is named where names must not stand."""

from __future__ import annotations

import hashlib
import hmac
from typing import Final

PARTITIONS: Final = 64
"""Virtual partitions of the log, fixed from the first day so that a move to Kafka never re-keys."""

PSEUDONYM_HEX: Final = 24
"""96 bits: a collision among a million people has a chance below 1e-17."""


def pseudonym_of(person_id: str, secret: bytes) -> str:
    """The name of a person in the log, the series and the metrics.

    HMAC-SHA256 over the person's own random secret: without the secret (erased with the person) nobody can
    tell whose the records were.

    >>> pseudonym_of("ada", b"0" * 32)
    'ba75bb794d557bc4c817b000'
    """
    return hmac.new(secret, person_id.encode(), hashlib.sha256).hexdigest()[:PSEUDONYM_HEX]


def partition_of(pseudonym: str) -> int:
    """The virtual partition (0–63) of a person.

    >>> partition_of("ba75bb794d557bc4c817b000")
    3
    """
    return hashlib.blake2b(pseudonym.encode(), digest_size=1).digest()[0] % PARTITIONS


def alert_id_of(pseudonym: str, rule: str, started_ms: int) -> str:
    """The id of an episode: the same wherever and however often it is computed.

    >>> alert_id_of("ba75bb794d557bc4c817b000", "vitals", 1772366400000)
    'a-9f94094b24ffb4ed'
    """
    text = f"{pseudonym}\x00{rule}\x00{started_ms}"
    return "a-" + hashlib.blake2b(text.encode(), digest_size=8).hexdigest()
