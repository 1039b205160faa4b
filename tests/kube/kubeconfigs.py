"""Kubeconfigs and the certificates that stand in them."""

import base64
import datetime
import ipaddress
from pathlib import Path

import orjson
import yaml
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec


class Authority:
    """Issues certificates for as long as a test lasts."""

    def __init__(self) -> None:
        self._key = ec.generate_private_key(ec.SECP256R1())
        self._name = _name("test authority")
        basic = x509.BasicConstraints(ca=True, path_length=None)
        builder = _builder(self._name, self._name, self._key).add_extension(basic, critical=True)
        self.pem = builder.sign(self._key, hashes.SHA256()).public_bytes(serialization.Encoding.PEM)

    @property
    def data(self) -> str:
        """Its certificate, as it stands in a kubeconfig."""
        return base64.b64encode(self.pem).decode()

    def issue(self, name: str, password: bytes = b"") -> tuple[bytes, bytes]:
        """Certificate and key (PEM) of a server on 127.0.0.1 called ``name``, or of a client."""
        key = ec.generate_private_key(ec.SECP256R1())
        names = [x509.DNSName(name)] if name != "local" else [x509.IPAddress(ipaddress.ip_address("127.0.0.1"))]
        builder = _builder(_name(name), self._name, key).add_extension(x509.SubjectAlternativeName(names), False)
        return builder.sign(self._key, hashes.SHA256()).public_bytes(serialization.Encoding.PEM), key.private_bytes(
            serialization.Encoding.PEM,
            serialization.PrivateFormat.PKCS8,
            serialization.BestAvailableEncryption(password) if password else serialization.NoEncryption(),
        )


def _name(name: str) -> x509.Name:
    return x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, name)])


def _builder(subject: x509.Name, issuer: x509.Name, key: ec.EllipticCurvePrivateKey) -> x509.CertificateBuilder:
    now = datetime.datetime.now(datetime.UTC)
    return (
        x509.CertificateBuilder()
        .subject_name(subject)
        .issuer_name(issuer)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - datetime.timedelta(minutes=1))
        .not_valid_after(now + datetime.timedelta(days=1))
    )


def kubeconfig(
    tmp_path: Path, *, as_yaml: bool = False, user: dict[str, object] | None = None, **cluster: object
) -> Path:
    """A kubeconfig with one context; ``user`` and ``cluster`` in the place of a token and of an address."""
    document = {
        "current-context": "c",
        "contexts": [{"name": "c", "context": {"cluster": "k", "user": "u", "namespace": "flows"}}],
        "clusters": [{"name": "k", "cluster": {"server": "https://127.0.0.1:6443/", **cluster}}],
        "users": [{"name": "u", "user": {"token": "t0ken"} if user is None else user}],
    }
    path = tmp_path / "kubeconfig"
    path.write_text(yaml.safe_dump(document) if as_yaml else orjson.dumps(document).decode())
    return path
