"""A home as its own certificate authority: what a phone does with it, in real handshakes."""

from __future__ import annotations

import plistlib
import socket
import ssl
import stat
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from datetime import UTC, datetime, timedelta
from pathlib import Path

import httpx2
import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.serialization import Encoding, load_pem_private_key

from healthtwin.api import Listen, ServedAuthority, serving
from healthtwin.api.server import bind, url_of
from healthtwin.api.trust import trust_listener
from healthtwin.domain.errors import ConfigurationError, CorruptStorage
from healthtwin.house import open_house
from healthtwin.store import Home, LocalAuthority, backup, restore

NOW = datetime(2026, 3, 1, tzinfo=UTC)
HERE = ("localhost", "127.0.0.1")


@pytest.fixture
def home(tmp_path: Path) -> Home:
    return Home.create(tmp_path / "home")


def leaf_of(home: Home) -> x509.Certificate:
    return x509.load_pem_x509_certificate((home.path / "tls.pem").read_bytes())


@contextmanager
def served(home: Home, *, older_tls: bool = False) -> Iterator[str]:
    """The home over TLS by its own authority; yields the URL."""
    authority = LocalAuthority(home, HERE)
    keeper = ServedAuthority(authority, [], lambda: HERE)
    keeper.renew()
    house = open_house(home.path)
    house.start()
    try:
        with serving(house, Listen("127.0.0.1", authority=keeper, older_tls=older_tls)) as url:
            yield url
    finally:
        house.stop()


def phone_that_trusts(home: Home) -> ssl.SSLContext:
    """It has installed this home's certificate and nothing else."""
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    context.load_verify_locations(home.path / "ca.pem")
    return context


def test_a_phone_that_installed_the_certificate_trusts_the_server_and_no_other_does(home: Home) -> None:
    with served(home) as url:
        assert url.startswith("https://127.0.0.1:")
        port = int(url.rpartition(":")[2])
        with httpx2.Client(verify=phone_that_trusts(home)) as phone:
            for name in HERE:
                answer = phone.get(f"https://{name}:{port}/health")
                assert answer.status_code == 200
                assert "strict-transport-security" in answer.headers
            crt = phone.get(f"{url}/ca.crt")
            assert crt.headers["content-type"] == "application/x-x509-ca-cert"
            assert x509.load_der_x509_certificate(crt.content).subject == leaf_of(home).issuer
            assert phone.get(f"{url}/trust").status_code == 200
        with httpx2.Client() as stranger, pytest.raises(httpx2.ConnectError, match="CERTIFICATE_VERIFY"):
            stranger.get(f"{url}/health")


@pytest.mark.parametrize(
    ("version", "older", "spoken"),
    [
        (ssl.TLSVersion.TLSv1_1, False, None),
        (ssl.TLSVersion.TLSv1_2, False, None),
        (ssl.TLSVersion.TLSv1_3, False, "TLSv1.3"),
        (ssl.TLSVersion.TLSv1_1, True, None),
        (ssl.TLSVersion.TLSv1_2, True, "TLSv1.2"),
        (ssl.TLSVersion.TLSv1_3, True, "TLSv1.3"),
    ],
)
@pytest.mark.filterwarnings("ignore:ssl.TLSVersion.TLSv1_1 is deprecated:DeprecationWarning")
def test_tls_1_3_is_spoken_and_1_2_where_somebody_asked_for_it(
    home: Home, version: ssl.TLSVersion, older: bool, spoken: str | None
) -> None:
    with served(home, older_tls=older) as url:
        context = phone_that_trusts(home)
        context.minimum_version = context.maximum_version = version
        context.set_ciphers("ALL:@SECLEVEL=0")
        port = int(url.rpartition(":")[2])

        def handshake() -> str | None:
            with (
                socket.create_connection(("127.0.0.1", port)) as plain,
                context.wrap_socket(plain, server_hostname="127.0.0.1") as secure,
            ):
                return secure.version()

        if spoken is None:
            with pytest.raises(ssl.SSLError):
                handshake()
        else:
            assert handshake() == spoken


def test_the_authority_can_impersonate_nobody_outside(home: Home, tmp_path: Path) -> None:
    """Somebody who stole the key signs a certificate for a bank; a phone that trusts the home refuses it."""
    authority = LocalAuthority(home, [*HERE, "twin.example.org"])
    assert authority.may_sign("twin.example.org")
    assert authority.may_sign("192.168.1.20")
    assert authority.may_sign("laptop.local")
    for foreign in ("bank.example", "example.org", "8.8.8.8", "2001:db8::1", "evillocal"):
        assert not authority.may_sign(foreign)

    key = load_pem_private_key((home.path / "ca-key.pem").read_bytes(), None)
    ca = x509.load_pem_x509_certificate((home.path / "ca.pem").read_bytes())
    forged = (
        x509.CertificateBuilder()
        .subject_name(x509.Name([]))
        .issuer_name(ca.subject)
        .public_key(key.public_key())  # type: ignore[arg-type]
        .serial_number(7)
        .not_valid_before(datetime.now(UTC) - timedelta(days=1))
        .not_valid_after(datetime.now(UTC) + timedelta(days=1))
        .add_extension(x509.SubjectAlternativeName([x509.DNSName("bank.example")]), critical=True)
        .sign(key, hashes.SHA256())  # type: ignore[arg-type]
    )
    pem = tmp_path / "forged.pem"
    pem.write_bytes(forged.public_bytes(Encoding.PEM))
    server = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    server.load_cert_chain(pem, home.path / "ca-key.pem")
    client_in, client_out, server_in, server_out = (ssl.MemoryBIO() for _ in range(4))
    phone = phone_that_trusts(home).wrap_bio(client_in, client_out, server_hostname="bank.example")
    bank = server.wrap_bio(server_in, server_out, server_side=True)

    def shake_hands() -> None:
        for _ in range(4):
            for side in (phone, bank):
                with suppress(ssl.SSLWantReadError):
                    side.do_handshake()
                server_in.write(client_out.read())
                client_in.write(server_out.read())

    with pytest.raises(ssl.SSLCertVerificationError, match="permitted subtree"):
        shake_hands()


def test_the_servers_certificate_is_short_lived_and_signs_nothing(home: Home) -> None:
    authority = LocalAuthority(home, HERE, lambda: NOW)
    assert authority.issue([], HERE)
    leaf = leaf_of(home)
    assert (leaf.not_valid_after_utc - leaf.not_valid_before_utc) < timedelta(days=398)
    assert not leaf.extensions.get_extension_for_class(x509.BasicConstraints).value.ca
    names = leaf.extensions.get_extension_for_class(x509.SubjectAlternativeName).value
    assert names.get_values_for_type(x509.DNSName) == ["localhost"]
    assert [str(address) for address in names.get_values_for_type(x509.IPAddress)] == ["127.0.0.1"]


def test_it_is_issued_again_when_addresses_change_or_it_nears_its_end_and_not_before(home: Home) -> None:
    at = NOW

    def now() -> datetime:
        return at

    authority = LocalAuthority(home, HERE, now)
    assert authority.issue(["laptop.local"], HERE)
    first = leaf_of(home)
    assert not authority.issue(["laptop.local"], HERE)
    assert not LocalAuthority(home, ["elsewhere"], now).issue([], ["127.0.0.1"])
    assert leaf_of(home) == first

    assert authority.issue(["laptop.local"], [*HERE, "192.168.1.20"])
    second = leaf_of(home)
    assert second.issuer == first.issuer
    at = NOW + timedelta(days=360)
    assert not authority.issue(["laptop.local"], HERE)
    at = NOW + timedelta(days=368)
    assert authority.issue(["laptop.local"], HERE)
    assert leaf_of(home).not_valid_after_utc > second.not_valid_after_utc

    (home.path / "tls.pem").write_text("nonsense")
    assert authority.issue([], HERE)
    (home.path / "tls-key.pem").unlink()
    assert authority.issue([], HERE)


def test_a_name_that_it_may_not_sign_is_an_error_when_asked_for_and_passed_over_when_found(
    home: Home,
) -> None:
    authority = LocalAuthority(home, HERE)
    with pytest.raises(ConfigurationError, match=r"twin\.example\.org: the authority of this home may not"):
        authority.issue(["twin.example.org"], HERE)
    assert authority.issue([], [*HERE, "203.0.113.9"])
    names = leaf_of(home).extensions.get_extension_for_class(x509.SubjectAlternativeName).value
    assert len(list(names)) == 2


def test_keys_are_their_owners_alone_and_two_homes_have_two_authorities(home: Home, tmp_path: Path) -> None:
    first = LocalAuthority(home, HERE)
    first.issue([], HERE)
    for name in ("ca-key.pem", "tls-key.pem"):
        assert stat.S_IMODE((home.path / name).stat().st_mode) == 0o600
    second = LocalAuthority(Home.create(tmp_path / "other"), HERE)
    assert first.name != second.name
    assert first.fingerprint != second.fingerprint
    assert LocalAuthority(home).fingerprint == first.fingerprint
    ca = x509.load_pem_x509_certificate(first.certificate_pem)
    assert ca.extensions.get_extension_for_class(x509.BasicConstraints).value.path_length == 0


@pytest.mark.parametrize("damaged", ["ca.pem", "ca-key.pem"])
def test_a_damaged_authority_is_named_and_never_silently_replaced(home: Home, damaged: str) -> None:
    LocalAuthority(home, HERE)
    whole = (home.path / damaged).read_bytes()
    (home.path / damaged).write_bytes(b"nonsense")
    with pytest.raises(CorruptStorage, match="damaged"):
        LocalAuthority(home)
    (home.path / damaged).unlink()
    with pytest.raises(CorruptStorage, match=f"{damaged}: missing"):
        LocalAuthority(home)
    (home.path / damaged).write_bytes(whole)
    LocalAuthority(home)


def test_a_key_of_another_certificate_is_noticed(home: Home, tmp_path: Path) -> None:
    LocalAuthority(home, HERE)
    other = Home.create(tmp_path / "other")
    LocalAuthority(other, HERE)
    (home.path / "ca-key.pem").write_bytes((other.path / "ca-key.pem").read_bytes())
    with pytest.raises(CorruptStorage, match="key of another"):
        LocalAuthority(home)


def test_a_restored_home_is_trusted_by_phones_as_before(home: Home, tmp_path: Path) -> None:
    before = LocalAuthority(home, HERE)
    before.issue([], HERE)
    phone = phone_that_trusts(home)
    report = backup(home, tmp_path / "house.backup")
    assert {"ca.pem", "ca-key.pem"} <= set(report.files)
    assert "tls-key.pem" not in report.files

    again = restore(tmp_path / "house.backup", tmp_path / "again")
    assert stat.S_IMODE((again.path / "ca-key.pem").stat().st_mode) == 0o600
    assert LocalAuthority(again).fingerprint == before.fingerprint
    with served(again) as url, httpx2.Client(verify=phone) as client:
        assert client.get(f"{url}/health").status_code == 200


def test_the_plain_port_hands_out_the_certificate_and_nothing_else(home: Home) -> None:
    authority = LocalAuthority(home, HERE)
    listen = Listen("127.0.0.1")
    bound = bind(listen)
    url = url_of(listen, bound)
    with (
        trust_listener(authority, bound, "https://127.0.0.1:8420/app", {"127.0.0.1"}),
        httpx2.Client(base_url=url) as phone,
    ):
        served = x509.load_der_x509_certificate(phone.get("/ca.crt").content)
        assert served == x509.load_pem_x509_certificate(authority.certificate_pem)
        english, german = (
            phone.get("/", headers={"Accept-Language": tag}).text for tag in ("en-GB", "de-AT")
        )
        for page in (english, german):
            assert authority.fingerprint in page
            assert authority.name in page
            assert 'href="https://127.0.0.1:8420/app"' in page
        assert 'lang="de"' in german
        assert phone.get("/trust.css").headers["content-type"].startswith("text/css")
        for path in ("/api/me", "/health", "/app", "/sign-in", "/api/pair", "/ca-key.pem", "/tls-key.pem"):
            assert phone.get(path).status_code == 404
        assert phone.post("/api/pair", json={"code": "x"}).status_code == 404
        assert phone.get("/", headers={"Host": "evil.test"}).status_code == 421


def test_an_iphone_gets_a_profile_with_the_certificate(home: Home) -> None:
    authority = LocalAuthority(home, HERE)
    with served(home) as url, httpx2.Client(verify=phone_that_trusts(home)) as phone:
        answer = phone.get(f"{url}/ca.mobileconfig")
    assert answer.headers["content-type"] == "application/x-apple-aspen-config"
    profile = plistlib.loads(answer.content)
    (payload,) = profile["PayloadContent"]
    assert payload["PayloadType"] == "com.apple.security.root"
    assert payload["PayloadContent"] == authority.certificate_der
    assert payload["PayloadUUID"] != profile["PayloadUUID"]


def test_a_server_without_an_authority_hands_nothing_out(tmp_path: Path) -> None:
    house = open_house(tmp_path / "home")
    house.start()
    try:
        with serving(house, Listen()) as url, httpx2.Client(base_url=url) as client:
            assert {client.get(path).status_code for path in ("/ca.crt", "/trust", "/ca.mobileconfig")} == {
                404
            }
    finally:
        house.stop()


def test_a_new_certificate_is_taken_up_while_serving(home: Home, monkeypatch: pytest.MonkeyPatch) -> None:
    """The machine moves to another network; nobody restarts the server."""
    monkeypatch.setattr("healthtwin.api.server.RENEWAL_EVERY_S", 0)
    reached = list(HERE)
    keeper = ServedAuthority(LocalAuthority(home, HERE), [], lambda: reached)
    keeper.renew()
    house = open_house(home.path)
    house.start()
    try:
        with serving(house, Listen("127.0.0.1", authority=keeper)) as url:
            port = int(url.rpartition(":")[2])
            reached.append("laptop.local")
            context = phone_that_trusts(home)

            def names() -> set[str]:
                with (
                    socket.create_connection(("127.0.0.1", port)) as plain,
                    context.wrap_socket(plain, server_hostname="127.0.0.1") as secure,
                ):
                    certificate = secure.getpeercert(binary_form=True)
                assert certificate is not None
                leaf = x509.load_der_x509_certificate(certificate)
                alternatives = leaf.extensions.get_extension_for_class(x509.SubjectAlternativeName).value
                return set(alternatives.get_values_for_type(x509.DNSName))

            deadline = time.monotonic() + 30  # a thread takes it up when it comes to it
            while "laptop.local" not in names() and time.monotonic() < deadline:
                time.sleep(0.05)
            assert "laptop.local" in names()
    finally:
        house.stop()
