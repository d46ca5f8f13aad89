"""Signing in by an identity provider, and which identity opens which account.

An identity is issuer and subject, and nothing else: names and addresses of mail are given anew, or may be
claimed by anybody. It opens an account once somebody who was signed in here, and had just proven who they
are, linked it. Nobody gets an account by signing in, and no claim gives a role: claims can only keep one out.
"""

from __future__ import annotations

import json
import logging
from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING

from sqlalchemy import delete, select

from healthtwin.access.account_tables import AccountRow
from healthtwin.access.accounts.own import own_row
from healthtwin.access.accounts.sessions import begin, know_browser, notify
from healthtwin.access.accounts.sign_in import SignedIn
from healthtwin.access.oidc.flow import FlowOver, Flows
from healthtwin.access.oidc.id_token import TokenRefused
from healthtwin.access.oidc.provider import Provider, ProviderTrouble
from healthtwin.access.proof_tables import IdentityRow
from healthtwin.access.tables import SessionRow
from healthtwin.domain.errors import NotFound
from healthtwin.domain.plain_log import Logged
from healthtwin.store.secrets import hash_of, new_id

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from sqlalchemy.orm import Session

    from healthtwin.access.client import Client
    from healthtwin.access.grants import Grant
    from healthtwin.access.oidc.flow import Flow
    from healthtwin.access.oidc.id_token import Vouched
    from healthtwin.access.settings import OidcSettings
    from healthtwin.store import Tables

log = logging.getLogger("healthtwin.access")


class Ending(StrEnum):
    """How a sign-in by a provider ended."""

    SIGNED_IN = "signed-in"
    LINKED = "linked"
    OVER = "over"
    """It fits no sign-in that was begun in this browser, or one that is over: start again."""
    DENIED = "denied"
    """The provider signed nobody in."""
    UNKNOWN = "unknown"
    """Nobody here has linked that identity, or the account is of no use."""
    ROLE = "role"
    """The provider's claims do not name the role of the account."""
    TAKEN = "taken"
    """It opens another account already."""
    TROUBLE = "trouble"
    """The provider does not answer, or what it answers is not believed."""


@dataclass(frozen=True, slots=True)
class Ended:
    """What became of a sign-in. target: a path of ours; signed_in: where a session began."""

    ending: Ending
    target: str = "/"
    signed_in: SignedIn | None = None


@dataclass(frozen=True, slots=True)
class Answer:
    """What a provider's redirect says: `code`, or `error`; `state`, and `iss` (RFC 9207)."""

    code: str | None
    state: str | None
    issuer: str | None
    error: str | None


@dataclass(frozen=True, slots=True)
class OwnIdentity:
    """An identity that opens an account, as its owner sees it."""

    id: str
    provider: str
    title: str
    created_ms: int
    last_used_ms: int | None


class Identities:
    """The providers of a house, and who is linked. Safe to share between threads.

    Args:
        tables: the house's.
        settings: of the providers, by name.
        now_ms: the wall clock.
    """

    def __init__(
        self, tables: Tables, settings: Mapping[str, OidcSettings], now_ms: Callable[[], int]
    ) -> None:
        self._tables = tables
        self._now_ms = now_ms
        self._providers = {name: Provider(each, now_ms) for name, each in settings.items()}
        self._flows = Flows(now_ms)

    def providers(self) -> list[tuple[str, str]]:
        """Name and title of each."""
        return [(name, provider.settings.title) for name, provider in self._providers.items()]

    def begin(self, name: str, redirect_uri: str, target: str, grant: Grant | None = None) -> tuple[str, str]:
        """Where to send the browser, and the value of the cookie that it keeps meanwhile.

        Args:
            name: of the provider.
            redirect_uri: the way back.
            target: where to go afterwards; what is no path of ours is the front page.
            grant: of whoever links an identity; None: somebody signs in.

        Raises:
            NotFound: no such provider, or no account stands behind the grant.
            ProviderTrouble: it does not answer.
        """
        provider, account, session_id = self._provider(name), "", ""
        if grant is not None:
            with self._tables.read() as session:
                account, session_id = own_row(session, grant).id, grant.session
        return self._flows.begin(provider, redirect_uri, target, account, session_id)

    def finish(
        self,
        name: str,
        cookie: str | None,
        answer: Answer,
        client: Client,
        *,
        known: str | None = None,
        former: str | None = None,
    ) -> Ended:
        """The end of a sign-in, whatever it is.

        Args:
            name: of the provider, as in the path that its answer came to.
            cookie: of `begin`. answer: as it came.
            client: where they are.
            known, former: cookies of a browser that signed in before, and of the session that it had.

        Raises:
            NotFound: no such provider.
        """
        provider = self._provider(name)
        try:
            flow = self._flows.end(cookie, provider, answer.state, answer.issuer)
            if answer.error is not None or not answer.code:
                log.info("%s: signed nobody in", Logged(name))
                return Ended(Ending.DENIED, flow.target)
            vouched = provider.redeem(answer.code, flow.redirect_uri, flow.verifier, flow.nonce)
        except FlowOver as error:
            log.info("%s: a sign-in was over: %s", Logged(name), error)
            return Ended(Ending.OVER)
        except (TokenRefused, ProviderTrouble) as error:
            log.warning("%s: a sign-in failed: %s", Logged(name), error)
            return Ended(Ending.TROUBLE)
        if flow.account:
            return self._link(flow, vouched, client)
        return self._sign_in(provider.settings, flow, vouched, client, known, former)

    def list(self, grant: Grant) -> Sequence[OwnIdentity]:
        """One's own, oldest first.

        Raises:
            NotFound: no account stands behind this.
        """
        titles = dict(self.providers())
        with self._tables.read() as session:
            account = own_row(session, grant)
            rows = session.scalars(
                select(IdentityRow)
                .where(IdentityRow.account_id == account.id)
                .order_by(IdentityRow.created_ms, IdentityRow.id)
            )
            return [
                OwnIdentity(
                    row.id,
                    row.provider,
                    titles.get(row.provider, row.provider),
                    row.created_ms,
                    row.last_used_ms,
                )
                for row in rows
            ]

    def unlink(self, grant: Grant, identity_id: str, client: Client) -> None:
        """An identity opens the account no more.

        Raises:
            NotFound: it is none of theirs.
        """
        with self._tables.write(changes_access=True) as session:
            account, row = own_row(session, grant), session.get(IdentityRow, identity_id)
            if row is None or row.account_id != account.id:
                raise NotFound("no such identity of yours")
            session.delete(row)
            notify(session, account.id, "identity_unlinked", self._now_ms(), client, grant.session)

    def _provider(self, name: str) -> Provider:
        provider = self._providers.get(name)
        if provider is None:
            raise NotFound("no such identity provider")
        return provider

    def _link(self, flow: Flow, vouched: Vouched, client: Client) -> Ended:
        now_ms = self._now_ms()
        with self._tables.write(changes_access=True) as session:
            # Whoever began it may have been signed out, or disabled, while they were at the provider.
            own = session.get(SessionRow, flow.session)
            account = session.get(AccountRow, flow.account)
            if own is None or account is None or own.account_id != account.id or own.expires_ms <= now_ms:
                return Ended(Ending.OVER)
            row = _identity(session, vouched)
            if row is not None:
                same = row.account_id == account.id
                return Ended(Ending.LINKED if same else Ending.TAKEN, flow.target)
            session.add(
                IdentityRow(
                    id=new_id("i-"),
                    account_id=account.id,
                    provider=flow.provider,
                    hash=_hash_of(vouched),
                    created_ms=now_ms,
                )
            )
            notify(session, account.id, "identity_linked", now_ms, client, own.id)
            return Ended(Ending.LINKED, flow.target)

    def _sign_in(
        self,
        settings: OidcSettings,
        flow: Flow,
        vouched: Vouched,
        client: Client,
        known: str | None,
        former: str | None,
    ) -> Ended:
        now_ms = self._now_ms()
        with self._tables.write(changes_access=True) as session:
            row = _identity(session, vouched)
            account = None if row is None else session.get(AccountRow, row.account_id)
            if (
                row is None
                or account is None
                or account.disabled_ms is not None
                or account.enrolled_ms is None
            ):
                return Ended(Ending.UNKNOWN)
            if settings.roles and not settings.roles.get(account.role, frozenset()) & vouched.values:
                return Ended(Ending.ROLE)
            row.last_used_ms = now_ms
            if former is not None:
                session.execute(delete(SessionRow).where(SessionRow.hash == hash_of(former)))
            browser = know_browser(session, account.id, known, now_ms)
            minted = begin(session, account, client, now_ms)
            # How the provider proved who it is nobody here saw: what is handed on asks for a proof of ours.
            session.get_one(SessionRow, minted.id).verified_ms = None
            return Ended(Ending.SIGNED_IN, flow.target, SignedIn(account.id, minted, browser))


def _identity(session: Session, vouched: Vouched) -> IdentityRow | None:
    return session.scalar(select(IdentityRow).where(IdentityRow.hash == _hash_of(vouched)))


def _hash_of(vouched: Vouched) -> str:
    """Of issuer and subject, neither of which can run into the other."""
    return hash_of(json.dumps([vouched.issuer, vouched.subject]))
