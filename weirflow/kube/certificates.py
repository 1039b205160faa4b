"""TLS from the words of a kubeconfig: whom to trust, and which certificate to show."""

import base64
import binascii
import ssl
import tempfile
from pathlib import Path
from typing import Any

from weirflow.kube.credentials import ConfigError


def authority(cluster: dict[str, Any], path: Path) -> ssl.SSLContext:
    """Trust in the cluster's own authority, else in the system's. ``path`` is the kubeconfig's, for relative files."""
    try:
        if data := cluster.get("certificate-authority-data"):
            tls = ssl.create_default_context(cadata=_pem(data, "certificate-authority-data", path).decode("ascii"))
        elif file := cluster.get("certificate-authority"):
            tls = ssl.create_default_context(cafile=str(path.parent / str(file)))
        else:
            tls = ssl.create_default_context()
    except (OSError, ValueError) as error:
        raise ConfigError(f"kubeconfig {path}: its certificate-authority cannot be used: {error}") from error
    if cluster.get("insecure-skip-tls-verify"):
        tls.check_hostname, tls.verify_mode = False, ssl.CERT_NONE
    return tls


def identify(tls: ssl.SSLContext, user: dict[str, Any], path: Path) -> None:
    """Have ``tls`` show the user's certificate, if there is one. Raises ``ConfigError``."""
    certificate = _part(user, "client-certificate", path)
    key = _part(user, "client-key", path)
    if certificate is None and key is None:
        return
    if certificate is None or key is None:
        raise ConfigError(f"kubeconfig {path}: client-certificate and client-key belong together; one is missing")
    show(tls, certificate, key, f"kubeconfig {path}")


def show(tls: ssl.SSLContext, certificate: bytes, key: bytes, where: str) -> None:
    """Have ``tls`` show a certificate (both PEM). Raises ``ConfigError`` naming ``where`` they came from."""
    # Python takes them as files only; these are the owner's alone, and gone again at once.
    with tempfile.TemporaryDirectory(prefix="weirflow-") as folder:
        files = Path(folder, "certificate"), Path(folder, "key")
        for file, content in zip(files, (certificate, key), strict=True):
            file.write_bytes(content)
        try:
            tls.load_cert_chain(*files, password=_refuse_password)
        except (OSError, ValueError) as error:
            raise ConfigError(f"{where}: the client certificate or its key cannot be used: {error}") from error


def _refuse_password() -> str:
    raise ValueError("the key is protected by a password; store it without one")


def _part(user: dict[str, Any], name: str, path: Path) -> bytes | None:
    if data := user.get(f"{name}-data"):
        return _pem(data, f"{name}-data", path)
    if file := user.get(name):
        try:
            return (path.parent / str(file)).read_bytes()
        except OSError as error:
            raise ConfigError(f"kubeconfig {path}: cannot read its {name} {file}: {error.strerror}") from error
    return None


def _pem(data: Any, name: str, path: Path) -> bytes:
    try:
        return base64.b64decode(str(data), validate=True)
    except binascii.Error as error:
        raise ConfigError(f"kubeconfig {path}: {name} is not base64; write it again") from error
