"""A certificate authority of a test's own, and hosts' certificates by it."""

from datetime import UTC, datetime, timedelta
from ipaddress import ip_address
from pathlib import Path

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

from weirflow.transport.grpc_options import GrpcOptions


class Authority:
    """Signs certificates for 127.0.0.1, each in a folder of its own."""

    def __init__(self, home: Path, name: str = "test authority") -> None:
        self.home = home / name.replace(" ", "-")
        self.home.mkdir()
        self._name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, name)])
        self._key = ec.generate_private_key(ec.SECP256R1())
        self._certificate = self._build(self._name, self._key, authority=True)
        (self.home / "ca.crt").write_bytes(self._certificate.public_bytes(serialization.Encoding.PEM))

    def options(self, name: str, host: str = "127.0.0.1") -> GrpcOptions:
        """What a host is told that proves itself by a certificate of this authority."""
        key = ec.generate_private_key(ec.SECP256R1())
        subject = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, name)])
        certificate = self._build(subject, key, authority=False)
        (self.home / f"{name}.crt").write_bytes(certificate.public_bytes(serialization.Encoding.PEM))
        plain = serialization.NoEncryption()
        form = (serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, plain)
        (self.home / f"{name}.key").write_bytes(key.private_bytes(*form))
        files = (str(self.home / file) for file in (f"{name}.crt", f"{name}.key", "ca.crt"))
        return GrpcOptions(host, 0, "127.0.0.1", *files)

    def _build(self, subject: x509.Name, key: ec.EllipticCurvePrivateKey, *, authority: bool) -> x509.Certificate:
        start = datetime.now(UTC) - timedelta(minutes=5)
        builder = x509.CertificateBuilder().subject_name(subject).issuer_name(self._name)
        builder = builder.public_key(key.public_key()).serial_number(x509.random_serial_number())
        builder = builder.not_valid_before(start).not_valid_after(start + timedelta(days=2))
        builder = builder.add_extension(x509.BasicConstraints(ca=authority, path_length=None), critical=True)
        if not authority:
            names = [x509.DNSName("localhost"), x509.IPAddress(ip_address("127.0.0.1"))]
            builder = builder.add_extension(x509.SubjectAlternativeName(names), critical=False)
        return builder.sign(self._key, hashes.SHA256())
