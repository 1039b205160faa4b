"""The cluster's own authority and server certificate.

Made by a short-lived process (`python -m weirflow.embedded.certificates`), because the X.509 code costs memory that the
server would keep for the rest of its life.
"""

from __future__ import annotations

import subprocess
import sys
import time
from datetime import UTC, datetime, timedelta
from ipaddress import ip_address
from pathlib import Path

from weirflow.embedded.files import ClusterFiles
from weirflow.private_files import write_private

VALID = timedelta(days=825)
RENEW_SECONDS = 365 * 86_400
"""A server certificate of this age is made anew at the next start."""
HOSTS = ("localhost",)
ADDRESSES = ("127.0.0.1", "::1")


class CertificatesFailed(Exception):
    """The certificates could not be made."""


def ensure_certificates(files: ClusterFiles) -> None:
    """Make authority and certificate when they are missing or old. Raises CertificatesFailed."""
    made = [path.stat().st_mtime for path in (files.authority, files.certificate, files.key) if path.exists()]
    if len(made) == 3 and time.time() - min(made) < RENEW_SECONDS:
        return
    command = [sys.executable, "-m", __spec__.name, str(files.home)]
    done = subprocess.run(command, capture_output=True, text=True, timeout=60, check=False)  # noqa: S603
    if done.returncode:
        last = done.stderr.strip().rpartition("\n")[2]
        raise CertificatesFailed(f"could not make the certificates in {files.directory}: {last}")


def make(files: ClusterFiles) -> None:
    """Write ca.crt, server.crt and server.key. The authority's key is thrown away: it signs exactly one certificate."""
    from cryptography import x509
    from cryptography.hazmat.primitives import hashes, serialization
    from cryptography.hazmat.primitives.asymmetric import ec
    from cryptography.x509.oid import ExtendedKeyUsageOID, NameOID

    start = datetime.now(UTC) - timedelta(minutes=5)

    def named(name: str) -> x509.Name:
        return x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, name)])

    def certificate(subject: str, key: ec.EllipticCurvePrivateKey) -> x509.CertificateBuilder:
        builder = x509.CertificateBuilder().subject_name(named(subject)).issuer_name(named("weirflow embedded cluster"))
        builder = builder.public_key(key.public_key()).serial_number(x509.random_serial_number())
        builder = builder.not_valid_before(start).not_valid_after(start + VALID)
        identifier = x509.SubjectKeyIdentifier.from_public_key(key.public_key())
        return builder.add_extension(identifier, critical=False)

    def usage(*, signs_others: bool) -> x509.KeyUsage:
        return x509.KeyUsage(
            digital_signature=True, content_commitment=False, key_encipherment=False, data_encipherment=False,
            key_agreement=False, key_cert_sign=signs_others, crl_sign=signs_others, encipher_only=False,
            decipher_only=False,
        )  # fmt: skip

    authority_key, server_key = ec.generate_private_key(ec.SECP256R1()), ec.generate_private_key(ec.SECP256R1())
    authority = (
        certificate("weirflow embedded cluster", authority_key)
        .add_extension(x509.BasicConstraints(ca=True, path_length=0), critical=True)
        .add_extension(usage(signs_others=True), critical=True)
        .sign(authority_key, hashes.SHA256())
    )
    names = [*map(x509.DNSName, HOSTS), *(x509.IPAddress(ip_address(address)) for address in ADDRESSES)]
    issuer = x509.AuthorityKeyIdentifier.from_issuer_public_key(authority_key.public_key())
    server = (
        certificate("weirflow embedded server", server_key)
        .add_extension(x509.BasicConstraints(ca=False, path_length=None), critical=True)
        .add_extension(usage(signs_others=False), critical=True)
        .add_extension(x509.ExtendedKeyUsage([ExtendedKeyUsageOID.SERVER_AUTH]), critical=False)
        .add_extension(x509.SubjectAlternativeName(names), critical=False)
        .add_extension(issuer, critical=False)
        .sign(authority_key, hashes.SHA256())
    )
    pem = serialization.Encoding.PEM
    key = server_key.private_bytes(pem, serialization.PrivateFormat.PKCS8, serialization.NoEncryption())
    write_private(files.key, key)
    write_private(files.authority, authority.public_bytes(pem))
    write_private(files.certificate, server.public_bytes(pem))


if __name__ == "__main__":
    make(ClusterFiles(Path(sys.argv[1])))
