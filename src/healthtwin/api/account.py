"""Accounts over HTTP: signing in, setting up a way in, and what somebody does with their own account."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, Final

import msgspec

from healthtwin.access import PENDING_MS, STEP_UP_MS, Client, Proof, csrf_token_of, wall_ms
from healthtwin.api.pairing import NamedPerson
from healthtwin.domain import SECOND_MS
from healthtwin.domain.errors import Conflict, NotFound, RateLimited, StepUp, Unauthenticated
from healthtwin.routing import Need, Routes
from healthtwin.routing.request_authenticator import require_own_origin

if TYPE_CHECKING:
    from starlette.responses import Response

    from healthtwin.access import Minted, SignedIn
    from healthtwin.house import House
    from healthtwin.routing import Ask

LONGEST_TYPED: Final = 4_096
"""More than any password that is taken; what is longer is no slip of a finger."""

Name = Annotated[str, msgspec.Meta(min_length=1, max_length=200)]
Password = Annotated[str, msgspec.Meta(min_length=1, max_length=LONGEST_TYPED)]
Code = Annotated[str, msgspec.Meta(min_length=1, max_length=64)]
Secret = Annotated[str, msgspec.Meta(min_length=1, max_length=128)]


class SignInRequest(msgspec.Struct, forbid_unknown_fields=True, frozen=True):
    """Name and password, and what the account asks for besides. recovery_code: when the app is lost."""

    name: Name
    password: Password
    totp: Code | None = None
    recovery_code: Code | None = None


class EnrolRequest(msgspec.Struct, forbid_unknown_fields=True, frozen=True):
    """The secret of an invitation, and a password; without one a passkey is to follow."""

    secret: Secret
    password: Password | None = None


class LookRequest(msgspec.Struct, forbid_unknown_fields=True, frozen=True):
    """The secret of an invitation."""

    secret: Secret


class PasswordRequest(msgspec.Struct, forbid_unknown_fields=True, frozen=True):
    """The new password."""

    password: Password


class CodeRequest(msgspec.Struct, forbid_unknown_fields=True, frozen=True):
    """What the app shows now."""

    code: Code


class ProofRequest(msgspec.Struct, forbid_unknown_fields=True, frozen=True):
    """A proof anew: the password, and the second factor where there is one."""

    password: Password
    totp: Code | None = None
    recovery_code: Code | None = None


class FormerProofRequest(msgspec.Struct, forbid_unknown_fields=True, frozen=True):
    """A proof of before the reset; one is enough."""

    password: Password | None = None
    totp: Code | None = None
    recovery_code: Code | None = None


class PhoneRequest(msgspec.Struct, forbid_unknown_fields=True, frozen=True):
    """What is gone: the id of a session (`s-…`) or of a phone that sends readings (`d-…`)."""

    phone: Annotated[str, msgspec.Meta(min_length=1, max_length=64)]


class SignedInView(msgspec.Struct, frozen=True):
    """Who is signed in now. csrf: sent back as `X-CSRF-Token` with everything that changes something.

    enrolled: whether a way in is set up; without one the session is short.
    """

    account: str
    name: str
    role: str
    csrf: str
    enrolled: bool


class EnrolmentView(msgspec.Struct, frozen=True):
    """What an invitation is for. people: names of whom it reaches; again: the account was reset."""

    name: str
    role: str
    people: list[str]
    again: bool
    expires_at: int


class FactorsView(msgspec.Struct, frozen=True):
    """Proofs that the account has. passkeys, recovery_codes: how many; the latter, how many are left."""

    password: bool
    totp: bool
    passkeys: int
    recovery_codes: int


class OwnNotice(msgspec.Struct, frozen=True):
    """Something that happened to the account: what (a word), when, from which address, whether it is new."""

    kind: str
    at: int
    address: str
    new: bool


class PhoneView(msgspec.Struct, frozen=True):
    """Something that sends the person's readings."""

    id: str
    label: str


class AccountView(msgspec.Struct, frozen=True):
    """An account as its owner sees it.

    Attributes:
        state: ``invited``, ``active`` or ``disabled``.
        people: whom it reaches.
        rests_until: after a reset its reach to people rests until then; None: it does not rest. Until
            somebody has set up a way in again it is far in the future.
        totp_pending: a second factor waits for its first code.
        session: id of this one. fresh_until: up to then no proof is asked for; None: none was given.
        notices: newest first. phones: what sends readings of the person whose account it is.
    """

    id: str
    name: str
    role: str
    state: str
    people: list[NamedPerson]
    factors: FactorsView
    totp_pending: bool
    rests_until: int | None
    session: str
    fresh_until: int | None
    notices: list[OwnNotice]
    phones: list[PhoneView]
    csrf: str


class FreshView(msgspec.Struct, frozen=True):
    """The session goes on under another cookie, and with another CSRF token."""

    csrf: str
    fresh_until: int


class TotpView(msgspec.Struct, frozen=True):
    """A fresh secret in base 32, its URI, and that as a QR code: an SVG as a data URI, for an image."""

    secret: str
    uri: str
    qr: str
    expires_at: int


class RecoveryCodesView(msgspec.Struct, frozen=True):
    """Ten codes, each good once; they are not shown again."""

    codes: list[str]


class SessionView(msgspec.Struct, frozen=True):
    """One of one's own sessions. browser: in two words; address: where it signed in; current: this one."""

    id: str
    browser: str
    address: str
    created_at: int
    last_used_at: int | None
    expires_at: int
    current: bool


class GoneView(msgspec.Struct, frozen=True):
    """What the lost phone sent last: when the newest reading of it was taken; None: not known, or none."""

    last_reading_at: int | None


routes = Routes("/api", tag="account")

_EXAMPLE: Final = "three words from nowhere"


@routes.post(
    "/sign-in",
    need=Need.NOBODY,
    errors=(Unauthenticated, RateLimited),
    summary="Sign in with a password",
    example={"name": "Ada", "password": _EXAMPLE},
)
def sign_in(ask: Ask, house: House, body: SignInRequest) -> SignedInView:
    """Whatever is wrong, the answer is the same. `needs` in it says what a right password still lacks."""
    require_own_origin(ask.request.headers)
    authenticator = ask.authenticator
    done = house.access.door.sign_in(
        Proof(
            body.name,
            body.password,
            body.totp,
            body.recovery_code,
            authenticator.client_of(ask.request),
            authenticator.browser_of(ask.request),
            ask.request.cookies.get(authenticator.cookie),
        )
    )
    return signed_in_view(ask, house, done)


@routes.post(
    "/enrol/look",
    need=Need.NOBODY,
    errors=(NotFound,),
    summary="What an invitation is for",
    example={"secret": "he_…"},
)
def look(ask: Ask, house: House, body: LookRequest) -> EnrolmentView:
    """Nothing is used up."""
    require_own_origin(ask.request.headers)
    found = house.access.door.enrolment(body.secret)
    if found is None:
        raise NotFound("this link is unknown, used or expired; ask for a new one")
    return EnrolmentView(found.name, str(found.role), list(found.people), found.again, found.expires_ms)


@routes.post(
    "/enrol",
    need=Need.NOBODY,
    errors=(Unauthenticated, Conflict, RateLimited),
    summary="Set up a way in",
    example={"secret": "he_…", "password": _EXAMPLE},
)
def enrol(ask: Ask, house: House, body: EnrolRequest) -> SignedInView:
    """Uses the invitation up. Without a password the session is short, and a passkey is set up in it."""
    require_own_origin(ask.request.headers)
    authenticator = ask.authenticator
    done = house.access.door.enrol(
        body.secret,
        body.password,
        authenticator.client_of(ask.request),
        browser=authenticator.browser_of(ask.request),
        signed_in_as=authenticator.actor_of_cookie(ask.request),
    )
    return signed_in_view(ask, house, done)


@routes.get("/account", need=Need.KNOWN, errors=(NotFound,), summary="My account")
def account(ask: Ask, house: House) -> AccountView:
    """Its proofs, what happened to it, and how long this session counts as just proven."""
    seen = house.access.own.overview(ask.grant)
    known, factors, verified = seen.account, seen.account.factors, ask.grant.verified_ms
    return AccountView(
        known.id,
        known.name,
        str(known.role),
        known.state,
        [NamedPerson(person, house.people.profile(person).name) for person in known.people],
        FactorsView(factors.password, factors.totp, factors.passkeys, factors.recovery_codes),
        seen.totp_pending,
        known.rests_until_ms,
        ask.grant.session,
        None if verified is None else verified + STEP_UP_MS,
        [OwnNotice(each.kind, each.at_ms, each.address, not each.seen) for each in seen.notices],
        [PhoneView(*phone) for phone in seen.phones],
        ask.csrf_token,
    )


@routes.put(
    "/account/password",
    need=Need.KNOWN,
    fresh=True,
    errors=(NotFound, StepUp, RateLimited),
    summary="Change my password",
    example={"password": _EXAMPLE},
)
def set_password(ask: Ask, house: House, body: PasswordRequest) -> FreshView:
    """Every other session of the account ends."""
    return fresh_view(ask, house.access.own.set_password(ask.grant, body.password, client_of(ask)))


@routes.post(
    "/account/totp",
    need=Need.KNOWN,
    fresh=True,
    errors=(NotFound, StepUp, Conflict),
    summary="Begin a second factor",
)
def begin_totp(ask: Ask, house: House) -> TotpView:
    """It counts once its first code was sent back."""
    import segno

    secret, uri = house.access.own.begin_totp(ask.grant)
    qr = segno.make(uri, error="m").svg_data_uri(scale=4, border=4)
    return TotpView(secret, uri, qr, wall_ms() + PENDING_MS)


@routes.put(
    "/account/totp",
    need=Need.KNOWN,
    errors=(NotFound, Conflict),
    summary="Confirm the second factor",
    example={"code": "287082"},
)
def confirm_totp(ask: Ask, house: House, body: CodeRequest) -> FreshView:
    """The code is used up. Every other session of the account ends."""
    return fresh_view(ask, house.access.own.confirm_totp(ask.grant, body.code, client_of(ask)))


@routes.delete(
    "/account/totp",
    need=Need.KNOWN,
    fresh=True,
    status=200,
    errors=(NotFound, StepUp, Conflict),
    summary="Take the second factor away",
)
def remove_totp(ask: Ask, house: House) -> FreshView:
    """Refused where what is left would let nobody in."""
    return fresh_view(ask, house.access.own.remove_totp(ask.grant, client_of(ask)))


@routes.post(
    "/account/recovery-codes",
    need=Need.KNOWN,
    fresh=True,
    errors=(NotFound, StepUp),
    summary="Make recovery codes",
)
def make_recovery_codes(ask: Ask, house: House) -> RecoveryCodesView:
    """Those of before end."""
    return RecoveryCodesView(house.access.own.new_recovery_codes(ask.grant, client_of(ask)))


@routes.get("/account/sessions", need=Need.KNOWN, errors=(NotFound,), summary="Where I am signed in")
def sessions(ask: Ask, house: House) -> list[SessionView]:
    """Newest first."""
    return [
        SessionView(
            each.id,
            each.browser,
            each.address,
            each.created_ms,
            each.last_used_ms,
            each.expires_ms,
            each.id == ask.grant.session,
        )
        for each in house.access.own.sessions(ask.grant)
    ]


@routes.delete(
    "/account/sessions/{session_id}", need=Need.KNOWN, errors=(NotFound,), summary="Sign out elsewhere"
)
def end_session(ask: Ask, house: House, session_id: str) -> None:
    """Its very next request is refused."""
    house.access.own.end_session(ask.grant, session_id)


@routes.post(
    "/account/step-up",
    need=Need.KNOWN,
    errors=(NotFound, RateLimited),
    summary="Prove anew who I am",
    example={"password": _EXAMPLE},
)
def step_up(ask: Ask, house: House, body: ProofRequest) -> FreshView:
    """For five minutes nothing asks again."""
    minted = house.access.own.step_up(ask.grant, body.password, body.totp, body.recovery_code, client_of(ask))
    return fresh_view(ask, minted)


@routes.post(
    "/account/confirm",
    need=Need.KNOWN,
    errors=(NotFound, Conflict, RateLimited),
    summary="End the rest after a reset",
    example={"password": _EXAMPLE},
)
def confirm_my_reset(ask: Ask, house: House, body: FormerProofRequest) -> None:
    """With a proof of before the reset: the old password, a code of the old app, or a recovery code."""
    house.access.own.confirm_reset(
        ask.grant, client_of(ask), password=body.password, totp=body.totp, recovery_code=body.recovery_code
    )


@routes.post(
    "/account/phone-is-gone",
    need=Need.KNOWN,
    errors=(NotFound, Conflict),
    summary="My phone is gone",
    example={"phone": "s-k7dzq2m4x6bfw3ta"},
)
def phone_is_gone(ask: Ask, house: House, body: PhoneRequest) -> GoneView:
    """Whatever it could open is closed at once."""
    return GoneView(house.access.phone_is_gone(ask.grant, body.phone, client_of(ask)))


def client_of(ask: Ask) -> Client:
    """Where a request comes from."""
    return ask.authenticator.client_of(ask.request)


def fresh_view(ask: Ask, session: Minted) -> FreshView:
    """A session goes on under another cookie."""
    keep(ask, session)
    return FreshView(csrf_token_of(session.secret), wall_ms() + STEP_UP_MS)


def signed_in_view(ask: Ask, house: House, done: SignedIn) -> SignedInView:
    """A session has begun."""
    keep(ask, done.session, done.browser)
    known = house.access.accounts.get(done.account_id, wall_ms())
    csrf = csrf_token_of(done.session.secret)
    return SignedInView(known.id, known.name, str(known.role), csrf, known.enrolled_ms is not None)


def keep(ask: Ask, session: Minted, browser: str | None = None) -> None:
    """Give the browser its cookies. How long the session itself lives without use is kept with it."""
    authenticator = ask.authenticator

    def step(response: Response) -> None:
        lasts_ms = (session.ends_ms or session.expires_ms or 0) - wall_ms()
        authenticator.set_cookie(response, session.secret, lasts_ms // SECOND_MS)
        if browser is not None:
            authenticator.set_browser_cookie(response, browser)

    ask.finish(step)
