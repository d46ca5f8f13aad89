"""Who may see whom: secrets become grants, and a person reads who sees them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from healthtwin.access.authenticator import Authenticator
from healthtwin.access.sharing import shares_of

if TYPE_CHECKING:
    from collections.abc import Callable

    from healthtwin.access.grants import Grant
    from healthtwin.access.sharing import ShareView
    from healthtwin.store import Records
    from healthtwin.store.records import Person


class AccessRoom:
    """Tokens, sessions, and everything that opens a person's data.

    Args:
        records: where they are kept.
        person_of: the person with an id; raises `NotFound`.

    Attributes:
        authenticator: finds the grant behind a secret.
    """

    def __init__(self, records: Records, person_of: Callable[[str], Person]) -> None:
        self._records = records
        self._person_of = person_of
        self.authenticator = Authenticator(records)

    def sharing(self, grant: Grant, person_id: str) -> list[ShareView]:
        """Everything that can see this person, oldest first.

        Raises:
            NotFound: no such person.
        """
        return shares_of(self._records, self._person_of(person_id).id, grant)
