"""A passkey made of software: what a browser would send, right or wrong in whatever way a test asks for."""

from __future__ import annotations

import hashlib
import json
import os
from dataclasses import dataclass, field
from typing import Any, ClassVar

import httpx2
from cryptography.hazmat.primitives.asymmetric.ec import (
    ECDSA,
    SECP256R1,
    EllipticCurvePrivateKey,
    generate_private_key,
)
from cryptography.hazmat.primitives.hashes import SHA256
from webauthn.helpers import base64url_to_bytes, bytes_to_base64url, encode_cbor

PRESENT, VERIFIED, MAY_BE_BACKED_UP, BACKED_UP, NEW = 0x01, 0x04, 0x08, 0x10, 0x40


@dataclass
class PasskeyInHand:
    """One passkey.

    Attributes:
        origin: of the page that asks. count: of its signatures.
        synced: it is kept elsewhere too. verified: the finger fitted.
    """

    origin: str
    count: int = 0
    synced: bool = False
    verified: bool = True
    id: bytes = field(default_factory=lambda: os.urandom(32))
    handle: bytes = b""
    key: EllipticCurvePrivateKey = field(default_factory=lambda: generate_private_key(SECP256R1()))

    def make(self, options: dict[str, Any], **wrong: Any) -> dict[str, Any]:  # noqa: ANN401
        """The answer to creation options. `wrong`: `origin`, `rp_id`, `type` or `challenge` to lie about."""
        self.handle = base64url_to_bytes(options["user"]["id"])
        client = self._client("webauthn.create", options, wrong)
        numbers = self.key.public_key().public_numbers()
        cose = {1: 2, 3: -7, -1: 1, -2: numbers.x.to_bytes(32, "big"), -3: numbers.y.to_bytes(32, "big")}
        attested = bytes(16) + len(self.id).to_bytes(2, "big") + self.id + encode_cbor(cose)
        data = self._data(wrong.get("rp_id", options["rp"]["id"]), NEW) + attested
        attestation = encode_cbor({"fmt": "none", "attStmt": {}, "authData": data})
        return self._credential(
            {
                "clientDataJSON": bytes_to_base64url(client),
                "attestationObject": bytes_to_base64url(attestation),
                "transports": ["internal"],
            }
        )

    def show(self, options: dict[str, Any], **wrong: Any) -> dict[str, Any]:  # noqa: ANN401
        """The answer to request options; as of `make`."""
        client = self._client("webauthn.get", options, wrong)
        data = self._data(wrong.get("rp_id", options["rpId"]), 0)
        signature = self.key.sign(data + hashlib.sha256(client).digest(), ECDSA(SHA256()))
        return self._credential(
            {
                "clientDataJSON": bytes_to_base64url(client),
                "authenticatorData": bytes_to_base64url(data),
                "signature": bytes_to_base64url(signature),
                "userHandle": bytes_to_base64url(wrong.get("handle", self.handle)),
            }
        )

    def _client(self, kind: str, options: dict[str, Any], wrong: dict[str, Any]) -> bytes:
        told = {
            "type": wrong.get("type", kind),
            "challenge": wrong.get("challenge", options["challenge"]),
            "origin": wrong.get("origin", self.origin),
            "crossOrigin": False,
        }
        return json.dumps(told).encode()

    def _data(self, rp_id: str, also: int) -> bytes:
        flags = PRESENT | also
        flags |= VERIFIED if self.verified else 0
        flags |= MAY_BE_BACKED_UP | BACKED_UP if self.synced else 0
        return hashlib.sha256(rp_id.encode()).digest() + bytes([flags]) + self.count.to_bytes(4, "big")

    def _credential(self, response: dict[str, Any]) -> dict[str, Any]:
        own = bytes_to_base64url(self.id)
        return {"id": own, "rawId": own, "type": "public-key", "response": response}


class Browser:
    """Somebody's browser, as far as HTTP goes: its cookies, its origin, and its page's proof."""

    opened: ClassVar[list[httpx2.Client]] = []

    @classmethod
    def close_all(cls) -> None:
        """Whoever opened some closes them."""
        while cls.opened:
            cls.opened.pop().close()

    def __init__(self, url: str) -> None:
        self.url = url
        self.client = httpx2.Client(base_url=url, headers={"Origin": url}, timeout=30)
        self.opened.append(self.client)
        self.csrf = ""

    def post(self, path: str, body: object = None) -> httpx2.Response:
        return self._sent("POST", path, {} if body is None else body)

    def put(self, path: str, body: object) -> httpx2.Response:
        return self._sent("PUT", path, body)

    def delete(self, path: str) -> httpx2.Response:
        return self._sent("DELETE", path, None)

    def get(self, path: str, **headers: str) -> httpx2.Response:
        return self.client.get(path, headers=headers)

    def enrol(self, secret: str, passkey: PasskeyInHand) -> httpx2.Response:
        options = self.post("/api/enrol/passkey/options", {"secret": secret}).json()
        return self.post("/api/enrol/passkey", {"secret": secret, "credential": passkey.make(options)})

    def sign_in(self, passkey: PasskeyInHand, **wrong: Any) -> httpx2.Response:  # noqa: ANN401
        options = self.post("/api/sign-in/passkey/options").json()
        return self.post("/api/sign-in/passkey", {"credential": passkey.show(options, **wrong)})

    def step_up(self, passkey: PasskeyInHand) -> httpx2.Response:
        options = self.post("/api/account/step-up/passkey/options").json()
        return self.post("/api/account/step-up/passkey", {"credential": passkey.show(options)})

    def add(self, passkey: PasskeyInHand) -> httpx2.Response:
        options = self.post("/api/account/passkeys/options").json()
        return self.post("/api/account/passkeys", {"credential": passkey.make(options), "label": "Phone"})

    @property
    def session(self) -> str | None:
        """The cookie of whoever is signed in."""
        return self.client.cookies.get("healthtwin")

    def _sent(self, method: str, path: str, body: object) -> httpx2.Response:
        headers = {"X-CSRF-Token": self.csrf} if self.csrf else {}
        answer = self.client.request(method, path, json=body, headers=headers)
        if answer.is_success and answer.headers.get("content-type") == "application/json":
            told = answer.json()
            if isinstance(told, dict) and told.get("csrf"):
                self.csrf = told["csrf"]
        return answer
