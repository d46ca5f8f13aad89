"""A phone becomes somebody's own with a code, stays it for as long as it is used, and can be let go."""

from __future__ import annotations

import threading
from collections.abc import Iterator

import httpx2
import pytest

from healthtwin.access import Credentials, Pairing, wall_ms
from healthtwin.api import ServeSettings
from healthtwin.domain import DAY_MS, MINUTE_MS
from healthtwin.routing.client_address import ClientAddress
from tests.api.conftest import World, problem_of, reading, world_in


def code_for(world: World, person: str, lifetime_ms: int = MINUTE_MS) -> str:
    """A fresh pairing code."""
    return Pairing(world.house.tables).create_code(person, wall_ms(), lifetime_ms=lifetime_ms).secret


def paired(world: World, person: str, label: str = "Ada's phone") -> httpx2.Client:
    """A browser that is this person's phone, and sends its CSRF token along."""
    phone = world.client()
    answer = phone.post("/api/pair", json={"code": code_for(world, person), "label": label})
    assert answer.status_code == 200, answer.text
    phone.headers["X-CSRF-Token"] = answer.json()["csrf"]
    return phone


@pytest.fixture(scope="module")
def own(tmp_path_factory: pytest.TempPathFactory) -> Iterator[World]:
    """A house that takes many tries from this one address."""
    with world_in(tmp_path_factory.mktemp("pairing") / "home", ServeSettings(pairing_tries=1_000)) as served:
        yield served


def test_a_paired_phone_sends_reads_acts_and_knows_who_it_is(own: World) -> None:
    ada = own.person()
    phone = paired(own, ada)

    me = phone.get("/api/me").json()
    assert (me["scope"], me["person"], me["people"][0]["id"], me["kind"]) == ("person", ada, ada, "live")
    assert me["device"].startswith("d-")
    assert me["csrf"] == phone.headers["X-CSRF-Token"]
    assert abs(me["now"] - wall_ms()) < MINUTE_MS

    assert phone.post("/api/vitals", json=reading(sequence=1, spo2=80)).json()["accepted"] == 1
    assert phone.post("/api/vitals", json=reading(sequence=1, heart_rate=99)).status_code == 409
    assert own.values(ada, "oxygen_saturation") == [80]
    assert own.house.caught_up(10)
    alert = phone.get("/api/alerts").json()[0]
    assert phone.post(f"/api/alerts/{alert['id']}/acknowledge").json()["state"] == "acknowledged"
    assert phone.put(f"/api/people/{ada}/medicines", json={"medicines": ["codeine"]}).status_code == 200
    assert [p["id"] for p in phone.get("/api/people").json()] == [ada]


def test_a_code_is_good_once_and_however_it_is_typed(own: World) -> None:
    ada = own.person()
    code = code_for(own, ada)
    typed = code.lower().replace("-", " ").replace("0", "o").replace("1", "l")
    assert own.client().post("/api/pair", json={"code": typed}).json()["person"] == ada

    again = problem_of(own.client().post("/api/pair", json={"code": code}), 401)
    never = problem_of(own.client().post("/api/pair", json={"code": "00000-00000"}), 401)
    assert again == never


def test_of_two_phones_that_use_one_code_at_once_one_is_paired(own: World) -> None:
    code = code_for(own, own.person())
    statuses: list[int] = []

    def use() -> None:
        statuses.append(own.client().post("/api/pair", json={"code": code}).status_code)

    crowd = [threading.Thread(target=use) for _ in range(4)]
    for each in crowd:
        each.start()
    for each in crowd:
        each.join()
    assert sorted(statuses) == [200, 401, 401, 401]


def test_a_code_that_has_run_out_pairs_nothing(own: World) -> None:
    ada = own.person()
    made = Pairing(own.house.tables).create_code(ada, wall_ms() - 16 * MINUTE_MS)
    problem_of(own.client().post("/api/pair", json={"code": made.secret}), 401)


def test_no_code_opens_the_sign_in_page_and_no_link_pairs(own: World) -> None:
    ada = own.person()
    code = code_for(own, ada).replace("-", "")
    for path in (code, f"hp_{code}"):
        assert own.client().post(f"/sign-in/{path}").status_code == 401
    link = Credentials(own.house.tables).create_link("clinician", [ada], wall_ms())
    problem_of(own.client().post("/api/pair", json={"code": link.secret}), 401)
    assert own.client().post("/api/pair", json={"code": code}).status_code == 200


def test_guessing_soon_has_to_wait(world: World) -> None:
    ada = world.person()
    guesser = world.client()
    answers = [guesser.post("/api/pair", json={"code": f"0000{n:06d}"}) for n in range(12)]
    assert [answer.status_code for answer in answers[:10]] == [401] * 10
    problem_of(answers[-1], 429)
    assert int(answers[-1].headers["retry-after"]) >= 1
    right = guesser.post("/api/pair", json={"code": code_for(world, ada)})
    assert right.json()["person"] == ada, "guesses of others at an address keep nobody out who has the code"
    problem_of(guesser.post("/api/pair", json={"code": "00000-00000"}), 429)


def test_behind_a_proxy_each_client_has_tries_of_their_own(tmp_path_factory: pytest.TempPathFactory) -> None:
    settings = ServeSettings(client_address=ClientAddress.trusting("X-Forwarded-For", []))
    with world_in(tmp_path_factory.mktemp("proxied") / "home", settings) as proxied:

        def tried(address: str) -> int:
            told = {"X-Forwarded-For": address}
            asked = proxied.client().post("/api/pair", json={"code": "00000-00000"}, headers=told)
            return asked.status_code

        assert [tried("203.0.113.9") for _ in range(12)].count(401) == 10
        assert tried("198.51.100.7") == 401, "somebody else"
        assert tried("198.51.100.8, 203.0.113.9") == 429, "what a client writes itself changes nothing"


@pytest.mark.parametrize(
    ("body", "status"),
    [
        ({}, 422),
        ({"code": ""}, 422),
        ({"code": "A" * 65}, 422),
        ({"code": "AAAAA-AAAAA", "label": ""}, 422),
        ({"code": "AAAAA-AAAAA", "label": "a\nb"}, 422),
        ({"code": "AAAAA-AAAAA", "who": "me"}, 422),
        ({"code": 7}, 422),
        ([], 422),
    ],
)
def test_what_is_no_pairing_request_is_refused_by_name(own: World, body: object, status: int) -> None:
    problem_of(own.client().post("/api/pair", json=body), status)


def test_a_foreign_page_cannot_pair_a_browser_with_its_own_code(own: World) -> None:
    code = code_for(own, own.person())
    foreign = own.client(Origin="https://evil.test")
    problem_of(foreign.post("/api/pair", json={"code": code}), 403)
    form = own.client().post("/api/pair", content=b'{"code": "x"}', headers={"Content-Type": "text/plain"})
    problem_of(form, 415)


def test_the_cookie_alone_changes_nothing(own: World) -> None:
    phone = paired(own, own.person())
    del phone.headers["X-CSRF-Token"]
    problem_of(phone.post("/api/vitals", json=reading()), 403)
    problem_of(phone.post(f"/api/people/{own.person()}/events", json={}), 403)


def test_the_cookie_lasts_as_long_as_a_browser_keeps_any_and_a_look_renews_it(own: World) -> None:
    ada = own.person()
    phone = own.client()
    answer = phone.post("/api/pair", json={"code": code_for(own, ada)})
    cookie = answer.headers["set-cookie"]
    assert "HttpOnly" in cookie
    assert "samesite=strict" in cookie.lower()
    lasts = int(cookie.partition("Max-Age=")[2].partition(";")[0])
    assert 399 * 24 * 3600 < lasts <= 400 * 24 * 3600

    session = phone.cookies["healthtwin"]
    records, later = Credentials(own.house.tables), wall_ms() + 399 * DAY_MS
    assert records.note_use(session, later) == later + 400 * DAY_MS
    assert records.lookup_session(session, later + 300 * DAY_MS).covers(ada)
    assert "Max-Age=" in phone.get("/api/me").headers["set-cookie"]


def test_a_clinicians_session_does_not_last_longer_by_being_used(own: World) -> None:
    ada = own.person()
    browser = own.client()
    link = Credentials(own.house.tables).create_link("clinician", [ada], wall_ms())
    cookie = browser.post(f"/sign-in/{link.secret}").headers["set-cookie"]
    assert "Max-Age=" in cookie, "closing the browser, or its update, is no signing out"
    assert "set-cookie" not in browser.get("/api/me").headers
    ends = Credentials(own.house.tables).note_use(browser.cookies["healthtwin"], wall_ms())
    assert ends is not None
    assert ends <= wall_ms() + 30 * DAY_MS


def test_over_tls_the_cookie_is_tied_to_it(tmp_path_factory: pytest.TempPathFactory) -> None:
    with world_in(tmp_path_factory.mktemp("secure") / "home", ServeSettings(secure=True)) as world:
        code = code_for(world, world.person())
        cookie = world.client().post("/api/pair", json={"code": code}).headers["set-cookie"]
        assert cookie.startswith("__Host-healthtwin=")
        assert "Secure" in cookie
        assert "Path=/;" in cookie


def test_a_phone_that_pairs_again_is_one_phone(own: World) -> None:
    ada = own.person()
    phone = paired(own, ada)
    del phone.headers["X-CSRF-Token"]
    assert phone.post("/api/pair", json={"code": code_for(own, ada), "label": "again"}).status_code == 200
    shares = own.admin().get(f"/api/people/{ada}/sharing").json()
    assert [share["label"] for share in shares if share["scope"] == "person"] == ["again"]


def test_a_browser_that_pairs_leaves_no_session_behind(own: World) -> None:
    ada = own.person()
    browser = own.client()
    link = Credentials(own.house.tables).create_link("admin", [], wall_ms())
    assert browser.post(f"/sign-in/{link.secret}").status_code == 303
    former = browser.cookies["healthtwin"]
    assert browser.post("/api/pair", json={"code": code_for(own, ada)}).status_code == 200
    problem_of(own.client(Cookie=f"healthtwin={former}").get("/api/me"), 401)


def test_an_unpaired_phone_is_told_so_and_nothing_more(own: World) -> None:
    assert set(problem_of(own.client().get("/api/me"), 401)) == {"type", "title", "status", "detail"}


def test_signing_out_unpairs(own: World) -> None:
    phone = paired(own, own.person())
    session = phone.cookies["healthtwin"]
    assert phone.post("/sign-out").status_code == 200
    left = own.client(Cookie=f"healthtwin={session}")
    problem_of(left.get("/api/me"), 401)


def test_who_is_who_for_tokens_too(own: World) -> None:
    ada, bob = own.person(), own.person()
    both = own.clinician(ada, bob).get("/api/me").json()
    assert (both["scope"], both["person"], both["device"], both["csrf"]) == ("clinician", None, None, "")
    assert {person["id"] for person in both["people"]} == {ada, bob}
    assert own.admin().get("/api/me").json()["person"] is None
    assert own.phone(ada).get("/api/me").json()["person"] == ada
