"""Credentials from a program: asked when needed, kept while good, and every failure in words."""

import sys
import time
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import orjson
import pytest

from tests.kube.kubeconfigs import Authority, kubeconfig
from weirflow.kube.config import ClusterConfig, ConfigError, load_config

API = "client.authentication.k8s.io/v1"
PROGRAM = """
import json, os, pathlib, sys
runs = pathlib.Path(sys.argv[1])
runs.write_text(str(int(runs.read_text() or 0) + 1))
info = json.loads(os.environ["KUBERNETES_EXEC_INFO"])
pathlib.Path(sys.argv[1] + ".info").write_text(json.dumps(info))
answer = json.loads(sys.argv[2])
answer["token"] = f"token-{runs.read_text()}-{os.environ['WHO']}"
print(json.dumps({"apiVersion": info["apiVersion"], "kind": "ExecCredential", "status": answer}))
"""


def plugin(tmp_path: Path, status: dict[str, Any] | None = None, **more: Any) -> ClusterConfig:
    (tmp_path / "runs").write_text("")
    spec = {
        "apiVersion": API,
        "command": sys.executable,
        "args": ["-c", PROGRAM, str(tmp_path / "runs"), orjson.dumps(status or {}).decode()],
        "env": [{"name": "WHO", "value": "me"}],
        "interactiveMode": "Never",
        **more,
    }
    return load_config(kubeconfig(tmp_path, user={"exec": spec}))


def runs(tmp_path: Path) -> int:
    return int((tmp_path / "runs").read_text() or 0)


async def test_the_program_is_run_when_a_token_is_needed_and_not_before(tmp_path: Path) -> None:
    config = plugin(tmp_path)
    assert runs(tmp_path) == 0
    assert await config.token() == "token-1-me"
    assert "token-1" not in repr(config)


async def test_a_token_without_an_end_is_kept_until_it_is_refused(tmp_path: Path) -> None:
    config = plugin(tmp_path)
    config.token_seconds = 0.0
    assert [await config.token() for _ in range(3)] == ["token-1-me"] * 3
    assert await config.renew("token-1-me")
    assert await config.token() == "token-2-me"


async def test_a_token_about_to_end_is_replaced_in_time(tmp_path: Path) -> None:
    end = datetime.fromtimestamp(time.time() + 5, UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
    config = plugin(tmp_path, {"expirationTimestamp": end})
    config.token_seconds = 0.0
    assert await config.token() == "token-1-me"
    assert await config.token() == "token-2-me"


async def test_the_program_is_told_about_the_cluster_if_it_wants_to_know(tmp_path: Path) -> None:
    await plugin(tmp_path, provideClusterInfo=True).token()
    info = orjson.loads((tmp_path / "runs.info").read_bytes())
    assert info["spec"] == {"interactive": False, "cluster": {"server": "https://127.0.0.1:6443/"}}


async def test_a_certificate_will_do_in_the_place_of_a_token(tmp_path: Path) -> None:
    certificate, key = Authority().issue("client")
    status = {"clientCertificateData": certificate.decode(), "clientKeyData": key.decode()}
    code = f"import json; print(json.dumps({{'kind': 'ExecCredential', 'status': {status!r}}}))"
    assert await plugin(tmp_path, args=["-c", code]).token() == ""


async def test_a_path_with_folders_counts_from_the_kubeconfig(tmp_path: Path) -> None:
    script = tmp_path / "bin" / "credentials"
    script.parent.mkdir()
    script.write_text('#!/bin/sh\necho \'{"kind": "ExecCredential", "status": {"token": "beside"}}\'\n')
    script.chmod(0o755)
    assert await plugin(tmp_path, command="bin/credentials", args=[]).token() == "beside"


@pytest.mark.parametrize(
    ("spec", "says"),
    [
        ({"command": "no-such-program", "installHint": "get it from the vendor"}, "not installed. get it from the"),
        ({"args": ["-c", "import sys; sys.exit('no credentials')"]}, "ended with 1: no credentials"),
        ({"args": ["-c", "print('hello')"]}, "did not answer with an ExecCredential"),
        ({"args": ["-c", 'print(\'{"kind": "ExecCredential", "status": {}}\')']}, "neither a token nor a certificate"),
        ({"interactiveMode": "Always"}, "asks questions"),
    ],
)
async def test_what_is_wrong_with_it_is_said(tmp_path: Path, spec: dict[str, Any], says: str) -> None:
    with pytest.raises(ConfigError, match=says):
        await plugin(tmp_path, **spec).token()


async def test_half_a_token_that_came_with_an_error_is_not_repeated_in_words(tmp_path: Path) -> None:
    with pytest.raises(ConfigError) as caught:
        await plugin(tmp_path, args=["-c", "print('eyJhbGciOi')"]).token()
    assert "eyJhbGciOi" not in str(caught.value)
