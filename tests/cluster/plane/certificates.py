"""One authority, and the one certificate that the parts of the control plane know each other by."""

from datetime import UTC, datetime, timedelta
from ipaddress import ip_address
from pathlib import Path

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import ExtendedKeyUsageOID, NameOID

from weirflow.private_files import write_private

VALID = timedelta(days=365)
PEM = serialization.Encoding.PEM


def ensure_certificates(directory: Path) -> None:
    """Write `ca.crt`, `plane.{crt,key}` and `accounts.key` (signs service accounts' tokens), once."""
    if (directory / "accounts.key").exists():
        return
    authority_key = ec.generate_private_key(ec.SECP256R1())
    authority = (
        _draft("weirflow control plane", "weirflow control plane", authority_key.public_key())
        .add_extension(x509.BasicConstraints(ca=True, path_length=0), critical=True)
        .sign(authority_key, hashes.SHA256())
    )
    write_private(directory / "ca.crt", authority.public_bytes(PEM))
    key = ec.generate_private_key(ec.SECP256R1())
    names = [x509.DNSName("localhost"), x509.IPAddress(ip_address("127.0.0.1"))]
    certificate = (
        _draft("weirflow", "weirflow control plane", key.public_key())
        # etcd asks its clients for a certificate, and is a client of itself: its JSON gateway shows it the server's.
        .add_extension(
            x509.ExtendedKeyUsage([ExtendedKeyUsageOID.SERVER_AUTH, ExtendedKeyUsageOID.CLIENT_AUTH]), critical=False
        )
        .add_extension(x509.SubjectAlternativeName(names), critical=False)
        .sign(authority_key, hashes.SHA256())
    )
    write_private(directory / "plane.crt", certificate.public_bytes(PEM))
    write_private(directory / "plane.key", _private(key))
    write_private(directory / "accounts.key", _private(ec.generate_private_key(ec.SECP256R1())))


def _draft(subject: str, issuer: str, key: ec.EllipticCurvePublicKey) -> x509.CertificateBuilder:
    now = datetime.now(UTC)

    def named(name: str) -> x509.Name:
        return x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, name)])

    return (
        x509.CertificateBuilder()
        .subject_name(named(subject))
        .issuer_name(named(issuer))
        .public_key(key)
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - timedelta(minutes=5))
        .not_valid_after(now + VALID)
    )


def _private(key: ec.EllipticCurvePrivateKey) -> bytes:
    # The form that openssl calls "EC PRIVATE KEY": the API server reads a key for tokens in no newer one.
    return key.private_bytes(PEM, serialization.PrivateFormat.TraditionalOpenSSL, serialization.NoEncryption())
