"""`healthtwin migrate`: a home of before there were keys is encrypted."""

from __future__ import annotations

from healthtwin.cli.options import HomeOption, JsonOption
from healthtwin.cli.output import remark, tell, tell_json


def migrate(home: HomeOption, as_json: JsonOption = False) -> None:
    """Encrypt everything about people in a home that an earlier version made; make a backup before.

    Killed at any moment it is finished by calling it again. The way back is the backup.
    """
    from healthtwin.house.encrypting import encrypt_home

    done = encrypt_home(home, tell=lambda name: remark(f"encrypting {name}"))
    if as_json:
        tell_json(
            {
                "encrypted": True,
                "changed": done.changed,
                "resumed": done.resumed,
                "files": {name: dict(counts) for name, counts in done.counts.items()},
                "left_plain": list(done.left_plain),
                "seconds": done.seconds,
            }
        )
        return
    if not done.changed:
        tell("This home is encrypted already.")
        return
    for name, counts in done.counts.items():
        told = ", ".join(f"{count} {what}" for what, count in counts.items() if count)
        tell(f"{name}  encrypted and read again: {told or 'nothing about people'}")
    for name in done.left_plain:
        tell(f"{name}  still holds everything unencrypted; delete it once you need it no more")
    tell("Keys lie in the folder keys, which no backup of the data holds: back them up too.")
