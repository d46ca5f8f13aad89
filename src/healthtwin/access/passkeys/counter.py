"""What a passkey's signature counter says (WebAuthn, 6.1.1 and 7.2 step 22).

Passkeys that travel between devices do not count (always 0). A key that counts and steps back may have been
copied; it may also have been restored from a backup, or two requests overtook each other. So a step back is a
signal and no proof.
"""

from __future__ import annotations

from enum import StrEnum


class Counted(StrEnum):
    """What to do about it."""

    FINE = "fine"
    NOTED = "noted"
    """A step back of a key that is backed up: signed in, and the person is told."""
    REFUSED = "refused"
    """A step back of a key that cannot leave its device: not signed in, and the person is asked."""


def judged_count(stored: int, told: int, *, backed_up: bool) -> tuple[Counted, int]:
    """What a count says, and which is stored from now on; never a lower one.

    >>> judged_count(0, 0, backed_up=True), judged_count(5, 7, backed_up=False)
    ((<Counted.FINE: 'fine'>, 0), (<Counted.FINE: 'fine'>, 7))
    >>> judged_count(7, 6, backed_up=True), judged_count(5, 0, backed_up=False)
    ((<Counted.NOTED: 'noted'>, 7), (<Counted.REFUSED: 'refused'>, 5))
    """
    if told > stored or told == stored == 0:
        return Counted.FINE, told
    return (Counted.NOTED if backed_up else Counted.REFUSED), stored
