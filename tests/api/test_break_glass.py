"""Break-glass: one person, one session, one hour, read only, told at once, ended at once."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import httpx2
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from sqlalchemy import delete, select, update

from healthtwin.access import BreakGlass, Credentials, csrf_token_of, wall_ms
from healthtwin.access.relation_tables import BreakGlassRow, NoticeRow
from healthtwin.access.relations.break_glass import GLASS_MS, checked_reason
from healthtwin.domain import HOUR_MS, Profile
from healthtwin.domain.errors import Conflict, InvalidInput
from healthtwin.notify import Webhooks
from healthtwin.store.people import People
from tests.api.conftest import World, eventually, problem_of, reading

if TYPE_CHECKING:
    from collections.abc import Iterator

REASON = "found unconscious in the street, need medicines"


def opened(who: httpx2.Client, person: str, reason: str = REASON) -> dict[str, Any]:
    answer = who.post(f"/api/people/{person}/break-glass", json={"reason": reason})
    assert answer.status_code == 201, answer.text
    said: dict[str, Any] = answer.json()
    return said


def myself(world: World, person: str) -> httpx2.Client:
    return world.client(world.token("person", person))


@pytest.fixture
def ada(world: World) -> str:
    return world.person()


@pytest.fixture
def doctor(world: World) -> httpx2.Client:
    """A clinician of somebody else."""
    return world.clinician(world.person())


def age(world: World, person: str, by_ms: int) -> None:
    """Let time pass for whatever is open about somebody."""
    with world.house.tables.write(changes_access=True) as session:
        session.execute(
            update(BreakGlassRow)
            .where(BreakGlassRow.person_id == person)
            .values(at_ms=BreakGlassRow.at_ms - by_ms, until_ms=BreakGlassRow.until_ms - by_ms)
        )


def test_a_clinician_sees_a_stranger_for_an_hour(world: World, ada: str, doctor: httpx2.Client) -> None:
    world.phone(ada).post("/api/vitals", json=reading())
    problem_of(doctor.get(f"/api/people/{ada}"), 404)
    said = opened(doctor, ada)
    assert set(said) == {"until", "person"}
    assert said["person"] == ada
    assert abs(said["until"] - wall_ms() - HOUR_MS) < 60_000
    assert doctor.get(f"/api/people/{ada}").status_code == 200
    assert doctor.get(f"/api/people/{ada}/series", params={"metric": "heart_rate"}).status_code == 200
    assert ada in {each["id"] for each in doctor.get("/api/people").json()}
    age(world, ada, HOUR_MS)
    problem_of(doctor.get(f"/api/people/{ada}"), 404)
    assert ada not in {each["id"] for each in doctor.get("/api/people").json()}


def test_it_is_for_reading_alone(world: World, ada: str, doctor: httpx2.Client) -> None:
    opened(doctor, ada)
    for method, path, body in (
        ("PUT", "background", {"conditions": ["x"]}),
        ("PUT", "medicines", {"medicines": []}),
        ("PUT", "profile", {"name": "Eve"}),
        ("PUT", "consents", {"consents": [], "revision": 0}),
        ("POST", "sharing", {"scope": "family", "label": "Bo"}),
        ("POST", "new-normal", {}),
        ("POST", "exports", {}),
        ("POST", "events", {"kind": "symptom", "text": "x", "timestamp": wall_ms(), "sequence": 1}),
    ):
        problem_of(doctor.request(method, f"/api/people/{ada}/{path}", json=body), 403)
    problem_of(doctor.get(f"/api/people/{ada}/sharing"), 403)
    problem_of(doctor.delete(f"/api/people/{ada}"), 403)


def test_it_opens_one_person_and_one_session_alone(world: World, ada: str) -> None:
    bob = world.person()
    grant = Credentials(world.house.tables).create_token("clinician", [bob], wall_ms(), label="Dr Bo")
    here, elsewhere = world.client(grant.secret), world.clinician(bob)
    opened(here, ada)
    problem_of(elsewhere.get(f"/api/people/{ada}"), 404)
    problem_of(here.get(f"/api/people/{world.person()}"), 404)


def test_of_two_browsers_of_one_clinician_it_opens_the_one(world: World, ada: str) -> None:
    browsers = []
    for _ in range(2):
        link = Credentials(world.house.tables).create_link("clinician", [world.person()], wall_ms())
        browser = world.client()
        browser.post(f"/sign-in/{link.secret}")
        browser.headers["X-CSRF-Token"] = csrf_token_of(browser.cookies["healthtwin"])
        browsers.append(browser)
    opened(browsers[0], ada)
    assert browsers[0].get(f"/api/people/{ada}").status_code == 200
    problem_of(browsers[1].get(f"/api/people/{ada}"), 404)


@pytest.mark.parametrize("scope", ["family", "person", "device"])
def test_nobody_but_a_clinician_breaks_it_and_nobody_hears_who_exists(
    world: World, ada: str, scope: str
) -> None:
    somebody = world.client(world.token(scope, world.person()))
    said = {
        problem_of(somebody.post(f"/api/people/{person}/break-glass", json={"reason": REASON}), 403)["detail"]
        for person in (ada, "p-nobody")
    }
    assert len(said) == 1
    problem_of(
        somebody.post("/api/break-glass", json={"reason": REASON, "name": "Ada", "birth_year": 1980}), 403
    )


def test_somebody_who_does_not_exist_is_answered_as_everywhere(world: World, doctor: httpx2.Client) -> None:
    missing = problem_of(doctor.post("/api/people/p-nobody/break-glass", json={"reason": REASON}), 404)
    assert missing["detail"] == problem_of(doctor.get("/api/people/p-nobody"), 404)["detail"]


@pytest.mark.parametrize("reason", ["", "ab", "x" * 501, "          ", "..............", 7, None])
def test_a_reason_is_typed_and_never_said_again(
    world: World, ada: str, doctor: httpx2.Client, reason: object
) -> None:
    problem = problem_of(doctor.post(f"/api/people/{ada}/break-glass", json={"reason": reason}), 422)
    assert "xxxxx" not in json.dumps(problem)
    problem_of(doctor.get(f"/api/people/{ada}"), 404)


def test_whoever_treats_them_anyway_has_nothing_to_break(world: World, ada: str) -> None:
    problem_of(world.clinician(ada).post(f"/api/people/{ada}/break-glass", json={"reason": REASON}), 409)


def test_within_the_hour_the_same_reason_is_none(world: World, ada: str, doctor: httpx2.Client) -> None:
    opened(doctor, ada)
    problem_of(doctor.post(f"/api/people/{ada}/break-glass", json={"reason": f" {REASON.upper()} "}), 409)
    problem_of(doctor.post(f"/api/people/{world.person()}/break-glass", json={"reason": REASON}), 409)
    again = opened(doctor, ada, "now also short of breath, need the gene results")
    assert again["until"] >= wall_ms() + HOUR_MS - 60_000
    age(world, ada, HOUR_MS)
    opened(doctor, ada)


def test_the_person_and_the_admin_are_told_at_once_and_the_admin_never_why(world: World, ada: str) -> None:
    grant = Credentials(world.house.tables).create_token(
        "clinician", [world.person()], wall_ms(), label="Dr Bo"
    )
    said = opened(world.client(grant.secret), ada, "collapsed at work, allergies?")
    mine = myself(world, ada).get("/api/me/access").json()
    (notice,) = [each for each in mine["notices"] if each["kind"] == "break_glass"]
    assert (notice["facts"]["who"], notice["facts"]["reason"]) == ("Dr Bo", "collapsed at work, allergies?")
    assert notice["read_at"] is None
    (glass,) = mine["break_glass"]
    assert (glass["runs"], glass["until"]) == (True, said["until"])

    person = People(world.house.tables).get(ada)
    admins = world.admin().get("/api/me/access").json()["notices"]
    (told,) = [each for each in admins if each["facts"].get("pseudonym") == person.pseudonym]
    assert told["facts"]["who"] == "Dr Bo"
    assert told["person"] is None
    assert "collapsed" not in json.dumps(admins)
    assert person.name not in json.dumps(admins)


def test_it_stays_untold_until_somebody_has_read_it(world: World, ada: str, doctor: httpx2.Client) -> None:
    opened(doctor, ada)
    me = myself(world, ada)
    (notice,) = me.get("/api/me/notices").json()["notices"]
    path = f"/api/me/access/notices/{notice['id']}/read"
    problem_of(world.client(world.token("person", world.person())).post(path), 404)
    problem_of(doctor.post(path), 404)
    assert me.post(path).status_code == 204
    assert me.post(path).status_code == 204
    assert me.get("/api/me/notices").json()["notices"][0]["read_at"] is not None


def test_the_person_says_whether_it_was_right(world: World, ada: str, doctor: httpx2.Client) -> None:
    opened(doctor, ada)
    me = myself(world, ada)
    (glass,) = me.get("/api/me/access").json()["break_glass"]
    path = f"/api/me/access/break-glass/{glass['id']}"
    assert me.put(path, json={"verdict": "wrong"}).json()["verdict"] == "wrong"
    problem_of(me.put(path, json={"verdict": "perhaps"}), 422)
    problem_of(doctor.put(path, json={"verdict": "right"}), 404)
    problem_of(world.admin().put(path, json={"verdict": "right"}), 404)


@pytest.mark.parametrize("who", ["person", "admin", "clinician", "admin by its id"])
def test_it_is_ended_at_once(world: World, ada: str, doctor: httpx2.Client, who: str) -> None:
    opened(doctor, ada)
    with doctor.stream("GET", "/api/live") as stream:
        lines = stream.iter_lines()
        next(lines)
        path = f"/api/people/{ada}/break-glass"
        if who == "admin by its id":
            admin = world.admin()
            pseudonym = People(world.house.tables).get(ada).pseudonym
            (told,) = [
                each
                for each in admin.get("/api/me/notices").json()["notices"]
                if each["facts"].get("pseudonym") == pseudonym
            ]
            ended = admin.delete(f"/api/break-glass/{told['facts']['glass']}")
        else:
            client = {"person": myself(world, ada), "admin": world.admin(), "clinician": doctor}[who]
            ended = client.delete(path)
        assert ended.status_code == 204
        problem_of(doctor.get(f"/api/people/{ada}"), 404)
        world.phone(ada).post("/api/vitals", json=reading(heart_rate=71))
        world.house.feed.publish(ada, "person", lambda: b"{}")
        assert not [line for line in _until_told(lines) if "heart_rate" in line]
    assert not myself(world, ada).get("/api/me/access").json()["break_glass"][0]["runs"]


def _until_told(lines: Iterator[str]) -> list[str]:
    """What a stream still says until it ends or says that the access ended."""
    seen = []
    for line in lines:
        seen.append(line)
        if line == "event: ended" or len(seen) > 50:
            break
    return seen


def test_somebody_else_ends_nothing(world: World, ada: str, doctor: httpx2.Client) -> None:
    opened(doctor, ada)
    for other in (world.clinician(world.person()), world.client(world.token("family", ada))):
        assert other.delete(f"/api/people/{ada}/break-glass").status_code in {403, 404}
    assert doctor.get(f"/api/people/{ada}").status_code == 200


def test_a_name_and_a_year_find_the_one_person_and_nobody_where_there_are_two(
    world: World, doctor: httpx2.Client
) -> None:
    people = People(world.house.tables)
    grete = people.add("Grete  Hoffmann", Profile("Europe/Berlin", birth_year=1938), wall_ms()).id
    body = {"reason": REASON, "name": "grete hoffmann", "birth_year": 1938}
    problem_of(doctor.post("/api/break-glass", json={**body, "birth_year": 1939}), 404)
    problem_of(doctor.post("/api/break-glass", json={**body, "name": "grete"}), 404)
    assert doctor.post("/api/break-glass", json=body).json()["person"] == grete
    people.add("Grete Hoffmann", Profile("Europe/Berlin", birth_year=1938), wall_ms())
    problem_of(
        doctor.post("/api/break-glass", json={**body, "reason": "the other Grete is unwell, too"}), 404
    )


def test_it_is_gone_with_the_person(world: World, doctor: httpx2.Client) -> None:
    gone = world.person()
    opened(doctor, gone)
    world.house.erase(gone)
    problem_of(doctor.get(f"/api/people/{gone}"), 404)
    with world.house.tables.read() as session:
        for table in (BreakGlassRow, NoticeRow):
            assert session.scalars(select(table).where(table.person_id == gone)).all() == []


def test_the_persons_webhook_hears_who_and_why_and_the_houses_hears_who(
    world: World, ada: str, doctor: httpx2.Client
) -> None:
    webhooks = Webhooks(world.house.tables)
    own = webhooks.add("http://127.0.0.1:9/", wall_ms(), person_id=ada)
    houses = webhooks.add("http://127.0.0.1:9/house", wall_ms())
    opened(doctor, ada, "bus accident, blood group and allergies")
    from healthtwin.notify.tables import DeliveryRow

    def told() -> dict[str, Any]:
        with world.house.tables.read() as session:
            rows = session.scalars(select(DeliveryRow).where(DeliveryRow.recipient.in_([own.id, houses.id])))
            return {row.recipient: json.loads(row.body) for row in rows}

    said = eventually(lambda: found if len(found := told()) == 2 else None)
    with world.house.tables.write() as session:  # others share this house, and nothing of it is lost for them
        session.execute(delete(DeliveryRow).where(DeliveryRow.recipient.in_([own.id, houses.id])))
    for webhook in (own, houses):
        webhooks.remove(webhook.id)
    assert said[own.id]["reason"] == "bus accident, blood group and allergies"
    assert said[own.id]["type"] == "access"
    assert "accident" not in json.dumps(said[houses.id])
    assert People(world.house.tables).get(ada).name not in json.dumps(said[houses.id])


def test_five_in_a_day_are_an_alarm_of_their_own_and_each_one_is_told(world: World) -> None:
    doctor = world.clinician(world.person())
    for number in range(5):
        opened(doctor, world.person(), f"bus accident, person number {number}")
    world.house.access.audit.flush()
    alarms = world.house.access.audit.alarms(0)
    assert {"break-glass", "break-glass-many"} <= {alarm["alarm"] for alarm in alarms}
    assert "accident" not in json.dumps(alarms)


def test_a_clock_that_was_set_back_closes_it(world: World, ada: str, doctor: httpx2.Client) -> None:
    opened(doctor, ada)
    age(world, ada, -2 * HOUR_MS)
    problem_of(doctor.get(f"/api/people/{ada}"), 404)


@settings(max_examples=40)
@given(hours=st.lists(st.integers(0, 3 * GLASS_MS), min_size=1, max_size=6), same=st.booleans())
def test_no_reason_counts_twice_within_an_hour_and_none_lasts_longer(
    world: World, hours: list[int], same: bool
) -> None:
    glass, person = BreakGlass(world.house.tables), world.person()
    grant, now_ms, last = f"g-{person[2:]}", wall_ms(), None
    for number, passed in enumerate(hours):
        now_ms += passed
        reason = "the same reason as before" if same else f"reason of its own, number {number}"
        if same and last is not None and now_ms - last < GLASS_MS:
            with pytest.raises(Conflict):
                glass.open(person, grant_id=grant, proof=grant, who="", reason=reason, now_ms=now_ms)
            continue
        glass.open(person, grant_id=grant, proof=grant, who="", reason=reason, now_ms=now_ms)
        last = now_ms
        assert {each.until_ms for each in glass.open_to(grant, now_ms).values()} == {now_ms + GLASS_MS}
        assert glass.open_to(grant, now_ms + GLASS_MS) == {}
        assert glass.open_to("another session", now_ms) == {}


@given(st.text(max_size=2))
def test_nothing_shorter_than_three_letters_is_a_reason(text: str) -> None:
    with pytest.raises(InvalidInput) as refused:
        checked_reason(text)
    assert text == "" or repr(text) not in str(refused.value)
