"""An identity provider on loopback that says whatever a test wants it to, right or wrong."""

from __future__ import annotations

import json
import threading
import time
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import TYPE_CHECKING, Any
from urllib.parse import parse_qs, urlsplit

import jwt
from cryptography.hazmat.primitives.asymmetric import rsa
from jwt.algorithms import RSAAlgorithm

if TYPE_CHECKING:
    from collections.abc import Iterator

_KEY = rsa.generate_private_key(public_exponent=65537, key_size=2048)


@dataclass
class ProviderInHand:
    """What it says.

    Attributes:
        subject: who is signed in there.
        claims: of the ID token, over what is right; None leaves one out.
        token: another ID token altogether.
        metadata: over what is right.
        kid: of its key. announces: it names itself in its answers (RFC 9207).
        asked: what came to the token endpoint.
        broken: it answers 500 to everything.
    """

    issuer: str = ""
    subject: str = "u-1"
    claims: dict[str, Any] = field(default_factory=dict)
    token: str | None = None
    metadata: dict[str, Any] = field(default_factory=dict)
    kid: str = "first"
    announces: bool = False
    broken: bool = False
    asked: list[dict[str, str]] = field(default_factory=list)
    _nonces: dict[str, str] = field(default_factory=dict)

    def reset(self) -> None:
        """As it was at first."""
        self.subject, self.claims, self.token, self.metadata = "u-1", {}, None, {}
        self.broken = False

    def answer_to(self, url: str, **wrong: str) -> dict[str, str]:
        """What its redirect says to a browser that was sent to `url`, once somebody signed in there."""
        asked = {name: values[0] for name, values in parse_qs(urlsplit(url).query).items()}
        code = f"code-{time.monotonic_ns()}"
        self._nonces[code] = asked["nonce"]
        told = {"code": code, "state": asked["state"]}
        if self.announces:
            told["iss"] = self.issuer
        return {**told, **wrong}

    def described(self) -> dict[str, Any]:
        return {
            "issuer": self.issuer,
            "authorization_endpoint": f"{self.issuer}/authorize",
            "token_endpoint": f"{self.issuer}/token",
            "jwks_uri": f"{self.issuer}/keys",
            "authorization_response_iss_parameter_supported": self.announces,
            **self.metadata,
        }

    def keys(self) -> dict[str, Any]:
        return {"keys": [{**RSAAlgorithm.to_jwk(_KEY.public_key(), as_dict=True), "kid": self.kid}]}

    def id_token(self, code: str) -> str:
        if self.token is not None:
            return self.token
        now = int(time.time())
        right = {
            "iss": self.issuer,
            "sub": self.subject,
            "aud": "healthtwin",
            "exp": now + 300,
            "iat": now,
            "nonce": self._nonces.get(code, ""),
        }
        said = {name: value for name, value in {**right, **self.claims}.items() if value is not None}
        return jwt.encode(said, _KEY, algorithm="RS256", headers={"kid": self.kid})


@contextmanager
def provider_in_hand() -> Iterator[ProviderInHand]:
    """One, served on loopback."""
    provider = ProviderInHand()

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            path = self.path.partition("?")[0]
            told = {"/.well-known/openid-configuration": provider.described, "/keys": provider.keys}.get(path)
            self._say(404 if told is None else 200, {} if told is None else told())

        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers["Content-Length"])).decode()
            form = {name: values[0] for name, values in parse_qs(body).items()}
            provider.asked.append({**form, "authorization": self.headers.get("Authorization", "")})
            self._say(200, {"id_token": provider.id_token(form["code"]), "token_type": "Bearer"})

        def _say(self, status: int, told: dict[str, Any]) -> None:
            content = json.dumps(told).encode()
            self.send_response(500 if provider.broken else status)
            self.send_header("Content-Type", "application/json")
            self.send_header("Content-Length", str(len(content)))
            self.end_headers()
            self.wfile.write(content)

        def log_message(self, *_: object) -> None:
            """Nothing: tests are quiet."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    thread = threading.Thread(target=server.serve_forever, args=(0.05,), daemon=True)
    thread.start()
    provider.issuer = f"http://127.0.0.1:{server.server_port}"
    try:
        yield provider
    finally:
        server.shutdown()
        thread.join()
        server.server_close()
