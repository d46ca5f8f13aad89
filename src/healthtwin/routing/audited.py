"""Every request about people stands in the audit: after the policy has decided, before the answer leaves.

Whoever would read or export waits until the entry is durable, and is answered 503 while none can be written.
What people send, tell, decide on alerts or erase never waits: it serves their lives, or ends what is known of
them, and has its record in the log. Readings that are sent (`Need.SEND`) stand there alone.
"""

from __future__ import annotations

import asyncio
import time
from contextlib import contextmanager
from typing import TYPE_CHECKING, Final

from starlette.concurrency import run_in_threadpool

from healthtwin.access import NOBODY, Need, is_about_a_person
from healthtwin.domain.errors import Forbidden, NotFound, Unauthenticated, Unrecorded
from healthtwin.routing.request_authenticator import SAFE_METHODS

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from concurrent.futures import Future

    from starlette.requests import HTTPConnection

    from healthtwin.access import Audit, Grant
    from healthtwin.room import WhoIsWho
    from healthtwin.routing.ask import Ask
    from healthtwin.routing.client_address import ClientAddress
    from healthtwin.routing.declaration import Declaration

ALLOWED: Final = "allowed"
REFUSED: Final = "refused"
FAILED: Final = "failed"

NEVER_NOTED: Final = frozenset({Need.NOBODY, Need.SEND})
NEVER_WAITS: Final = frozenset({Need.TELL, Need.ACT, Need.ERASE, Need.OPERATE})


class Witness:
    """What the audit has to be told about a request, and where to find it.

    Args:
        audit: of the house.
        directory: who is who.
        address: from where requests come.
    """

    def __init__(self, audit: Audit, directory: WhoIsWho, address: ClientAddress) -> None:
        self._audit = audit
        self._directory = directory
        self._address = address

    def ready(self, declaration: Declaration) -> None:
        """Refuse to go on with what waits for the audit, while nothing can be written there.

        Raises:
            Unrecorded: saying so.
        """
        if is_about_a_person(declaration.need) and declaration.need not in NEVER_WAITS:
            self._audit.ready()

    async def answered(self, declaration: Declaration, request: HTTPConnection) -> None:
        """An answer is made, and leaves once this returns.

        Raises:
            Unrecorded: it must not leave.
        """
        ask: Ask | None = getattr(request.state, "ask", None)
        listing = ask is not None and ask.lists and ask.about is None
        noted = (
            await run_in_threadpool(self._note, declaration, request, ALLOWED)  # of hundreds each is judged
            if listing
            else self._note(declaration, request, ALLOWED)
        )
        if noted is not None and declaration.need not in NEVER_WAITS:
            if noted.done():  # the same was written a moment ago, and counts only while more can be
                self._audit.ready()
            await asyncio.shield(asyncio.wrap_future(noted))  # others may wait for the same entry

    def refused(self, declaration: Declaration, request: HTTPConnection, error: BaseException) -> None:
        """It was refused, or failed; nothing of the person is in the answer, so nobody waits."""
        if isinstance(error, Unrecorded) and not self._is_judged(request):
            return
        ask: Ask | None = getattr(request.state, "ask", None)
        decision = None if ask is None else ask.decision
        by_policy = isinstance(error, Unauthenticated) or (
            isinstance(error, (Forbidden, NotFound)) and (decision is None or not decision.allowed)
        )
        self._note(declaration, request, REFUSED if by_policy else FAILED)

    @contextmanager
    def until_it_ends(self, declaration: Declaration, request: HTTPConnection) -> Iterator[None]:
        """Within it a stream or socket goes on that was noted when it opened; then its end is noted."""
        began = time.monotonic()
        try:
            yield
        finally:
            self._note(declaration, request, ALLOWED, {"seconds": int(time.monotonic() - began)})

    def _is_judged(self, request: HTTPConnection) -> bool:
        return getattr(request.state, "ask", None) is not None

    def _note(
        self,
        declaration: Declaration,
        request: HTTPConnection,
        result: str,
        facts: Mapping[str, int] | None = None,
    ) -> Future[int] | None:
        if declaration.need in NEVER_NOTED:
            return None
        ask: Ask | None = getattr(request.state, "ask", None)
        grant: Grant | None = getattr(request.state, "grant", None)
        about = is_about_a_person(declaration.need)
        people = self._people(declaration, request, ask)
        acts = declaration.method not in SAFE_METHODS and declaration.need is Need.OPERATE
        if not (about or people or acts or result == REFUSED):
            return None
        decision = None if ask is None or not about else ask.decision
        kind = declaration.kind
        waited = result == ALLOWED and declaration.need not in NEVER_WAITS
        return self._audit.note(
            NOBODY if grant is None else grant,
            None,
            f"{declaration.method} {declaration.path}",
            "" if decision is None else str(decision.purpose),
            self._address.of(request) or "unknown",
            result,
            people=people,
            kind="" if kind is None else str(kind),
            relation="" if decision is None else str(decision.relation),
            facts=facts,
            waited=waited and facts is None,
        )

    def _people(self, declaration: Declaration, request: HTTPConnection, ask: Ask | None) -> list[str]:
        """Pseudonyms of those whom the answer is about; of a refused one, of whom it was tried."""
        if is_about_a_person(declaration.need):
            named = None if ask is None else ask.about
            return self._pseudonyms([named or request.path_params.get("person_id")])
        if ask is None or not ask.lists:
            return []
        if ask.about is not None:
            return self._pseudonyms([ask.about])
        named_people = ask.grant.people
        if named_people is None:
            everybody = [(person.id, person.pseudonym) for person in self._directory.everybody()]
            return [pseudonym for person_id, pseudonym in everybody if ask.sees(person_id)]
        return self._pseudonyms([person_id for person_id in named_people if ask.sees(person_id)])

    def _pseudonyms(self, ids: list[str | None]) -> list[str]:
        found = (None if each is None else self._directory.last_read(each) for each in ids)
        return [person.pseudonym for person in found if person is not None]
