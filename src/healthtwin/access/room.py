"""Who may see whom: secrets become grants, and a person reads who sees them."""

from __future__ import annotations

from typing import TYPE_CHECKING

import msgspec

from healthtwin.access.accounts.accounts import Accounts
from healthtwin.access.accounts.own import OwnAccount
from healthtwin.access.accounts.passwords import PasswordHashes
from healthtwin.access.accounts.settings import SECTION, AccessSettings
from healthtwin.access.accounts.sign_in import SignIn
from healthtwin.access.accounts.tries import forget_tries
from healthtwin.access.audit import HOUSE, Audit, fits_id, grant_labels, looks_at
from healthtwin.access.authenticator import Authenticator, wall_ms
from healthtwin.access.credentials import Credentials
from healthtwin.access.relations.desk import Relations
from healthtwin.access.relations.majority import Growing, country_in
from healthtwin.access.settings import SignInSettings
from healthtwin.access.shares import Shares
from healthtwin.access.sharing import shares_of
from healthtwin.domain import from_ms
from healthtwin.room import ExportPart, Room

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator
    from contextlib import ExitStack
    from typing import Self

    from healthtwin.access.client import Client
    from healthtwin.access.grants import Grant
    from healthtwin.access.sharing import ShareView
    from healthtwin.room import Ports
    from healthtwin.store import Home, Tables
    from healthtwin.store.people import Person


class AccessRoom(Room):
    """Tokens, sessions, and everything that opens a person's data.

    Attributes:
        authenticator: finds the grant behind a secret.
        audit: who looked at whom.
        accounts: who has one. door: signs them in. own: what they do with theirs.
        ways_in: whose passkeys are made, and which providers vouch for people.
        growing: who comes of age when. relations: who sees whom, as it is done and asked.
    """

    name = "access"

    def __init__(self, ports: Ports) -> None:
        self._ports = ports
        self.audit = Audit(ports.home)
        said = AccessSettings.of(ports.home.section(SECTION), ports.home.config_path, ports.home.path)
        self.ways_in = SignInSettings.of(ports.home.section(SECTION), ports.home.config_path)
        self.hashes = PasswordHashes(said.password_memory_mib)
        house = (ports.tables, self.hashes, said.breached_passwords, wall_ms)
        self.accounts, self.door, self.own = Accounts(ports.tables), SignIn(*house), OwnAccount(*house)
        self.growing = Growing(ports.tables, country_in(ports.home), wall_ms)
        self.relations = Relations(ports, self.growing, self.audit, wall_ms)
        self.authenticator = Authenticator(ports.tables, growing=self.growing)
        ports.devices_of = self.devices_of
        ports.note_telling = self._note_telling

    @classmethod
    def open(cls, ports: Ports, undo: ExitStack) -> Self:
        """Closes the audit."""
        room = cls(ports)
        undo.callback(room.audit.close)
        return room

    @classmethod
    def sections(cls) -> frozenset[str]:
        """How the audit is kept, and how people prove who they are."""
        return frozenset({"audit", SECTION})

    def phone_is_gone(self, grant: Grant, phone: str, client: Client) -> int | None:
        """End everything that a lost phone could open; gives when its newest reading was taken, if known.

        Raises:
            NotFound: it is none of theirs. Conflict: it is the one that they hold.
        """
        person = self.own.phone_is_gone(grant, phone, client)
        return (
            self._ports.runner.reached(self._ports.directory.get(person).pseudonym, phone) if person else None
        )

    def sharing(self, grant: Grant, person_id: str) -> list[ShareView]:
        """Everything that can see this person, oldest first.

        Raises:
            NotFound: no such person.
        """
        return shares_of(self._ports.tables, self._ports.directory.get(person_id).id, grant)

    def devices_of(self, person_id: str) -> dict[str, str]:
        """Id and label of everything that sends this person's readings."""
        return Shares(self._ports.tables).devices(person_id)

    def _note_telling(self, recipient: str, channel: str, pseudonym: str, result: str) -> None:
        """Telling is reading: it stands in the audit, and waits for nothing."""
        who = recipient if fits_id(recipient) else HOUSE
        self.audit.note(who, pseudonym, f"telling {channel}", "telling", "", result, kind="alerts")

    def tidy(self, at_most_s: float) -> bool:
        """Forget secrets that have expired, and what of the audit outlived its days."""
        del at_most_s
        Credentials(self._ports.tables).purge(self._ports.now_ms())
        forget_tries(self._ports.tables, wall_ms())
        self.relations.tidy()
        return self.audit.tidy()

    @classmethod
    def export(cls, home: Home, tables: Tables, person: Person) -> Iterable[ExportPart]:
        """Who can see this person, or could with a link that is out, and who looked."""
        shares = Shares(tables).list(person.id, wall_ms())
        yield ExportPart("sharing.json", "application/json", [msgspec.json.encode(list(shares))])
        yield ExportPart("audit.jsonl", "application/x-ndjson", _looks(home, tables, person))


def _looks(home: Home, tables: Tables, person: Person) -> Iterator[bytes]:
    """Each access to this person's data, a line each, with what people call whoever it was."""
    labels = grant_labels(tables)
    for entry in looks_at(home, person.pseudonym):
        told = {"time": from_ms(entry["at"]).isoformat(), "name": labels.get(entry["who"], ""), **entry}
        yield msgspec.json.encode(told) + b"\n"
