"""The files other processes find the cluster by: tokens, the port it keeps, and one kubeconfig per role."""

from __future__ import annotations

import base64
import hashlib
import json
import secrets
from collections.abc import Callable
from pathlib import Path

from weirflow.embedded.access import ADMIN, ROLES
from weirflow.private_files import write_private


class ClusterFiles:
    """Paths below the home directory (docs/protocols.md, section 1), and what they hold."""

    def __init__(self, home: Path) -> None:
        self.home = home
        self.directory = home / "cluster"
        self.authority = self.directory / "ca.crt"
        self.certificate = self.directory / "server.crt"
        self.key = self.directory / "server.key"
        self._tokens = self.directory / "tokens.json"
        self._port = self.directory / "port"

    def kubeconfig(self, role: str) -> Path:
        return self.home / ("kubeconfig" if role == ADMIN else f"kubeconfig.{role}")

    def tokens(self) -> dict[str, str]:
        """role -> token; made at the first start and for roles that came later."""
        found: dict[str, str] = json.loads(self._tokens.read_text()) if self._tokens.exists() else {}
        missing = [role for role in ROLES if not found.get(role)]
        if missing:
            found.update({role: secrets.token_urlsafe(32) for role in missing})
            write_private(self._tokens, json.dumps(found).encode())
        return found

    def remembered_port(self) -> int:
        """The port of the last start, 0 when there was none."""
        try:
            return int(self._port.read_text())
        except (FileNotFoundError, ValueError):
            return 0

    def remember_port(self, port: int) -> None:
        if port != self.remembered_port():
            write_private(self._port, str(port).encode())

    def write_kubeconfigs(self, port: int, tokens: dict[str, str]) -> None:
        """A kubeconfig for each role, mode 0600; unchanged files are left alone."""
        authority = base64.b64encode(self.authority.read_bytes()).decode()
        for role in ROLES:
            content = kubeconfig(f"https://127.0.0.1:{port}", authority, role, tokens[role]).encode()
            path = self.kubeconfig(role)
            if not path.exists() or path.read_bytes() != content or path.stat().st_mode & 0o077:
                write_private(path, content)


def kubeconfig(server: str, authority: str, role: str, token: str, namespace: str = "default") -> str:
    """A kubeconfig as JSON, which is YAML too. `authority` is the base64 of the CA's PEM."""
    name = "weirflow"
    content = {
        "apiVersion": "v1",
        "kind": "Config",
        "clusters": [{"name": name, "cluster": {"server": server, "certificate-authority-data": authority}}],
        "users": [{"name": f"{name}-{role}", "user": {"token": token}}],
        "contexts": [{"name": name, "context": {"cluster": name, "user": f"{name}-{role}", "namespace": namespace}}],
        "current-context": name,
    }
    return json.dumps(content, indent=2) + "\n"


def authenticator(tokens: dict[str, str]) -> Callable[[str], str | None]:
    """Token -> role. Looked up by digest, so that the time taken says nothing about the token."""
    roles = {hashlib.sha256(token.encode()).digest(): role for role, token in tokens.items()}

    def role_of(token: str) -> str | None:
        return roles.get(hashlib.sha256(token.encode("latin-1")).digest())

    return role_of
