"""One request as a handler sees it: who asks, what they may, and what the answer carries besides its body."""

from __future__ import annotations

from typing import TYPE_CHECKING

from healthtwin.access import Kind, Need, decide, kinds_seen, may, wall_ms, withheld_from

if TYPE_CHECKING:
    from collections.abc import Callable

    from starlette.requests import HTTPConnection
    from starlette.responses import Response

    from healthtwin.access import Decision, Grant
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
        decision: what the policy said about this request; None before it was asked.
        about: id of the person that the policy was asked about last; None: of nobody in particular.
        lists: whether the answer holds whom the asker sees, as far as it was asked who they are.
    """

    def __init__(self, request: HTTPConnection, authenticator: RequestAuthenticator) -> None:
        self.request = request
        self.authenticator = authenticator
        self.finishing: list[Callable[[Response], None]] = []
        self.reader: str | None = None
        self.decision: Decision | None = None
        self.about: str | None = None
        self.lists = False

    @property
    def grant(self) -> Grant:
        """Of the asker.

        Raises:
            Unauthenticated: nobody stands behind the request; only an open route gets so far.
        """
        return self.authenticator.grant_of(self.request)

    @property
    def people(self) -> frozenset[str] | None:
        """Ids of the people whom the asker names; None: everybody. Of each `sees` says what may be told."""
        self.lists = True
        return self.grant.people

    def people_or(self, person_id: str | None) -> frozenset[str] | None:
        """Whom a list is to hold: this person alone, or everybody whom the asker names.

        Raises:
            NotFound: the asker has nothing to do with this person.
            Forbidden: the asker sees nobody.
        """
        if person_id is None:
            return self.people
        self.lists = True
        self.judge(Need.READ, Kind.PROFILE, person_id).require()
        return frozenset({person_id})

    def require_sight(self) -> None:
        """Refuse an asker who has no relation to anybody, and say how one comes about.

        Raises:
            Forbidden: they run the house, and see nobody.
        """
        if self.grant.sees_nobody:
            decide(self.grant, Need.READ, Kind.PROFILE, "", None, wall_ms()).require()

    def judge(self, need: Need, kind: Kind | None, person_id: str | None) -> Decision:
        """Ask the policy on behalf of who sent this, and note what it said."""
        self.about = person_id
        self.decision = decide(self.grant, need, kind, person_id, None, wall_ms())
        return self.decision

    def sees(self, person_id: str, kind: Kind = Kind.PROFILE) -> bool:
        """Whether the asker may read this kind of data about a person now."""
        return self.allows(Need.READ, kind, person_id)

    def allows(self, need: Need, kind: Kind, person_id: str) -> bool:
        """Whether the policy lets the asker do this about a person now; for what a page offers."""
        return decide(self.grant, need, kind, person_id, None, wall_ms()).allowed

    def kinds(self, person_id: str) -> frozenset[Kind]:
        """All kinds of data that the asker may read about a person now."""
        return kinds_seen(self.grant, person_id, wall_ms())

    def withheld(self, person_id: str) -> list[str]:
        """The kinds that a person keeps back from the asker, by name: said in what leaves them out."""
        return [kind.value for kind in withheld_from(self.grant, person_id, wall_ms())]

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
