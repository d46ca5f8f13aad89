"""TOTP and recovery codes: each proof is good once, and what a wrong one tells helps only the honest."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from threading import Barrier

import pytest

from healthtwin.access import wall_ms
from healthtwin.access.accounts.totp import STEP_MS, code_at, step_of
from tests.access.accounts.conftest import OTHER, PASSWORD, Browser, Town
from tests.api.conftest import problem_of


def with_totp(town: Town, role: str = "family") -> tuple[str, str, str, Browser]:
    """Somebody with an app: name, account, the app's secret, their browser; the first code is used."""
    name, account, browser = town.enrolled(role, town.world.person())
    begun = browser.post("/api/account/totp").json()
    code = code_at(begun["secret"], step_of(wall_ms()) - 1)
    answer = browser.put("/api/account/totp", code=code)
    assert answer.status_code == 200, answer.text
    return name, account, begun["secret"], browser


def code_now(secret: str, steps: int = 0) -> str:
    return code_at(secret, step_of(wall_ms()) + steps)


def refused(town: Town, name: str, **proof: object) -> dict[str, object]:
    answer = town.browser().post("/api/sign-in", **{"name": name, "password": PASSWORD, **proof})
    return problem_of(answer, 401)


def test_what_is_needed_is_told_after_a_right_password_alone(town: Town) -> None:
    name, _, secret, _ = with_totp(town)
    assert refused(town, name)["needs"] == "totp"
    wrong = refused(town, name, password=OTHER)
    assert "needs" not in wrong
    assert wrong == refused(town, name, password=OTHER, totp=code_now(secret))
    seen = town.signed_in(name, totp=code_now(secret)).account()
    assert seen["factors"]["totp"] is True


def test_the_address_of_the_app_and_its_picture_are_for_the_page(town: Town) -> None:
    name, _, browser = town.enrolled("family", town.world.person())
    begun = browser.post("/api/account/totp").json()
    assert begun["uri"].startswith("otpauth://totp/healthtwin:")
    assert f"secret={begun['secret']}&issuer=healthtwin" in begun["uri"]
    assert begun["qr"].startswith("data:image/svg+xml")
    assert browser.account()["totp_pending"] is True
    assert browser.account()["factors"]["totp"] is False
    town.signed_in(name)


def test_the_code_that_set_the_app_up_is_used_up(town: Town) -> None:
    name, _, browser = town.enrolled("family", town.world.person())
    secret = browser.post("/api/account/totp").json()["secret"]
    code = code_now(secret)
    assert browser.put("/api/account/totp", code=code).status_code == 200
    assert refused(town, name, totp=code)["needs"] == "totp"
    town.signed_in(name, totp=code_now(secret, +1))


def test_a_code_is_good_once_and_none_before_it_any_more(town: Town) -> None:
    name, _, secret, _ = with_totp(town)
    now = code_now(secret)
    town.signed_in(name, totp=f"{now[:3]} {now[3:]}")
    refused(town, name, totp=now)
    refused(town, name, totp=code_now(secret, -1))


def test_of_two_who_bring_one_code_at_once_one_gets_in(town: Town) -> None:
    name, _, secret, _ = with_totp(town)
    code, together = code_now(secret, +1), Barrier(2)
    browsers = [town.browser(), town.browser()]

    def arrive(browser: Browser) -> int:
        together.wait()
        return browser.post("/api/sign-in", name=name, password=PASSWORD, totp=code).status_code

    with ThreadPoolExecutor(2) as both:
        assert sorted(both.map(arrive, browsers)) == [200, 401]


@pytest.mark.parametrize(("steps", "way"), [(+8, "ahead"), (-8, "behind")])
def test_a_wrong_clock_is_told_to_who_knows_the_password(town: Town, steps: int, way: str) -> None:
    name, _, secret, _ = with_totp(town)
    told = refused(town, name, totp=code_now(secret, steps))
    assert f"4 min {way}" in str(told["detail"])
    assert told["clock_ms"] == steps * STEP_MS
    silent = refused(town, name, password=OTHER, totp=code_now(secret, steps))
    assert "clock_ms" not in silent
    assert "clock" not in str(silent["detail"])


def test_a_code_whose_clock_was_told_is_not_taken_when_its_time_comes(town: Town) -> None:
    name, account, secret, _ = with_totp(town)
    ahead = step_of(wall_ms()) + 5
    assert "clock_ms" in refused(town, name, totp=code_at(secret, ahead))
    with town.world.house.tables.read() as session:
        from healthtwin.access.account_tables import AccountRow

        told = session.get_one(AccountRow, account).totp_told
    assert told == [ahead]


def test_a_code_that_no_clock_made_says_nothing(town: Town) -> None:
    name, _, secret, _ = with_totp(town)
    near = {code_now(secret, steps) for steps in range(-45, 46)}
    wrong = next(f"{k:06d}" for k in range(1_000_000) if f"{k:06d}" not in near)
    assert "clock_ms" not in refused(town, name, totp=wrong)
    for typed in ("abcdef", "12345", "\uff11\uff12\uff13\uff14\uff15\uff16"):
        assert "clock_ms" not in refused(town, name, totp=typed)


def test_a_secret_that_waits_too_long_or_was_never_begun_is_not_confirmed(town: Town) -> None:
    _, _, browser = town.enrolled("family", town.world.person())
    problem_of(browser.put("/api/account/totp", code="123456"), 409)
    browser.post("/api/account/totp")
    wrong = problem_of(browser.put("/api/account/totp", code="000000"), 422)
    assert wrong["field"] == "code"


# ---------------------------------------------------------------- recovery codes


def test_ten_codes_each_good_once_and_the_count_is_shown(town: Town) -> None:
    name, _, secret, browser = with_totp(town)
    codes = browser.post("/api/account/recovery-codes").json()["codes"]
    assert len(set(codes)) == 10
    assert {len(code.replace("-", "")) for code in codes} == {16}
    assert browser.account()["factors"]["recovery_codes"] == 10
    used = town.signed_in(name, recovery_code=codes[0].lower().replace("-", " "))
    assert used.account()["factors"]["recovery_codes"] == 9
    refused(town, name, recovery_code=codes[0])
    refused(town, name, totp=code_now(secret))  # whoever has the phone had the present codes, too
    kinds = [notice["kind"] for notice in browser.account()["notices"] if notice["new"]]
    assert "recovery_code_used" in kinds


def test_a_recovery_code_alone_opens_nothing(town: Town) -> None:
    name, _, _, browser = with_totp(town)
    codes = browser.post("/api/account/recovery-codes").json()["codes"]
    refused(town, name, password=OTHER, recovery_code=codes[0])
    town.signed_in(name, recovery_code=codes[0])


def test_new_codes_end_the_old_ones(town: Town) -> None:
    name, _, _, browser = with_totp(town)
    old = browser.post("/api/account/recovery-codes").json()["codes"]
    browser.post("/api/account/recovery-codes")
    refused(town, name, recovery_code=old[0])


def test_codes_of_one_account_open_no_other(town: Town) -> None:
    _, _, _, browser = with_totp(town)
    name, *_ = with_totp(town)
    codes = browser.post("/api/account/recovery-codes").json()["codes"]
    refused(town, name, recovery_code=codes[0])


# ---------------------------------------------------------------- the last way in


def test_the_second_factor_of_a_short_password_stays(town: Town) -> None:
    _, _, _, browser = with_totp(town)
    assert browser.put("/api/account/password", password="gorse-9-tin").status_code == 200
    assert "last way in" in str(problem_of(browser.delete("/api/account/totp"), 409)["detail"])
    assert browser.put("/api/account/password", password=OTHER).status_code == 200
    assert browser.delete("/api/account/totp").status_code == 200
    problem_of(browser.delete("/api/account/totp"), 404)
