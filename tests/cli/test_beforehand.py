"""What `weirflow run` refuses before it serves: clusters to whose hosts no message would find its way."""

import asyncio
import socket
from collections.abc import AsyncIterator, Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from weirflow.cli import beforehand
from weirflow.cli.beforehand import check_ways
from weirflow.cli.failures import Exit, Failure
from weirflow.cli.out import Out
from weirflow.kube.peers import Peer
from weirflow.runtime.identity import machine_name
from weirflow.runtime.options import HostOptions
from weirflow.transport.grpc_options import GrpcOptions
from weirflow.transport.nats_options import NatsOptions

HERE, ELSEWHERE = "https://127.0.0.1:6443", "https://cluster.example.org:6443"
ALONE = HostOptions(Path("nowhere"))


@pytest.fixture(autouse=True)
def once_but_thoroughly(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(beforehand, "PATIENCE_SECONDS", 0.0)
    monkeypatch.setattr(beforehand, "KNOCK_SECONDS", 30.0)


@pytest.fixture
async def door() -> AsyncIterator[str]:
    """Where somebody answers, as a tunnel does."""
    server = await asyncio.start_server(lambda _reader, writer: writer.close(), "127.0.0.1", 0)
    yield f"127.0.0.1:{server.sockets[0].getsockname()[1]}"
    server.close()
    await server.wait_closed()


@pytest.fixture
def nobody() -> Iterator[str]:
    """Where nobody does: the port is held, and not listened on."""
    with socket.socket() as held:
        held.bind(("127.0.0.1", 0))
        yield f"127.0.0.1:{held.getsockname()[1]}"


def by_nats(at: str) -> HostOptions:
    return replace(ALONE, nats=NatsOptions((f"nats://me:secret@{at}",)))


async def refusal(peers: list[Peer], options: HostOptions = ALONE, server: str = ELSEWHERE) -> str:
    with pytest.raises(Failure) as refused:
        await check_ways(Out(), peers, options, server)
    assert (refused.value.code, refused.value.exit) == ("no_way", Exit.UNREACHABLE)
    assert refused.value.more["hosts"] == [peer.identity for peer in peers]
    assert "docs/cli.md" in refused.value.message
    return refused.value.message


async def remark(
    capsys: pytest.CaptureFixture[str], peers: list[Peer], options: HostOptions = ALONE, server: str = ELSEWHERE
) -> str:
    await check_ways(Out(), peers, options, server)
    return capsys.readouterr().err


async def test_hosts_that_cannot_be_reached_are_named_with_what_is_missing(nobody: str) -> None:
    for server in (HERE, ELSEWHERE):
        said = await refusal([Peer("far-0", f"http://{nobody}", f"grpc://{nobody}")], server=server)
        assert "far-0 cannot be reached" in said
        assert "WEIRFLOW_NATS_URL" in said
        assert "tunnel" in said


async def test_both_sides_take_the_same_way(door: str, nobody: str) -> None:
    far = Peer("far-0", "http://10.0.0.1:4000", "nats://weirflow.host.far-0")
    assert "set WEIRFLOW_NATS_URL to the same server here" in await refusal([far])
    said = await refusal([far], by_nats(nobody))
    assert f"NATS at nats://{nobody} does not answer" in said
    assert "secret" not in said
    far = Peer("far-0", "http://10.0.0.1:4000", "grpc://10.0.0.1:4001")
    assert "set WEIRFLOW_NATS_URL there too" in await refusal([far], by_nats(door))


async def test_who_can_be_called_has_to_be_able_to_call_back(door: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(beforehand, "LOOPBACK", ("localhost",))
    loopback = replace(ALONE, grpc=GrpcOptions(advertised="localhost"))
    assert "could not reach this host" in await refusal([Peer("far-0", messages=f"grpc://{door}")], loopback)
    named = replace(ALONE, grpc=GrpcOptions(advertised="laptop.example.org"))
    await check_ways(Out(), [Peer("far-0", messages=f"grpc://{door}")], named, ELSEWHERE)


async def test_by_nats_or_a_tunnel_it_is_served_and_what_the_editor_cannot_show_is_said(
    door: str, nobody: str, capsys: pytest.CaptureFixture[str]
) -> None:
    far = Peer("far-0", "http://10.0.0.1:4000", "nats://weirflow.host.far-0")
    assert "no values on cards" in await remark(capsys, [far], by_nats(door))
    assert await remark(capsys, [far], replace(by_nats(door), link_port=9103)) == ""
    tunnelled = Peer("far-0", f"http://{nobody}", f"grpc://{door}")
    assert "no values on cards" in await remark(capsys, [tunnelled], server=HERE)


async def test_of_hosts_of_this_machine_nothing_is_asked(nobody: str, capsys: pytest.CaptureFixture[str]) -> None:
    near = Peer(f"{machine_name()}-0", f"http://{nobody}", f"grpc://{nobody}")
    assert await remark(capsys, [near], server=HERE) == ""
    assert await remark(capsys, [near], server=ELSEWHERE) == "", "a cluster beside it in a machine of its own"
    assert await remark(capsys, [], server=HERE) == ""
    assert "another machine" in await remark(capsys, [], server=ELSEWHERE)
