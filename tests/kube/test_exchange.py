"""What servers and those between may do with HTTP, and what becomes of the connection."""

import asyncio
import gzip

import orjson
import pytest

from tests.kube.scripted import Request, Scripted
from weirflow.kube.credentials import ClusterConfig
from weirflow.kube.errors import Unavailable
from weirflow.kube.http import HttpCluster
from weirflow.kube.resources import TINY_NODE

BODY = b'{"metadata":{"name":"a","resourceVersion":"1"}}'
LENGTH = f"Content-Length: {len(BODY)}\r\n".encode()
FIRST = b"HTTP/1.1 200 OK\r\n"
PACKED = gzip.compress(BODY)


def saying(*parts: bytes, cut: bool = False) -> Scripted:
    """A server that answers everything with these bytes, one part after the other."""

    async def answer(request: Request) -> None:
        for part in parts:
            request.writer.write(part)
            await request.writer.drain()
            await asyncio.sleep(0)
        if cut:
            request.writer.close()

    return Scripted(rest=answer)


def connections(server: Scripted) -> int:
    return len({id(request.writer) for request in server.seen})


@pytest.mark.parametrize(
    ("parts", "cut", "used"),
    [
        ([FIRST + LENGTH + b"\r\n" + BODY], False, 1),
        ([bytes([byte]) for byte in FIRST + LENGTH + b"\r\n" + BODY], False, 1),
        ([FIRST + b"Transfer-Encoding: chunked\r\n\r\n", b"%x\r\n%b\r\n0\r\n\r\n" % (len(BODY), BODY)], False, 1),
        ([FIRST + f"Content-Encoding: gzip\r\nContent-Length: {len(PACKED)}\r\n\r\n".encode() + PACKED], False, 1),
        ([b"HTTP/1.1 103 Early Hints\r\nLink: x\r\n\r\n", FIRST + LENGTH + b"\r\n" + BODY], False, 1),
        ([FIRST + LENGTH + b"Connection: close\r\n\r\n" + BODY], False, 3),
        ([b"HTTP/1.0 200 OK\r\n" + LENGTH + b"\r\n" + BODY], False, 3),
        ([FIRST + b"Connection: close\r\n\r\n" + BODY], True, 3),
        ([FIRST + LENGTH + b"\r\n" + BODY, b"HTTP/1.1 408 Request Timeout\r\nContent-Length: 0\r\n\r\n"], False, 3),
    ],
    ids=["whole", "bytes", "chunked", "gzip", "hints", "close", "old", "endless", "unasked"],
)  # fmt: skip
async def test_an_answer_is_read_and_the_connection_used_again_where_it_can_be(
    parts: list[bytes], cut: bool, used: int
) -> None:
    async with saying(*parts, cut=cut) as server, HttpCluster(server.config) as cluster:
        for _ in range(3):
            assert await cluster.get(TINY_NODE, "a") == orjson.loads(BODY)
            await asyncio.sleep(0.02)
    assert connections(server) == used


@pytest.mark.parametrize(
    "parts",
    [
        [b"SSH-2.0-OpenSSH_9.6\r\n"],
        [FIRST + b"Content-Length: many\r\n\r\n"],
        [FIRST + b"Content-Encoding: gzip\r\n" + LENGTH + b"\r\n" + BODY],
        [b"HTTP/1.1 101 Switching Protocols\r\nUpgrade: h2c\r\nConnection: Upgrade\r\n\r\n"],
        [FIRST + LENGTH + b"\r\n" + BODY[:-5]],
    ],
    ids=["other protocol", "no number", "not gzip", "upgrade", "cut short"],
)
async def test_what_is_no_answer_fails_the_request_alone(parts: list[bytes]) -> None:
    async with saying(*parts, cut=True) as server, HttpCluster(server.config, timeout=5) as cluster:
        with pytest.raises(Unavailable) as caught:
            await cluster.patch(TINY_NODE, "a", {})
        assert caught.value.sent
        server.answers.append(lambda request: request.json(200, {"ok": 1}))
        assert await cluster.patch(TINY_NODE, "a", {}) == {"ok": 1}


async def test_whoever_gives_up_leaves_no_answer_to_the_next() -> None:
    async def late(request: Request) -> None:
        await asyncio.sleep(0.1)
        await request.json(200, {"who": request.path.rpartition("/")[2]})

    async with Scripted(rest=late) as server, HttpCluster(server.config) as cluster:
        with pytest.raises(TimeoutError):
            await asyncio.wait_for(cluster.get(TINY_NODE, "first"), 0.05)
        assert await cluster.get(TINY_NODE, "second") == {"who": "second"}


async def test_no_part_of_a_name_can_become_another_request() -> None:
    async def echo(request: Request) -> None:
        await request.json(200, {"path": request.path})

    async with Scripted(rest=echo) as server, HttpCluster(server.config) as cluster:
        answer = await cluster.get(TINY_NODE, "a HTTP/1.1\r\nX: y\r\n\r\nü?watch=1#")
        assert answer["path"].endswith("/tinynodes/a%20HTTP/1.1%0D%0AX:%20y%0D%0A%0D%0A%C3%BC%3Fwatch=1%23")
    assert len(server.seen) == 1


async def test_a_token_with_line_ends_is_not_sent() -> None:
    async with Scripted() as server:
        config = ClusterConfig(server.config.server, read_token=lambda: "t\r\nX: y")
        async with HttpCluster(config, timeout=0.3) as cluster:
            with pytest.raises(Unavailable, match="token"):
                await cluster.patch(TINY_NODE, "a", {})
    assert server.seen == []


async def test_a_server_below_a_path_is_asked_below_it() -> None:
    async def echo(request: Request) -> None:
        await request.json(200, {"path": request.path})

    async with (
        Scripted(rest=echo) as server,
        HttpCluster(ClusterConfig(f"{server.config.server}/clusters/one")) as cluster,
    ):
        answer = await cluster.get(TINY_NODE, "a")
    assert answer["path"].startswith("/clusters/one/apis/")
