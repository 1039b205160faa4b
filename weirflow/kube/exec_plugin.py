"""Credentials from a program that the kubeconfig names, as the clouds' command lines provide them.

The kubeconfig is the operator's own file: whoever can write it can already run programs as this user.
"""

import os
import ssl
import subprocess
import threading
import time
from datetime import datetime
from pathlib import Path
from typing import Any

import orjson

from weirflow.kube.certificates import show
from weirflow.kube.credentials import ConfigError

_API_GROUP = "client.authentication.k8s.io/"
_CLUSTER_EXTENSION = "client.authentication.k8s.io/exec"
_RUN_SECONDS = 30.0
_EARLY_SECONDS = 10.0


class ExecPlugin:
    """Runs the program when there is no token yet, when the last one is about to expire, or when it was refused.

    A certificate it provides is put into ``tls``, for the connections made from then on. Its methods block, and may
    be called from any thread.
    """

    def __init__(self, spec: dict[str, Any], cluster: dict[str, Any], path: Path, tls: ssl.SSLContext) -> None:
        self._where = f"kubeconfig {path}: exec plugin"
        self._tls, self._folder = tls, path.parent
        self._api_version = str(spec.get("apiVersion") or "")
        if not spec.get("command") or not self._api_version.startswith(_API_GROUP):
            raise ConfigError(f"{self._where} needs a command and an apiVersion of {_API_GROUP}; correct it")
        if spec.get("interactiveMode") == "Always":
            raise ConfigError(f"{self._where} {spec['command']} asks questions, and nobody is here to answer them")
        self._command = [self._program(str(spec["command"])), *map(str, spec.get("args") or [])]
        self._environment = {str(item["name"]): str(item["value"]) for item in spec.get("env") or []}
        self._hint = str(spec.get("installHint") or "").strip()
        info: dict[str, Any] = {"interactive": False}
        if spec.get("provideClusterInfo"):
            info["cluster"] = _cluster_info(cluster)
        request = {"apiVersion": self._api_version, "kind": "ExecCredential", "spec": info}
        self._request = orjson.dumps(request).decode()
        self._lock = threading.Lock()
        self._token = ""
        self._expires = 0.0

    def token(self) -> str:
        """The bearer token, empty when the program provides a certificate only. Raises ``ConfigError``."""
        with self._lock:
            if time.time() >= self._expires - _EARLY_SECONDS:
                self._take(self._run())
            return self._token

    def new_token(self) -> str:
        """As ``token``, from a new run."""
        with self._lock:
            self._take(self._run())
            return self._token

    def _program(self, command: str) -> str:
        # As kubectl does: a name is looked up, a path with folders counts from the kubeconfig.
        return str(self._folder / command) if os.sep in command else command

    def _run(self) -> dict[str, Any]:
        try:
            done = subprocess.run(  # noqa: S603 the operator's own command
                self._command,
                env={**os.environ, **self._environment, "KUBERNETES_EXEC_INFO": self._request},
                stdin=subprocess.DEVNULL,
                capture_output=True,
                timeout=_RUN_SECONDS,
                check=False,
            )
        except FileNotFoundError as error:
            raise ConfigError(f"{self._where} {self._command[0]} is not installed. {self._hint}".strip()) from error
        except (OSError, subprocess.TimeoutExpired) as error:
            raise ConfigError(f"{self._where} {self._command[0]} did not work: {error}") from error
        if done.returncode:
            said = done.stderr.decode("utf-8", "replace").strip()[-500:]
            raise ConfigError(f"{self._where} {self._command[0]} ended with {done.returncode}: {said}")
        try:
            answer = orjson.loads(done.stdout)
            status = answer["status"]
            if answer["kind"] != "ExecCredential" or not isinstance(status, dict):
                raise KeyError("kind")
        except (orjson.JSONDecodeError, KeyError, TypeError) as error:
            # Not what it said: that may be half a token.
            raise ConfigError(f"{self._where} {self._command[0]} did not answer with an ExecCredential") from error
        return status

    def _take(self, status: dict[str, Any]) -> None:
        token = str(status.get("token") or "")
        certificate, key = status.get("clientCertificateData"), status.get("clientKeyData")
        if certificate and key:
            show(self._tls, str(certificate).encode(), str(key).encode(), f"{self._where} {self._command[0]}")
        elif not token:
            raise ConfigError(f"{self._where} {self._command[0]} gave neither a token nor a certificate with its key")
        self._token, self._expires = token, _unix_seconds(status.get("expirationTimestamp"))


def _cluster_info(cluster: dict[str, Any]) -> dict[str, Any]:
    names = ("server", "tls-server-name", "insecure-skip-tls-verify", "certificate-authority-data")
    info = {name: cluster[name] for name in names if name in cluster}
    for extension in cluster.get("extensions") or []:
        if isinstance(extension, dict) and extension.get("name") == _CLUSTER_EXTENSION:
            info["config"] = extension.get("extension")
    return info


def _unix_seconds(timestamp: Any) -> float:
    """When a credential ends; never, if it does not say so: then a refusal tells."""
    if not timestamp:
        return float("inf")
    try:
        return datetime.fromisoformat(str(timestamp).replace("Z", "+00:00")).timestamp()
    except ValueError:
        return float("inf")
