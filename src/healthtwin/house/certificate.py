"""What somebody gets in their hand once they were erased: what was, what is left, signed by the house.

It says nothing about their health and holds no name. Whoever keeps it can show that this house said so, and
check that not a letter of it was changed: the signature is Ed25519 (RFC 8032) over all of it but itself, as
JSON with sorted keys and without spaces.
"""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any, Final

from healthtwin.access import signing_key
from healthtwin.domain import from_ms
from healthtwin.domain.errors import CorruptStorage, InvalidInput

if TYPE_CHECKING:
    from collections.abc import Mapping

    from healthtwin.store import Home
    from healthtwin.store.erasure import Leaving
    from healthtwin.store.keys import Keys

KIND: Final = "healthtwin erasure"
VERSION: Final = 1
SIGNATURE: Final = "signature"

NOT_REACHED: Final = (
    "copies of the house's keys that somebody made before",
    "backups of the data: what they hold about this person is noise without the key that was destroyed",
    "exports that were made before, and what receivers of webhooks were told",
    "what a disk keeps of bytes that were overwritten",
)
"""What the erasure does not reach."""

NOT_REACHED_UNENCRYPTED: Final = (
    "backups of the data: this home was not encrypted, so they hold everything; delete them",
    *NOT_REACHED[2:],
)

HOW_TO_VERIFY: Final = "healthtwin person verify-certificate FILE, with --home DIR where the house is at hand"


def certificate_of(
    home: Home, keys: Keys, leaving: Leaving, *, key_id: int, log_records: int, erased_ms: int
) -> dict[str, Any]:
    """The certificate of an erasure that is done, signed.

    Args:
        home: whose.
        keys: of the home.
        leaving: as who began the erasure knows them.
        key_id: of the key that was destroyed; 0 in a home that is not encrypted.
        log_records: about them, that were blanked.
        erased_ms: when nothing was left.
    """
    told: dict[str, Any] = {
        "kind": KIND,
        "version": VERSION,
        "house": keys.tenant.hex(),
        "person": leaving.id,
        "erased_at": erased_ms,
        "erased_at_utc": from_ms(erased_ms).isoformat(),
        "erased": {"rows": dict(sorted(leaving.rows.items())), "log_records": log_records},
        "key_destroyed": key_id or None,
        "not_reached": list(NOT_REACHED if key_id else NOT_REACHED_UNENCRYPTED),
        "verify": HOW_TO_VERIFY,
    }
    key = signing_key(home)
    told[SIGNATURE] = {
        "algorithm": "Ed25519",
        "public_key": key.public_key().public_bytes_raw().hex(),
        "value": key.sign(_signed_part(told)).hex(),
    }
    return told


def verified(text: str, home: Home | None) -> Mapping[str, Any]:
    """A certificate whose signature holds.

    Args:
        text: as it was given out.
        home: whose key must have signed; None: whichever it names.

    Raises:
        InvalidInput: it is none.
        CorruptStorage: it was changed, or another house signed it.
    """
    from cryptography.exceptions import InvalidSignature
    from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey

    allowed = "a certificate of erasure, as 'healthtwin person erase --json' gave it"
    try:
        told = json.loads(text)
        told = told.get("certificate", told)
        signature = told[SIGNATURE]
        public, value = bytes.fromhex(signature["public_key"]), bytes.fromhex(signature["value"])
        named = (told["kind"], told["version"], signature["algorithm"])
        key = Ed25519PublicKey.from_public_bytes(public)
    except (ValueError, KeyError, TypeError, AttributeError):
        raise InvalidInput("certificate", "unreadable", allowed) from None
    if named != (KIND, VERSION, "Ed25519"):
        raise InvalidInput("certificate", str(named), allowed)
    try:
        key.verify(value, _signed_part(told))
    except InvalidSignature:
        raise CorruptStorage("the certificate was changed since it was signed") from None
    if home is not None and signing_key(home).public_key().public_bytes_raw() != public:
        raise CorruptStorage("the certificate was signed by another house than this")
    return {name: said for name, said in told.items() if name != SIGNATURE} | {"public_key": public.hex()}


def _signed_part(told: Mapping[str, Any]) -> bytes:
    rest = {name: said for name, said in told.items() if name != SIGNATURE}
    return json.dumps(rest, sort_keys=True, separators=(",", ":")).encode()
