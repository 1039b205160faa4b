"""What Kubernetes mounts into a pod: the address in the environment; token, authority and namespace in files.

The token is short-lived and replaced in its file about every hour, so it is read again.
"""

import os
import ssl
from pathlib import Path

from weirflow.kube.credentials import ClusterConfig, ConfigError

FOLDER = Path("/var/run/secrets/kubernetes.io/serviceaccount")
_TOKEN_SECONDS = 60.0


def mounted() -> bool:
    """Whether this process runs in a pod with a ServiceAccount."""
    return bool(os.environ.get("KUBERNETES_SERVICE_HOST")) and (FOLDER / "token").exists()


def load(folder: Path) -> ClusterConfig:
    """The cluster that this pod is part of. Raises ``ConfigError``."""
    host, port = os.environ.get("KUBERNETES_SERVICE_HOST", ""), os.environ.get("KUBERNETES_SERVICE_PORT", "443")
    if not host:
        raise ConfigError(
            f"{folder} is a ServiceAccount, but KUBERNETES_SERVICE_HOST is not set; name a kubeconfig file"
        )
    read_text(folder / "token")
    try:
        tls = ssl.create_default_context(cafile=str(folder / "ca.crt"))
    except OSError as error:
        raise ConfigError(f"cannot use {folder / 'ca.crt'}: {error}; mount the ServiceAccount whole") from error
    address = f"[{host}]" if ":" in host else host
    return ClusterConfig(
        f"https://{address}:{port}",
        read_text(folder / "namespace") or "default",
        tls,
        lambda: read_text(folder / "token"),
        token_seconds=_TOKEN_SECONDS,
    )


def read_text(file: Path) -> str:
    """A small file's text without the space around it. Raises ``ConfigError``."""
    try:
        return file.read_text().strip()
    except (OSError, UnicodeDecodeError) as error:
        raise ConfigError(f"cannot read {file}: {error}; mount it, or name another in the kubeconfig") from error
