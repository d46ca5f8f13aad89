import re
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from threading import Barrier

import pytest

from healthtwin.access import Credentials, Scope
from healthtwin.domain import DAY_MS, HOUR_MS, MINUTE_MS, Profile
from healthtwin.domain.errors import InvalidInput, NotFound, Unauthenticated
from healthtwin.store import Tables
from healthtwin.store.people import People, Person

NOW = 1_772_366_400_000


def test_a_device_token_mints_a_device_and_reaches_its_one_person(tables: Tables, ada: Person) -> None:
    minted = Credentials(tables).create_token("device", [ada.id], NOW, label="phone")

    grant = Credentials(tables).lookup_token(minted.secret, NOW)

    assert grant == minted.grant
    assert grant.device is not None
    assert grant.device.startswith("d-")
    assert grant.covers(ada.id)
    assert not grant.covers("p-somebody")


def test_two_tokens_for_one_person_are_two_devices(tables: Tables, ada: Person) -> None:
    devices = {Credentials(tables).create_token("device", [ada.id], NOW).grant.device for _ in range(2)}

    assert len(devices) == 2


def test_an_admin_reaches_whom_it_names_or_everybody_and_has_no_device(tables: Tables, ada: Person) -> None:
    access = Credentials(tables)
    nobody, one, everybody = (
        access.create_token(Scope.ADMIN, [], NOW).grant,
        access.create_token(Scope.ADMIN, [ada.id], NOW).grant,
        access.create_token(Scope.ADMIN, [], NOW, every_person=True).grant,
    )

    assert [grant.covers(ada.id) for grant in (nobody, one, everybody)] == [False, True, True]
    assert [grant.covers("p-comes-later") for grant in (nobody, one, everybody)] == [False, False, True]
    assert nobody.device is one.device is everybody.device is None


def test_only_an_admin_reaches_everybody_and_then_names_nobody_else(tables: Tables, ada: Person) -> None:
    for scope, people in (("clinician", []), ("family", [ada.id]), ("admin", [ada.id])):
        with pytest.raises(InvalidInput):
            Credentials(tables).create_token(scope, people, NOW, every_person=True)


@pytest.mark.parametrize(
    ("scope", "people"), [("device", 0), ("device", 2), ("clinician", 0), ("service", 0), ("doctor", 1)]
)
def test_people_must_fit_the_scope(tables: Tables, scope: str, people: int) -> None:
    ids = [People(tables).add("Ada", Profile("UTC"), NOW).id for _ in range(people)]

    with pytest.raises(InvalidInput):
        Credentials(tables).create_token(scope, ids, NOW)

    assert Credentials(tables).tokens() == []


def test_a_token_for_nobody_we_know_is_refused(tables: Tables) -> None:
    with pytest.raises(NotFound, match="p-nobody"):
        Credentials(tables).create_token("clinician", ["p-nobody"], NOW)


def test_a_secret_is_long_random_and_never_shown_by_accident(tables: Tables) -> None:
    minted = Credentials(tables).create_token("admin", [], NOW)

    assert re.fullmatch(r"ht_[0-9A-Za-z]{43}", minted.secret)
    assert minted.secret not in repr(minted)
    assert minted.secret not in repr(Credentials(tables).tokens())


def test_only_hashes_are_in_the_file(tmp_path: Path) -> None:
    with Tables(f"sqlite:///{tmp_path}/records.db") as tables:
        token = Credentials(tables).create_token("admin", [], NOW)
        link = Credentials(tables).create_link("admin", [], NOW)
        session = Credentials(tables).redeem_link(link.secret, NOW)
        content = b"".join(path.read_bytes() for path in tmp_path.iterdir())

    assert b"tokens" in content
    for minted in (token, link, session):
        assert minted.secret.encode() not in content
        assert minted.secret[3:].encode() not in content


def test_a_token_ends_when_it_expires(tables: Tables) -> None:
    minted = Credentials(tables).create_token("admin", [], NOW, expires_ms=NOW + 10)

    assert Credentials(tables).lookup_token(minted.secret, NOW + 9).expires_ms == NOW + 10
    with pytest.raises(Unauthenticated, match="expired"):
        Credentials(tables).lookup_token(minted.secret, NOW + 10)


def test_a_token_that_ended_before_it_began_is_refused(tables: Tables) -> None:
    with pytest.raises(InvalidInput, match="expires_ms"):
        Credentials(tables).create_token("admin", [], NOW, expires_ms=NOW)


def test_a_revoked_token_opens_nothing_and_others_do(tables: Tables) -> None:
    lost, kept = (Credentials(tables).create_token("admin", [], NOW) for _ in range(2))

    Credentials(tables).revoke_token(lost.id, NOW + 5)
    Credentials(tables).revoke_token(lost.id, NOW + 6)

    with pytest.raises(Unauthenticated, match="revoked"):
        Credentials(tables).lookup_token(lost.secret, NOW + 7)
    Credentials(tables).lookup_token(kept.secret, NOW + 7)
    assert {token.id: token.revoked_ms for token in Credentials(tables).tokens()} == {
        lost.id: NOW + 5,
        kept.id: None,
    }
    with pytest.raises(NotFound):
        Credentials(tables).revoke_token("t-nothing", NOW)


@pytest.mark.parametrize("secret", ["", "ht_", "ht_" + "0" * 43, "nonsense", "ü\udcff", "x" * 100_000])
def test_what_was_never_minted_opens_nothing(tables: Tables, secret: str) -> None:
    with pytest.raises(Unauthenticated):
        Credentials(tables).lookup_token(secret, NOW)
    with pytest.raises(Unauthenticated):
        Credentials(tables).lookup_session(secret, NOW)
    with pytest.raises(Unauthenticated):
        Credentials(tables).redeem_link(secret, NOW)


def test_a_link_signs_in_once(tables: Tables, ada: Person) -> None:
    link = Credentials(tables).create_link("clinician", [ada.id], NOW, label="Dr Grey")

    session = Credentials(tables).redeem_link(link.secret, NOW + 1)

    grant = Credentials(tables).lookup_session(session.secret, NOW + 2)
    assert (grant.scope, set(grant.people), grant.label) == (Scope.CLINICIAN, {ada.id}, "Dr Grey")
    with pytest.raises(Unauthenticated, match="unknown, used or expired"):
        Credentials(tables).redeem_link(link.secret, NOW + 3)


def test_of_many_who_use_a_link_at_once_one_succeeds(tables: Tables) -> None:
    link = Credentials(tables).create_link("admin", [], NOW)
    everybody = Barrier(8)

    def redeem(_: int) -> bool:
        everybody.wait()
        try:
            Credentials(tables).redeem_link(link.secret, NOW)
        except Unauthenticated:
            return False
        return True

    with ThreadPoolExecutor(8) as crowd:
        assert sorted(crowd.map(redeem, range(8))) == [False] * 7 + [True]


def test_a_link_ends_after_a_quarter_of_an_hour(tables: Tables) -> None:
    link = Credentials(tables).create_link("admin", [], NOW)

    with pytest.raises(Unauthenticated):
        Credentials(tables).redeem_link(link.secret, NOW + 15 * MINUTE_MS)


def test_a_device_does_not_sign_in(tables: Tables, ada: Person) -> None:
    with pytest.raises(InvalidInput, match="clinician or admin"):
        Credentials(tables).create_link("device", [ada.id], NOW)
    with pytest.raises(InvalidInput, match="lifetime_ms"):
        Credentials(tables).create_link("admin", [], NOW, lifetime_ms=0)


def test_a_session_ends_by_signing_out_or_by_time(tables: Tables) -> None:
    access = Credentials(tables)
    one, other = (access.redeem_link(access.create_link("admin", [], NOW).secret, NOW) for _ in range(2))

    Credentials(tables).end_session(one.secret)

    with pytest.raises(Unauthenticated):
        Credentials(tables).lookup_session(one.secret, NOW)
    Credentials(tables).lookup_session(other.secret, NOW + 30 * DAY_MS - 1)
    with pytest.raises(Unauthenticated):
        Credentials(tables).lookup_session(other.secret, NOW + 30 * DAY_MS)


def test_one_kind_of_secret_does_not_open_another_door(tables: Tables) -> None:
    token = Credentials(tables).create_token("admin", [], NOW)
    link = Credentials(tables).create_link("admin", [], NOW)

    with pytest.raises(Unauthenticated):
        Credentials(tables).lookup_session(token.secret, NOW)
    with pytest.raises(Unauthenticated):
        Credentials(tables).lookup_token(link.secret, NOW)


def test_purging_forgets_what_has_expired_and_nothing_else(tables: Tables) -> None:
    token = Credentials(tables).create_token("admin", [], NOW)
    session = Credentials(tables).redeem_link(Credentials(tables).create_link("admin", [], NOW).secret, NOW)
    Credentials(tables).create_link("admin", [], NOW)

    assert Credentials(tables).purge(NOW) == 0
    assert Credentials(tables).purge(NOW + HOUR_MS) == 2  # both links; the session goes on

    Credentials(tables).lookup_token(token.secret, NOW + HOUR_MS)
    Credentials(tables).lookup_session(session.secret, NOW + HOUR_MS)
    assert Credentials(tables).purge(NOW + 30 * DAY_MS) == 1
