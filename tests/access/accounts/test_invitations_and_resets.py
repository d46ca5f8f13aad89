"""A link sets up one way in, once, for whom it is made; a reset reaches nobody who has not agreed."""

from __future__ import annotations

import threading

import pytest
from sqlalchemy import update

from healthtwin.access import NEVER_MS, Credentials, csrf_token_of, wall_ms
from healthtwin.access.account_tables import AccountRow, EnrolmentRow
from healthtwin.access.accounts.totp import code_at, step_of
from healthtwin.domain import DAY_MS, HOUR_MS
from tests.access.accounts.conftest import OTHER, PASSWORD, Browser, Town
from tests.api.conftest import problem_of


def own(town: Town, person: str) -> Browser:
    """A paired phone of the person themselves."""
    world = town.world
    made = Credentials(world.house.tables).create_token("person", [person], wall_ms())
    return Browser(world.client(made.secret))


def shared_with(town: Town, person: str, account: str) -> dict[str, object]:
    """What Sharing shows of an account."""
    grant = town.accounts.get(account, wall_ms()).grant_id
    listed = own(town, person).get(f"/api/people/{person}/sharing").json()
    (found,) = [share for share in listed if share["id"] == grant]
    return dict(found)


def test_looking_at_an_invitation_uses_nothing_up(town: Town) -> None:
    ada = town.world.person()
    name, made = town.added("family", ada)
    for _ in range(3):
        seen = town.browser().post("/api/enrol/look", secret=made.enrol_secret).json()
        assert (seen["name"], seen["role"], seen["again"]) == (name, "family", False)
        assert len(seen["people"]) == 1
    assert town.browser().post("/api/enrol", secret=made.enrol_secret, password=PASSWORD).status_code == 200
    problem_of(town.browser().post("/api/enrol/look", secret=made.enrol_secret), 404)


def test_of_several_who_use_an_invitation_at_once_one_gets_in(town: Town) -> None:
    _, made = town.added("family", town.world.person())
    statuses = list[int]()
    browsers = [town.browser() for _ in range(4)]

    def use(browser: Browser) -> None:
        statuses.append(browser.post("/api/enrol", secret=made.enrol_secret, password=PASSWORD).status_code)

    everybody = [threading.Thread(target=use, args=(browser,)) for browser in browsers]
    for each in everybody:
        each.start()
    for each in everybody:
        each.join()
    assert sorted(statuses) == [200, 401, 401, 401]


def test_used_expired_ended_and_made_up_links_are_not_told_apart(town: Town) -> None:
    ada = town.world.person()
    _, used = town.added("family", ada)
    town.browser().post("/api/enrol", secret=used.enrol_secret, password=PASSWORD)
    _, expired = town.added("family", ada)
    with town.world.house.tables.write() as session:
        session.execute(
            update(EnrolmentRow).where(EnrolmentRow.account_id == expired.id).values(expires_ms=wall_ms() - 1)
        )
    _, ended = town.added("family", ada)
    town.accounts.reset(ended.id, wall_ms())
    told = {
        town.browser().post("/api/enrol", secret=secret, password=PASSWORD).text
        for secret in (used.enrol_secret, expired.enrol_secret, ended.enrol_secret, "he_made_up")
    }
    assert len(told) == 1


def test_a_known_and_an_unknown_link_cost_one_hash_each(town: Town) -> None:
    hashes = town.world.house.access.hashes
    _, made = town.added("family", town.world.person())
    for secret in ("he_made_up", made.enrol_secret):
        before = hashes.made
        town.browser().post("/api/enrol", secret=secret, password=PASSWORD)
        assert hashes.made == before + 1


def test_inside_somebody_elses_session_it_says_for_whom_it_is_and_stays_good(town: Town) -> None:
    ada = town.world.person()
    anna, _, browser = town.enrolled("family", ada)
    paul, made = town.added("family", ada)
    told = problem_of(browser.post("/api/enrol", secret=made.enrol_secret, password=PASSWORD), 409)
    assert f"you are {anna}" in str(told["detail"])
    assert f"this is for {paul}" in str(told["detail"])
    assert browser.account()["name"] == anna
    pauls = town.browser()
    assert pauls.post("/api/enrol", secret=made.enrol_secret, password=PASSWORD).status_code == 200
    assert pauls.account()["name"] == paul


def test_inside_a_session_of_a_sign_in_link_neither(town: Town) -> None:
    world, ada = town.world, town.world.person()
    link = Credentials(world.house.tables).create_link("clinician", [ada], wall_ms())
    browser = town.browser()
    assert browser.client.post(f"/sign-in/{link.secret}").status_code == 303
    browser.csrf = csrf_token_of(browser.cookie)
    _, made = town.added("family", ada)
    problem_of(browser.post("/api/enrol", secret=made.enrol_secret, password=PASSWORD), 409)


def test_who_joined_and_from_where_is_seen_and_undone(town: Town) -> None:
    ada = town.world.person()
    name, account, browser = town.enrolled("family", ada)
    shown = shared_with(town, ada, account)
    assert (shown["label"], shown["state"], shown["account"]) == (name, "active", True)
    assert shown["joined_from"] == "127.0.0.1"
    assert abs(int(str(shown["joined_at"])) - wall_ms()) < HOUR_MS
    assert own(town, ada).delete(f"/api/people/{ada}/sharing/{shown['id']}").status_code == 204
    again = town.signed_in(name)
    for one in (browser, again):
        assert one.get(f"/api/people/{ada}").status_code in {401, 404}


def test_an_invitation_that_waits_is_seen_as_invited(town: Town) -> None:
    ada = town.world.person()
    _, made = town.added("family", ada)
    shown = shared_with(town, ada, made.id)
    assert (shown["state"], shown["joined_at"]) == ("invited", None)


def test_without_a_password_the_session_is_short_until_a_way_in_is_set_up(town: Town) -> None:
    _, made = town.added("clinician", town.world.person())
    browser = town.browser()
    answer = browser.post("/api/enrol", secret=made.enrol_secret).json()
    assert answer["enrolled"] is False
    (session,) = browser.get("/api/account/sessions").json()
    assert session["expires_at"] <= wall_ms() + HOUR_MS // 2
    assert browser.account()["state"] == "invited"
    assert browser.put("/api/account/password", password=PASSWORD).status_code == 200
    assert browser.account()["state"] == "active"
    (session,) = browser.get("/api/account/sessions").json()
    assert session["expires_at"] > wall_ms() + HOUR_MS // 2


# ---------------------------------------------------------------- reset


def reset(town: Town, account: str, password: str = OTHER) -> Browser:
    """Whoever has the link of a reset uses it."""
    made = town.accounts.reset(account, wall_ms())
    browser = town.browser()
    assert browser.post("/api/enrol", secret=made.enrol_secret, password=password).status_code == 200
    return browser


@pytest.mark.parametrize("role", ["clinician", "family", "person"])
def test_a_reset_ends_everything_and_reaches_nobody(town: Town, role: str) -> None:
    ada = town.world.person()
    name, account, before = town.enrolled(role, ada)
    after = reset(town, account)
    problem_of(before.get("/api/people"), 401)
    problem_of(town.browser().post("/api/sign-in", name=name, password=PASSWORD), 401)
    for path in (f"/api/people/{ada}", f"/api/people/{ada}/twin"):
        assert after.get(path).status_code in {403, 404}, path
    assert after.get("/api/people").json() == []
    seen = after.account()
    assert DAY_MS - HOUR_MS < seen["rests_until"] - wall_ms() <= DAY_MS
    shown = shared_with(town, ada, account)
    assert shown["rests_until"] == seen["rests_until"]


def test_whoever_uses_the_link_of_a_reset_breaks_no_glass_until_it_is_confirmed(town: Town) -> None:
    ada, stranger = town.world.person(), town.world.person()
    _, account, before = town.enrolled("clinician", ada)
    glass = {person: f"/api/people/{person}/break-glass" for person in (ada, stranger)}
    assert before.post(glass[stranger], reason="collapsed in the corridor").status_code == 201
    after = reset(town, account)
    for person, path in glass.items():
        said = problem_of(after.post(path, reason="found lying in the garden"), 403)
        assert "rests until it is confirmed" in said["detail"]
        assert after.get(f"/api/people/{person}").status_code in {403, 404}
    told = own(town, stranger).get("/api/me/access").json()["break_glass"]
    assert [each["reason"] for each in told] == ["collapsed in the corridor"]
    assert after.post("/api/account/confirm", password=PASSWORD).status_code == 204
    assert after.post(glass[stranger], reason="found lying in the garden").status_code == 201
    assert after.get(f"/api/people/{stranger}").status_code == 200


def test_nor_do_they_see_whom_its_owner_took_in_as_family(town: Town) -> None:
    ada, father = town.world.person(), town.world.person()
    _, account, before = town.enrolled("clinician", ada)
    link = own(town, father).post(f"/api/people/{father}/sharing", scope="family", label="Anna").json()
    assert before.post(f"{link['url']}?join=1").status_code == 303
    assert before.get(f"/api/people/{father}").status_code == 200
    after = reset(town, account)
    assert after.get(f"/api/people/{father}").status_code in {403, 404}


def test_the_person_is_told_of_the_reset_and_of_who_joined_again(town: Town) -> None:
    ada = town.world.person()
    name, account, _ = town.enrolled("clinician", ada)
    browser = reset(town, account)
    told = own(town, ada).get("/api/me/access").json()["notices"]
    kinds = [(notice["kind"], notice["facts"]["who"]) for notice in told]
    assert kinds.count(("account_reset", name)) == 1
    assert kinds.count(("joined", name)) == 2
    rests = [notice["facts"]["rests_until"] for notice in told if "rests_until" in notice["facts"]]
    assert rests == [browser.account()["rests_until"]]


def test_after_a_day_unopposed_it_reaches_them_again(town: Town) -> None:
    ada = town.world.person()
    name, account, _ = town.enrolled("clinician", ada)
    reset(town, account)
    with town.world.house.tables.write(changes_access=True) as session:
        session.execute(
            update(AccountRow).where(AccountRow.id == account).values(rests_until_ms=wall_ms() - 1)
        )
    assert town.signed_in(name, password=OTHER).get(f"/api/people/{ada}").status_code == 200
    assert shared_with(town, ada, account)["rests_until"] is None


def test_until_somebody_uses_the_link_the_day_does_not_begin(town: Town) -> None:
    ada = town.world.person()
    _, account, _ = town.enrolled("clinician", ada)
    town.accounts.reset(account, wall_ms())
    assert shared_with(town, ada, account)["rests_until"] == NEVER_MS
    assert shared_with(town, ada, account)["state"] == "invited"


def test_a_proof_of_before_ends_the_rest_and_a_wrong_one_does_not(town: Town) -> None:
    ada = town.world.person()
    name, account, _ = town.enrolled("clinician", ada)
    browser = reset(town, account)
    problem_of(browser.post("/api/account/confirm", password="not the old one, no"), 401)
    problem_of(browser.post("/api/account/confirm", password=OTHER), 401)
    assert browser.get(f"/api/people/{ada}").status_code in {403, 404}
    assert browser.post("/api/account/confirm", password=PASSWORD).status_code == 204
    assert browser.get(f"/api/people/{ada}").status_code == 200
    problem_of(browser.post("/api/account/confirm", password=PASSWORD), 409)
    problem_of(town.browser().post("/api/sign-in", name=name, password=PASSWORD), 401)


@pytest.mark.parametrize("factor", ["totp", "recovery_code"])
def test_the_old_app_or_a_recovery_code_ends_the_rest_too(town: Town, factor: str) -> None:
    ada = town.world.person()
    _, account, browser = town.enrolled("clinician", ada)
    secret = browser.post("/api/account/totp").json()["secret"]
    browser.put("/api/account/totp", code=code_at(secret, step_of(wall_ms())))
    code = browser.post("/api/account/recovery-codes").json()["codes"][0]
    after = reset(town, account)
    proof = {"totp": code_at(secret, step_of(wall_ms()) + 1), "recovery_code": code}
    assert after.post("/api/account/confirm", **{factor: proof[factor]}).status_code == 204
    assert after.get(f"/api/people/{ada}").status_code == 200


def test_a_person_who_agrees_again_is_reached_and_nobody_else(town: Town) -> None:
    ada, bob = town.world.person(), town.world.person()
    _, account, _ = town.enrolled("clinician", ada, bob)
    browser = reset(town, account)
    grant = town.accounts.get(account, wall_ms()).grant_id
    stranger = own(town, town.world.person())
    problem_of(stranger.post(f"/api/people/{ada}/sharing/{grant}/agree"), 404)
    assert own(town, ada).post(f"/api/people/{ada}/sharing/{grant}/agree").status_code == 204
    assert browser.get(f"/api/people/{ada}").status_code == 200
    assert browser.get(f"/api/people/{bob}").status_code in {403, 404}


def test_a_person_who_says_no_is_not_reached_after_the_day_either(town: Town) -> None:
    ada, bob = town.world.person(), town.world.person()
    name, account, _ = town.enrolled("clinician", ada, bob)
    reset(town, account)
    grant = town.accounts.get(account, wall_ms()).grant_id
    assert own(town, ada).delete(f"/api/people/{ada}/sharing/{grant}").status_code == 204
    town.accounts.confirm(account)
    browser = town.signed_in(name, password=OTHER)
    assert browser.get(f"/api/people/{ada}").status_code in {403, 404}
    assert browser.get(f"/api/people/{bob}").status_code == 200


def test_a_second_reset_during_the_rest_ends_no_rest_and_keeps_the_proof_of_before(town: Town) -> None:
    ada = town.world.person()
    _, account, _ = town.enrolled("clinician", ada)
    reset(town, account)
    browser = reset(town, account, "a third one, of gorse")
    assert browser.get(f"/api/people/{ada}").status_code in {403, 404}
    problem_of(browser.post("/api/account/confirm", password=OTHER), 401)
    code = browser.post("/api/account/recovery-codes").json()["codes"][0]
    problem_of(browser.post("/api/account/confirm", recovery_code=code), 401)
    assert browser.post("/api/account/confirm", password=PASSWORD).status_code == 204


def test_the_house_goes_on_for_an_admin_whose_reach_rests(town: Town) -> None:
    _, account, _ = town.enrolled("admin")
    assert reset(town, account).get("/api/tokens").status_code == 200


def test_an_erased_person_takes_their_relatives_account_along_and_no_staff(town: Town) -> None:
    ada = town.world.person()
    _, family, _ = town.enrolled("family", ada)
    name, clinician, _ = town.enrolled("clinician", ada)
    assert town.world.client(town.world.token("person", ada)).delete(f"/api/people/{ada}").status_code == 204
    ids = {account.id for account in town.accounts.list(wall_ms())}
    assert family not in ids
    assert clinician in ids
    assert town.signed_in(name).get("/api/people").json() == []
