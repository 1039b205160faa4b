"""Where the cluster is and how to prove who we are, read from a kubeconfig.

The simple case, a server with CA data and a token, is read here: it is what the embedded cluster writes, and it keeps
the large ``kubernetes`` package out of such processes. Client certificates, exec plugins and auth providers go through
that package.
"""

import asyncio
import base64
import os
import ssl
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import orjson

_TOKEN_SECONDS = 60.0


class ConfigError(Exception):
    """The kubeconfig cannot be used; the text says which file, which part and what to do."""


@dataclass(slots=True)
class ClusterConfig:
    """One cluster and one identity. The token never appears in ``repr``."""

    server: str
    namespace: str = "default"
    ssl_context: ssl.SSLContext | None = None
    read_token: Callable[[], str] = field(default=lambda: "", repr=False)
    blocking_token: bool = False
    _token: str = field(default="", repr=False)
    _token_until: float = field(default=0.0, repr=False)

    async def token(self) -> str:
        """The bearer token to send now; a token that a program or file provides is asked for again every minute."""
        if not self.blocking_token:
            return self.read_token()
        if time.monotonic() >= self._token_until:
            self._token = await asyncio.to_thread(self.read_token)
            self._token_until = time.monotonic() + _TOKEN_SECONDS
        return self._token


def default_kubeconfig(fallback: str = "kubeconfig.modules") -> Path:
    """``KUBECONFIG``, else ``fallback`` inside ``WEIRFLOW_HOME`` (default ``var``)."""
    named = os.environ.get("KUBECONFIG", "")
    return Path(named.split(os.pathsep)[0]) if named else Path(os.environ.get("WEIRFLOW_HOME", "var")) / fallback


def load_config(path: Path | str, context: str = "") -> ClusterConfig:
    """Read the kubeconfig at ``path``. Raises ``ConfigError``."""
    path = Path(path)
    document = _read(path)
    chosen = context or document.get("current-context", "")
    where = _named(document, "contexts", "context", chosen, path)
    cluster = _named(document, "clusters", "cluster", where.get("cluster", ""), path)
    user = _named(document, "users", "user", where.get("user", ""), path)
    namespace = where.get("namespace") or "default"
    if set(user) <= {"token"} and not set(cluster) - {"server", "certificate-authority-data", "certificate-authority"}:
        token = str(user.get("token", ""))
        return ClusterConfig(cluster["server"].rstrip("/"), namespace, _tls(cluster, path), lambda: token)
    return _from_package(path, chosen, namespace)


def _read(path: Path) -> dict[str, Any]:
    try:
        raw = path.read_bytes()
    except OSError as error:
        raise ConfigError(
            f"cannot read kubeconfig {path}: {error.strerror}; start the cluster or set KUBECONFIG"
        ) from error
    try:
        document = orjson.loads(raw)
    except orjson.JSONDecodeError:
        import yaml

        try:
            document = yaml.safe_load(raw)
        except yaml.YAMLError as error:
            raise ConfigError(f"kubeconfig {path} is not YAML; write it again") from error
    if not isinstance(document, dict):
        raise ConfigError(f"kubeconfig {path} is empty; write it again")
    return document


def _named(document: dict[str, Any], listed: str, part: str, name: str, path: Path) -> dict[str, Any]:
    for entry in document.get(listed) or []:
        if entry.get("name") == name:
            return dict(entry.get(part) or {})
    raise ConfigError(f"kubeconfig {path} has no {part} named {name!r} under {listed!r}; correct it")


def _tls(cluster: dict[str, Any], path: Path) -> ssl.SSLContext | None:
    if not str(cluster.get("server", "")).startswith("https://"):
        raise ConfigError(f"kubeconfig {path}: the server must be an https:// address, so that the token stays private")
    data = cluster.get("certificate-authority-data")
    if data:
        return ssl.create_default_context(cadata=base64.b64decode(data).decode("ascii"))
    if file := cluster.get("certificate-authority"):
        return ssl.create_default_context(cafile=str(path.parent / file))
    return ssl.create_default_context()


def _from_package(path: Path, context: str, namespace: str) -> ClusterConfig:
    from kubernetes import client, config

    configuration = client.Configuration()
    config.load_kube_config(config_file=str(path), context=context, client_configuration=configuration)
    tls = ssl.create_default_context(cafile=configuration.ssl_ca_cert or None)
    if not configuration.verify_ssl:
        tls.check_hostname, tls.verify_mode = False, ssl.CERT_NONE
    if configuration.cert_file:
        tls.load_cert_chain(configuration.cert_file, configuration.key_file)

    def read_token() -> str:
        value = configuration.get_api_key_with_prefix("BearerToken") or ""
        return value.removeprefix("Bearer ").removeprefix("bearer ")

    return ClusterConfig(configuration.host.rstrip("/"), namespace, tls, read_token, blocking_token=True)
