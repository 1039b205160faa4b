"""A client certificate from a kubeconfig, shown to a server that asks for one."""

import base64
import ssl
from pathlib import Path

import pytest

from tests.kube.kubeconfigs import Authority, kubeconfig
from tests.kube.scripted import Request, Scripted, obj
from weirflow.kube.config import load_config
from weirflow.kube.errors import Unavailable
from weirflow.kube.http import HttpCluster
from weirflow.kube.resources import TINY_NODE


def strict(authority: Authority, folder: Path, name: str = "local") -> ssl.SSLContext:
    """A server's side of TLS that lets in only clients of ``authority``."""
    certificate, key = authority.issue(name)
    (folder / "server.pem").write_bytes(certificate + key)
    tls = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    tls.load_cert_chain(folder / "server.pem")
    tls.load_verify_locations(cadata=authority.pem.decode())
    tls.verify_mode = ssl.CERT_REQUIRED
    return tls


async def answer(request: Request) -> None:
    peer = request.writer.get_extra_info("peercert")
    assert peer["subject"] == ((("commonName", "a client"),),)
    assert "authorization" not in request.headers
    await request.json(200, obj("a", "1"))


@pytest.mark.parametrize("as_data", [True, False], ids=["data", "files"])
async def test_it_is_shown_and_no_token_sent(tmp_path: Path, as_data: bool) -> None:
    authority = Authority()
    certificate, key = authority.issue("a client")
    parts = {"client-certificate": certificate, "client-key": key}
    user: dict[str, object] = {}
    for name, content in parts.items():
        if as_data:
            user[f"{name}-data"] = base64.b64encode(content).decode()
        else:
            (tmp_path / name).write_bytes(content)
            user[name] = name
    async with Scripted(rest=answer, tls=strict(authority, tmp_path)) as server:
        address = {"server": f"https://127.0.0.1:{server.port}", "certificate-authority-data": authority.data}
        async with HttpCluster(load_config(kubeconfig(tmp_path, user=user, **address)), timeout=30) as cluster:
            assert await cluster.get(TINY_NODE, "a")


async def test_a_server_under_another_name_is_accepted_only_where_the_kubeconfig_says_so(tmp_path: Path) -> None:
    authority = Authority()
    certificate, key = authority.issue("a client")
    user: dict[str, object] = {
        "client-certificate-data": base64.b64encode(certificate).decode(),
        "client-key-data": base64.b64encode(key).decode(),
    }
    async with Scripted(rest=answer, tls=strict(authority, tmp_path, "kubernetes")) as server:
        address = {"server": f"https://127.0.0.1:{server.port}", "certificate-authority-data": authority.data}
        async with HttpCluster(load_config(kubeconfig(tmp_path, user=user, **address)), timeout=0.5) as cluster:
            with pytest.raises(Unavailable, match="certificate"):
                await cluster.get(TINY_NODE, "a")
        named = kubeconfig(tmp_path, user=user, **address, **{"tls-server-name": "kubernetes"})
        async with HttpCluster(load_config(named), timeout=30) as cluster:
            assert await cluster.get(TINY_NODE, "a")
