"""Who is asking, and what they may do."""

from __future__ import annotations

from typing import TYPE_CHECKING

from healthtwin.faces import face

if TYPE_CHECKING:
    from healthtwin.access.accounts import (
        NEVER_MS,
        PENDING_MS,
        Account,
        Accounts,
        Added,
        Enrolment,
        OwnAccount,
        PasswordHashes,
        Proof,
        SignedIn,
        SignIn,
    )
    from healthtwin.access.audit import (
        CONSOLE,
        HOUSE,
        NOBODY,
        Audit,
        AuditSettings,
        grant_labels,
        looks_at,
        newest_looks,
        signing_key,
        verify,
        was_erased,
    )
    from healthtwin.access.authenticator import (
        STEP_UP_MS,
        Authenticator,
        csrf_matches,
        csrf_token_of,
        wall_ms,
    )
    from healthtwin.access.client import Client
    from healthtwin.access.consents import ConsentLine, Consents, ConsentsView
    from healthtwin.access.credentials import Credentials
    from healthtwin.access.grants import Grant
    from healthtwin.access.names import known_as
    from healthtwin.access.oidc import (
        FLOW_MS,
        OIDC_COOKIE,
        Answer,
        Ended,
        Ending,
        Identities,
        OwnIdentity,
        ProviderTrouble,
        path_of_ours,
    )
    from healthtwin.access.pairing import Pairing
    from healthtwin.access.passkeys import (
        ChallengeOver,
        Offer,
        OwnPasskey,
        Passkeys,
        WhyNot,
        served_origins,
    )
    from healthtwin.access.policy import (
        POLICY,
        Decision,
        Need,
        Purpose,
        Verdict,
        decide,
        is_about_a_person,
        kinds_seen,
        may,
        withheld_from,
    )
    from healthtwin.access.rate import BURST_ROWS, ROWS_PER_S, RateLimiter
    from healthtwin.access.relations import (
        AGES,
        COUNTRY,
        GLASS_PREFIX,
        AccessView,
        ActingView,
        BreakGlass,
        Glass,
        GlassView,
        Growing,
        InsideView,
        Notice,
        NoticeKind,
        Notices,
        NoticesView,
        StandingView,
        Youth,
        checked_country,
        country_in,
        youth_of,
    )
    from healthtwin.access.room import AccessRoom
    from healthtwin.access.settings import SignInSettings
    from healthtwin.access.shares import Shares
    from healthtwin.access.sharing import ShareView
    from healthtwin.access.stored_grants import Minted, Token
    from healthtwin.access.telling import Actor, Telling
    from healthtwin.access.ties import SHARED_KINDS, Kind, Relation, Scope, Tie

__all__ = [
    "AGES",
    "BURST_ROWS",
    "CONSOLE",
    "COUNTRY",
    "FLOW_MS",
    "GLASS_PREFIX",
    "HOUSE",
    "NEVER_MS",
    "NOBODY",
    "OIDC_COOKIE",
    "PENDING_MS",
    "POLICY",
    "ROWS_PER_S",
    "SHARED_KINDS",
    "STEP_UP_MS",
    "AccessRoom",
    "AccessView",
    "Account",
    "Accounts",
    "ActingView",
    "Actor",
    "Added",
    "Answer",
    "Audit",
    "AuditSettings",
    "Authenticator",
    "BreakGlass",
    "ChallengeOver",
    "Client",
    "ConsentLine",
    "Consents",
    "ConsentsView",
    "Credentials",
    "Decision",
    "Ended",
    "Ending",
    "Enrolment",
    "Glass",
    "GlassView",
    "Grant",
    "Growing",
    "Identities",
    "InsideView",
    "Kind",
    "Minted",
    "Need",
    "Notice",
    "NoticeKind",
    "Notices",
    "NoticesView",
    "Offer",
    "OwnAccount",
    "OwnIdentity",
    "OwnPasskey",
    "Pairing",
    "Passkeys",
    "PasswordHashes",
    "Proof",
    "ProviderTrouble",
    "Purpose",
    "RateLimiter",
    "Relation",
    "Scope",
    "ShareView",
    "Shares",
    "SignIn",
    "SignInSettings",
    "SignedIn",
    "StandingView",
    "Telling",
    "Tie",
    "Token",
    "Verdict",
    "WhyNot",
    "Youth",
    "checked_country",
    "country_in",
    "csrf_matches",
    "csrf_token_of",
    "decide",
    "grant_labels",
    "is_about_a_person",
    "kinds_seen",
    "known_as",
    "looks_at",
    "may",
    "newest_looks",
    "path_of_ours",
    "served_origins",
    "signing_key",
    "verify",
    "wall_ms",
    "was_erased",
    "withheld_from",
    "youth_of",
]

__getattr__ = face(
    __name__,
    audit="CONSOLE HOUSE NOBODY Audit AuditSettings grant_labels looks_at newest_looks signing_key verify "
    "was_erased",
    consents="ConsentLine Consents ConsentsView",
    accounts="NEVER_MS PENDING_MS Account Accounts Added Enrolment OwnAccount PasswordHashes Proof SignIn "
    "SignedIn",
    authenticator="STEP_UP_MS Authenticator csrf_matches csrf_token_of wall_ms",
    client="Client",
    credentials="Credentials",
    grants="Grant",
    names="known_as",
    oidc="FLOW_MS OIDC_COOKIE Answer Ended Ending Identities OwnIdentity ProviderTrouble path_of_ours",
    pairing="Pairing",
    passkeys="ChallengeOver Offer OwnPasskey Passkeys WhyNot served_origins",
    policy="POLICY Decision Need Purpose Verdict decide is_about_a_person kinds_seen may withheld_from",
    rate="BURST_ROWS ROWS_PER_S RateLimiter",
    relations="AGES COUNTRY GLASS_PREFIX AccessView ActingView BreakGlass Glass GlassView Growing InsideView "
    "Notice NoticeKind Notices NoticesView StandingView Youth checked_country country_in youth_of",
    room="AccessRoom",
    settings="SignInSettings",
    shares="Shares",
    stored_grants="Minted Token",
    sharing="ShareView",
    telling="Actor Telling",
    ties="SHARED_KINDS Kind Relation Scope Tie",
)
