"""Clinician and daughter in one: rights do not add up, a session acts in one relation, each goes on alone."""

from __future__ import annotations

from typing import Any

import httpx2

from healthtwin.access import Credentials, csrf_token_of, wall_ms
from tests.api.conftest import World, problem_of


def browser(world: World, scope: str, *people: str, label: str = "Dr Anna") -> tuple[str, httpx2.Client]:
    """A signed-in browser, and the grant that it stands on."""
    link = Credentials(world.house.tables).create_link(scope, people, wall_ms(), label=label)
    client = world.client()
    assert client.post(f"/sign-in/{link.secret}").status_code == 303
    client.headers["X-CSRF-Token"] = csrf_token_of(client.cookies["healthtwin"])
    return link.grant.id, client


def invited(world: World, person: str, label: str = "Anna", scope: str = "family") -> dict[str, Any]:
    me = world.client(world.token("person", person))
    made: dict[str, Any] = me.post(
        f"/api/people/{person}/sharing", json={"scope": scope, "label": label}
    ).json()
    return made


def reach(client: httpx2.Client, person: str) -> dict[str, Any]:
    (found,) = [each for each in client.get("/api/me/access").json()["reach"] if each["person"] == person]
    return dict(found)


def both(world: World) -> tuple[str, str, str, httpx2.Client]:
    """A father, the ward's grant and the family's, and the daughter who is both."""
    father = world.person()
    ward, anna = browser(world, "clinician", father, world.person())
    invitation = invited(world, father)
    assert anna.post(f"{invitation['url']}?join=1").status_code == 303
    return father, ward, invitation["id"], anna


def test_she_acts_as_family_until_she_chooses_and_never_as_both(world: World) -> None:
    father, _, _, anna = both(world)
    assert (reach(anna, father)["relation"], reach(anna, father)["choices"]) == (
        "family",
        ["family", "treating"],
    )
    problem_of(anna.put(f"/api/people/{father}/background", json={}), 403)  # as a clinician she might
    chosen = anna.put("/api/account/acting", json={"person": father, "relation": "treating"})
    assert chosen.json() == {"person": father, "relation": "treating", "choices": ["family", "treating"]}
    assert anna.put(f"/api/people/{father}/background", json={}).status_code == 200
    anna.put("/api/account/acting", json={"person": father, "relation": "family"})
    problem_of(anna.put(f"/api/people/{father}/background", json={}), 403)


def test_as_daughter_she_sees_what_is_shared_with_family_and_not_what_the_ward_sees(world: World) -> None:
    father, ward, family, anna = both(world)
    me = world.client(world.token("person", father))

    def keep_back(to: str) -> None:
        line = {"what": ["genes"], "to": to, "until": None, "allowed": False}
        assert me.put(f"/api/people/{father}/consents", json={"consents": [line]}).status_code == 200

    def sees(relation: str) -> bool:
        anna.put("/api/account/acting", json={"person": father, "relation": relation})
        return anna.get(f"/api/people/{father}/medicines").status_code == 200

    for to, seen in (
        ("family", (False, True)),
        (family, (False, True)),
        ("treating", (True, False)),
        (ward, (True, False)),
    ):
        keep_back(to)
        assert (sees("family"), sees("treating")) == seen, to


def test_leaving_the_hospital_takes_the_one_away_and_not_the_other(world: World) -> None:
    father, ward, family, anna = both(world)
    me = world.client(world.token("person", father))
    assert me.delete(f"/api/people/{father}/sharing/{ward}").status_code == 204
    assert reach(anna, father)["relation"] == "family"
    assert anna.get(f"/api/people/{father}").status_code == 200
    problem_of(anna.put("/api/account/acting", json={"person": father, "relation": "treating"}), 409)
    assert me.delete(f"/api/people/{father}/sharing/{family}").status_code == 204
    problem_of(anna.get(f"/api/people/{father}"), 404)


def test_what_the_father_takes_back_leaves_her_work(world: World) -> None:
    father, _, family, anna = both(world)
    me = world.client(world.token("person", father))
    (shown,) = [each for each in me.get("/api/me/access").json()["who"] if each["grant"] == family]
    assert (shown["label"], shown["state"], shown["relation"]) == ("Anna", "active", "family")
    assert me.delete(f"/api/people/{father}/sharing/{family}").status_code == 204
    assert reach(anna, father)["relation"] == "treating"


def test_a_choice_holds_in_its_session_alone_and_not_for_strangers(world: World) -> None:
    father, _, _, anna = both(world)
    anna.put("/api/account/acting", json={"person": father, "relation": "treating"})
    _, stranger = browser(world, "clinician", world.person(), label="Dr Bo")
    problem_of(stranger.put("/api/account/acting", json={"person": father, "relation": "treating"}), 404)
    problem_of(anna.put("/api/account/acting", json={"person": "p-nobody", "relation": "family"}), 404)
    problem_of(anna.put("/api/account/acting", json={"person": father, "relation": "self"}), 422)
    assert reach(anna, father)["relation"] == "treating"


def test_her_line_of_the_list_and_her_alerts_come_once(world: World) -> None:
    father, _, _, anna = both(world)
    listed = [each["id"] for each in anna.get("/api/people").json()]
    assert listed.count(father) == 1
    assert len(listed) == len(set(listed))


def test_an_invitation_in_anothers_session_says_so_and_is_used_up_by_neither_look(world: World) -> None:
    father = world.person()
    _, anna = browser(world, "clinician", world.person(), label="Dr Anna")
    invitation = invited(world, father, "Paul")
    for _ in range(2):
        page = anna.get(invitation["url"])
        assert page.status_code == 200
        assert "Dr Anna" in page.text
        assert "Paul" in page.text
    assert "Paul" not in world.client().get(invitation["url"]).text  # a robot's preview learns no name
    assert world.client().post(invitation["url"]).status_code == 303
    assert anna.post(f"{invitation['url']}?join=1").status_code == 401


def test_only_family_is_taken_in_and_what_cannot_be_is_not_used_up(world: World) -> None:
    father = world.person()
    _, anna = browser(world, "clinician", world.person())
    ward = invited(world, father, "Dr Bo", scope="clinician")
    assert anna.post(f"{ward['url']}?join=1").status_code == 409
    assert world.client().post(ward["url"]).status_code == 303
    phone = world.client(world.token("person", world.person()))
    family = invited(world, father)
    # Without a session to take it into, it signs in as it always did.
    assert phone.post(f"{family['url']}?join=1").status_code == 303


def test_the_person_sees_who_joined_from_where_and_undoes_it(world: World) -> None:
    father = world.person()
    invitation = invited(world, father, "Paul")
    paul = world.client(**{"User-Agent": "Mozilla/5.0 (iPhone) Version/18.1 Mobile Safari/604.1"})
    assert paul.post(invitation["url"]).status_code == 303
    me = world.client(world.token("person", father))
    (joined,) = me.get("/api/me/notices").json()["notices"]
    assert (joined["kind"], joined["facts"]["who"], joined["facts"]["agent"]) == (
        "joined",
        "Paul",
        "Safari · iPhone",
    )
    assert joined["facts"]["address"]
    assert me.delete(f"/api/people/{father}/sharing/{joined['facts']['grant']}").status_code == 204
    problem_of(paul.get(f"/api/people/{father}"), 401)
