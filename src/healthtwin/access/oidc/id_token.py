"""What an identity provider signed, judged before a word of it is believed (OpenID Core, 3.1.3.7)."""

from __future__ import annotations

import hmac
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

from healthtwin.domain.errors import HealthTwinError

if TYPE_CHECKING:
    from collections.abc import Mapping

ALGORITHMS: Final = {"RS256": "RSA", "ES256": "EC", "EdDSA": "OKP"}
"""Signatures that are believed, and the kind of key that each takes. No `none`, and no HMAC: its key would be
the client secret, or, with a careless library, the provider's public key (RFC 8725, 3.1 and 3.2)."""

LEEWAY_S: Final = 60
"""How far clocks may differ."""

LONGEST_TOKEN: Final = 32_768
LONGEST_SUBJECT: Final = 255
"""Of `sub` (OpenID Connect Core 1.0, 2)."""

_LEAST_RSA_BITS: Final = 2048


class TokenRefused(HealthTwinError):
    """The provider's answer is not believed; the message names the claim, not its value."""


class KeyUnknown(TokenRefused):
    """It was signed with a key that the provider did not show; it may have a new one."""


@dataclass(frozen=True, slots=True)
class Vouched:
    """Whom a provider vouches for.

    Attributes:
        issuer, subject: together the identity, and nothing else is: names and addresses are given anew.
        values: of the claim that roles are read from.
    """

    issuer: str
    subject: str
    values: frozenset[str]


def read_id_token(
    token: object,
    keys: Mapping[str, Any],
    *,
    issuer: str,
    client_id: str,
    nonce: str,
    now_s: float,
    roles_claim: str = "roles",
) -> Vouched:
    """The identity that a token proves.

    Args:
        token: as it came.
        keys: the provider's, a JWK set.
        issuer, client_id, nonce: what it must say.
        now_s: seconds since 1970.
        roles_claim: whose values are told.

    Raises:
        KeyUnknown: signed with a key that is not among `keys`.
        TokenRefused: for anything else.
    """
    import jwt

    if not isinstance(token, str) or len(token) > LONGEST_TOKEN:
        raise TokenRefused("the provider sent no ID token")
    try:
        head = jwt.get_unverified_header(token)
    except jwt.PyJWTError as error:
        raise TokenRefused("the ID token cannot be read") from error
    algorithm = head.get("alg")
    if not isinstance(algorithm, str) or algorithm not in ALGORITHMS:
        raise TokenRefused(f"the ID token's alg is not one of {', '.join(ALGORITHMS)}")
    key = _key_for(head, algorithm, keys)
    try:
        claims = jwt.decode(
            token,
            key,
            algorithms=[algorithm],
            audience=client_id,
            issuer=issuer,
            # The times are judged below, by the clock that was given.
            options={
                "require": ["iss", "sub", "aud", "exp", "iat"],
                "verify_exp": False,
                "verify_iat": False,
                "verify_nbf": False,
            },
        )
    except (jwt.PyJWTError, ValueError, TypeError) as error:
        raise TokenRefused(f"the ID token is not good ({type(error).__name__})") from error
    _check_claims(claims, client_id, nonce, now_s)
    return Vouched(issuer, claims["sub"], _texts(claims.get(roles_claim)))


def _check_claims(claims: Mapping[str, Any], client_id: str, nonce: str, now_s: float) -> None:
    for name in ("exp", "iat", "nbf"):
        value = claims.get(name, now_s)
        if isinstance(value, bool) or not isinstance(value, int | float):
            raise TokenRefused(f"the ID token's {name} is no time")
    if claims["exp"] <= now_s - LEEWAY_S:
        raise TokenRefused("the ID token has expired")
    if claims["iat"] > now_s + LEEWAY_S or claims.get("nbf", now_s) > now_s + LEEWAY_S:
        raise TokenRefused("the ID token is of a time to come; compare the clocks")
    said = claims.get("nonce")
    if not isinstance(said, str) or not hmac.compare_digest(said.encode(), nonce.encode()):
        raise TokenRefused("the ID token answers another request (nonce)")
    audience, party = claims["aud"], claims.get("azp")
    several = isinstance(audience, list) and len(audience) > 1
    if (several and party is None) or (party is not None and party != client_id):
        raise TokenRefused("the ID token was made for somebody else (azp)")
    subject = claims["sub"]
    if not isinstance(subject, str) or not 0 < len(subject) <= LONGEST_SUBJECT:
        raise TokenRefused("the ID token's sub is no name")


def _key_for(head: Mapping[str, Any], algorithm: str, keys: Mapping[str, Any]) -> Any:  # noqa: ANN401 - a library's
    """The one key that may have signed it: of the algorithm's kind, for signatures, with the id named."""
    import jwt

    kind, wanted = ALGORITHMS[algorithm], head.get("kid")
    told = keys.get("keys")
    fit = [
        each
        for each in (told if isinstance(told, list) else [])
        if isinstance(each, dict)
        and each.get("kty") == kind
        and each.get("use", "sig") == "sig"
        and each.get("alg", algorithm) == algorithm
        and (wanted is None or each.get("kid") == wanted)
    ]
    if len(fit) != 1:
        raise KeyUnknown("the ID token was signed with a key that the provider does not show")
    try:
        key = jwt.PyJWK(fit[0], algorithm).key
    except (jwt.PyJWTError, ValueError, TypeError) as error:
        raise TokenRefused("the provider's key cannot be read") from error
    if kind == "RSA" and key.key_size < _LEAST_RSA_BITS:
        raise TokenRefused(f"the provider's key is shorter than {_LEAST_RSA_BITS} bits")
    return key


def _texts(value: object) -> frozenset[str]:
    if isinstance(value, str):
        return frozenset({value})
    return (
        frozenset(each for each in value if isinstance(each, str)) if isinstance(value, list) else frozenset()
    )
