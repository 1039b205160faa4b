"""Kubeconfigs: the simple one without the large package, the others through it."""

import base64
import datetime
import subprocess
import sys
from pathlib import Path

import orjson
import pytest
import yaml
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec

from weirflow.kube.config import ConfigError, default_kubeconfig, load_config

SIMPLE = "from weirflow.kube.config import load_config; import sys; load_config(sys.argv[1]); "


def authority() -> str:
    """A certificate, as base64 PEM."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, "test")])
    now = datetime.datetime.now(datetime.UTC)
    certificate = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(1)
        .not_valid_before(now)
        .not_valid_after(now + datetime.timedelta(days=1))
        .sign(key, hashes.SHA256())
    )
    return base64.b64encode(certificate.public_bytes(serialization.Encoding.PEM)).decode()


def kubeconfig(tmp_path: Path, *, as_yaml: bool = False, user: dict[str, object] | None = None, **cluster: str) -> Path:
    document = {
        "current-context": "c",
        "contexts": [{"name": "c", "context": {"cluster": "k", "user": "u", "namespace": "flows"}}],
        "clusters": [{"name": "k", "cluster": {"server": "https://127.0.0.1:6443/", **cluster}}],
        "users": [{"name": "u", "user": {"token": "t0ken"} if user is None else user}],
    }
    path = tmp_path / "kubeconfig"
    path.write_text(yaml.safe_dump(document) if as_yaml else orjson.dumps(document).decode())
    return path


@pytest.mark.parametrize("as_yaml", [True, False], ids=["YAML", "JSON"])
async def test_server_authority_and_token_are_read(tmp_path: Path, as_yaml: bool) -> None:
    config = load_config(kubeconfig(tmp_path, as_yaml=as_yaml, **{"certificate-authority-data": authority()}))
    assert (config.server, config.namespace, await config.token()) == ("https://127.0.0.1:6443", "flows", "t0ken")
    assert "t0ken" not in repr(config)


def test_the_simple_case_does_not_load_the_large_package(tmp_path: Path) -> None:
    path = kubeconfig(tmp_path, **{"certificate-authority-data": authority()})
    code = SIMPLE + "assert 'kubernetes' not in sys.modules"
    subprocess.run([sys.executable, "-c", code, str(path)], check=True, timeout=60)


async def test_an_exec_plugin_is_asked_for_the_token(tmp_path: Path) -> None:
    answer = {
        "apiVersion": "client.authentication.k8s.io/v1",
        "kind": "ExecCredential",
        "status": {"token": "from-plugin"},
    }
    plugin = {
        "apiVersion": "client.authentication.k8s.io/v1",
        "command": sys.executable,
        "args": ["-c", f"print({orjson.dumps(answer).decode()!r})"],
        "interactiveMode": "Never",
    }
    config = load_config(kubeconfig(tmp_path, user={"exec": plugin}, **{"certificate-authority-data": authority()}))
    assert await config.token() == "from-plugin"


def test_a_token_never_goes_over_plain_http(tmp_path: Path) -> None:
    path = kubeconfig(tmp_path, server="http://127.0.0.1:1")
    with pytest.raises(ConfigError, match="https"):
        load_config(path)


@pytest.mark.parametrize(
    ("text", "says"),
    [("", "empty"), ("a: [", "not YAML"), ('{"current-context": "x"}', "context named 'x'")],
)
def test_what_is_wrong_is_said_with_the_file(tmp_path: Path, text: str, says: str) -> None:
    path = tmp_path / "kubeconfig"
    path.write_text(text)
    with pytest.raises(ConfigError, match=says) as error:
        load_config(path)
    assert str(path) in str(error.value)


def test_a_missing_file_says_what_to_do(tmp_path: Path) -> None:
    with pytest.raises(ConfigError, match="start the cluster or set KUBECONFIG"):
        load_config(tmp_path / "nothing")


def test_the_environment_names_the_file(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("KUBECONFIG", raising=False)
    monkeypatch.setenv("WEIRFLOW_HOME", "home")
    assert default_kubeconfig() == Path("home/kubeconfig.modules")
    monkeypatch.setenv("KUBECONFIG", "mine")
    assert default_kubeconfig() == Path("mine")
