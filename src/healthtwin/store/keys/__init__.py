"""Keys of a home: envelopes, everybody's data key, who keeps the master key, who was erased."""

from healthtwin.domain.sealing import Place
from healthtwin.store.keys.envelope import HOUSE_KEY, OVERHEAD_BYTES, SealingKey, key_id_of
from healthtwin.store.keys.none import NoKeys
from healthtwin.store.keys.opening import open_keys
from healthtwin.store.keys.settings import KeySettings
from healthtwin.store.keys.store import Keys, KeyStore

__all__ = [
    "HOUSE_KEY",
    "OVERHEAD_BYTES",
    "KeySettings",
    "KeyStore",
    "Keys",
    "NoKeys",
    "Place",
    "SealingKey",
    "key_id_of",
    "open_keys",
]
