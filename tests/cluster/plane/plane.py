"""The parts of a control plane on one data directory, and who may talk to it."""

import base64
import http.client
import json
import secrets
import ssl
from pathlib import Path
from types import TracebackType
from typing import Any, Self

from tests.cluster.plane import commands
from tests.cluster.plane.certificates import ensure_certificates
from tests.cluster.plane.part import Part
from tests.ports import free_port
from weirflow.embedded.files import kubeconfig
from weirflow.private_files import write_private

ETCD, SERVER, CONTROLLERS = "etcd", "kube-apiserver", "kube-controller-manager"
PORTS = ("etcd", "etcd-peers", "server", "controllers")
ASK_SECONDS = 20.0


class ControlPlane:
    """etcd, API server with RBAC, and the controllers for owners and namespaces, on loopback.

    Everything lives below `home`: start again on the same directory to find the same objects, on the same ports.
    """

    def __init__(self, home: Path) -> None:
        self.home = home
        home.mkdir(mode=0o700, parents=True, exist_ok=True)
        ensure_certificates(home)
        self.ports = self._ports()
        self.token = self._token()
        self.address = f"https://127.0.0.1:{self.ports['server']}"
        write_private(self.kubeconfig(), self.kubeconfig_for("admin", self.token).encode())
        self.parts = {
            ETCD: Part(ETCD, commands.etcd(home, self.ports), home / "etcd.log", self._etcd_answers),
            SERVER: Part(SERVER, commands.server(home, self.ports), home / "kube-apiserver.log", self._server_answers),
            CONTROLLERS: Part(
                CONTROLLERS,
                commands.controllers(home, self.ports, self.kubeconfig()),
                home / "kube-controller-manager.log",
                self._controllers_answer,
            ),
        }

    def __enter__(self) -> Self:
        try:
            self.start()
        except BaseException:
            self.stop()
            raise
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.stop()

    def kubeconfig(self) -> Path:
        """The administrator's, mode 0600. Those of web and modules belong to a namespace: see `ClusterNamespace`."""
        return self.home / "kubeconfig"

    def kubeconfig_for(self, user: str, token: str, namespace: str = "default") -> str:
        """A kubeconfig for whoever holds `token`, as text."""
        authority = base64.b64encode((self.home / "ca.crt").read_bytes()).decode()
        return kubeconfig(self.address, authority, user, token, namespace)

    def start(self, name: str = "") -> None:
        """Start one part, or whatever does not run, and wait until it serves."""
        for part in self._chosen(name):
            if not part.runs:
                part.launch()
            part.resume()
            part.wait_until_ready()

    def stop(self, name: str = "") -> None:
        """Stop one part, or all of them; what is written to stops last."""
        for part in reversed(self._chosen(name)):
            part.stop()

    def kill(self, name: str) -> None:
        """kill -9 of one part; `start` brings it back on the same data."""
        self.parts[name].kill()

    def pause(self, name: str) -> None:
        """SIGSTOP of one part."""
        self.parts[name].pause()

    def resume(self, name: str) -> None:
        """SIGCONT of one part."""
        self.parts[name].resume()

    def call(
        self,
        method: str,
        path: str,
        body: Any = None,
        content_type: str = "application/json",
        token: str = "",
        headers: dict[str, str] | None = None,
    ) -> tuple[int, Any]:
        """One request, as administrator unless there is another token: status and answer (text where it is no JSON)."""
        sent = {"Authorization": f"Bearer {token or self.token}", "Content-Type": content_type, **(headers or {})}
        return _ask(self.ports["server"], self._tls(), method, path, body, sent)

    def compact(self) -> None:
        """Let etcd forget everything that is not the newest version: older pages and watches end with 410."""
        _, now = self._ask_etcd("/v3/kv/range", {"key": base64.b64encode(b"compact").decode()})
        status, answer = self._ask_etcd("/v3/kv/compaction", {"revision": now["header"]["revision"]})
        assert status == 200, answer

    def _chosen(self, name: str) -> list[Part]:
        return [self.parts[name]] if name else list(self.parts.values())

    def _etcd_answers(self) -> bool:
        return _answers(lambda: self._ask_etcd("/v3/kv/range", {"key": base64.b64encode(b"health").decode()}))

    def _server_answers(self) -> bool:
        # The first administrator's namespace comes a moment after the server says that it is ready.
        return _answers(lambda: self.call("GET", "/readyz")) and _answers(
            lambda: self.call("GET", "/api/v1/namespaces/default")
        )

    def _controllers_answer(self) -> bool:
        return _answers(lambda: _ask(self.ports["controllers"], _unchecked(), "GET", "/healthz", None, {}))

    def _ask_etcd(self, path: str, body: Any) -> tuple[int, Any]:
        tls = self._tls()
        tls.load_cert_chain(self.home / "plane.crt", self.home / "plane.key")
        return _ask(self.ports["etcd"], tls, "POST", path, body, {"Content-Type": "application/json"})

    def _tls(self) -> ssl.SSLContext:
        return ssl.create_default_context(cafile=self.home / "ca.crt")

    def _ports(self) -> dict[str, int]:
        """Free ports, chosen once: a part that comes back is found where it was."""
        path = self.home / "ports.json"
        if not path.exists():
            write_private(path, json.dumps({name: free_port() for name in PORTS}).encode())
        return dict(json.loads(path.read_text()))

    def _token(self) -> str:
        """The administrator's token; `tokens.csv` is what the API server knows it by."""
        path = self.home / "tokens.csv"
        if not path.exists():
            write_private(path, f"{secrets.token_urlsafe(32)},admin,admin,system:masters\n".encode())
        return path.read_text().split(",", 1)[0]


def _answers(ask: Any) -> bool:
    try:
        return bool(ask()[0] == 200)
    except (OSError, http.client.HTTPException):
        return False


def _unchecked() -> ssl.SSLContext:
    """For the controllers' own certificate, which nobody has signed and nothing secret is sent to."""
    tls = ssl.create_default_context()
    tls.check_hostname, tls.verify_mode = False, ssl.CERT_NONE
    return tls


def _ask(port: int, tls: ssl.SSLContext, method: str, path: str, body: Any, headers: dict[str, str]) -> tuple[int, Any]:
    connection = http.client.HTTPSConnection("127.0.0.1", port, context=tls, timeout=ASK_SECONDS)
    try:
        connection.request(method, path, None if body is None else json.dumps(body), headers)
        response = connection.getresponse()
        raw = response.read()
    finally:
        connection.close()
    try:
        return response.status, json.loads(raw)
    except json.JSONDecodeError:
        return response.status, raw.decode()
