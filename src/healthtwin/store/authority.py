"""A small certificate authority for one home, so that phones trust the server in the living room.

A browser lets a page measure only over TLS, and keeps a service worker only under a certificate that the
phone trusts; no public authority signs ``192.168.1.20``. So the home makes an authority of its own, whose
certificate each phone installs once. It may sign nothing but private names and addresses and this machine's
own (RFC 5280, section 4.2.1.10): whoever steals its key can impersonate no bank.
"""

from __future__ import annotations

import ipaddress
import os
import secrets
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Final

from healthtwin.domain.errors import ConfigurationError, CorruptStorage
from healthtwin.store.home import CA_FILE, CA_KEY_FILE, TLS_FILE, TLS_KEY_FILE, write_durably

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Sequence
    from pathlib import Path

    from cryptography import x509
    from cryptography.hazmat.primitives.asymmetric.ec import EllipticCurvePrivateKey
    from cryptography.x509 import Certificate, GeneralName

    from healthtwin.store.home import Home

AUTHORITY_DAYS: Final = 3_653
"""Ten years: every phone must install its successor by hand."""

LEAF_DAYS: Final = 397
"""Apple takes no server certificate that lives longer than 398 days (support.apple.com/102028)."""

RENEW_DAYS: Final = 30
"""A certificate with less left is replaced: longer than anybody's machine stays off and then starts again."""

BACKDATED: Final = timedelta(hours=1)
"""For phones whose clock is a little behind."""

PRIVATE_NAMES: Final = ("localhost", "local", "lan", "home", "internal", "home.arpa")
"""Endings that no public name has: mDNS (RFC 6762), RFC 8375, ICANN's .internal, and routers' habits."""

PRIVATE_NETWORKS: Final = (
    "10.0.0.0/8",
    "172.16.0.0/12",
    "192.168.0.0/16",
    "169.254.0.0/16",
    "100.64.0.0/10",
    "127.0.0.0/8",
    "fc00::/7",
    "fe80::/10",
    "::1/128",
)
"""RFC 1918, 3927, 6598 (also what Tailscale numbers by), 4193, 4291."""

_OWNER_ONLY: Final = 0o600


class LocalAuthority:
    """The authority of one home; made when it is first asked for.

    Args:
        home: where its files lie.
        names: what a new authority may sign besides private names: names and addresses of this machine and
            those that the operator allowed. One that exists already keeps what it was made with.
        now: aware UTC.

    Raises:
        CorruptStorage: its files are damaged, or one of the two is missing.
    """

    def __init__(
        self,
        home: Home,
        names: Collection[str] = (),
        now: Callable[[], datetime] = lambda: datetime.now(UTC),
    ) -> None:
        self._home = home
        self._now = now
        there = [(home.path / name).exists() for name in (CA_FILE, CA_KEY_FILE)]
        if not any(there):
            self._make(names)
        elif not all(there):
            missing = CA_KEY_FILE if there[0] else CA_FILE
            raise CorruptStorage(
                f"{home.path / missing}: missing; restore it from a backup, or remove {CA_FILE} and "
                f"{CA_KEY_FILE} for a new authority, which every phone must then install"
            )
        self._certificate, self._key = self._read()

    @property
    def certificate_pem(self) -> bytes:
        """What a phone installs."""
        from cryptography.hazmat.primitives.serialization import Encoding

        return self._certificate.public_bytes(Encoding.PEM)

    @property
    def certificate_der(self) -> bytes:
        """The same in the form that phones read."""
        from cryptography.hazmat.primitives.serialization import Encoding

        return self._certificate.public_bytes(Encoding.DER)

    @property
    def name(self) -> str:
        """Under which a phone lists it."""
        from cryptography.x509.oid import NameOID

        (common,) = self._certificate.subject.get_attributes_for_oid(NameOID.COMMON_NAME)
        return str(common.value)

    @property
    def fingerprint(self) -> str:
        """SHA-256 as phones show it: compared by eye before the certificate is trusted."""
        from cryptography.hazmat.primitives.hashes import SHA256

        return self._certificate.fingerprint(SHA256()).hex(":").upper()

    @property
    def files(self) -> tuple[Path, Path]:
        """The server's certificate and its key, as `issue` left them."""
        return self._home.path / TLS_FILE, self._home.path / TLS_KEY_FILE

    def may_sign(self, name: str) -> bool:
        """Whether a host name or an address lies within its constraints."""
        from cryptography import x509

        constraints = self._certificate.extensions.get_extension_for_class(x509.NameConstraints).value
        permitted = list(constraints.permitted_subtrees or ())
        try:
            address = ipaddress.ip_address(name)
        except ValueError:
            endings = [each.value for each in permitted if isinstance(each, x509.DNSName)]
            return any(name == ending or name.endswith("." + ending) for ending in endings)
        networks = [each.value for each in permitted if isinstance(each, x509.IPAddress)]
        return any(address in network for network in networks)  # type: ignore[operator]  # all are networks

    def issue(self, required: Sequence[str], welcome: Sequence[str]) -> bool:
        """See to it that the server has a certificate for these names and addresses; True when it is new.

        Args:
            required: what the operator named.
            welcome: what this machine is called besides; left out where the authority may not sign it.

        Raises:
            ConfigurationError: a required name lies outside the constraints.
        """
        for name in required:
            if not self.may_sign(name):
                raise ConfigurationError(
                    f"{name}: the authority of this home may not sign it; remove {CA_FILE} and {CA_KEY_FILE} "
                    f"in {self._home.path} for a new one, which every phone must then install, or give "
                    "--tls-cert and --tls-key"
                )
        wanted = dict.fromkeys([*required, *(name for name in welcome if self.may_sign(name))])
        if self._covers(list(wanted)):
            return False
        self._issue(list(wanted))
        return True

    def _covers(self, wanted: Sequence[str]) -> bool:
        from cryptography import x509
        from cryptography.exceptions import InvalidSignature
        from cryptography.hazmat.primitives.serialization import load_pem_private_key

        certificate, key = self.files
        try:
            leaf = x509.load_pem_x509_certificate(certificate.read_bytes())
            same = load_pem_private_key(key.read_bytes(), None).public_key() == leaf.public_key()
            leaf.verify_directly_issued_by(self._certificate)
            names = leaf.extensions.get_extension_for_class(x509.SubjectAlternativeName).value
        except (OSError, ValueError, TypeError, InvalidSignature, x509.ExtensionNotFound):
            return False
        left = leaf.not_valid_after_utc - self._now()
        return same and left >= timedelta(days=RENEW_DAYS) and all(_general(name) in names for name in wanted)

    def _issue(self, wanted: Sequence[str]) -> None:
        from cryptography import x509
        from cryptography.hazmat.primitives.hashes import SHA256
        from cryptography.hazmat.primitives.serialization import Encoding
        from cryptography.x509.oid import ExtendedKeyUsageOID

        key = _new_key()
        now = self._now()
        authority_key = x509.AuthorityKeyIdentifier.from_issuer_public_key(self._key.public_key())
        leaf = (
            x509.CertificateBuilder()
            .subject_name(_subject("healthtwin server"))
            .issuer_name(self._certificate.subject)
            .public_key(key.public_key())
            .serial_number(x509.random_serial_number())
            .not_valid_before(now - BACKDATED)
            .not_valid_after(min(now + timedelta(days=LEAF_DAYS), self._certificate.not_valid_after_utc))
            .add_extension(x509.SubjectAlternativeName([_general(name) for name in wanted]), critical=False)
            .add_extension(x509.BasicConstraints(ca=False, path_length=None), critical=True)
            .add_extension(_key_usage(digital_signature=True), critical=True)
            .add_extension(x509.ExtendedKeyUsage([ExtendedKeyUsageOID.SERVER_AUTH]), critical=False)
            .add_extension(authority_key, critical=False)
            .sign(self._key, SHA256())
        )
        certificate_file, key_file = self.files
        _write_secret(key_file, _pem_of(key))
        write_durably(certificate_file, leaf.public_bytes(Encoding.PEM))

    def _make(self, names: Collection[str]) -> None:
        from cryptography import x509
        from cryptography.hazmat.primitives.hashes import SHA256
        from cryptography.hazmat.primitives.serialization import Encoding

        key = _new_key()
        now = self._now()
        hosts = [name for name in names if not _is_address(name)]
        networks = [*PRIVATE_NETWORKS, *(name for name in names if _is_address(name))]
        permitted: list[GeneralName] = [
            x509.DNSName(name) for name in dict.fromkeys([*PRIVATE_NAMES, *hosts])
        ]
        permitted += [x509.IPAddress(ipaddress.ip_network(network)) for network in dict.fromkeys(networks)]
        subject = _subject(f"healthtwin at home ({secrets.token_hex(3)})")
        own_key = x509.SubjectKeyIdentifier.from_public_key(key.public_key())
        certificate = (
            x509.CertificateBuilder()
            .subject_name(subject)
            .issuer_name(subject)
            .public_key(key.public_key())
            .serial_number(x509.random_serial_number())
            .not_valid_before(now - BACKDATED)
            .not_valid_after(now + timedelta(days=AUTHORITY_DAYS))
            .add_extension(x509.BasicConstraints(ca=True, path_length=0), critical=True)
            .add_extension(_key_usage(digital_signature=False), critical=True)
            .add_extension(x509.NameConstraints(permitted, None), critical=True)
            .add_extension(own_key, critical=False)
            .sign(key, SHA256())
        )
        _write_secret(self._home.path / CA_KEY_FILE, _pem_of(key))
        write_durably(self._home.path / CA_FILE, certificate.public_bytes(Encoding.PEM))

    def _read(self) -> tuple[Certificate, EllipticCurvePrivateKey]:
        from cryptography import x509
        from cryptography.hazmat.primitives.asymmetric.ec import EllipticCurvePrivateKey
        from cryptography.hazmat.primitives.serialization import load_pem_private_key

        where = self._home.path / CA_FILE
        try:
            certificate = x509.load_pem_x509_certificate(where.read_bytes())
            key = load_pem_private_key((self._home.path / CA_KEY_FILE).read_bytes(), None)
            certificate.extensions.get_extension_for_class(x509.NameConstraints)
        except (OSError, ValueError, TypeError, x509.ExtensionNotFound) as error:
            raise CorruptStorage(f"{where}: damaged ({error}); restore it from a backup") from error
        if not isinstance(key, EllipticCurvePrivateKey) or key.public_key() != certificate.public_key():
            raise CorruptStorage(f"{where}: {CA_KEY_FILE} is the key of another certificate")
        return certificate, key


def _new_key() -> EllipticCurvePrivateKey:
    """P-256: every phone of the last ten years verifies it (RSA would do too, slower)."""
    from cryptography.hazmat.primitives.asymmetric import ec

    return ec.generate_private_key(ec.SECP256R1())


def _pem_of(key: EllipticCurvePrivateKey) -> bytes:
    from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat

    return key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())


def _subject(common_name: str) -> x509.Name:
    from cryptography import x509
    from cryptography.x509.oid import NameOID

    return x509.Name(
        [
            x509.NameAttribute(NameOID.ORGANIZATION_NAME, "healthtwin"),
            x509.NameAttribute(NameOID.COMMON_NAME, common_name),
        ]
    )


def _key_usage(*, digital_signature: bool) -> x509.KeyUsage:
    """Of a server, which signs its handshakes, or else of an authority, which signs certificates."""
    from cryptography import x509

    return x509.KeyUsage(
        digital_signature=digital_signature,
        content_commitment=False,
        key_encipherment=False,
        data_encipherment=False,
        key_agreement=False,
        key_cert_sign=not digital_signature,
        crl_sign=not digital_signature,
        encipher_only=False,
        decipher_only=False,
    )


def _general(name: str) -> GeneralName:
    from cryptography import x509

    return x509.IPAddress(ipaddress.ip_address(name)) if _is_address(name) else x509.DNSName(name)


def _is_address(name: str) -> bool:
    try:
        ipaddress.ip_address(name)
    except ValueError:
        return False
    return True


def _write_secret(path: Path, content: bytes) -> None:
    """As `write_durably`, and nobody else can read it at any moment."""
    partial = path.with_name(path.name + ".partial")
    partial.unlink(missing_ok=True)
    handle = os.open(partial, os.O_WRONLY | os.O_CREAT | os.O_EXCL, _OWNER_ONLY)
    with os.fdopen(handle, "wb") as file:
        file.write(content)
        file.flush()
        os.fsync(file.fileno())
    partial.replace(path)
