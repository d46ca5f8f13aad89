"""Opening the keys of a home; those of a new one are made first."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from healthtwin.domain.errors import ConfigurationError
from healthtwin.store.home import DATABASES
from healthtwin.store.keys.locking import keys_locked
from healthtwin.store.keys.none import NoKeys
from healthtwin.store.keys.settings import KeySettings
from healthtwin.store.keys.store import DATABASE, FOLDER, Keys, KeyStore

if TYPE_CHECKING:
    from collections.abc import Callable

    from healthtwin.store.home import Home

SECTION: Final = "keys"
"""Table of `config.toml`."""

_MADE_WITHIN_S: Final = 30.0
"""How long another process may take that makes the keys at the same moment."""


def open_keys(home: Home, passphrase: Callable[[], str] | None = None) -> Keys:
    """The keys of a home. Whoever keeps the master key is asked when it is first needed.

    Args:
        home: a home of before there were keys has none.
        passphrase: asked for it; None: the environment, or the terminal.

    Raises:
        ConfigurationError: they are missing, or the settings cannot work.
        StorageError: they cannot be read, or made.
    """
    settings = KeySettings.of(home.section(SECTION), home.config_path)
    if not home.encrypted:
        return NoKeys()
    return keys_in(home, settings, passphrase)


def keys_in(home: Home, settings: KeySettings, passphrase: Callable[[], str] | None = None) -> KeyStore:
    """The keys in the home's folder, made first where nothing can need others.

    Raises:
        ConfigurationError: they are missing: what the home holds was sealed with others.
    """
    folder = home.path / FOLDER
    if not (folder / DATABASE).exists():
        if home.encrypted and any((home.path / name).exists() for name in DATABASES):
            raise ConfigurationError(
                f"{folder}: the keys of this home are missing, and without them nothing in it can be read; "
                f"bring them back with `healthtwin keys restore --home {home.path} FILE`"
            )
        folder.mkdir(mode=0o700, exist_ok=True)
    folder.chmod(0o700)
    store = KeyStore(folder, settings, passphrase=passphrase)
    try:
        if not store.is_ready:
            with keys_locked(folder, _MADE_WITHIN_S):
                store.prepare()
    except BaseException:
        store.close()
        raise
    return store
