"""A scripted gateway, clients for it, a clock that stands still, and a certificate."""

import ssl
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from ipaddress import ip_address
from pathlib import Path

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

from searches.marketplaces import Account, Timeouts
from searches.marketplaces.image_search_md5 import ImageSearchMd5
from tests.searches.marketplaces.gateway import APP_KEY, SECRET, Gateway, running_gateway

NOW = datetime(2026, 1, 1, 19, 4, 5, tzinfo=UTC)  # 2026-01-02 03:04:05 in China
SHORT = Timeouts(connect=0.2, read=0.2, total=0.3)


@pytest.fixture
def gateway() -> Iterator[Gateway]:
    with running_gateway() as running:
        yield running


@pytest.fixture
def client(gateway: Gateway) -> Iterator[ImageSearchMd5]:
    """Patient: for answers that come."""
    with ImageSearchMd5(Account(gateway.url, APP_KEY, SECRET), clock=lambda: NOW) as made:
        yield made


@pytest.fixture
def hasty_client(gateway: Gateway) -> Iterator[ImageSearchMd5]:
    """For answers that never come."""
    with ImageSearchMd5(Account(gateway.url, APP_KEY, SECRET), SHORT, clock=lambda: NOW) as made:
        yield made


@pytest.fixture(scope="session")
def certificate(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A self-signed certificate for 127.0.0.1, with its key, as PEM."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "gateway of the tests")])
    start = datetime.now(UTC) - timedelta(days=1)
    made = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(1)
        .not_valid_before(start)
        .not_valid_after(start + timedelta(days=3))
        .add_extension(x509.SubjectAlternativeName([x509.IPAddress(ip_address("127.0.0.1"))]), critical=False)
        .add_extension(x509.BasicConstraints(ca=True, path_length=None), critical=True)
        .sign(key, hashes.SHA256())
    )
    file = tmp_path_factory.mktemp("tls") / "gateway.pem"
    file.write_bytes(
        key.private_bytes(serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption())
        + made.public_bytes(serialization.Encoding.PEM)
    )
    return file


def tls_of(certificate: Path) -> ssl.SSLContext:
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(certificate)
    return context
