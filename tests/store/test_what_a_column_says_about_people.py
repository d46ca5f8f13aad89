"""Every column that could say something about somebody is sealed, or stands here with its reason."""

import pytest
from sqlalchemy import JSON, LargeBinary, String, Text, update
from sqlalchemy.exc import StatementError

from healthtwin.domain import Profile
from healthtwin.store import Tables
from healthtwin.store.base import PersonRow
from healthtwin.store.migration import all_tables
from healthtwin.store.people import People
from healthtwin.store.sealed import SEALED, Sealed, SealedFacts, facts_declared, kind_of

OUR_OWN_IDS = {
    "id",
    "person_id",
    "alert_id",
    "first_id",
    "alias",
    "change_id",
    "grant_id",
    "device_id",
    "account_id",
    "session_id",
    "actor",
}
"""Made by us, by chance or by a hash; they say nothing."""

PLAIN = {
    "people.pseudonym": "stands for the person in log and series",
    "people.secret": "random bytes",
    "statements.subject": "which of three statements it is; the row's key",
    "erasures.pseudonym": "of somebody whose key is gone",
    "erasures.devices": "ids of ours",
    "erasures.proofs": "hashes of random secrets",
    "grants.scope": "one of few words; the gate asks for it",
    "tokens.hash": "of 32 random bytes",
    "sign_in_links.hash": "of 32 random bytes",
    "sessions.hash": "of 32 random bytes",
    "sessions.former_hash": "of 32 random bytes",
    "sessions.client": "a hash of what the browser calls itself and of its network; ends with the session",
    "accounts.role": "one of few words",
    "accounts.handle": "random bytes",
    "enrolments.hash": "of 32 random bytes",
    "recovery_codes.hash": "of 80 random bits and an id",
    "known_browsers.hash": "of 32 random bytes",
    "sign_in_tries.about": "ids, and a hash of a network under a salt that is sealed",
    "account_notices.kind": "one of few words",
    "passkeys.credential": "random bytes of an authenticator, by which it is found",
    "passkeys.public_key": "opens nothing",
    "passkeys.rp_id": "a name of the house",
    "relying_party.rp_id": "a name of the house",
    "relying_party.origins": "addresses of the house",
    "identities.hash": "of an issuer and what it calls somebody, by which they are found",
    "findings.specialty": "which part of the product looked",
    "findings.version": "of the knowledge that was asked",
    "alerts.pseudonym": "stands for the person",
    "alerts.state": "open, acknowledged, over; lists ask for it",
    "alert_changes.pseudonym": "stands for the person",
    "alert_changes.state": "as that of alerts",
    "alert_notes.pseudonym": "stands for the person",
    "deliveries.idempotency_key": "a hash over ids",
    "deliveries.pseudonym": "stands for the person",
    "deliveries.channel": "a way of telling; queues are made of it",
    "deliveries.recipient": "an id of a webhook or a paired device, never an address",
    "deliveries.status": "pending, delivered, failed",
    "receipts.idempotency_key": "a hash over ids",
    "receipts.outcome": "a status code or a kind of network error, never what was sent or where",
    "break_glass.proof": "id of a session",
    "joined_grants.to_grant_id": "id of a grant",
    "acting.proof": "id of a session",
    "acting.relation": "one of few words; the gate asks for it",
    "notices.audience": "an id of ours, or one of two words",
    "notices.kind": "which of few notices it is",
    "grant_people.relation": "one of few words; the gate asks for it",
    "consents.stated": "kinds of data and ids of ours; the gate reads it with every grant",
    "consents.stated_by": "id of a grant",
    "exports.state": "being made, ready, failed",
    "exports.digest": "SHA-256 of a whole file, for who fetches it in pieces",
    "exports.language": "in which words the file is written",
    "house_weeks.drift": "of all people together",
}
"""Columns of words, data or bytes that are not sealed, each with its reason."""


def test_a_column_is_sealed_or_says_why_it_need_not_be() -> None:
    said = {
        f"{table.name}.{column.name}"
        for table in all_tables().sorted_tables
        for column in table.c
        if isinstance(column.type, String | Text | JSON | LargeBinary) and column.name not in OUR_OWN_IDS
    }
    assert said == set(PLAIN), "seal it (healthtwin.store.sealed), or give the reason in PLAIN"


def test_every_sealed_table_names_its_rows_for_good() -> None:
    for table in all_tables().sorted_tables:
        if SEALED not in table.c:
            continue
        kind = kind_of(table)
        assert isinstance(table.c[SEALED].type, SealedFacts)
        assert facts_declared(kind), f"{table.name} says nothing"
        names = kind.identity or tuple(column.name for column in table.primary_key)
        assert "number" not in names, f"{table.name}: a row has no number before it is written; set identity"
        assert issubclass(kind, Sealed)


def test_facts_never_reach_the_database_past_their_envelope(tables: Tables) -> None:
    ada = People(tables).add("Ada", Profile("UTC"), now_ms=0)
    with pytest.raises(StatementError, match="through a session of Tables"), tables.write() as session:
        session.execute(update(PersonRow).values(sealed=b"{}"))
    assert People(tables).get(ada.id) == ada
