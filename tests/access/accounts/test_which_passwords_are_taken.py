"""Which passwords are taken, however they are typed, and what is kept of them."""

from __future__ import annotations

import hashlib
import random
import threading
import unicodedata
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from healthtwin.access import PasswordHashes
from healthtwin.access.accounts.blocklist import StolenPasswords, is_guessable
from healthtwin.access.accounts.passwords import MOST_BYTES, WAITING, checked_password, normalised
from healthtwin.domain.errors import ConfigurationError, InvalidInput, RateLimited
from tests.access.accounts.conftest import OTHER, PASSWORD, Town
from tests.api.conftest import problem_of, world_in


@pytest.mark.parametrize(
    ("password", "alone", "taken"),
    [
        ("vier enten teic", True, True),
        ("vier enten tei", True, False),
        ("gorse-9t", False, True),
        ("gorse-9", False, False),
        ("пароль и ещё слова", True, True),
        ("🦆🐢🦊🐝🐌🦉🐙🦋 ente tür", True, True),
        ("gorse lattice " * 40, True, True),
        ("gorse lattice tin " * 80, True, False),
    ],
)
def test_only_the_length_is_prescribed(password: str, alone: bool, taken: bool) -> None:
    if taken:
        assert checked_password(password, alone=alone) == unicodedata.normalize("NFC", password)
        return
    with pytest.raises(InvalidInput) as refusal:
        checked_password(password, alone=alone)
    assert password not in str(refusal.value)


@pytest.mark.parametrize(
    "password",
    [
        "passwordpassword",
        "Passwort12345678",
        "healthtwin2026!!",
        "123456789012345678",
        "qwertzuiopasdfghjkl",
        "aaaaaaaaaaaaaaaa",
        "abcabcabcabcabcabc",
        "AdaLovelaceAda1843",
        "lovelace-lovelace",
        "ADA LOVELACE 12345",
        "\uff50\uff41sswordpassword",
        "               ",
    ],
)
def test_what_is_guessed_first_is_refused(password: str) -> None:
    assert is_guessable(password, ["Ada Lovelace"])
    with pytest.raises(InvalidInput, match="guessed early"):
        checked_password(password, alone=True, words=["Ada Lovelace"])


def test_a_wrong_choice_leaves_the_invitation_as_it_was(town: Town) -> None:
    name, made = town.added("family", town.world.person())
    browser = town.browser()
    for password in ("too short", f"{name} {name}", "password1password1"):
        told = problem_of(browser.post("/api/enrol", secret=made.enrol_secret, password=password), 422)
        assert told["field"] == "password"
        assert password not in str(told)
    assert browser.post("/api/enrol", secret=made.enrol_secret, password=PASSWORD).status_code == 200


# ---------------------------------------------------------------- stolen ones


def hashed_list(path: Path, passwords: list[str]) -> StolenPasswords:
    lines = sorted(hashlib.sha1(each.encode()).hexdigest().upper() for each in passwords)  # noqa: S324
    path.write_text("".join(f"{line}:{k + 1}\n" for k, line in enumerate(lines)))
    return StolenPasswords(path)


def test_a_sorted_list_of_hashes_is_searched_by_halving(tmp_path: Path) -> None:
    stolen = [f"stolen {k}" for k in range(2_000)]
    found = hashed_list(tmp_path / "hashes.txt", stolen)
    assert all(found.holds(each) for each in random.Random(1).sample(stolen, 300))
    assert not any(found.holds(f"kept {k}") for k in range(300))


@pytest.mark.parametrize("many", [1, 2, 3])
def test_the_first_and_the_last_of_a_list_are_found(tmp_path: Path, many: int) -> None:
    stolen = [f"stolen {k}" for k in range(many)]
    found = hashed_list(tmp_path / "hashes.txt", stolen)
    assert all(found.holds(each) for each in stolen)


def test_a_list_without_a_last_line_end_and_in_small_letters_is_read(tmp_path: Path) -> None:
    lines = sorted(hashlib.sha1(f"stolen {k}".encode()).hexdigest() for k in range(9))  # noqa: S324
    (tmp_path / "hashes.txt").write_text("\r\n".join(lines))
    found = StolenPasswords(tmp_path / "hashes.txt")
    assert all(found.holds(f"stolen {k}") for k in range(9))


def test_a_plain_list_is_read_through(tmp_path: Path) -> None:
    (tmp_path / "plain.txt").write_text("zebra zebra\nträume\r\napple pie\n", encoding="utf-8")
    found = StolenPasswords(tmp_path / "plain.txt")
    assert found.holds("träume")
    assert found.holds("apple pie")
    assert not found.holds("apple")


def test_a_house_refuses_what_stands_on_its_list(tmp_path: Path) -> None:
    home = tmp_path / "home"
    home.mkdir()
    (tmp_path / "stolen.txt").write_text(f"{OTHER}\n")
    (home / "config.toml").write_text(
        '[access]\nbreached_passwords = "../stolen.txt"\npassword_memory_mib = 19\n'
    )
    with world_in(home) as world:
        own = Town(world)
        _, made = own.added("family", world.person())
        browser = own.browser()
        problem_of(browser.post("/api/enrol", secret=made.enrol_secret, password=OTHER), 422)
        assert browser.post("/api/enrol", secret=made.enrol_secret, password=PASSWORD).status_code == 200
        problem_of(browser.put("/api/account/password", password=OTHER), 422)


@pytest.mark.parametrize("lines", [None, "", "\n\n"])
def test_a_list_that_is_not_there_or_empty_is_said_at_the_start(tmp_path: Path, lines: str | None) -> None:
    if lines is not None:
        (tmp_path / "list.txt").write_text(lines)
    with pytest.raises(ConfigurationError, match=r"list\.txt"):
        StolenPasswords(tmp_path / "list.txt")


# ---------------------------------------------------------------- what is kept


@given(st.text(max_size=80))
def test_a_password_is_the_same_however_it_was_composed(password: str) -> None:
    assert normalised(unicodedata.normalize("NFD", password)) == normalised(password)
    assert normalised(normalised(password)) == normalised(password)


def test_what_is_kept_is_argon2id_with_todays_parameters_and_checks() -> None:
    hashes = PasswordHashes()
    kept = hashes.of(PASSWORD)
    assert kept.startswith("$argon2id$v=19$m=65536,t=3,p=4$")
    assert hashes.matches(kept, PASSWORD)
    assert not hashes.matches(kept, OTHER)
    assert hashes.of(PASSWORD) != kept, "salted"


@pytest.mark.parametrize("kept", [None, "", "$argon2id$broken", "md5"])
def test_nothing_matches_what_is_no_hash(kept: str | None) -> None:
    hashes = PasswordHashes(1)
    assert not hashes.matches(kept, "nobody's")
    assert not hashes.matches(kept, "")


def test_what_is_longer_than_any_password_matches_nothing() -> None:
    hashes = PasswordHashes(1)
    longest = "ä" * (MOST_BYTES // 2)
    kept = hashes.of(longest)
    assert hashes.matches(kept, longest)
    assert not hashes.matches(kept, longest + "x")


def test_a_hash_of_cheaper_days_still_opens_and_is_made_anew() -> None:
    cheap, today = PasswordHashes(1), PasswordHashes(2)
    kept = cheap.of(PASSWORD)
    assert today.matches(kept, PASSWORD)
    assert today.is_of_before(kept)
    assert not today.is_of_before(today.of(PASSWORD))


def test_a_flood_waits_in_a_queue_that_ends_and_leaves_who_is_known_alone() -> None:
    hashes = PasswordHashes(32)
    kept = hashes.of(PASSWORD)
    refused, answered = list[RateLimited](), list[bool]()

    def guess() -> None:
        try:
            answered.append(hashes.matches(kept, OTHER))
        except RateLimited as error:
            refused.append(error)

    flood = [threading.Thread(target=guess) for _ in range(4 * WAITING)]
    for each in flood:
        each.start()
    assert hashes.matches(kept, PASSWORD, known=True)
    for each in flood:
        each.join()
    assert refused
    assert not any(answered)
    assert len(answered) + len(refused) == len(flood)
