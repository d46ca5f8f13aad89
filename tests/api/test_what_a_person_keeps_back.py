"""What a person keeps back from family or from whoever treats them is gone from every answer, and is said.

Every route about a person is asked for every kind that is kept back. Which kind each holds is written out
here once more by hand.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import Any

import httpx2
import pytest

from healthtwin.access import SHARED_KINDS, Kind, Need, wall_ms
from healthtwin.api.app import features
from healthtwin.routing import all_of
from healthtwin.routing.declaration import Declaration
from tests.api.conftest import World, eventually, problem_of, reading

KINDS = {
    "GET /api/people/{person_id}": "profile",
    "GET /api/people/{person_id}/profile": "profile",
    "GET /api/people/{person_id}/limits": "profile",
    "GET /api/people/{person_id}/series": "vitals",
    "GET /api/people/{person_id}/twin": "vitals",
    "GET /api/people/{person_id}/risk": "vitals",
    "GET /api/people/{person_id}/events": "timeline",
    "GET /api/people/{person_id}/medicines": "genes",
    "GET /api/people/{person_id}/genes": "genes",
    "GET /api/people/{person_id}/findings": "genes",
    "GET /api/people/{person_id}/background": "documents",
    "GET /people/{person_id}": "profile",
    "GET /api/alerts/{alert_id}": "alerts",
    "GET /alerts/{alert_id}": "alerts",
}
"""Of every route that reads something about one person."""

QUERIES = {"/api/people/{person_id}/series": "?metric=spo2"}

SECRETS = {
    "vitals": ("97.25", "80.5"),
    "timeline": ("a dizzy canary",),
    "genes": ("codeine", "CYP2D6"),
    "documents": ("canary allergy",),
}
"""Words of Ada's that stand in answers of this kind alone."""


@dataclass(frozen=True)
class Household:
    """Ada with something of every kind, and everybody who may ask about her."""

    ada: str
    alert: str
    me: httpx2.Client
    family: httpx2.Client
    clinician: httpx2.Client
    admin: httpx2.Client

    @property
    def consents(self) -> str:
        """Where she says what others see."""
        return f"/api/people/{self.ada}/consents"

    def keep_back(self, *kinds: str, to: str = "family") -> None:
        """From these, exactly these; without kinds, nothing from anybody."""
        lines = [{"what": list(kinds), "to": to, "until": None, "allowed": False}] if kinds else []
        answer = self.me.put(self.consents, json={"consents": lines})
        assert answer.status_code == 200, answer.text


@pytest.fixture(scope="module")
def household(world: World) -> Household:
    ada = world.person()
    me = world.client(world.token("person", ada))
    rows = [reading(timestamp=wall_ms() - 1, spo2=97.25), reading(spo2=80.5)]
    assert world.phone(ada).post("/api/vitals", json=rows).status_code == 200
    path = f"/api/people/{ada}"
    told = {"kind": "symptom", "timestamp": wall_ms(), "text": "a dizzy canary"}
    assert world.phone(ada).post(path + "/events", json=told).status_code == 200
    assert me.put(path + "/medicines", json={"medicines": ["codeine"]}).status_code == 200
    assert me.put(path + "/genes", json={"genes": {"CYP2D6": "*4/*4"}}).status_code == 200
    assert me.put(path + "/background", json={"allergies": ["canary allergy"]}).status_code == 200
    alerts = eventually(lambda: me.get("/api/alerts").json())
    eventually(lambda: "dizzy" in me.get(path + "/events").text)
    return Household(
        ada,
        alerts[0]["id"],
        me,
        world.client(world.token("family", ada)),
        world.clinician(ada),
        world.client(world.token("admin", ada)),
    )


@pytest.fixture(autouse=True)
def nothing_is_kept_back_at_first(household: Household) -> None:
    household.keep_back()


def readers() -> list[Declaration]:
    found = [route for route in all_of(features()) if route.need is Need.READ and route.method == "GET"]
    return [route for route in found if route.kind is not None]


def test_which_kind_a_route_holds_is_written_here() -> None:
    assert {f"{route.method} {route.path}": str(route.kind) for route in readers()} == KINDS


@pytest.mark.parametrize("kept", SHARED_KINDS)
@pytest.mark.parametrize("to", ["family", "treating"])
def test_what_is_kept_back_is_in_no_answer_and_what_is_not_is_there(
    household: Household, kept: Kind, to: str
) -> None:
    household.keep_back(kept, to=to)
    family, treating = [household.family], [household.clinician, household.admin]
    kept_from, untouched = (family, treating) if to == "family" else (treating, family)
    for route in readers():
        path = route.path.format(person_id=household.ada, alert_id=household.alert)
        path += QUERIES.get(route.path, "")
        for client in kept_from:
            answer = client.get(path)
            if route.kind is not kept:
                assert answer.status_code == 200, (path, answer.text)
            elif "alert_id" in route.path:
                assert answer.status_code == 404
            else:
                assert problem_of(answer, 403)["withheld"] == [kept]
            assert not [word for word in SECRETS.get(kept, ()) if word in answer.text], path
        for client in (*untouched, household.me):
            assert client.get(path).status_code == 200


def line_of(client: httpx2.Client, ada: str) -> dict[str, Any]:
    (line,) = [each for each in client.get("/api/people").json() if each["id"] == ada]
    assert line == client.get(f"/api/people/{ada}").json()
    return dict(line)


def test_a_line_without_readings_says_what_is_missing_and_nothing_calm(household: Household) -> None:
    whole = line_of(household.family, household.ada)
    assert (whole["withheld"], whole["status"]) == ([], "critical")
    household.keep_back("vitals")
    line = line_of(household.family, household.ada)
    assert line["withheld"] == ["vitals"]
    assert (line["latest"], line["last_reading_at"], line["news2"]) == ([], None, None)
    assert (line["status"], line["open_alerts"]) == ("critical", whole["open_alerts"])
    household.keep_back("alerts")
    line = line_of(household.family, household.ada)
    assert (line["status"], line["open_alerts"], line["closed_by_hand"]) == ("unknown", 0, None)
    assert line["latest"] == whole["latest"]
    assert household.family.get("/api/alerts").json() == []


def test_an_alert_without_readings_is_an_alert_without_values(household: Household) -> None:
    household.keep_back("vitals")
    for alert in (
        household.family.get(f"/api/alerts/{household.alert}").json(),
        household.family.get("/api/alerts").json()[0],
        household.family.post(f"/api/alerts/{household.alert}/acknowledge").json(),
    ):
        assert alert["withheld"] == ["vitals"]
        assert (alert["evidence"], alert["standing"]) == ([], [])
        assert alert["level"] == "critical"
        assert alert["summary"]
        assert "80.5" not in json.dumps(alert)


def test_what_is_new_in_a_conflict_holds_no_values_either(world: World, household: Household) -> None:
    household.keep_back("vitals")
    path = f"/api/alerts/{household.alert}"
    seen = household.family.get(path).json()["version"]
    worse = reading(spo2=80.5, heart_rate=151)
    assert world.phone(household.ada).post("/api/vitals", json=worse).status_code == 200
    eventually(lambda: household.me.get(path).json()["version"] > seen)
    answer = problem_of(household.family.post(path + "/acknowledge", json={"seen": seen}), 409)
    assert (answer["new"], answer["alert"]["standing"], answer["alert"]["evidence"]) == ([], [], [])
    assert not [word for word in ("151", "80.5") if word in json.dumps(answer)]


def test_whoever_may_not_see_alerts_may_not_decide_on_them(household: Household) -> None:
    household.keep_back("alerts")
    for verb in ("acknowledge", "snooze", "resolve"):
        foreign = household.family.post(f"/api/alerts/a-none/{verb}")
        assert (
            problem_of(household.family.post(f"/api/alerts/{household.alert}/{verb}"), 404) == foreign.json()
        )


def test_it_holds_for_the_very_next_request_and_until_it_is_let_through_again(household: Household) -> None:
    path = f"/api/people/{household.ada}/genes"
    for _ in range(3):
        assert household.family.get(path).status_code == 200
        household.keep_back("genes")
        problem_of(household.family.get(path), 403)
        household.keep_back()


def test_it_ends_by_the_clock_when_it_says(household: Household) -> None:
    path = f"/api/people/{household.ada}/genes"
    ends = wall_ms() + 1_500
    lines = [{"what": ["genes"], "to": "family", "until": ends, "allowed": True}]
    household.me.put(household.consents, json={"consents": lines})
    assert household.family.get(path).status_code == 200
    eventually(lambda: household.family.get(path).status_code == 403)
    assert wall_ms() >= ends


def test_one_relative_may_see_what_the_others_may_not(world: World, household: Household) -> None:
    sister = world.client(world.token("family", household.ada))
    shares = household.me.get(f"/api/people/{household.ada}/sharing").json()
    theirs = [share["id"] for share in shares if share["scope"] == "family"][-1]
    lines = [
        {"what": ["vitals"], "to": "family", "until": None, "allowed": False},
        {"what": ["vitals"], "to": theirs, "until": None, "allowed": True},
    ]
    stated = household.me.put(household.consents, json={"consents": lines}).json()
    path = f"/api/people/{household.ada}/twin"
    assert sister.get(path).status_code == 200
    assert household.family.get(path).status_code == 403
    assert {each["to"]: each["what"] for each in stated["shared"]}[theirs] == ["vitals"]
    problem_of(
        sister.get(f"/api/people/{household.ada}/genes"), 403
    )  # who names what is allowed named it all


def test_they_are_read_back_as_stated_and_a_change_over_a_change_is_refused(household: Household) -> None:
    before = household.me.get(household.consents).json()
    lines = [{"what": ["chat", "place"], "to": "treating", "until": None, "allowed": False}]
    body = {"consents": lines, "revision": before["revision"]}
    stated = household.me.put(household.consents, json=body).json()
    assert stated["consents"] == lines
    assert stated["revision"] == before["revision"] + 1
    assert household.me.get(household.consents).json() == stated
    assert {each["to"] for each in stated["shared"]} == {"family", "treating"}
    problem_of(household.me.put(household.consents, json=body), 409)
    assert household.me.get(household.consents).json() == stated


def test_a_line_about_somebody_who_is_gone_may_stay_in_the_list(world: World, household: Household) -> None:
    world.token("family", household.ada)
    shares = household.me.get(f"/api/people/{household.ada}/sharing").json()
    cousin = [share["id"] for share in shares if share["scope"] == "family"][-1]
    lines = [{"what": ["chat"], "to": cousin, "until": None, "allowed": False}]
    assert household.me.put(household.consents, json={"consents": lines}).status_code == 200
    assert household.me.delete(f"/api/people/{household.ada}/sharing/{cousin}").status_code == 204
    shown = household.me.get(household.consents).json()
    again = household.me.put(
        household.consents, json={"consents": shown["consents"], "revision": shown["revision"]}
    )
    assert again.json()["consents"] == lines


@pytest.mark.parametrize(
    ("line", "field"),
    [
        ({"what": ["moods"], "to": "family", "allowed": False}, "what"),
        ({"what": ["profile"], "to": "family", "allowed": False}, "what"),
        ({"what": [], "to": "family", "allowed": False}, "what"),
        ({"what": ["genes"], "to": "g-nobody", "allowed": False}, "to"),
        ({"what": ["genes"], "to": "self", "allowed": False}, "to"),
        ({"what": ["genes"], "to": "family", "allowed": "no"}, "allowed"),
        ({"what": ["genes"], "to": "family"}, "allowed"),
        ({"what": ["genes"], "to": "family", "allowed": False, "until": "tomorrow"}, "until"),
        ({"what": ["genes"], "to": "family", "allowed": False, "for": "ever"}, "for"),
    ],
)
def test_what_is_no_consent_is_refused_and_changes_nothing(
    household: Household, line: dict[str, Any], field: str
) -> None:
    before = household.me.get(household.consents).json()
    problem = problem_of(household.me.put(household.consents, json={"consents": [line]}), 422)
    assert field in problem["field"]
    assert household.me.get(household.consents).json() == before


def test_consents_of_strangers_and_of_nobody_do_not_exist(world: World, household: Household) -> None:
    stranger = world.client(world.token("person", world.person()))
    for path in (household.consents, "/api/people/p-none/consents"):
        problem_of(stranger.get(path), 404)
        problem_of(stranger.put(path, json={"consents": []}), 404)
    for client in (household.family, household.clinician):
        problem_of(client.get(household.consents), 403)
        problem_of(client.put(household.consents, json={"consents": []}), 403)


def test_somebody_else_may_keep_back_more_and_never_let_through_more(household: Household) -> None:
    household.keep_back("genes", to="treating")
    more = [{"what": ["genes", "chat"], "to": "treating", "until": None, "allowed": False}]
    assert household.admin.put(household.consents, json={"consents": more}).status_code == 200
    for wider in ([], more[:0], [{**more[0], "what": ["chat"]}], [{**more[0], "until": wall_ms() + 60_000}]):
        problem_of(household.admin.put(household.consents, json={"consents": wider}), 403)
    problem_of(household.admin.get(f"/api/people/{household.ada}/genes"), 403)
    assert household.me.put(household.consents, json={"consents": []}).status_code == 200


def test_the_order_of_a_list_does_not_tell_what_is_kept_back(world: World) -> None:
    people = [world.person() for _ in range(3)]
    for person in people:
        me = world.client(world.token("person", person))
        lines = [{"what": ["alerts", "vitals"], "to": "treating", "until": None, "allowed": False}]
        assert me.put(f"/api/people/{person}/consents", json={"consents": lines}).status_code == 200
    doctor = world.clinician(*people)
    before = [line["id"] for line in doctor.get("/api/people").json()]
    world.phone(people[-1]).post("/api/vitals", json=reading(spo2=80))
    watcher = world.client(world.token("family", people[-1]))
    eventually(lambda: watcher.get("/api/alerts").json())
    assert [line["id"] for line in doctor.get("/api/people").json()] == before
    assert doctor.get("/api/alerts").json() == []


def test_who_runs_the_house_finds_it_empty_and_is_told_why(world: World, household: Household) -> None:
    operator = world.operator()
    assert operator.get("/api/people").json() == []
    assert operator.get("/api/alerts").json() == []
    me = operator.get("/api/me").json()
    assert me["people"] == []
    assert "--person" in me["note"]
    assert household.me.get("/api/me").json()["note"] is None
    for path in (f"/api/people/{household.ada}", "/api/people/p-none", f"/api/alerts/{household.alert}"):
        assert "--person" in problem_of(operator.get(path), 403)["detail"]
    for path in ("/api/tokens", "/metrics", "/health", "/house"):
        assert operator.get(path).status_code == 200
    page = operator.get("/", headers={"Accept": "text/html"})
    assert "--every-person" in page.text
    assert household.ada not in page.text


def test_who_runs_the_house_may_be_a_hub_and_sees_nothing_back(world: World) -> None:
    ada, operator = world.person(), world.operator()
    sent = operator.post("/api/vitals", json=reading(person=ada, heart_rate=71))
    assert sent.json() == {"accepted": 1, "duplicates": 0, "refused": []}
    problem_of(operator.get(f"/api/people/{ada}"), 403)
    assert world.values(ada) == [71]
