"""An ID token is believed only when its signature, issuer, audience, times and nonce are all right."""

from __future__ import annotations

import base64
import hmac
import json
from typing import Any

import jwt
import pytest
from cryptography.hazmat.primitives.asymmetric import ec, ed25519, rsa
from cryptography.hazmat.primitives.asymmetric.padding import PKCS1v15
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat
from jwt.algorithms import ECAlgorithm, OKPAlgorithm, RSAAlgorithm

from healthtwin.access.oidc.id_token import KeyUnknown, TokenRefused, read_id_token

NOW_S = 1_800_000_000
ISSUER = "https://id.hospital.example"

RSA = rsa.generate_private_key(public_exponent=65537, key_size=2048)
SHORT_RSA = rsa.generate_private_key(public_exponent=65537, key_size=1024)  # noqa: S505 - it is to be refused
EC = ec.generate_private_key(ec.SECP256R1())
ED = ed25519.Ed25519PrivateKey.generate()
KEYS: dict[str, Any] = {
    "keys": [
        {**RSAAlgorithm.to_jwk(RSA.public_key(), as_dict=True), "kid": "rsa"},
        {**RSAAlgorithm.to_jwk(SHORT_RSA.public_key(), as_dict=True), "kid": "short"},
        {**ECAlgorithm.to_jwk(EC.public_key(), as_dict=True), "kid": "ec"},
        {**OKPAlgorithm.to_jwk(ED.public_key(), as_dict=True), "kid": "ed"},
        {**RSAAlgorithm.to_jwk(RSA.public_key(), as_dict=True), "kid": "for-encryption", "use": "enc"},
    ]
}
GOOD: dict[str, Any] = {
    "iss": ISSUER,
    "sub": "u-1",
    "aud": "healthtwin",
    "exp": NOW_S + 300,
    "iat": NOW_S,
    "nonce": "n",
}


def signed(claims: dict[str, Any], kid: str = "rsa", alg: str = "RS256", key: Any = RSA) -> str:  # noqa: ANN401
    return jwt.encode(claims, key, algorithm=alg, headers={"kid": kid})


def read(token: object, keys: dict[str, Any] = KEYS) -> str:
    return read_id_token(token, keys, issuer=ISSUER, client_id="healthtwin", nonce="n", now_s=NOW_S).subject


def without(*names: str, **changed: object) -> dict[str, Any]:
    return {name: value for name, value in {**GOOD, **changed}.items() if name not in names}


def test_good_ones_are_believed() -> None:
    assert read(signed(GOOD)) == "u-1"
    assert read(signed(GOOD, "ec", "ES256", EC)) == "u-1"
    assert read(signed(GOOD, "ed", "EdDSA", ED)) == "u-1"
    assert read(signed(without(aud=["other", "healthtwin"], azp="healthtwin"))) == "u-1"


@pytest.mark.parametrize(
    "claims",
    [
        without(iss="https://evil.example"),
        without(iss=ISSUER + "/"),
        without(aud="somebody-else"),
        without(aud=["healthtwin", "other"]),
        without(aud="healthtwin", azp="other"),
        without(exp=NOW_S - 61),
        without(iat=NOW_S + 61),
        without(nbf=NOW_S + 61),
        without(exp="tomorrow"),
        without(nonce="another"),
        without(sub=""),
        without(sub="x" * 256),
        *[without(name) for name in ("iss", "sub", "aud", "exp", "iat", "nonce")],
    ],
)
def test_a_wrong_or_missing_claim_is_refused(claims: dict[str, Any]) -> None:
    with pytest.raises(TokenRefused):
        read(signed(claims))


def segment(value: object) -> str:
    return base64.urlsafe_b64encode(json.dumps(value).encode()).decode().rstrip("=")


@pytest.mark.parametrize("alg", ["none", "None", "NONE", "", "HS256", "HS512", "RS1", None, 5])
def test_no_signature_and_no_shared_secret_is_believed(alg: object) -> None:
    body = f"{segment({'alg': alg, 'kid': 'rsa'})}.{segment(GOOD)}"
    for signature in ("", "AAAA"):
        with pytest.raises(TokenRefused):
            read(f"{body}.{signature}")


def test_the_public_key_is_no_shared_secret() -> None:
    public = RSA.public_key().public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo)
    body = f"{segment({'alg': 'HS256', 'kid': 'rsa'})}.{segment(GOOD)}"
    mac = base64.urlsafe_b64encode(hmac.digest(public, body.encode(), "sha256")).decode().rstrip("=")
    with pytest.raises(TokenRefused):
        read(f"{body}.{mac}")


def test_a_foreign_key_another_kind_of_key_and_a_short_one_are_refused() -> None:
    stranger = rsa.generate_private_key(public_exponent=65537, key_size=2048)
    with pytest.raises(TokenRefused):
        read(signed(GOOD, key=stranger))
    for kid, alg, key in (("ec", "RS256", RSA), ("nobody", "RS256", RSA), ("for-encryption", "RS256", RSA)):
        with pytest.raises(KeyUnknown):
            read(signed(GOOD, kid, alg, key))
    body = f"{segment({'alg': 'RS256', 'kid': 'short'})}.{segment(GOOD)}"
    proof = base64.urlsafe_b64encode(SHORT_RSA.sign(body.encode(), PKCS1v15(), SHA256()))
    with pytest.raises(TokenRefused, match="2048"):
        read(f"{body}.{proof.decode().rstrip('=')}")


def test_a_key_that_the_token_brings_itself_is_not_used() -> None:
    stranger = rsa.generate_private_key(public_exponent=65537, key_size=2048)
    own = RSAAlgorithm.to_jwk(stranger.public_key(), as_dict=True)
    token = jwt.encode(GOOD, stranger, algorithm="RS256", headers={"jwk": own, "kid": "mine"})
    with pytest.raises(TokenRefused):
        read(token)


@pytest.mark.parametrize("token", [None, 5, "", "a.b.c", "x" * 40_000, {"a": 1}])
def test_what_is_no_token_is_refused(token: object) -> None:
    with pytest.raises(TokenRefused):
        read(token)


@pytest.mark.parametrize("keys", [{}, {"keys": None}, {"keys": [5, {"kty": "RSA", "kid": "rsa"}]}])
def test_a_broken_key_set_is_refused(keys: dict[str, Any]) -> None:
    with pytest.raises(TokenRefused):
        read(signed(GOOD), keys)
