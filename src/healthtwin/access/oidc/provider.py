"""One identity provider: what it says of itself, its keys, and the exchange of a code."""

from __future__ import annotations

import base64
import threading
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final
from urllib.parse import quote, urlsplit

import msgspec

from healthtwin.access.oidc.id_token import KeyUnknown, Vouched, read_id_token
from healthtwin.domain import HOUR_MS, MINUTE_MS, SECOND_MS
from healthtwin.domain.errors import HealthTwinError
from healthtwin.egress import Unreachable, fetch

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from healthtwin.access.settings import OidcSettings
    from healthtwin.egress import Fetched

KEPT_MS: Final = HOUR_MS
"""How long what a provider says of itself, and its keys, are believed without asking again."""

ASKED_AGAIN_MS: Final = MINUTE_MS
"""An unknown key is looked for at most so often: whoever sends tokens must not make us knock without end."""

LEFT_ALONE_MS: Final = 10 * SECOND_MS
"""A provider that did not answer is not asked again for so long."""

WELL_KNOWN: Final = "/.well-known/openid-configuration"
_OK: Final = 200


class ProviderTrouble(HealthTwinError):
    """The provider cannot be asked, or says what cannot be; for the operator's log."""


class Metadata(msgspec.Struct, frozen=True):
    """What a provider says of itself (OpenID Connect Discovery 1.0, 3; RFC 9207)."""

    issuer: str
    authorization_endpoint: str
    token_endpoint: str
    jwks_uri: str
    authorization_response_iss_parameter_supported: bool = False
    token_endpoint_auth_methods_supported: list[str] = msgspec.field(
        default_factory=lambda: ["client_secret_basic"]
    )


class _Token(msgspec.Struct, frozen=True):
    id_token: str


@dataclass(slots=True)
class _Keys:
    keys: Mapping[str, Any]
    asked_ms: int


class Provider:
    """Asks one identity provider; for many threads.

    Args:
        settings: of it.
        now_ms: the wall clock, which tokens expire by.
        ask: makes the calls (`healthtwin.egress.fetch`).
    """

    def __init__(
        self, settings: OidcSettings, now_ms: Callable[[], int], ask: Callable[..., Fetched] = fetch
    ) -> None:
        self.settings = settings
        self._now_ms = now_ms
        self._ask = ask
        self._metadata: tuple[Metadata, int] | None = None
        self._keys: _Keys | None = None
        self._trouble: tuple[str, int] | None = None
        self._asking, self._lock = threading.Lock(), threading.Lock()

    def metadata(self) -> Metadata:
        """What it says of itself.

        Raises:
            ProviderTrouble: it cannot be asked, or calls itself something else.
        """
        # One asks and the others wait for what it hears: a provider that is down must not hold every thread.
        with self._asking:
            now_ms = self._now_ms()
            known, trouble = self._metadata, self._trouble
            if known is not None and 0 <= now_ms - known[1] < KEPT_MS:
                return known[0]
            if trouble is not None and 0 <= now_ms - trouble[1] < LEFT_ALONE_MS:
                raise ProviderTrouble(trouble[0])
            try:
                told = self._described()
            except ProviderTrouble as error:
                self._trouble = (str(error), now_ms)
                raise
            self._metadata, self._trouble = (told, now_ms), None
            return told

    def _described(self) -> Metadata:
        told: Metadata = self._read(self.settings.issuer.rstrip("/") + WELL_KNOWN, Metadata)
        if told.issuer != self.settings.issuer:
            raise ProviderTrouble(f"{self.settings.name}: calls itself {told.issuer[:200]!r}, not its issuer")
        for place in (told.authorization_endpoint, told.token_endpoint, told.jwks_uri):
            self._require_safe(place)
        return told

    def redeem(self, code: str, redirect_uri: str, verifier: str, nonce: str) -> Vouched:
        """Exchange a code for an identity.

        Raises:
            TokenRefused: what came is not believed. ProviderTrouble: it cannot be asked, or refused.
        """
        settings, metadata = self.settings, self.metadata()
        form = {
            "grant_type": "authorization_code",
            "code": code,
            "redirect_uri": redirect_uri,
            "client_id": settings.client_id,
            "code_verifier": verifier,
        }
        headers = {}
        if settings.client_secret:
            methods = metadata.token_endpoint_auth_methods_supported
            if "client_secret_basic" in methods or "client_secret_post" not in methods:
                pair = f"{quote(settings.client_id, safe='')}:{quote(settings.client_secret, safe='')}"
                headers["Authorization"] = "Basic " + base64.b64encode(pair.encode()).decode()
            else:
                form["client_secret"] = settings.client_secret
        token: str = self._read(metadata.token_endpoint, _Token, form, headers).id_token
        return self._believed(token, nonce)

    def _believed(self, token: str, nonce: str) -> Vouched:
        try:
            return self._read_token(token, nonce, self._key_set(KEPT_MS))
        except KeyUnknown:
            # Keys are changed without notice: an unknown one is looked for once, and not every time.
            return self._read_token(token, nonce, self._key_set(ASKED_AGAIN_MS))

    def _read_token(self, token: str, nonce: str, keys: Mapping[str, Any]) -> Vouched:
        settings = self.settings
        return read_id_token(
            token,
            keys,
            issuer=settings.issuer,
            client_id=settings.client_id,
            nonce=nonce,
            now_s=self._now_ms() / SECOND_MS,
            roles_claim=settings.roles_claim,
        )

    def _key_set(self, at_most_ms: int) -> Mapping[str, Any]:
        with self._lock:
            known, now_ms = self._keys, self._now_ms()
            if known is not None and 0 <= now_ms - known.asked_ms < at_most_ms:
                return known.keys
        keys: dict[str, Any] = self._read(self.metadata().jwks_uri, dict[str, Any])
        with self._lock:
            self._keys = _Keys(keys, now_ms)
        return keys

    def _read(
        self,
        url: str,
        kind: Any,  # noqa: ANN401 - any type that msgspec reads
        form: Mapping[str, str] | None = None,
        headers: Mapping[str, str] | None = None,
    ) -> Any:  # noqa: ANN401 - of that type
        name, place = self.settings.name, urlsplit(url).path
        try:
            got = self._ask(url, form=form, headers=headers, allow_private=self.settings.allow_private)
        except Unreachable as error:
            raise ProviderTrouble(f"{name}: {place}: {error}") from error
        if got.status != _OK:
            raise ProviderTrouble(f"{name}: {place}: answered {got.status}")
        try:
            return msgspec.json.decode(got.body, type=kind)
        except (msgspec.DecodeError, ValueError) as error:
            raise ProviderTrouble(f"{name}: {place}: not what it should answer") from error

    def _require_safe(self, url: str) -> None:
        # Plain HTTP only where the issuer itself is allowed so: on this machine.
        plain = self.settings.issuer.startswith("http://")
        parts = urlsplit(url)
        if parts.scheme != "https" and not (plain and parts.scheme == "http"):
            raise ProviderTrouble(f"{self.settings.name}: names an address that is not https")
