"""Passkeys: the name that they belong to, the two ceremonies, and what is kept of them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from healthtwin.faces import face

if TYPE_CHECKING:
    from healthtwin.access.passkeys.challenges import ChallengeOver
    from healthtwin.access.passkeys.passkeys import OwnPasskey, Passkeys
    from healthtwin.access.passkeys.relying_party import Offer, WhyNot, served_origins

__all__ = ["ChallengeOver", "Offer", "OwnPasskey", "Passkeys", "WhyNot", "served_origins"]

__getattr__ = face(
    __name__,
    challenges="ChallengeOver",
    passkeys="OwnPasskey Passkeys",
    relying_party="Offer WhyNot served_origins",
)
