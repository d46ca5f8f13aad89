"""The two keys of the audit: one signs its heads, one turns addresses into pseudonyms.

Both lie in `HOME/keys`, readable by the owner of the home alone, and never in an archive of the home's data.
"""

from __future__ import annotations

import hashlib
import hmac
import ipaddress
import os
import secrets
from pathlib import Path
from typing import TYPE_CHECKING, Final

from healthtwin.domain.errors import CorruptStorage, StorageError
from healthtwin.store.home import sync_folder
from healthtwin.store.space import full_disk_refused

if TYPE_CHECKING:
    from collections.abc import Callable

    from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

    from healthtwin.store import Home

KEYS_FOLDER: Final = "keys"
SIGNING_FILE: Final = "audit-signing.pem"
ADDRESS_FILE: Final = "audit-address.key"

_KEY_BYTES: Final = 32
_SHOWN_HEX: Final = 12
"""48 bits of an address's pseudonym: two of a million addresses are mistaken with a chance below 1 in 500."""

THIS_MACHINE: Final = "machine"
LOCAL: Final = "local"
INTERNET: Final = "internet"
UNKNOWN: Final = "unknown"


def keys_folder(home: Home | Path) -> Path:
    """Where a home's keys lie; made, for its owner alone, when it is absent."""
    folder = (home if isinstance(home, Path) else home.path) / KEYS_FOLDER
    folder.mkdir(mode=0o700, exist_ok=True)
    return folder


def signing_key(home: Home | Path) -> Ed25519PrivateKey:
    """The key that signs the heads of the audit and certificates of erasure; made when there is none.

    Raises:
        CorruptStorage: the file is there, and holds no such key.
        StorageError: it cannot be read or made.
    """
    from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
    from cryptography.hazmat.primitives.serialization import (
        Encoding,
        NoEncryption,
        PrivateFormat,
        load_pem_private_key,
    )

    def made() -> bytes:
        key = Ed25519PrivateKey.generate()
        return key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())

    path = keys_folder(home) / SIGNING_FILE
    pem = _read_or_make(path, made)
    try:
        key = load_pem_private_key(pem, None)
    except ValueError as error:
        raise CorruptStorage(f"{path}: no key can be read from it; put back what was there") from error
    if not isinstance(key, Ed25519PrivateKey):
        raise CorruptStorage(f"{path}: holds another kind of key; put back the one that was there")
    return key


def public_hex(key: Ed25519PrivateKey) -> str:
    """The public half, as it stands beside a signature."""
    return key.public_key().public_bytes_raw().hex()


def address_key(home: Home | Path) -> bytes:
    """The key behind pseudonyms of addresses; made when there is none."""
    path = keys_folder(home) / ADDRESS_FILE
    key = _read_or_make(path, lambda: secrets.token_bytes(_KEY_BYTES))
    if len(key) != _KEY_BYTES:
        raise CorruptStorage(f"{path}: {len(key)} bytes instead of {_KEY_BYTES}; put back what was there")
    return key


def erased_mark(person_id: str, key: bytes) -> str:
    """What an entry says of whom was erased: nobody can tell from it, but whoever knows the id can ask."""
    return hmac.new(key, b"erased " + person_id.encode("utf-8", "replace"), hashlib.sha256).hexdigest()[:24]


def where_from(address: str, key: bytes) -> str:
    """From where, as the audit says it: how near, and a pseudonym of the address.

    Two accesses from one address can be told to be so, and whoever holds an address can look for it; but the
    chain, which outlives an erasure, names no address of anybody's phone.

    >>> where_from("192.168.1.5", b"k" * 32)
    'local:7b8b762c2d9e'
    >>> where_from("", b"k" * 32)
    'unknown'
    """
    try:
        known = ipaddress.ip_address(address.partition("%")[0])
    except ValueError:
        return UNKNOWN
    if isinstance(known, ipaddress.IPv6Address) and known.ipv4_mapped is not None:
        known = known.ipv4_mapped
    near = THIS_MACHINE if known.is_loopback else LOCAL if known.is_private else INTERNET
    return f"{near}:{hmac.new(key, known.packed, hashlib.sha256).hexdigest()[:_SHOWN_HEX]}"


def _read_or_make(path: Path, made: Callable[[], bytes]) -> bytes:
    try:
        return path.read_bytes()
    except FileNotFoundError:
        pass
    except OSError as error:
        raise StorageError(f"{path}: cannot be read ({error.strerror})") from error
    content = made()
    partial = path.with_name(f"{path.name}.{os.getpid()}.{secrets.token_hex(4)}")
    with full_disk_refused(path.parent):
        handle = os.open(partial, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        try:
            with os.fdopen(handle, "wb") as file:
                file.write(content)
                file.flush()
                os.fsync(file.fileno())
            try:
                os.link(partial, path)  # whoever was first made the key
            except FileExistsError:
                content = path.read_bytes()
        finally:
            partial.unlink(missing_ok=True)
        sync_folder(path.parent)
    return content
