"""The name of passkeys is the operator's or the first enrolment's, never a request's; pages say why not."""

from __future__ import annotations

import pytest

from healthtwin.access.passkeys.relying_party import (
    RelyingParty,
    WhyNot,
    offer_at,
    party_of,
    served_origins,
)
from healthtwin.access.settings import SignInSettings
from healthtwin.domain.errors import ConfigurationError

HOME = RelyingParty("twin.local", ("https://twin.local:8443",), "healthtwin")


@pytest.mark.parametrize(
    ("origin", "why"),
    [
        ("https://192.168.1.5:8443", WhyNot.ADDRESS),
        ("https://[fe80::1]:8443", WhyNot.ADDRESS),
        ("http://127.0.0.1:8443", WhyNot.ADDRESS),
        ("http://twin.local:8443", WhyNot.PLAIN),
        ("https://twin.local", WhyNot.ELSEWHERE),
        ("https://twin.local:8444", WhyNot.ELSEWHERE),
        ("https://other.local:8443", WhyNot.ELSEWHERE),
        ("https://eviltwin.local:8443", WhyNot.ELSEWHERE),
        ("https://twin.local:8443", None),
    ],
)
def test_a_page_says_why_it_offers_none(origin: str, why: WhyNot | None) -> None:
    offer = offer_at(origin, HOME)
    assert offer.why_not is why
    assert (offer.instead == HOME.origins[0]) == (why is not None)


def test_a_house_without_a_name_has_none() -> None:
    assert party_of(SignInSettings(), None, served_origins(["10.0.0.7"], 8443, secure=True)) is None
    assert offer_at("https://10.0.0.7:8443", None).why_not is WhyNot.ADDRESS


def test_the_first_enrolments_name_stays_whatever_the_house_is_served_under_later() -> None:
    party = party_of(SignInSettings(), HOME, ["https://twin.example.org"])
    assert party is not None
    assert party.rp_id == "twin.local"
    assert party.origins == ("https://twin.local:8443",)


def test_another_port_is_another_origin_of_the_same_name() -> None:
    party = party_of(SignInSettings(), HOME, ["https://twin.local:9443"])
    assert party is not None
    assert party.rp_id == "twin.local"
    assert offer_at("https://twin.local:9443", party).why_not is None


def test_the_settings_outrank_the_first_enrolment() -> None:
    settings = SignInSettings.of(
        {"rp_id": "example.org", "origins": ["https://twin.example.org", "https://example.org:8443"]}, "x"
    )
    party = party_of(settings, HOME, ["https://twin.local:8443"])
    assert party is not None
    assert (party.rp_id, len(party.origins)) == ("example.org", 2)


@pytest.mark.parametrize(
    ("table", "says"),
    [
        ({"rp_id": "192.168.1.5"}, "rp_id"),
        ({"rp_id": "https://twin.local"}, "rp_id"),
        ({"rp_id": "twin.local:8443"}, "rp_id"),
        ({"rp_id": 5}, "rp_id"),
        ({"rp_id": "twin.local", "origins": "https://twin.local"}, "origins"),
        ({"rp_id": "twin.local", "origins": ["https://twin.local/"]}, "origins"),
        ({"rp_id": "twin.local", "origins": ["http://twin.local"]}, "origins"),
        ({"rp_id": "twin.local", "origins": ["https://other.local"]}, "origins"),
        ({"origins": ["https://twin.local"]}, "rp_id"),
        ({"rp_name": ""}, "rp_name"),
        ({"oidc": {"h": {"issuer": "http://id.example", "client_id": "c"}}}, "issuer"),
        ({"oidc": {"h": {"issuer": "https://id.example"}}}, "client_id"),
        ({"oidc": {"h": {"issuer": "https://id.example", "client_id": "c", "secret": "x"}}}, "unknown key"),
        (
            {"oidc": {"h": {"issuer": "https://id.example", "client_id": "c", "roles": {"admin": ["x"]}}}},
            "administrator",
        ),
        ({"oidc": {"../x": {"issuer": "https://id.example", "client_id": "c"}}}, "a-z"),
    ],
)
def test_settings_that_cannot_work_are_refused_at_the_start(table: dict[str, object], says: str) -> None:
    with pytest.raises(ConfigurationError, match=says):
        SignInSettings.of(table, "config.toml")
