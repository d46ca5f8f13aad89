"""Passkeys over HTTP: signing in by one, proving anew by one, making and removing them."""

from __future__ import annotations

import secrets
from typing import TYPE_CHECKING, Annotated, Any, Final, Literal

import msgspec

from healthtwin.access import ChallengeOver
from healthtwin.api.account import (
    FreshView,
    Secret,
    SignedInView,
    client_of,
    fresh_view,
    signed_in_view,
)
from healthtwin.domain import PLAIN
from healthtwin.domain.errors import Conflict, Forbidden, InvalidInput, NotFound, StepUp, Unauthenticated
from healthtwin.routing import Need, Routes
from healthtwin.routing.request_authenticator import require_own_origin

if TYPE_CHECKING:
    from starlette.responses import Response

    from healthtwin.access import OwnPasskey, Passkeys
    from healthtwin.house import House
    from healthtwin.routing import Ask

LONGEST_PART: Final = 8_192
"""Of base64url in a credential: an id has at most 1,023 bytes, an answer one or two kilobytes."""

BEFORE_COOKIE: Final = "healthtwin-before"
BEFORE_S: Final = 3_600
_BEFORE_BYTES: Final = 32

Base64Url = Annotated[str, msgspec.Meta(min_length=1, max_length=LONGEST_PART, pattern="^[A-Za-z0-9_-]+$")]
Label = Annotated[str, msgspec.Meta(min_length=1, max_length=100, extra_json_schema={"pattern": PLAIN})]


class Assertion(msgspec.Struct, forbid_unknown_fields=True, frozen=True, rename="camel"):
    """What a browser shows (`AuthenticatorAssertionResponseJSON`)."""

    client_data_json: Base64Url = msgspec.field(name="clientDataJSON")
    authenticator_data: Base64Url
    signature: Base64Url
    user_handle: Base64Url | None = None


class Attestation(msgspec.Struct, forbid_unknown_fields=True, frozen=True, rename="camel"):
    """What a browser made (`AuthenticatorAttestationResponseJSON`)."""

    client_data_json: Base64Url = msgspec.field(name="clientDataJSON")
    attestation_object: Base64Url
    transports: Annotated[list[Annotated[str, msgspec.Meta(max_length=32)]], msgspec.Meta(max_length=16)] = (
        msgspec.field(default_factory=list)
    )


class ShownCredential(msgspec.Struct, forbid_unknown_fields=True, frozen=True, rename="camel"):
    """A passkey that is shown (`AuthenticationResponseJSON`)."""

    id: Base64Url
    raw_id: Base64Url
    response: Assertion
    type: Literal["public-key"]


class MadeCredential(msgspec.Struct, forbid_unknown_fields=True, frozen=True, rename="camel"):
    """A passkey that was made (`RegistrationResponseJSON`)."""

    id: Base64Url
    raw_id: Base64Url
    response: Attestation
    type: Literal["public-key"]


class ShowRequest(msgspec.Struct, forbid_unknown_fields=True, frozen=True):
    """The answer to options of this house."""

    credential: ShownCredential


class MadeRequest(msgspec.Struct, forbid_unknown_fields=True, frozen=True):
    """The answer to options of this house, and what its owner calls the passkey."""

    credential: MadeCredential
    label: Label = "Passkey"


class EnrolByPasskey(msgspec.Struct, forbid_unknown_fields=True, frozen=True):
    """The secret of an invitation, and the passkey that was made for it."""

    secret: Secret
    credential: MadeCredential
    label: Label = "Passkey"


class InvitationRequest(msgspec.Struct, forbid_unknown_fields=True, frozen=True):
    """The secret of an invitation; it is not used up."""

    secret: Secret


class WasMeRequest(msgspec.Struct, forbid_unknown_fields=True, frozen=True):
    """Whether it was oneself."""

    me: bool


class PasskeyView(msgspec.Struct, frozen=True):
    """A passkey as its owner sees it.

    Attributes:
        rp_id: the host name that it was made for; works: it opens this house under the name that it has now.
        device_bound: it cannot leave its device. backed_up: it is kept elsewhere too.
        stepped_back_at: when its counter went back, and nobody has said yet whether that was them.
    """

    id: str
    label: str
    rp_id: str
    works: bool
    device_bound: bool
    backed_up: bool
    created_at: int
    last_used_at: int | None
    stepped_back_at: int | None


class AddedPasskeyView(PasskeyView, frozen=True):
    """A fresh passkey; the session goes on under another cookie, and with another CSRF token."""

    csrf: str = ""


routes = Routes("/api", tag="account")


@routes.post(
    "/sign-in/passkey/options", need=Need.NOBODY, errors=(Conflict,), summary="What a passkey is to sign"
)
def options_to_sign_in(ask: Ask, passkeys: Passkeys) -> dict[str, Any]:
    """`PublicKeyCredentialRequestOptionsJSON`: any passkey of this house; good once, for five minutes."""
    require_own_origin(ask.request.headers)
    return passkeys.sign_in_options(origin_of(ask), _before(ask))


@routes.post(
    "/sign-in/passkey",
    need=Need.NOBODY,
    errors=(Unauthenticated, Forbidden, ChallengeOver),
    summary="Sign in by a passkey",
)
def sign_in_by_passkey(ask: Ask, house: House, passkeys: Passkeys, body: ShowRequest) -> SignedInView:
    """409: ask for options anew. 401: it opens nothing, whatever the reason. 403: its counter went back."""
    require_own_origin(ask.request.headers)
    authenticator = ask.authenticator
    done = passkeys.sign_in(
        ask.request.cookies.get(before_cookie(ask), ""),
        _plain(body.credential),
        client_of(ask),
        known=authenticator.browser_of(ask.request),
        former=ask.request.cookies.get(authenticator.cookie),
    )
    _forget_before(ask)
    return signed_in_view(ask, house, done)


@routes.post(
    "/enrol/passkey/options",
    need=Need.NOBODY,
    errors=(Unauthenticated, Conflict),
    summary="What a device is to make for an invitation",
    example={"secret": "he_…"},
)
def options_to_enrol(ask: Ask, passkeys: Passkeys, body: InvitationRequest) -> dict[str, Any]:
    """`PublicKeyCredentialCreationOptionsJSON`; the invitation is not used up."""
    require_own_origin(ask.request.headers)
    return passkeys.enrol_options(origin_of(ask), body.secret)


@routes.post(
    "/enrol/passkey",
    need=Need.NOBODY,
    errors=(Unauthenticated, Conflict, InvalidInput),
    summary="Set up a way in by a passkey",
)
def enrol_by_passkey(ask: Ask, house: House, passkeys: Passkeys, body: EnrolByPasskey) -> SignedInView:
    """Uses the invitation up."""
    require_own_origin(ask.request.headers)
    authenticator = ask.authenticator
    done = passkeys.enrol(
        body.secret,
        _plain(body.credential),
        body.label,
        client_of(ask),
        known=authenticator.browser_of(ask.request),
        signed_in_as=authenticator.actor_of_cookie(ask.request),
    )
    return signed_in_view(ask, house, done)


@routes.get("/account/passkeys", need=Need.KNOWN, errors=(NotFound,), summary="My passkeys")
def my_passkeys(ask: Ask, passkeys: Passkeys) -> list[PasskeyView]:
    """Newest first."""
    return [_view(each) for each in passkeys.list(ask.grant)]


@routes.post(
    "/account/passkeys/options",
    need=Need.KNOWN,
    fresh=True,
    errors=(NotFound, StepUp, Conflict),
    summary="What a device is to make",
)
def options_to_add(ask: Ask, passkeys: Passkeys) -> dict[str, Any]:
    """`PublicKeyCredentialCreationOptionsJSON`; passkeys that the account has are excluded."""
    return passkeys.options_for(origin_of(ask), ask.grant)


@routes.post(
    "/account/passkeys",
    need=Need.KNOWN,
    fresh=True,
    status=201,
    errors=(NotFound, StepUp, ChallengeOver, InvalidInput),
    summary="Add a passkey",
)
def add_passkey(ask: Ask, passkeys: Passkeys, body: MadeRequest) -> AddedPasskeyView:
    """Every other session of the account ends."""
    own, session = passkeys.add(ask.grant, _plain(body.credential), body.label, client_of(ask))
    return AddedPasskeyView(**msgspec.structs.asdict(_view(own)), csrf=fresh_view(ask, session).csrf)


@routes.delete(
    "/account/passkeys/{passkey_id}",
    need=Need.KNOWN,
    fresh=True,
    status=200,
    errors=(NotFound, StepUp, Conflict),
    summary="Remove a passkey",
)
def remove_passkey(ask: Ask, passkeys: Passkeys, passkey_id: str) -> FreshView:
    """Every other session of the account ends; the last way in stays."""
    return fresh_view(ask, passkeys.remove(ask.grant, passkey_id, client_of(ask)))


@routes.post(
    "/account/passkeys/{passkey_id}/was-me",
    need=Need.KNOWN,
    fresh=True,
    status=204,
    errors=(NotFound, StepUp, Conflict),
    summary="Whether it was me",
    example={"me": True},
)
def was_me(ask: Ask, passkeys: Passkeys, passkey_id: str, body: WasMeRequest) -> None:
    """After a passkey's counter went back. No: it is removed, and every other session ends."""
    session = passkeys.answer(ask.grant, passkey_id, client_of(ask), me=body.me)
    if session is not None:
        fresh_view(ask, session)


@routes.post(
    "/account/step-up/passkey/options",
    need=Need.KNOWN,
    errors=(NotFound, Conflict),
    summary="What a passkey is to sign, anew",
)
def options_to_step_up(ask: Ask, passkeys: Passkeys) -> dict[str, Any]:
    """`PublicKeyCredentialRequestOptionsJSON` for the account's own passkeys."""
    return passkeys.step_up_options(origin_of(ask), ask.grant)


@routes.post(
    "/account/step-up/passkey",
    need=Need.KNOWN,
    errors=(NotFound, Unauthenticated, Forbidden, ChallengeOver),
    summary="Prove anew by a passkey who I am",
)
def step_up_by_passkey(ask: Ask, passkeys: Passkeys, body: ShowRequest) -> FreshView:
    """For five minutes nothing asks again. After a reset a passkey of before confirms it."""
    return fresh_view(ask, passkeys.step_up(ask.grant, _plain(body.credential), client_of(ask)))


def origin_of(ask: Ask) -> str:
    """Of the page that asks. It only withholds what would not work: the browser signs the true one."""
    return ask.request.headers.get("origin") or ask.own_address


def before_cookie(ask: Ask) -> str:
    """Name of the cookie that a browser has before anybody signed in."""
    return f"__Host-{BEFORE_COOKIE}" if ask.authenticator.secure else BEFORE_COOKIE


def _before(ask: Ask) -> str:
    """The secret that challenges are bound to, kept by the browser; made when it has none."""
    name = before_cookie(ask)
    kept = ask.request.cookies.get(name)
    secret = kept or secrets.token_urlsafe(_BEFORE_BYTES)

    def step(response: Response) -> None:
        response.set_cookie(
            name,
            secret,
            max_age=BEFORE_S,
            path="/",
            secure=ask.authenticator.secure,
            httponly=True,
            samesite="strict",
        )

    if kept is None:
        ask.finish(step)
    return secret


def _forget_before(ask: Ask) -> None:
    name, secure = before_cookie(ask), ask.authenticator.secure
    ask.finish(
        lambda response: response.delete_cookie(
            name, path="/", secure=secure, httponly=True, samesite="strict"
        )
    )


def _plain(credential: msgspec.Struct) -> dict[str, Any]:
    told: dict[str, Any] = msgspec.to_builtins(credential)
    return told


def _view(own: OwnPasskey) -> PasskeyView:
    return PasskeyView(
        own.id,
        own.label,
        own.rp_id,
        own.works,
        own.device_bound,
        own.backed_up,
        own.created_ms,
        own.last_used_ms,
        own.stepped_back_ms,
    )
