"""The two ceremonies of WebAuthn: making a passkey, and showing that one has it.

Both ask for user verification (fingerprint, face, PIN): a passkey here is both factors at once. Keys are
discoverable, so that signing in asks for no name. No attestation is asked for: which maker's key somebody
uses is theirs to choose.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

from healthtwin.access.passkeys.challenges import LIFETIME_MS
from healthtwin.domain.errors import HealthTwinError

if TYPE_CHECKING:
    from collections.abc import Sequence

    from healthtwin.access.passkeys.relying_party import RelyingParty

LARGEST_ID_BYTES: Final = 1023
"""Of a credential id (WebAuthn, 4: "at most 1023 bytes")."""

TRANSPORTS: Final = frozenset({"ble", "cable", "hybrid", "internal", "nfc", "smart-card", "usb"})


class CeremonyFailed(HealthTwinError):
    """The answer proves nothing; the message is for a log, not for whoever sent it."""


@dataclass(frozen=True, slots=True)
class NewPasskey:
    """What a device made.

    Attributes:
        credential: its id. public_key: COSE. count: of signatures.
        device_bound: it cannot leave its device. backed_up: it is kept elsewhere too.
        model: of the authenticator (AAGUID).
    """

    credential: bytes
    public_key: bytes
    count: int
    device_bound: bool
    backed_up: bool
    model: str


@dataclass(frozen=True, slots=True)
class Shown:
    """That somebody has a passkey. count: of signatures; device_bound, backed_up: as it says today."""

    count: int
    device_bound: bool
    backed_up: bool


@dataclass(frozen=True, slots=True)
class KnownPasskey:
    """A passkey as the browser is told of it: its id, and how it may be reached."""

    credential: bytes
    transports: Sequence[str]


def creation_options(
    party: RelyingParty, handle: bytes, name: str, challenge: bytes, known: Sequence[KnownPasskey]
) -> dict[str, Any]:
    """What the browser is asked for a new passkey (`PublicKeyCredentialCreationOptionsJSON`).

    Args:
        party: whose passkey it becomes.
        handle: random, of the account: a device shows it to no one, and it says nothing about anybody.
        name: of the account, which the device shows beside the passkey.
        challenge: as of `Challenges`.
        known: those of the account, which the device must not make a second time.
    """
    from webauthn import generate_registration_options
    from webauthn.helpers import options_to_json_dict
    from webauthn.helpers.structs import (
        AuthenticatorSelectionCriteria,
        ResidentKeyRequirement,
        UserVerificationRequirement,
    )

    options = generate_registration_options(
        rp_id=party.rp_id,
        rp_name=party.name,
        user_id=handle,
        user_name=name,
        challenge=challenge,
        timeout=LIFETIME_MS,
        authenticator_selection=AuthenticatorSelectionCriteria(
            resident_key=ResidentKeyRequirement.REQUIRED,
            user_verification=UserVerificationRequirement.REQUIRED,
        ),
        exclude_credentials=_descriptors(known),
    )
    told: dict[str, Any] = options_to_json_dict(options)
    return told


def request_options(
    party: RelyingParty, challenge: bytes, known: Sequence[KnownPasskey] = ()
) -> dict[str, Any]:
    """What the browser is asked for a proof (`PublicKeyCredentialRequestOptionsJSON`).

    Args:
        party: whose passkeys.
        challenge: as of `Challenges`.
        known: one of these; none: any that it has for us.
    """
    from webauthn import generate_authentication_options
    from webauthn.helpers import options_to_json_dict
    from webauthn.helpers.structs import UserVerificationRequirement

    options = generate_authentication_options(
        rp_id=party.rp_id,
        challenge=challenge,
        timeout=LIFETIME_MS,
        allow_credentials=_descriptors(known) or None,
        user_verification=UserVerificationRequirement.REQUIRED,
    )
    told: dict[str, Any] = options_to_json_dict(options)
    return told


def challenge_in(credential: dict[str, Any]) -> bytes:
    """The challenge that an answer says it is to.

    Raises:
        CeremonyFailed: it says none.
    """
    from webauthn.helpers import base64url_to_bytes, parse_client_data_json

    try:
        return parse_client_data_json(base64url_to_bytes(credential["response"]["clientDataJSON"])).challenge
    except Exception as error:
        raise CeremonyFailed(f"no client data ({type(error).__name__})") from error


def made(credential: dict[str, Any], challenge: bytes, party: RelyingParty) -> NewPasskey:
    """The passkey that an answer to `creation_options` brings.

    Raises:
        CeremonyFailed: it is none of ours.
    """
    from webauthn import verify_registration_response
    from webauthn.helpers.structs import CredentialDeviceType

    try:
        verified = verify_registration_response(
            credential=credential,
            expected_challenge=challenge,
            expected_rp_id=party.rp_id,
            expected_origin=list(party.origins),
            require_user_verification=True,
        )
    except Exception as error:  # the parsers below it raise of every kind for what no browser sends
        raise CeremonyFailed(f"{type(error).__name__}") from error
    if not 0 < len(verified.credential_id) <= LARGEST_ID_BYTES:
        raise CeremonyFailed("a credential id that is too long")
    return NewPasskey(
        verified.credential_id,
        verified.credential_public_key,
        verified.sign_count,
        verified.credential_device_type is CredentialDeviceType.SINGLE_DEVICE,
        verified.credential_backed_up,
        verified.aaguid,
    )


def shown(credential: dict[str, Any], challenge: bytes, party: RelyingParty, public_key: bytes) -> Shown:
    """What an answer to `request_options` proves; the count is judged by `judged_count`.

    Raises:
        CeremonyFailed: it proves nothing.
    """
    from webauthn import verify_authentication_response
    from webauthn.helpers.structs import CredentialDeviceType

    try:
        verified = verify_authentication_response(
            credential=credential,
            expected_challenge=challenge,
            expected_rp_id=party.rp_id,
            expected_origin=list(party.origins),
            credential_public_key=public_key,
            credential_current_sign_count=0,  # a step back is judged by us, since it proves nothing alone
            require_user_verification=True,
        )
    except Exception as error:
        raise CeremonyFailed(f"{type(error).__name__}") from error
    return Shown(
        verified.new_sign_count,
        verified.credential_device_type is CredentialDeviceType.SINGLE_DEVICE,
        verified.credential_backed_up,
    )


def _descriptors(known: Sequence[KnownPasskey]) -> list[Any]:
    from webauthn.helpers.structs import AuthenticatorTransport, PublicKeyCredentialDescriptor

    return [
        PublicKeyCredentialDescriptor(
            id=each.credential,
            transports=[AuthenticatorTransport(name) for name in each.transports if name in TRANSPORTS]
            or None,
        )
        for each in known
    ]
