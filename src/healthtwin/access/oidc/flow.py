"""One sign-in by a provider, from the button to the way back: what binds the two ends together.

Between them the browser is elsewhere. What must be known when it comes back travels with it in a cookie that
this process sealed: which provider, which `state` and `nonce`, the PKCE verifier, where to go, and, when an
identity is being linked, for which account. So an answer that was begun in another browser, at another
provider or before a restart fits nothing.
"""

from __future__ import annotations

import base64
import hashlib
import hmac
import re
import secrets
import threading
from typing import TYPE_CHECKING, Final
from urllib.parse import urlencode, urlsplit

import msgspec

from healthtwin.domain import MINUTE_MS
from healthtwin.domain.errors import HealthTwinError

if TYPE_CHECKING:
    from collections.abc import Callable

    from healthtwin.access.oidc.provider import Provider

FLOW_MS: Final = 10 * MINUTE_MS
"""From the button to the way back; somebody types a password and a code meanwhile."""

OIDC_COOKIE: Final = "healthtwin-oidc"

_LONGEST_PATH: Final = 500
_OURS: Final = re.compile(r"/(?![/\\])[!-\[\]-~]*")
"""A path of ours: one slash, printable ASCII, and no backslash, which browsers read as a slash."""

_REMEMBERED: Final = 50_000
_NONCE_BYTES: Final = 12


class FlowOver(HealthTwinError):
    """The way back fits no sign-in that was begun in this browser, or one that is over."""


class Flow(msgspec.Struct, frozen=True, array_like=True):
    """What is known of a sign-in while the browser is elsewhere.

    Attributes:
        provider: by name.
        state, nonce, verifier: random (RFC 6749, 10.12; OpenID Connect Core 1.0, 3.1.2.1; RFC 7636).
        target: the path to go to afterwards.
        redirect_uri: the way back.
        account, session: who links an identity to what they are here; empty for a sign-in.
        ends_ms: when it is over.
    """

    provider: str
    state: str
    nonce: str
    verifier: str
    target: str
    redirect_uri: str
    account: str
    session: str
    ends_ms: int


def path_of_ours(said: str | None) -> str:
    r"""Where to go afterwards: a path of ours, else the front page.

    >>> [
    ...     path_of_ours(said)
    ...     for said in ("/people/p-1?a=b", "//evil.test", "https://evil.test", "/\\evil.test")
    ... ]
    ['/people/p-1?a=b', '/', '/', '/']
    """
    if said is None or len(said) > _LONGEST_PATH or not _OURS.fullmatch(said):
        return "/"
    parts = urlsplit(said)
    ours = not parts.scheme and not parts.netloc and not said.startswith(("/api/", "/sign-in", "/sign-out"))
    return said if ours else "/"


class Flows:
    """Begins sign-ins and takes their ends; for many threads.

    Args:
        now_ms: the wall clock.
    """

    def __init__(self, now_ms: Callable[[], int]) -> None:
        from cryptography.hazmat.primitives.ciphers.aead import AESGCM

        self._now_ms = now_ms
        self._sealing = AESGCM(AESGCM.generate_key(256))
        self._over: dict[str, int] = {}
        self._lock = threading.Lock()

    def begin(
        self, provider: Provider, redirect_uri: str, target: str, account: str = "", session: str = ""
    ) -> tuple[str, str]:
        """Where to send the browser, and the value of the cookie that it keeps meanwhile.

        Raises:
            ProviderTrouble: the provider cannot be asked.
        """
        metadata, settings = provider.metadata(), provider.settings
        state, nonce, verifier = (secrets.token_urlsafe(32) for _ in range(3))
        ends_ms = self._now_ms() + FLOW_MS
        flow = Flow(
            settings.name,
            state,
            nonce,
            verifier,
            path_of_ours(target),
            redirect_uri,
            account,
            session,
            ends_ms,
        )
        challenge = base64.urlsafe_b64encode(hashlib.sha256(verifier.encode()).digest()).rstrip(b"=")
        asked = urlencode(
            {
                "response_type": "code",
                "client_id": settings.client_id,
                "redirect_uri": redirect_uri,
                "scope": " ".join(dict.fromkeys(("openid", *settings.scopes))),
                "state": state,
                "nonce": nonce,
                "code_challenge": challenge.decode(),
                "code_challenge_method": "S256",
            }
        )
        joint = "&" if urlsplit(metadata.authorization_endpoint).query else "?"
        return f"{metadata.authorization_endpoint}{joint}{asked}", self._sealed(flow)

    def end(self, cookie: str | None, provider: Provider, state: str | None, issuer: str | None) -> Flow:
        """The sign-in that an answer belongs to; it is over then, whatever becomes of the answer.

        Args:
            cookie: that the browser brought. provider: whose path it came to.
            state, issuer: of the answer.

        Raises:
            FlowOver: it fits none.
        """
        flow = self._opened(cookie)
        now_ms = self._now_ms()
        if flow is None or flow.ends_ms <= now_ms or flow.provider != provider.settings.name:
            raise FlowOver("no sign-in by this provider is under way in this browser")
        if state is None or not hmac.compare_digest(flow.state.encode(), state.encode("utf-8", "replace")):
            raise FlowOver("the answer belongs to another sign-in (state)")
        with self._lock:
            if len(self._over) >= _REMEMBERED:
                self._over = {each: ends for each, ends in self._over.items() if ends > now_ms}
            if flow.state in self._over or len(self._over) >= _REMEMBERED:
                raise FlowOver("this sign-in was ended before")
            self._over[flow.state] = flow.ends_ms
        announced = provider.metadata().authorization_response_iss_parameter_supported
        if (announced or issuer is not None) and issuer != provider.settings.issuer:
            raise FlowOver("the answer comes from another issuer (RFC 9207)")
        return flow

    def _sealed(self, flow: Flow) -> str:
        nonce = secrets.token_bytes(_NONCE_BYTES)
        sealed = self._sealing.encrypt(nonce, msgspec.json.encode(flow), OIDC_COOKIE.encode())
        return base64.urlsafe_b64encode(nonce + sealed).decode().rstrip("=")

    def _opened(self, cookie: str | None) -> Flow | None:
        from cryptography.exceptions import InvalidTag

        if cookie is None:
            return None
        try:
            sealed = base64.b64decode(cookie + "=" * (-len(cookie) % 4), altchars=b"-_", validate=True)
            plain = self._sealing.decrypt(sealed[:_NONCE_BYTES], sealed[_NONCE_BYTES:], OIDC_COOKIE.encode())
            return msgspec.json.decode(plain, type=Flow)
        except (ValueError, InvalidTag, msgspec.DecodeError):
            return None
