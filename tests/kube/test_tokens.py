"""Tokens that expire: followed in time, renewed once when they are refused, and really sent."""

import asyncio
import dataclasses
from pathlib import Path

import pytest

from tests.kube.kubeconfigs import Authority, kubeconfig
from tests.kube.scripted import Request, Scripted, obj
from weirflow.kube import service_account
from weirflow.kube.config import ClusterConfig, ConfigError, default_kubeconfig, load_config
from weirflow.kube.errors import Unauthorized, Unavailable
from weirflow.kube.http import HttpCluster
from weirflow.kube.resources import TINY_NODE


class Issuer:
    """Tokens one after the other; the cluster knows the newest."""

    def __init__(self) -> None:
        self.number = 1
        self.reads = 0

    def read(self) -> str:
        self.reads += 1
        return f"token-{self.number}"

    def config(self, server: Scripted, **options: float) -> ClusterConfig:
        return dataclasses.replace(server.config, read_token=self.read, **options)  # type: ignore[arg-type]

    async def check(self, request: Request) -> None:
        if request.headers.get("authorization") != f"Bearer token-{self.number}":
            await request.status(401, "Unauthorized", "Unauthorized")
        elif "watch" in request.query:
            await request.open_watch()
            await request.event("ADDED", obj("w", "9"))
            await request.end()
        else:
            await request.json(200, obj("a", "1"))


async def test_a_token_that_is_refused_is_read_again_and_the_request_repeated_a_write_too() -> None:
    issuer = Issuer()
    async with Scripted(rest=issuer.check) as server, HttpCluster(issuer.config(server)) as cluster:
        assert await cluster.get(TINY_NODE, "a")
        issuer.number = 2
        assert await cluster.patch_status(TINY_NODE, "a", {"status": {}})
        assert (issuer.reads, len(server.seen)) == (2, 3)


async def test_a_watch_renews_its_token_too() -> None:
    issuer = Issuer()
    async with Scripted(rest=issuer.check) as server, HttpCluster(issuer.config(server)) as cluster:
        await cluster.get(TINY_NODE, "a")
        issuer.number = 2
        watch = cluster.watch(TINY_NODE, resource_version="1", timeout_seconds=5, inactivity_seconds=5)
        assert [event.type async for event in watch] == ["BOOKMARK", "ADDED"]


async def test_many_refused_at_once_read_the_token_once() -> None:
    issuer = Issuer()
    async with Scripted(rest=issuer.check) as server, HttpCluster(issuer.config(server)) as cluster:
        await cluster.get(TINY_NODE, "a")
        issuer.number = 2
        await asyncio.gather(*(cluster.get(TINY_NODE, "a") for _ in range(20)))
        assert issuer.reads == 2


async def test_a_token_that_stays_refused_is_not_read_again_and_again() -> None:
    async def refuse(request: Request) -> None:
        await request.status(401, "Unauthorized", "Unauthorized")

    issuer = Issuer()
    async with Scripted(rest=refuse) as server, HttpCluster(issuer.config(server)) as cluster:
        for _ in range(5):
            with pytest.raises(Unauthorized):
                await cluster.get(TINY_NODE, "a")
        assert (issuer.reads, len(server.seen)) == (2, 5)


async def test_a_token_with_an_end_is_read_again_before_it_is_refused() -> None:
    issuer = Issuer()
    async with Scripted(rest=issuer.check) as server, HttpCluster(issuer.config(server, token_seconds=0.0)) as cluster:
        await cluster.get(TINY_NODE, "a")
        issuer.number = 2
        await cluster.get(TINY_NODE, "a")
        assert len(server.seen) == 2


async def test_a_token_that_cannot_be_read_is_a_failure_in_words() -> None:
    def fail() -> str:
        raise ConfigError("the plugin is not installed")

    async with Scripted() as server:
        config = dataclasses.replace(server.config, read_token=fail)
        async with HttpCluster(config, timeout=0.5) as cluster:
            with pytest.raises(Unavailable, match="patch tinynodes/a/status: the plugin is not installed") as caught:
                await cluster.patch_status(TINY_NODE, "a", {})
            assert not caught.value.sent
        assert not server.seen


async def test_a_kubeconfig_that_is_written_anew_is_followed_once_its_old_token_is_refused(tmp_path: Path) -> None:
    path = kubeconfig(tmp_path)
    config = load_config(path)
    assert await config.token() == "t0ken"
    path.write_text(path.read_text().replace("t0ken", "another"))
    assert await config.renew("t0ken")
    assert await config.token() == "another"


@pytest.fixture
def pod(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """What Kubernetes gives a pod."""
    folder = tmp_path / "serviceaccount"
    folder.mkdir()
    (folder / "token").write_text("first\n")
    (folder / "namespace").write_text("flows")
    (folder / "ca.crt").write_bytes(Authority().pem)
    monkeypatch.setattr(service_account, "FOLDER", folder)
    monkeypatch.setenv("KUBERNETES_SERVICE_HOST", "10.0.0.1")
    monkeypatch.setenv("KUBERNETES_SERVICE_PORT", "6443")
    monkeypatch.delenv("KUBECONFIG", raising=False)
    return folder


async def test_in_a_pod_the_service_account_is_used(pod: Path) -> None:
    config = load_config(default_kubeconfig())
    assert (config.server, config.namespace, await config.token()) == ("https://10.0.0.1:6443", "flows", "first")
    assert "first" not in repr(config)


async def test_the_token_of_a_pod_is_replaced_in_its_file(pod: Path) -> None:
    config = load_config(default_kubeconfig())
    assert await config.token() == "first"
    (pod / "token").write_text("second")
    assert await config.renew("first")
    assert await config.token() == "second"
    assert config.token_seconds <= 60


def test_a_kubeconfig_counts_before_the_pod(pod: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("KUBECONFIG", "mine")
    assert default_kubeconfig() == Path("mine")


@pytest.mark.parametrize("name", ["token", "ca.crt", "namespace"])
def test_a_service_account_that_is_mounted_in_part_says_what_is_missing(pod: Path, name: str) -> None:
    (pod / name).unlink()
    with pytest.raises(ConfigError, match=name):
        load_config(pod)


def test_an_ipv6_address_is_put_in_brackets(pod: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("KUBERNETES_SERVICE_HOST", "fd00::1")
    assert load_config(pod).server == "https://[fd00::1]:6443"
