"""Who sent a request: a bearer token, or the cookie of somebody signed in.

A browser sends its cookie along whoever wrote the page, so with a cookie everything that changes something
must also carry the session's CSRF token and come from our own origin.
"""

from __future__ import annotations

from contextlib import suppress
from typing import TYPE_CHECKING, Final
from urllib.parse import urlsplit

from healthtwin.access import Client, csrf_matches, csrf_token_of
from healthtwin.domain import DAY_MS, SECOND_MS
from healthtwin.domain.errors import Forbidden, StepUp, Unauthenticated
from healthtwin.routing.client_address import ClientAddress

if TYPE_CHECKING:
    from collections.abc import Mapping

    from starlette.requests import HTTPConnection
    from starlette.responses import Response

    from healthtwin.access import Authenticator, Grant

CSRF_HEADER: Final = "x-csrf-token"
SAFE_METHODS: Final = frozenset({"GET", "HEAD", "OPTIONS"})
_BEARER: Final = "bearer "

LONGEST_AGENT: Final = 500
KNOWN_BROWSER_S: Final = 400 * DAY_MS // SECOND_MS
"""As long as a browser keeps any cookie (RFC 6265bis, 5.5)."""


class RequestAuthenticator:
    """Answers who is asking, once per request.

    Args:
        access: tokens and sessions of this house.
        secure: browsers reach us over TLS, so that the cookie may be tied to it; also an attribute.
        client_address: from where requests come, where a proxy stands in front.

    Attributes:
        cookie: name of a session's cookie. browser_cookie: of the one that makes a browser a known one.
    """

    def __init__(
        self, access: Authenticator, *, secure: bool, client_address: ClientAddress | None = None
    ) -> None:
        self.access = access
        self._client_address = client_address or ClientAddress()
        self.secure = secure
        # The prefix makes browsers refuse the cookie from any other host or from plain HTTP.
        self.cookie = "__Host-healthtwin" if secure else "healthtwin"
        self.browser_cookie = f"{self.cookie}-browser"

    def client_of(self, request: HTTPConnection) -> Client:
        """The browser that a request comes from."""
        return Client(self._client_address.of(request), request.headers.get("user-agent", "")[:LONGEST_AGENT])

    def browser_of(self, request: HTTPConnection) -> str | None:
        """The cookie of a browser that signed in before, good or bad."""
        return request.cookies.get(self.browser_cookie)

    def secret_of(self, request: HTTPConnection) -> str | None:
        """What a request would be let in by, good or bad; None where it brings nothing that could be it."""
        with suppress(Unauthenticated):
            return bearer_of(request.headers) or request.cookies.get(self.cookie)
        return None

    def actor_of_cookie(self, request: HTTPConnection) -> str | None:
        """The grant under which this browser is signed in; None where it is not."""
        session = request.cookies.get(self.cookie)
        if session is None:
            return None
        try:
            return self.access.grant_of_session(session, self.client_of(request).mark).actor
        except Unauthenticated:
            return None

    def require_fresh(self, grant: Grant) -> None:
        """Refuse what hands data on where whoever asks has not proven lately who they are.

        Raises:
            StepUp: they have not.
        """
        if self.access.needs_proof(grant):
            raise StepUp("prove anew who you are, then ask again")

    def grant_of(self, request: HTTPConnection) -> Grant:
        """Who is asking.

        Raises:
            Unauthenticated: no token and no session, or one that is unknown, expired or revoked.
            Forbidden: a cookie without the proof that our own page sent the request.
        """
        known: Grant | None = getattr(request.state, "grant", None)
        if known is None:
            known = request.state.grant = self._identify(request)
        return known

    def says_who(self, request: HTTPConnection) -> bool:
        """Whether a request brings a token or a cookie, good or bad."""
        return "authorization" in request.headers or self.cookie in request.cookies

    def require_still_valid(self, request: HTTPConnection) -> None:
        """Ask again, for an answer that outlives its request; what was found holds from here on.

        Raises:
            Unauthenticated: the token or session has ended meanwhile, or reaches other people than before.
        """
        found = self._identify(request, used=False)
        if found.people != self.grant_of(request).people:
            raise Unauthenticated("this token or session reaches other people by now")
        request.state.grant = found

    def _identify(self, request: HTTPConnection, *, used: bool = True) -> Grant:
        socket = request.scope["type"] == "websocket"
        if socket:
            require_own_origin(request.headers)
        bearer = bearer_of(request.headers)
        if bearer is not None:
            return self.access.grant_of_token(bearer)
        session = request.cookies.get(self.cookie)
        if session is None:
            raise Unauthenticated("send a token as 'Authorization: Bearer …', or sign in")
        grant = self.access.grant_of_session(session, self.client_of(request).mark, used=used)
        if socket:
            # It opens with a GET to which no page can add a header; but browsers always name the origin.
            if "origin" not in request.headers:
                raise Forbidden("a socket that is opened with a cookie says its Origin")
        elif request.scope["method"] not in SAFE_METHODS:
            require_own_origin(request.headers)
            if not csrf_matches(session, request.headers.get(CSRF_HEADER, "")):
                raise Forbidden("send the page's CSRF token as X-CSRF-Token")
        return grant

    def own_address(self, request: HTTPConnection) -> str:
        """Under which scheme, name and port this request reached us; the host gate has judged the name."""
        return f"{'https' if self.secure else 'http'}://{request.headers.get('host', '')}"

    def csrf_token(self, request: HTTPConnection) -> str:
        """What the page sends back as `X-CSRF-Token`; empty for a bearer token, which needs none."""
        session = request.cookies.get(self.cookie)
        return "" if session is None else csrf_token_of(session)

    def set_cookie(self, response: Response, secret: str, lasts_s: int | None = None) -> None:
        """Sign the browser in: out of reach of scripts, never sent from foreign pages.

        Args:
            response: that carries the cookie.
            secret: of the session.
            lasts_s: how long the browser keeps it, in seconds; None: until it closes. How long the session
                itself lives is kept with it.
        """
        response.set_cookie(
            self.cookie,
            secret,
            max_age=lasts_s,
            path="/",
            secure=self.secure,
            httponly=True,
            samesite="strict",
        )

    def set_browser_cookie(self, response: Response, secret: str) -> None:
        """Make the browser a known one: it opens nothing, and guessers elsewhere do not slow it down."""
        response.set_cookie(
            self.browser_cookie,
            secret,
            max_age=KNOWN_BROWSER_S,
            path="/",
            secure=self.secure,
            httponly=True,
            samesite="strict",
        )

    def note_use(self, request: HTTPConnection, response: Response) -> None:
        """Let a session that lasts (a paired phone's, a relative's) last from now on, and its cookie too."""
        secret = request.cookies.get(self.cookie)
        if secret is None or bearer_of(request.headers) is not None:
            return
        left_ms = self.access.note_use(secret)
        if left_ms is not None and self.grant_of(request).lasts:
            self.set_cookie(response, secret, left_ms // SECOND_MS)

    def clear_cookie(self, response: Response) -> None:
        """Sign the browser out."""
        response.delete_cookie(self.cookie, path="/", secure=self.secure, httponly=True, samesite="strict")


def bearer_of(headers: Mapping[str, str]) -> str | None:
    """The token of an `Authorization` header; None without one.

    Raises:
        Unauthenticated: another scheme.

    >>> bearer_of({"authorization": "Bearer ht_abc"})
    'ht_abc'
    """
    stated = headers.get("authorization")
    if stated is None:
        return None
    if not stated.lower().startswith(_BEARER):
        raise Unauthenticated("send a token as 'Authorization: Bearer …'")
    return stated[len(_BEARER) :].strip()


def forget_former(authenticator: RequestAuthenticator, request: HTTPConnection) -> None:
    """A browser that signs in again is one browser: the session that its cookie named ends.

    Nobody could sign it out any more, since its cookie is gone.
    """
    secret = request.cookies.get(authenticator.cookie)
    if secret is not None:
        authenticator.access.sign_out(secret)


def require_own_origin(headers: Mapping[str, str]) -> None:
    """Refuse what a foreign page sent.

    Raises:
        Forbidden: the browser says that the request comes from another origin.
    """
    origin = headers.get("origin")
    if origin is not None:
        try:
            named = urlsplit(origin).netloc.lower()
        except ValueError:  # a bracket that never closes
            named = ""
        if named != headers.get("host", "").lower() or not named:
            raise Forbidden(f"Origin {origin[:80]!r} is another site; only our own pages may send this")
    elif headers.get("sec-fetch-site", "same-origin") not in {"same-origin", "none"}:
        raise Forbidden("Sec-Fetch-Site says another site; only our own pages may send this")
