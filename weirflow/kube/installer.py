"""Installing Weirflow on a cluster, from an administrator's kubeconfig to the two that web and module hosts use."""

import base64
import json
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

from weirflow.kube import roles
from weirflow.kube.config import ConfigError, entry_of, load_config, read_kubeconfig
from weirflow.kube.http import HttpCluster
from weirflow.kube.install import install, issue_token
from weirflow.private_files import write_private

KUBECONFIG = "kubeconfig"
"""First part of the names of what is written: ``kubeconfig.web`` and ``kubeconfig.modules``."""
ACCOUNTS = {"web": roles.WEB, "modules": roles.MODULES}
SECONDS = 30.0


async def install_from(kubeconfig: Path, context: str, namespace: str, folder: Path) -> AsyncIterator[str]:
    """Make ``namespace`` (empty: the context's own) ready and write a kubeconfig for each role into ``folder``.

    Tells what was done, line by line. Raises ``ConfigError``, and what ``install`` raises.
    """
    config = load_config(kubeconfig, context)
    namespace = namespace or config.namespace
    async with HttpCluster(config, timeout=SECONDS) as cluster:
        async for line in install(cluster, namespace):
            yield line
        for role, account in ACCOUNTS.items():
            token = await issue_token(cluster, account, namespace)
            path = folder / f"{KUBECONFIG}.{role}"
            text = kubeconfig_with(kubeconfig, context, namespace, account, token.value)
            write_private(path, text.encode())
            yield f"{path} written, its token is good until {token.expires}"


def kubeconfig_with(source: Path, context: str, namespace: str, user: str, token: str) -> str:
    """A kubeconfig for the cluster of ``source``'s context, with another identity and namespace, as JSON."""
    document = read_kubeconfig(source)
    chosen = context or str(document.get("current-context") or "")
    where = entry_of(document, "contexts", "context", chosen, source)
    cluster = _self_contained(
        entry_of(document, "clusters", "cluster", str(where.get("cluster") or ""), source), source
    )
    name = "weirflow"
    content = {
        "apiVersion": "v1",
        "kind": "Config",
        "clusters": [{"name": name, "cluster": _self_contained(cluster, source)}],
        "users": [{"name": user, "user": {"token": token}}],
        "contexts": [{"name": name, "context": {"cluster": name, "user": user, "namespace": namespace}}],
        "current-context": name,
    }
    return json.dumps(content, indent=2) + "\n"


def _self_contained(cluster: dict[str, Any], source: Path) -> dict[str, Any]:
    """The cluster's entry with the authority's file in it, so that the copy can stand elsewhere."""
    file = cluster.pop("certificate-authority", None)
    if file and not cluster.get("certificate-authority-data"):
        path = source.parent / str(file)
        try:
            cluster["certificate-authority-data"] = base64.b64encode(path.read_bytes()).decode()
        except OSError as error:
            raise ConfigError(f"kubeconfig {source}: cannot read {path}: {error.strerror}; correct it") from error
    return cluster
