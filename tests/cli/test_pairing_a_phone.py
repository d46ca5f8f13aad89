"""`healthtwin pair` and `serve --tls local-ca`, as a terminal and a phone see them."""

from __future__ import annotations

import signal
import ssl
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from urllib.parse import urlsplit

import httpx2
import pytest
from cryptography import x509

from healthtwin.cli.qr import qr_code
from tests.cli.conftest import PROGRAM, Commands


@contextmanager
def served_by_own_authority(
    healthtwin: Commands, *options: str
) -> Iterator[tuple[list[str], subprocess.Popen[str]]]:
    """A server in a process of its own; yields what it wrote to stdout until the end of the QR code."""
    process = subprocess.Popen(
        [PROGRAM, "serve", "--home", str(healthtwin.home), "--port", "0", "--tls", "local-ca", *options],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )
    try:
        assert process.stdout is not None
        lines = [process.stdout.readline().rstrip("\n")]
        while len(lines) < 12:  # the smallest code for any address has more
            lines.append(process.stdout.readline().rstrip("\n"))
        yield lines, process
    finally:
        if process.poll() is None:
            process.kill()
        process.communicate(timeout=30)


def phone_of(healthtwin: Commands) -> httpx2.Client:
    """A phone that has installed this home's certificate."""
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    context.load_verify_locations(healthtwin.home / "ca.pem")
    return httpx2.Client(verify=context, timeout=30)


def test_a_phone_pairs_over_the_homes_own_certificate_and_measures(healthtwin: Commands, ada: str) -> None:
    with served_by_own_authority(healthtwin, "--host", "127.0.0.1") as (lines, process):
        url = lines[0]
        assert url.startswith("https://127.0.0.1:")
        assert set("".join(lines[1:])) <= set(" █▀▄")
        made = healthtwin("pair", "--person", ada, "--json").json
        assert made["url"] == f"{url}/app/pair#code={made['code']}"
        with phone_of(healthtwin) as phone:
            assert phone.get(urlsplit(made["url"])._replace(fragment="").geturl()).status_code == 200
            paired = phone.post(f"{url}/api/pair", json={"code": made["code"], "label": "Ada's phone"}).json()
            assert (paired["person"], paired["name"], paired["device"]) == (ada, "Ada", made["device"])
            me = phone.get(f"{url}/api/me").json()
            assert (me["scope"], me["person"]) == ("person", ada)
        process.send_signal(signal.SIGTERM)
        assert process.wait(20) == 0
        assert process.stderr is not None
        said = process.stderr.read()
    certificate = x509.load_pem_x509_certificate((healthtwin.home / "ca.pem").read_bytes())
    from cryptography.hazmat.primitives.hashes import SHA256

    assert certificate.fingerprint(SHA256()).hex(":").upper() in said
    trust = next(word for line in said.splitlines() for word in line.split() if word.startswith("http://"))
    assert trust.startswith("http://127.0.0.1:")
    assert lines[1:4] == qr_code(trust).splitlines()[:3]


def test_the_code_of_a_pairing_is_drawn_for_people(inhabited: Commands) -> None:
    ada = inhabited("person", "list", "--json").json[0]["id"]
    shown = inhabited("pair", "--person", ada, "--url", "https://twin.local:8420/")
    assert shown.status == 0
    link, *drawn = shown.out.splitlines()
    assert link.startswith("https://twin.local:8420/app/pair#code=")
    assert drawn == qr_code(link).splitlines()
    assert link[-11:] in shown.err
    assert "local-ca" not in shown.err
    plain = inhabited("pair", "--person", ada, "--url", "http://127.0.0.1:8420")
    assert "--tls local-ca" in plain.err


def test_a_code_for_nobody_is_refused(inhabited: Commands) -> None:
    refused = inhabited("pair", "--person", "p-nobody")
    assert (refused.status, refused.out) == (2, "")
    assert "p-nobody" in refused.err


@pytest.mark.parametrize(
    ("options", "complaint"),
    [
        (("--ca-port", "8421"), "--tls local-ca"),
        (("--tls", "local-ca", "--behind-proxy"), "leave out --tls-cert"),
        (("--tls", "public"), "local-ca"),
    ],
)
def test_ways_of_tls_that_do_not_go_together_are_refused(
    healthtwin: Commands, options: tuple[str, ...], complaint: str
) -> None:
    refused = healthtwin("serve", *options)
    assert (refused.status, refused.out) == (2, "")
    assert complaint in refused.err


def test_a_name_that_came_later_and_that_no_authority_may_sign_is_an_error_that_says_what_to_do(
    healthtwin: Commands, ada: str
) -> None:
    assert ada
    options = ("--host", "127.0.0.1", "--ca-port", "0")
    with served_by_own_authority(healthtwin, *options, "--allowed-host", "twin.example.org") as (lines, _):
        port = int(lines[0].rpartition(":")[2])
        with phone_of(healthtwin) as phone:
            answer = phone.get(f"https://127.0.0.1:{port}/health", headers={"Host": "twin.example.org"})
            assert answer.status_code == 200
    refused = healthtwin("serve", "--port", "0", "--tls", "local-ca", "--allowed-host", "other.example.org")
    assert refused.status == 2
    assert "other.example.org" in refused.err
    assert "ca.pem" in refused.err


def test_without_certificate_the_qr_code_leads_to_the_app(healthtwin: Commands, ada: str) -> None:
    assert ada
    process = subprocess.Popen(
        [PROGRAM, "serve", "--home", str(healthtwin.home), "--port", "0"],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )
    try:
        assert process.stdout is not None
        url = process.stdout.readline().strip()
        drawn = qr_code(f"{url}/app").splitlines()
        assert [process.stdout.readline().rstrip("\n") for _ in drawn] == drawn
    finally:
        process.terminate()
        _, said = process.communicate(timeout=30)
    assert "Only this machine reaches it" in said
