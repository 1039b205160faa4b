"""Kubeconfigs: what can be used is, without the large package; what cannot is refused in words."""

import base64
import subprocess
import sys
from pathlib import Path

import pytest

from tests.kube.kubeconfigs import Authority, kubeconfig
from weirflow.kube.config import ConfigError, default_kubeconfig, load_config

LOAD = "from weirflow.kube.config import load_config; import sys; load_config(sys.argv[1]); "


@pytest.fixture(scope="module")
def authority() -> Authority:
    return Authority()


def b64(content: bytes) -> str:
    return base64.b64encode(content).decode()


@pytest.mark.parametrize("as_yaml", [True, False], ids=["YAML", "JSON"])
async def test_server_authority_and_token_are_read(tmp_path: Path, authority: Authority, as_yaml: bool) -> None:
    config = load_config(kubeconfig(tmp_path, as_yaml=as_yaml, **{"certificate-authority-data": authority.data}))
    assert (config.server, config.namespace, await config.token()) == ("https://127.0.0.1:6443", "flows", "t0ken")
    assert "t0ken" not in repr(config)


async def test_files_beside_the_kubeconfig_are_found(tmp_path: Path, authority: Authority) -> None:
    (tmp_path / "ca.crt").write_bytes(authority.pem)
    (tmp_path / "token").write_text("from-file\n")
    path = kubeconfig(tmp_path, user={"tokenFile": "token"}, **{"certificate-authority": "ca.crt"})
    config = load_config(path)
    assert await config.token() == "from-file"
    (tmp_path / "token").write_text("rotated\n")
    assert await config.renew("from-file")
    assert await config.token() == "rotated"


@pytest.mark.parametrize("kind", ["token", "certificate", "plugin"])
def test_no_usual_kubeconfig_loads_the_large_package(tmp_path: Path, authority: Authority, kind: str) -> None:
    certificate, key = authority.issue("client")
    user: dict[str, object] = {
        "token": {"token": "t0ken"},
        "certificate": {"client-certificate-data": b64(certificate), "client-key-data": b64(key)},
        "plugin": {"exec": {"apiVersion": "client.authentication.k8s.io/v1", "command": "true"}},
    }[kind]
    path = kubeconfig(tmp_path, user=user, **{"certificate-authority-data": authority.data})
    code = LOAD + "assert 'kubernetes' not in sys.modules"
    subprocess.run([sys.executable, "-c", code, str(path)], check=True, timeout=60)


async def test_an_old_auth_provider_goes_through_the_package(tmp_path: Path, authority: Authority) -> None:
    provider = {"name": "oidc", "config": {"id-token": "a.eyJleHAiOiA0MTAyNDQ0ODAwfQ.c"}}
    path = kubeconfig(tmp_path, user={"auth-provider": provider}, **{"certificate-authority-data": authority.data})
    assert await load_config(path).token() == "a.eyJleHAiOiA0MTAyNDQ0ODAwfQ.c"


def test_a_token_never_goes_over_plain_http(tmp_path: Path) -> None:
    path = kubeconfig(tmp_path, server="http://127.0.0.1:1")
    with pytest.raises(ConfigError, match="https"):
        load_config(path)


@pytest.mark.parametrize(
    ("text", "says"),
    [("", "empty"), ("a: [", "not YAML"), ("[1]", "empty"), ('{"current-context": "x"}', "context named 'x'")],
)
def test_what_is_wrong_is_said_with_the_file(tmp_path: Path, text: str, says: str) -> None:
    path = tmp_path / "kubeconfig"
    path.write_text(text)
    with pytest.raises(ConfigError, match=says) as error:
        load_config(path)
    assert str(path) in str(error.value)


@pytest.mark.parametrize(
    ("cluster", "user", "says"),
    [
        ({"server": ""}, {}, "server must be an https"),
        ({"certificate-authority-data": "!"}, {}, "certificate-authority-data is not base64"),
        ({"certificate-authority-data": b64(b"no certificate")}, {}, "certificate-authority cannot be used"),
        ({"certificate-authority": "nowhere.crt"}, {}, "certificate-authority cannot be used"),
        ({"proxy-url": "http://proxy:3128"}, {}, "proxy-url is not supported"),
        ({}, {"username": "me", "password": "secret"}, "password, username is not supported"),
        ({}, {"token": "t", "as": "admin"}, "as is not supported"),
        ({}, {"client-certificate-data": b64(b"x")}, "belong together"),
        ({}, {"client-certificate": "nowhere.crt", "client-key": "nowhere.key"}, "cannot read its client-certificate"),
        ({}, {"client-certificate-data": b64(b"x"), "client-key-data": b64(b"y")}, "certificate or its key"),
        ({}, {"exec": {"command": "aws"}}, "needs a command and an apiVersion"),
    ],
)
def test_each_part_that_cannot_be_used_is_named(
    tmp_path: Path, cluster: dict[str, object], user: dict[str, object], says: str
) -> None:
    path = kubeconfig(tmp_path, user=user, **cluster)
    with pytest.raises(ConfigError, match=says) as error:
        load_config(path)
    assert str(path) in str(error.value)
    assert "secret" not in str(error.value)


def test_a_key_behind_a_password_is_refused_instead_of_asking(tmp_path: Path, authority: Authority) -> None:
    certificate, key = authority.issue("client", b"a password")
    user = {"client-certificate-data": b64(certificate), "client-key-data": b64(key)}
    with pytest.raises(ConfigError, match="protected by a password"):
        load_config(kubeconfig(tmp_path, user=user))  # type: ignore[arg-type]


def test_a_missing_file_says_what_to_do(tmp_path: Path) -> None:
    with pytest.raises(ConfigError, match="start the cluster or set KUBECONFIG"):
        load_config(tmp_path / "nothing")


def test_the_environment_names_the_file(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("KUBECONFIG", raising=False)
    monkeypatch.setenv("WEIRFLOW_HOME", "home")
    assert default_kubeconfig() == Path("home/kubeconfig.modules")
    monkeypatch.setenv("KUBECONFIG", "mine")
    assert default_kubeconfig() == Path("mine")
