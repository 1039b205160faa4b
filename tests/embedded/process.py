"""`python -m weirflow.embedded` as a child process, and a small blocking client for it."""

from __future__ import annotations

import http.client
import json
import os
import select
import ssl
import subprocess
import sys
from pathlib import Path
from typing import Any

ROOT = Path(__file__).parents[2]
START_SECONDS = 30.0
NODES = "/apis/operator.tinysystems.io/v1alpha1/namespaces/default/tinynodes"
JsonObject = dict[str, Any]


def node(name: str, **spec: Any) -> JsonObject:
    """A TinyNode as a client sends it."""
    return {
        "apiVersion": "operator.tinysystems.io/v1alpha1",
        "kind": "TinyNode",
        "metadata": {"name": name},
        "spec": {"module": "common-v1", "component": "ticker", **spec},
    }


class ClusterProcess:
    """The process. `home` outlives it: start it again to see what was kept."""

    def __init__(self, home: Path, port: int = 0) -> None:
        self.home = home
        self.port_setting = port
        self.child: subprocess.Popen[str] | None = None

    def spawn(self) -> int:
        """Start the process; answers the end of the pipe it will write `ready` to."""
        reader, writer = os.pipe()
        environment = {
            **os.environ,
            "WEIRFLOW_HOME": str(self.home),
            "WEIRFLOW_CLUSTER_PORT": str(self.port_setting),
            "WEIRFLOW_READY_FD": str(writer),
        }
        command = [sys.executable, "-m", "weirflow.embedded"]
        self.child = subprocess.Popen(
            command, cwd=ROOT, env=environment, pass_fds=[writer], stderr=subprocess.PIPE, text=True
        )
        os.close(writer)
        return reader

    def start(self) -> None:
        """Start the process and wait until it says that it is ready."""
        reader = self.spawn()
        readable, _, _ = select.select([reader], [], [], START_SECONDS)
        said = os.read(reader, 100) if readable else b""
        os.close(reader)
        if said != b"ready\n":
            self.kill()
            raise AssertionError(f"the cluster did not become ready: {said!r}")

    def failure(self) -> str:
        """Start a process that is to refuse: what it says before it exits with status 1."""
        os.close(self.spawn())
        assert self.child is not None
        _, errors = self.child.communicate(timeout=START_SECONDS)
        assert self.child.returncode == 1
        self.child = None
        return errors

    def stop(self) -> None:
        """SIGTERM, and a clean end."""
        if self.child is not None:
            self.child.terminate()
            _, errors = self.child.communicate(timeout=40)
            assert self.child.returncode == 0, errors
            self.child = None

    def kill(self) -> None:
        """kill -9."""
        if self.child is not None:
            self.child.kill()
            self.child.communicate(timeout=40)
            self.child = None

    @property
    def port(self) -> int:
        return int((self.home / "cluster" / "port").read_text())

    @property
    def tls(self) -> ssl.SSLContext:
        return ssl.create_default_context(cafile=self.home / "cluster" / "ca.crt")

    def token(self, role: str = "admin") -> str:
        tokens: dict[str, str] = json.loads((self.home / "cluster" / "tokens.json").read_text())
        return tokens[role]

    def kubeconfig(self, role: str = "admin") -> Path:
        return self.home / ("kubeconfig" if role == "admin" else f"kubeconfig.{role}")

    def connect(self) -> http.client.HTTPSConnection:
        return http.client.HTTPSConnection("127.0.0.1", self.port, context=self.tls, timeout=20)

    def headers(self, role: str = "admin", content_type: str = "application/json") -> dict[str, str]:
        return {"Authorization": f"Bearer {self.token(role)}", "Content-Type": content_type}

    def call(
        self,
        method: str,
        path: str,
        body: Any = None,
        role: str = "admin",
        content_type: str = "application/json",
        connection: http.client.HTTPSConnection | None = None,
    ) -> tuple[int, JsonObject]:
        """One request; a PATCH needs its content type."""
        client = connection or self.connect()
        try:
            text = None if body is None else json.dumps(body)
            client.request(method, path, text, self.headers(role, content_type))
            response = client.getresponse()
            raw = response.read()
        finally:
            if connection is None:
                client.close()
        try:
            return response.status, json.loads(raw)
        except json.JSONDecodeError:
            return response.status, {"message": raw.decode()}
