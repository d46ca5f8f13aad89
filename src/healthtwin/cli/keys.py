"""`healthtwin keys`: what the data of a home is encrypted with."""

from __future__ import annotations

import os
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Final

import typer

from healthtwin.cli.options import HomeOption, JsonOption
from healthtwin.cli.output import remark, tell, tell_json
from healthtwin.domain.errors import ConfigurationError, StorageBusy

if TYPE_CHECKING:
    from healthtwin.store import Home
    from healthtwin.store.keys import KeyStore

keys_app = typer.Typer(
    help="Look at, change, back up and restore the keys.", no_args_is_help=True, rich_markup_mode=None
)

NEW_PASSPHRASE_VARIABLE: Final = "HEALTHTWIN_NEW_PASSPHRASE"  # noqa: S105 - the name of a variable


@keys_app.command()
def status(home: HomeOption, as_json: JsonOption = False) -> None:
    """Who keeps the master key, how many keys there are, and whether anything stands unencrypted."""
    from healthtwin.house.rekeying import plain_rests
    from healthtwin.store import Home
    from healthtwin.store.keys import open_keys

    opened = Home.open(home)
    with open_keys(opened) as keys:
        told = dict(keys.status())
    rests = plain_rests(opened)
    if as_json:
        tell_json({**told, "unencrypted": rests})
        return
    if not opened.encrypted:
        tell(f"not encrypted; run: healthtwin migrate --home {opened.path}")
        return
    tell(f"master key  version {told['master_version']}, kept by {told['kms']}")
    tell(f"people      {told['people']} with keys, {told['erased']} erased")
    if told["rotation_unfinished"]:
        tell(f"rotation    was cut off; finish it: healthtwin keys rotate --home {opened.path}")
    if told["former_keys"]:
        tell(f"former      {told['former_keys']} keys of people whose data is being sealed anew")
    if any(rests.values()):
        left = ", ".join(f"{count} in {name}" for name, count in rests.items() if count)
        tell(f"unencrypted {left}")
    if told["last_backup"] is None:
        tell(f"backup      none; make one: healthtwin keys backup --home {opened.path} --out FILE")


@keys_app.command()
def rotate(
    home: HomeOption,
    person: Annotated[
        str | None, typer.Option(help="Id or name of one person: a new key for them instead.")
    ] = None,
    as_json: JsonOption = False,
) -> None:
    """Replace the master key, or one person's key; the server may be running."""
    from healthtwin.store import Home
    from healthtwin.store.keys.rotation import rotate as rotate_keys

    opened = Home.open(home)
    if person is not None:
        _rotate_person(opened, person, as_json=as_json)
        return
    with _opened(opened) as keys:
        said = os.environ.get(NEW_PASSPHRASE_VARIABLE)
        done = rotate_keys(keys, None if said is None else lambda: said)
    if as_json:
        tell_json(
            {
                "master_version": done.version,
                "keys": done.keys,
                "resumed": done.resumed,
                "rotated_at": done.rotated_ms,
            }
        )
    else:
        tell(f"master key  version {done.version}, wraps {done.keys} keys; the former one is destroyed")
    remark("A backup of the keys from before this holds the former master key: make another.")


@keys_app.command()
def backup(
    home: HomeOption,
    out: Annotated[Path, typer.Option(help="File to write; it must not exist yet.")],
    as_json: JsonOption = False,
) -> None:
    """Write the keys and the list of erasures into one file; the server may be running."""
    from healthtwin.store import Home
    from healthtwin.store.keys.copies import back_up_keys

    with _opened(Home.open(home)) as keys:
        done = back_up_keys(keys, out)
    if as_json:
        tell_json({"file": str(done.file), "people": done.people, "created_at": done.created_ms})
    else:
        tell(f"{done.file}  keys of {done.people} people")
    remark(
        "Whoever has this file and a backup of the data can read everything: keep them apart. Who is erased "
        "from now on is not erased in it: make another after each erasure, and destroy this one."
    )


@keys_app.command()
def restore(
    home: HomeOption,
    file: Annotated[Path, typer.Argument(help="What keys backup wrote.", show_default=False)],
    as_json: JsonOption = False,
) -> None:
    """Bring the keys of a restored home back; whoever was erased by then is erased in it first."""
    from healthtwin.house.restoring import restore_keys
    from healthtwin.store import Home

    opened = Home.open(home)
    erased = restore_keys(opened, file)
    if as_json:
        tell_json({"home": str(opened.path), "erased_again": erased})
        return
    tell(f"{opened.path}  has its keys")
    for person_id in erased:
        tell(f"{person_id}  was erased since the backup of this home, and is not brought back")


def _opened(home: Home) -> KeyStore:
    from healthtwin.store.keys import KeyStore, open_keys

    keys = open_keys(home)
    if not isinstance(keys, KeyStore):
        raise ConfigurationError(
            f"{home.path}: is not encrypted and has no keys; run: healthtwin migrate --home {home.path}"
        )
    return keys


def _rotate_person(home: Home, named: str, *, as_json: bool) -> None:
    from healthtwin.cli.tables import person_id_of, tables_of
    from healthtwin.house.rekeying import rekey_person

    with tables_of(home.path) as tables:
        person_id = person_id_of(tables, named)
    if not rekey_person(home, person_id):
        raise StorageBusy(
            "the new key is there, but whoever serves this home has not sealed everything with it yet; "
            "it goes on by itself"
        )
    if as_json:
        tell_json({"person": person_id, "done": True})
    else:
        tell(f"{person_id}  has a new key; the former one is destroyed")
