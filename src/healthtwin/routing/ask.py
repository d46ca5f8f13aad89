"""One request as a handler sees it: who asks, what they may, and what the answer carries besides its body."""

from __future__ import annotations

from typing import TYPE_CHECKING

from healthtwin.access import Need, may, require

if TYPE_CHECKING:
    from collections.abc import Callable

    from starlette.requests import HTTPConnection
    from starlette.responses import Response

    from healthtwin.access import Grant
    from healthtwin.routing.request_authenticator import RequestAuthenticator


class Ask:
    """Somebody's request.

    Args:
        request: as it came.
        authenticator: knows who sent it.

    Attributes:
        request, authenticator: as given.
        finishing: what is still done to the answer, in order.
        reader: whom sentences of the answer speak to (`words.speaking`); None while nobody is known.
    """

    def __init__(self, request: HTTPConnection, authenticator: RequestAuthenticator) -> None:
        self.request = request
        self.authenticator = authenticator
        self.finishing: list[Callable[[Response], None]] = []
        self.reader: str | None = None

    @property
    def grant(self) -> Grant:
        """Of the asker.

        Raises:
            Unauthenticated: nobody stands behind the request; only an open route gets so far.
        """
        return self.authenticator.grant_of(self.request)

    @property
    def people(self) -> frozenset[str] | None:
        """Ids of the people whom the asker covers; None: everybody."""
        return self.grant.people

    def people_or(self, person_id: str | None) -> frozenset[str] | None:
        """Whom a list is to hold: this person alone, or everybody whom the asker covers.

        Raises:
            NotFound: the person is not covered.
        """
        if person_id is None:
            return self.people
        require(self.grant, Need.READ, person_id)
        return frozenset({person_id})

    def may(self, need: Need) -> bool:
        """Whether the asker may, about the people whom they cover; for what a page offers."""
        return may(self.grant, need)

    def says_who(self) -> bool:
        """Whether the request brings a token or cookie; an open route may then answer more."""
        return self.authenticator.says_who(self.request)

    def require_known(self) -> None:
        """On an open route: refuse a token or cookie that is no good.

        Raises:
            Unauthenticated, Forbidden: as of `RequestAuthenticator.grant_of`.
        """
        self.authenticator.grant_of(self.request)

    def require_still_valid(self) -> None:
        """Ask again who is asking, for an answer that goes on.

        Raises:
            Unauthenticated: the token or session has ended meanwhile, or reaches other people than before.
        """
        self.authenticator.require_still_valid(self.request)

    @property
    def csrf_token(self) -> str:
        """What a page sends back as `X-CSRF-Token` with everything that changes something."""
        return self.authenticator.csrf_token(self.request)

    @property
    def own_address(self) -> str:
        """Under which scheme, name and port the request reached us."""
        return self.authenticator.own_address(self.request)

    def finish(self, step: Callable[[Response], None]) -> None:
        """Do something to the answer once it is made, such as setting a cookie."""
        self.finishing.append(step)
