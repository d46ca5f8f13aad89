"""The passkeys of a house: made, shown, listed, taken away; and whether a page can offer them."""

from __future__ import annotations

import hmac
import logging
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

from sqlalchemy import delete, func, select
from sqlalchemy.exc import IntegrityError

from healthtwin.access.account_tables import AccountRow
from healthtwin.access.accounts.accounts import end_rest, require_another_admin, rests
from healthtwin.access.accounts.factors import factors_of, require_way_in
from healthtwin.access.accounts.own import changed, own_row, own_session, proving_row
from healthtwin.access.accounts.sessions import begin, know_browser, notify, rotate
from healthtwin.access.accounts.sign_in import SignedIn, enrolled, first_session, take_invitation
from healthtwin.access.passkeys.ceremony import (
    TRANSPORTS,
    CeremonyFailed,
    KnownPasskey,
    challenge_in,
    creation_options,
    made,
    request_options,
    shown,
)
from healthtwin.access.passkeys.challenges import Challenges, Purpose
from healthtwin.access.passkeys.counter import Counted, judged_count
from healthtwin.access.passkeys.relying_party import RelyingParty, offer_at, party_of
from healthtwin.access.proof_tables import THE_PARTY, PasskeyRow, RelyingPartyRow
from healthtwin.access.tables import SessionRow
from healthtwin.domain import plain_text
from healthtwin.domain.errors import (
    Conflict,
    Forbidden,
    HealthTwinError,
    InvalidInput,
    NotFound,
    Unauthenticated,
)
from healthtwin.domain.plain_log import Logged
from healthtwin.store.secrets import hash_of, new_id

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from sqlalchemy.orm import Session

    from healthtwin.access.client import Client
    from healthtwin.access.grants import Grant
    from healthtwin.access.passkeys.ceremony import NewPasskey, Shown
    from healthtwin.access.passkeys.relying_party import Offer
    from healthtwin.access.settings import SignInSettings
    from healthtwin.access.stored_grants import Minted
    from healthtwin.store import Tables

log = logging.getLogger("healthtwin.access")

MOST_PASSKEYS: Final = 50
"""Of one account: every device of a family, and room; the browser is told of each at every step-up."""

LONGEST_LABEL: Final = 100
UNKNOWN: Final = "this passkey is not known here, or opens nothing (any more); sign in in another way"
"""The one answer to whatever is wrong with a passkey: unknown, removed, of a disabled account, forged."""

STEPPED_BACK: Final = (
    "this passkey was refused: its counter went back, as it does when a key was copied. Sign in in another "
    "way and say under My account whether it was you"
)
NOT_OFFERED: Final = "passkeys work only at %s"


@dataclass(frozen=True, slots=True)
class OwnPasskey:
    """A passkey as its owner sees it.

    Attributes:
        works: it was made for the name that the house has now, and its account was not reset since.
        stepped_back_ms: when its counter went back and nobody has said yet whether it was them.
    """

    id: str
    label: str
    rp_id: str
    works: bool
    device_bound: bool
    backed_up: bool
    created_ms: int
    last_used_ms: int | None
    stepped_back_ms: int | None


class Passkeys:
    """Both ceremonies against what is kept. Safe to share between threads.

    Args:
        tables: the house's.
        settings: the operator's.
        now_ms: the wall clock.
        served: where the house is reached (`served_origins`); empty where nobody serves it.
    """

    def __init__(
        self,
        tables: Tables,
        settings: SignInSettings,
        now_ms: Callable[[], int],
        served: Sequence[str] = (),
    ) -> None:
        self._tables = tables
        self._settings = settings
        self._now_ms = now_ms
        self._served = tuple(served)
        self._challenges = Challenges(now_ms)

    # ---------------------------------------------------------------- whose passkeys, and where

    def party(self) -> RelyingParty | None:
        """Whose passkeys are made and shown now; None where there is no name."""
        with self._tables.read() as session:
            return self._party(session)

    def offer(self, origin: str) -> Offer:
        """Whether a page of this origin offers passkeys, and if not, why."""
        return offer_at(origin, self.party())

    def of_other_names(self) -> dict[str, int]:
        """How many passkeys belong to names that the house had before."""
        with self._tables.read() as session:
            party = self._party(session)
            counted = session.execute(select(PasskeyRow.rp_id, func.count()).group_by(PasskeyRow.rp_id))
            return {name: count for name, count in counted.all() if party is None or name != party.rp_id}

    def say_what_changed(self) -> None:
        """At the start: keep the name that the settings say, and tell whom that leaves behind."""
        with self._tables.write() as session:
            row, party = session.get(RelyingPartyRow, THE_PARTY), self._party(session)
            if row is not None and party is not None and row.rp_id != party.rp_id:
                row.rp_id, row.origins, row.fixed_ms = party.rp_id, list(party.origins), self._now_ms()
        for name, count in self.of_other_names().items():
            log.warning(
                "%d passkeys belong to the old name %s and open nothing under the new one; whoever used them "
                "stays signed in and sets up new ones, or rp_id in the settings says the old name again",
                count,
                Logged(name),
            )

    def _party(self, session: Session) -> RelyingParty | None:
        row = session.get(RelyingPartyRow, THE_PARTY)
        kept = None if row is None else RelyingParty(row.rp_id, tuple(row.origins), self._settings.rp_name)
        return party_of(self._settings, kept, self._served)

    def _require_party(self, session: Session, origin: str) -> RelyingParty:
        """Raises: Conflict, where passkeys cannot work at this origin."""
        party = self._party(session)
        if party is None:
            raise Conflict("this house is served under no name that passkeys could belong to; see rp_id")
        if offer_at(origin, party).why_not is not None:
            raise Conflict(NOT_OFFERED % " and ".join(party.origins))
        return party

    # ---------------------------------------------------------------- signing in

    def sign_in_options(self, origin: str, browser: str) -> dict[str, Any]:
        """What a browser is asked to show.

        Args:
            origin: of the page; a party that does not work there is not offered.
            browser: the secret of its cookie before signing in, which the challenge is bound to.

        Raises:
            Conflict: passkeys do not work there.
        """
        with self._tables.read() as session:
            party = self._require_party(session, origin)
        return request_options(party, self._challenges.make(Purpose.SIGN_IN, browser))

    def sign_in(
        self,
        browser: str,
        credential: dict[str, Any],
        client: Client,
        *,
        known: str | None = None,
        former: str | None = None,
    ) -> SignedIn:
        """Begin a session by a passkey, with a cookie that nobody had before.

        Args:
            browser: as for `sign_in_options`. credential: what it showed.
            client: where they are.
            known: the cookie of a browser that signed in before.
            former: the cookie of the session that the browser had; it ends.

        Raises:
            ChallengeOver: ask again. Unauthenticated: it opens nothing. Forbidden: its counter went back.
        """
        now_ms = self._now_ms()
        row = self._found(credential)
        shown_now = self._shown(credential, Purpose.SIGN_IN, browser, row)
        handle = _handle_in(credential)
        with self._tables.write(changes_access=True) as session:
            passkey = session.get(PasskeyRow, row.id)
            account = None if passkey is None else session.get(AccountRow, passkey.account_id)
            if (
                passkey is None
                or account is None
                or passkey.former_ms is not None
                or account.disabled_ms is not None
                or (handle is not None and not hmac.compare_digest(handle, account.handle))
            ):
                raise Unauthenticated(UNKNOWN)
            refused = self._counted(session, passkey, shown_now, now_ms, client)
            if not refused:
                if former is not None:
                    session.execute(delete(SessionRow).where(SessionRow.hash == hash_of(former)))
                mark = know_browser(session, account.id, known, now_ms)
                return SignedIn(account.id, begin(session, account, client, now_ms), mark)
        raise Forbidden(STEPPED_BACK)

    # ---------------------------------------------------------------- proving anew

    def step_up_options(self, origin: str, grant: Grant) -> dict[str, Any]:
        """What a browser is asked to show by somebody who is signed in.

        Raises:
            NotFound: no account stands behind this. Conflict: it has no passkey here, or none works there.
        """
        with self._tables.read() as session:
            party, account = self._require_party(session, origin), proving_row(session, grant)
            own = _known(session, account.id, party.rp_id, former=rests(account, self._now_ms()))
        if not own:
            raise Conflict("this account has no passkey; give the password")
        return request_options(party, self._challenges.make(Purpose.STEP_UP, grant.session), own)

    def step_up(self, grant: Grant, credential: dict[str, Any], client: Client) -> Minted:
        """Give a proof anew; the session goes on under another cookie.

        After a reset a passkey of before confirms it, which ends the rest of the account's reach.

        Raises:
            ChallengeOver: ask again. Unauthenticated: it is none of theirs. Forbidden: its counter went back.
        """
        now_ms = self._now_ms()
        row = self._found(credential)
        shown_now = self._shown(credential, Purpose.STEP_UP, grant.session, row)
        with self._tables.write(changes_access=True) as session:
            account, passkey = proving_row(session, grant), session.get(PasskeyRow, row.id)
            if passkey is None or passkey.account_id != account.id or account.disabled_ms is not None:
                raise Unauthenticated(UNKNOWN)
            if passkey.former_ms is not None and not rests(account, now_ms):
                raise Unauthenticated(UNKNOWN)
            if not self._counted(session, passkey, shown_now, now_ms, client):
                if passkey.former_ms is not None:
                    end_rest(account)
                    notify(session, account.id, "reset_confirmed", now_ms, client, grant.session)
                return rotate(session, own_session(session, grant), client, now_ms)
        raise Forbidden(STEPPED_BACK)

    # ---------------------------------------------------------------- making and taking away

    def options_for(self, origin: str, grant: Grant) -> dict[str, Any]:
        """What a browser is asked to make for somebody who is signed in.

        Raises:
            NotFound: no account stands behind this. Conflict: too many, or they do not work there.
        """
        with self._tables.read() as session:
            return self._creation(session, origin, own_row(session, grant), Purpose.REGISTER, grant.session)

    def add(
        self, grant: Grant, credential: dict[str, Any], label: str, client: Client
    ) -> tuple[OwnPasskey, Minted]:
        """Keep a passkey; every other session of the account ends, and this one has another cookie.

        Raises:
            ChallengeOver: ask again. InvalidInput: it is none, or known already (nobody hears whose).
        """
        label = plain_text("label", label, LONGEST_LABEL)
        new = self._made(credential, Purpose.REGISTER, grant.session)
        now_ms = self._now_ms()
        try:
            with self._tables.write(changes_access=True) as session:
                account = own_row(session, grant)
                row = self._keep(session, account, new, label, credential, now_ms)
                minted = changed(session, account, grant, "passkey_added", client, now_ms)
                return _shown_row(row, row.rp_id), minted
        except Conflict as error:
            raise _told(error) from error

    def enrol_options(self, origin: str, secret: str) -> dict[str, Any]:
        """What a browser is asked to make for whoever holds an invitation, which is not used up.

        Raises:
            Unauthenticated: the link is unknown, used or expired. Conflict: they do not work there.
        """
        with self._tables.read() as session:
            account = take_invitation(session, secret, self._now_ms(), use=False)
            return self._creation(session, origin, account, Purpose.ENROL, hash_of(secret))

    def enrol(
        self,
        secret: str,
        credential: dict[str, Any],
        label: str,
        client: Client,
        *,
        known: str | None = None,
        signed_in_as: str | None = None,
    ) -> SignedIn:
        """Use an invitation up by a passkey, and begin a session.

        Args:
            secret: of the link. credential: what the browser made. label: its name.
            client: where they are. known: the cookie of a browser that signed in before.
            signed_in_as: id of the grant under which this browser is signed in already.

        Raises:
            Unauthenticated: the link is no good. Conflict: somebody else is signed in here. InvalidInput: as
                `add`; the link is still good.
        """
        label = plain_text("label", label, LONGEST_LABEL)
        new = self._made(credential, Purpose.ENROL, hash_of(secret))
        now_ms = self._now_ms()
        try:
            with self._tables.write(changes_access=True) as session:
                account = take_invitation(session, secret, now_ms, signed_in_as=signed_in_as)
                self._keep(session, account, new, label, credential, now_ms)
                enrolled(session, account, now_ms, client)
                return first_session(session, account, client, known, now_ms)
        except Conflict as error:
            raise _told(error) from error

    def list(self, grant: Grant) -> Sequence[OwnPasskey]:
        """One's own, the newest first.

        Raises:
            NotFound: no account stands behind this.
        """
        with self._tables.read() as session:
            account, party = own_row(session, grant), self._party(session)
            rows = session.scalars(
                select(PasskeyRow)
                .where(PasskeyRow.account_id == account.id)
                .order_by(PasskeyRow.created_ms.desc(), PasskeyRow.id)
            )
            return [_shown_row(row, "" if party is None else party.rp_id) for row in rows]

    def remove(self, grant: Grant, passkey_id: str, client: Client) -> Minted:
        """Take one away; every other session of the account ends.

        Raises:
            NotFound: it is none of theirs. Conflict: what is left would let nobody in.
        """
        now_ms = self._now_ms()
        with self._tables.write(changes_access=True) as session:
            account = own_row(session, grant)
            self._remove(session, account, passkey_id)
            return changed(session, account, grant, "passkey_removed", client, now_ms)

    def answer(self, grant: Grant, passkey_id: str, client: Client, *, me: bool) -> Minted | None:
        """Say whether it was oneself when a passkey's counter went back.

        Yes: that is noted; a count once told is never lowered, so a key that stays on its device is best made
        anew. No: it is taken away, and every other session ends; gives this one's new cookie then.

        Raises:
            NotFound: it is none of theirs. Conflict: as `remove`.
        """
        now_ms = self._now_ms()
        with self._tables.write(changes_access=True) as session:
            account = own_row(session, grant)
            row = _own_passkey(session, account.id, passkey_id)
            if me:
                row.stepped_back_ms = None
                return None
            self._remove(session, account, passkey_id)
            return changed(session, account, grant, "passkey_removed", client, now_ms)

    # ---------------------------------------------------------------- inside

    def _creation(
        self, session: Session, origin: str, account: AccountRow, purpose: Purpose, bound: str
    ) -> dict[str, Any]:
        party = self._require_party(session, origin)
        every = _known(session, account.id, party.rp_id)
        if len(every) >= MOST_PASSKEYS:
            raise Conflict(
                f"an account has at most {MOST_PASSKEYS} passkeys; remove one that is used no more"
            )
        challenge = self._challenges.make(purpose, bound)
        return creation_options(party, account.handle, account.name, challenge, every)

    def _found(self, credential: dict[str, Any]) -> PasskeyRow:
        """The passkey that an answer names, as it was a moment ago; an empty one where it is unknown."""
        from webauthn.helpers import base64url_to_bytes

        try:
            wanted = base64url_to_bytes(credential["rawId"])
        except (ValueError, KeyError, TypeError) as error:
            raise Unauthenticated(UNKNOWN) from error
        with self._tables.read() as session:
            row = session.scalar(select(PasskeyRow).where(PasskeyRow.credential == wanted))
            if row is None:
                raise Unauthenticated(UNKNOWN)
            session.expunge(row)
            return row

    def _shown(self, credential: dict[str, Any], purpose: Purpose, bound: str, row: PasskeyRow) -> Shown:
        try:
            challenge = challenge_in(credential)
            self._challenges.use(challenge, purpose, bound)
            party = self.party()
            if party is None or row.rp_id != party.rp_id:
                raise CeremonyFailed("made for another name")
            proof = shown(credential, challenge, party, row.public_key)
            if proof.device_bound != row.device_bound:
                raise CeremonyFailed("whether it may be backed up never changes (WebAuthn, 7.2)")
        except CeremonyFailed as error:
            log.info("a passkey was refused: %s", error)
            raise Unauthenticated(UNKNOWN) from error
        return proof

    def _made(self, credential: dict[str, Any], purpose: Purpose, bound: str) -> NewPasskey:
        try:
            challenge = challenge_in(credential)
            self._challenges.use(challenge, purpose, bound)
            party = self.party()
            if party is None:
                raise CeremonyFailed("the house has no name")
            return made(credential, challenge, party)
        except CeremonyFailed as error:
            log.info("a new passkey was refused: %s", error)
            raise InvalidInput("credential", "another one", "a passkey that this page just made") from error

    def _keep(
        self,
        session: Session,
        account: AccountRow,
        new: NewPasskey,
        label: str,
        credential: dict[str, Any],
        now_ms: int,
    ) -> PasskeyRow:
        party = self._party(session)
        if party is None:
            raise Conflict("this house is served under no name that passkeys could belong to; see rp_id")
        fixed = session.get(RelyingPartyRow, THE_PARTY)
        if fixed is None:
            session.add(
                RelyingPartyRow(id=THE_PARTY, rp_id=party.rp_id, origins=list(party.origins), fixed_ms=now_ms)
            )
        if session.scalar(select(PasskeyRow.id).where(PasskeyRow.credential == new.credential)) is not None:
            raise _known_already()
        row = PasskeyRow(
            id=new_id("k-"),
            account_id=account.id,
            credential=new.credential,
            public_key=new.public_key,
            count=new.count,
            rp_id=party.rp_id,
            label=label,
            model=new.model,
            transports=_transports_in(credential),
            device_bound=new.device_bound,
            backed_up=new.backed_up,
            created_ms=now_ms,
        )
        session.add(row)
        session.flush()
        return row

    @staticmethod
    def _counted(session: Session, row: PasskeyRow, proof: Shown, now_ms: int, client: Client) -> bool:
        """Note a use; whether it is refused."""
        verdict, row.count = judged_count(row.count, proof.count, backed_up=not row.device_bound)
        if verdict is not Counted.FINE:
            row.stepped_back_ms = now_ms
            kind = "passkey_refused" if verdict is Counted.REFUSED else "passkey_stepped_back"
            notify(session, row.account_id, kind, now_ms, client)
        if verdict is Counted.REFUSED:
            return True
        row.last_used_ms, row.backed_up = now_ms, proof.backed_up
        session.flush()
        return False

    @staticmethod
    def _remove(session: Session, account: AccountRow, passkey_id: str) -> None:
        row = _own_passkey(session, account.id, passkey_id)
        before = factors_of(session, account)
        session.delete(row)
        session.flush()
        after = factors_of(session, account)
        require_way_in(before, after)
        if not after.can_sign_in:
            require_another_admin(session, account, "left without a way in")


def _known_already() -> InvalidInput:
    return InvalidInput(
        "credential", "a passkey that is set up already", "one that was not set up here before"
    )


def _told(error: Conflict) -> HealthTwinError:
    """Of two requests that bring one passkey, the later hears what it would have heard a moment later."""
    return _known_already() if isinstance(error.__cause__, IntegrityError) else error


def _own_passkey(session: Session, account_id: str, passkey_id: str) -> PasskeyRow:
    row = session.get(PasskeyRow, passkey_id)
    if row is None or row.account_id != account_id:
        raise NotFound("no such passkey of yours")
    return row


def _known(session: Session, account_id: str, rp_id: str, *, former: bool = True) -> list[KnownPasskey]:
    rows = session.scalars(
        select(PasskeyRow).where(PasskeyRow.account_id == account_id, PasskeyRow.rp_id == rp_id)
    )
    return [KnownPasskey(row.credential, row.transports) for row in rows if former or row.former_ms is None]


def _shown_row(row: PasskeyRow, rp_id: str) -> OwnPasskey:
    return OwnPasskey(
        row.id,
        row.label,
        row.rp_id,
        row.rp_id == rp_id and row.former_ms is None,
        row.device_bound,
        row.backed_up,
        row.created_ms,
        row.last_used_ms,
        row.stepped_back_ms,
    )


def _handle_in(credential: dict[str, Any]) -> bytes | None:
    from webauthn.helpers import base64url_to_bytes

    told = credential["response"].get("userHandle")
    return base64url_to_bytes(told) if isinstance(told, str) and told else None


def _transports_in(credential: dict[str, Any]) -> list[str]:
    return sorted(set(credential["response"].get("transports") or ()) & TRANSPORTS)
