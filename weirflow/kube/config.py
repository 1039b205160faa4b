"""Reading how to reach a cluster: from a kubeconfig, or in a pod from what Kubernetes mounts there.

Tokens, token files, client certificates and exec plugins are read here. Only the old auth providers go through the
large ``kubernetes`` package, which costs every process 50 MB.
"""

import os
from pathlib import Path
from typing import Any

import orjson

from weirflow.kube import service_account
from weirflow.kube.certificates import authority, identify
from weirflow.kube.credentials import ClusterConfig, ConfigError
from weirflow.kube.exec_plugin import ExecPlugin

__all__ = ["ClusterConfig", "ConfigError", "default_kubeconfig", "entry_of", "load_config", "read_kubeconfig"]

_FILE_SECONDS = 60.0
_CLUSTER_FIELDS = frozenset({
    "server", "certificate-authority", "certificate-authority-data", "insecure-skip-tls-verify", "tls-server-name",
    "disable-compression", "extensions",
})  # fmt: skip
_USER_FIELDS = frozenset({
    "token", "tokenFile", "client-certificate", "client-certificate-data", "client-key", "client-key-data", "exec",
    "auth-provider", "extensions",
})  # fmt: skip


def default_kubeconfig(fallback: str = "kubeconfig.modules") -> Path:
    """``KUBECONFIG``, else in a pod its ServiceAccount, else ``fallback`` in ``WEIRFLOW_HOME`` (default ``var``)."""
    if named := os.environ.get("KUBECONFIG", ""):
        return Path(named.split(os.pathsep)[0])
    if service_account.mounted():
        return service_account.FOLDER
    return Path(os.environ.get("WEIRFLOW_HOME", "var")) / fallback


def load_config(path: Path | str, context: str = "") -> ClusterConfig:
    """Read the kubeconfig at ``path``, or the ServiceAccount where ``path`` is a folder. Raises ``ConfigError``."""
    path = Path(path)
    if path.is_dir():
        return service_account.load(path)
    document = read_kubeconfig(path)
    chosen = context or str(document.get("current-context") or "")
    where = entry_of(document, "contexts", "context", chosen, path)
    cluster = entry_of(document, "clusters", "cluster", str(where.get("cluster") or ""), path)
    user_name = str(where.get("user") or "")
    user = entry_of(document, "users", "user", user_name, path) if user_name else {}
    _check_fields(cluster, _CLUSTER_FIELDS, path)
    _check_fields(user, _USER_FIELDS, path)
    namespace = str(where.get("namespace") or "default")
    if "auth-provider" in user:
        return _from_package(path, chosen, namespace)
    server = str(cluster.get("server") or "").rstrip("/")
    if not server.startswith("https://"):
        raise ConfigError(f"kubeconfig {path}: the server must be an https:// address, so that the token stays private")
    tls = authority(cluster, path)
    identify(tls, user, path)
    config = ClusterConfig(server, namespace, tls, server_name=str(cluster.get("tls-server-name") or "") or None)
    if "token" in user:
        # A file that is written anew with another token is followed once the old one is refused.
        config.read_token = lambda: str(
            entry_of(read_kubeconfig(path), "users", "user", user_name, path).get("token") or ""
        )
    elif "tokenFile" in user:
        file = path.parent / str(user["tokenFile"])
        config.read_token, config.token_seconds = lambda: service_account.read_text(file), _FILE_SECONDS
    elif "exec" in user:
        plugin = ExecPlugin(user["exec"], cluster, path, tls)
        config.read_token, config.new_token, config.token_seconds = plugin.token, plugin.new_token, _FILE_SECONDS
    return config


def read_kubeconfig(path: Path) -> dict[str, Any]:
    """The document in a kubeconfig, JSON or YAML. Raises ``ConfigError``."""
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


def entry_of(document: dict[str, Any], listed: str, part: str, name: str, path: Path) -> dict[str, Any]:
    """What stands under ``part`` in the entry called ``name`` of the list ``listed``. Raises ``ConfigError``."""
    for entry in document.get(listed) or []:
        if isinstance(entry, dict) and entry.get("name") == name:
            return dict(entry.get(part) or {})
    raise ConfigError(f"kubeconfig {path} has no {part} named {name!r} under {listed!r}; correct it")


def _check_fields(part: dict[str, Any], known: frozenset[str], path: Path) -> None:
    """What we do not act on may be what protects somebody: better no connection than one without it."""
    if unknown := sorted(key for key in part.keys() - known if part[key]):
        raise ConfigError(
            f"kubeconfig {path}: {', '.join(unknown)} is not supported; use a token, a client certificate or an exec "
            "plugin, and an address that is reached directly"
        )


def _from_package(path: Path, context: str, namespace: str) -> ClusterConfig:
    from kubernetes import client, config

    configuration = client.Configuration()
    try:
        config.load_kube_config(config_file=str(path), context=context, client_configuration=configuration)
    except Exception as error:
        raise ConfigError(f"kubeconfig {path}: its auth-provider cannot be used: {error}") from error
    tls = authority({"certificate-authority": configuration.ssl_ca_cert} if configuration.ssl_ca_cert else {}, path)

    def read_token() -> str:
        value = configuration.get_api_key_with_prefix("BearerToken") or ""
        return str(value).removeprefix("Bearer ").removeprefix("bearer ")

    return ClusterConfig(configuration.host.rstrip("/"), namespace, tls, read_token, token_seconds=_FILE_SECONDS)
