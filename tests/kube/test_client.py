import asyncio

import pytest

from tests.kube.scripted import Request, Scripted, obj
from weirflow.kube.errors import (
    AlreadyExists,
    ApiError,
    Conflict,
    Forbidden,
    Gone,
    Invalid,
    NotFound,
    StorageFull,
    Unavailable,
)
from weirflow.kube.http import HttpCluster
from weirflow.kube.resources import LEASE, TINY_NODE


async def cut(request: Request) -> None:
    request.cut()


async def silent(_request: Request) -> None:
    await asyncio.Event().wait()


async def one(request: Request) -> None:
    await request.json(200, obj("a", "1"))


async def test_the_token_and_the_path_of_the_kind_are_sent() -> None:
    async with Scripted(rest=one) as server, HttpCluster(server.config) as cluster:
        assert await cluster.get(TINY_NODE, "a") == obj("a", "1")
    (request,) = server.seen
    assert request.headers["authorization"] == "Bearer t0ken"
    assert request.path == "/apis/operator.tinysystems.io/v1alpha1/namespaces/default/tinynodes/a"


@pytest.mark.parametrize(
    ("code", "reason", "kind"),
    [
        (404, "NotFound", NotFound),
        (409, "Conflict", Conflict),
        (409, "AlreadyExists", AlreadyExists),
        (410, "Expired", Gone),
        (403, "Forbidden", Forbidden),
        (422, "Invalid", Invalid),
        (500, "InternalError", Unavailable),
        (507, "InsufficientStorage", StorageFull),
    ],
)
async def test_each_refusal_has_its_class_and_says_what_was_asked(code: int, reason: str, kind: type[ApiError]) -> None:
    async def refuse(request: Request) -> None:
        await request.status(code, reason, "because")

    async with Scripted(rest=refuse) as server, HttpCluster(server.config) as cluster:
        with pytest.raises(kind, match="create tinynodes: because"):
            await cluster.create(TINY_NODE, obj("a", ""))


async def test_a_read_is_repeated_after_a_cut_connection() -> None:
    async with Scripted([cut, cut], rest=one) as server, HttpCluster(server.config) as cluster:
        assert await cluster.get(TINY_NODE, "a")


async def test_a_write_that_may_have_arrived_is_not_repeated() -> None:
    async with Scripted([cut], rest=one) as server, HttpCluster(server.config) as cluster:
        with pytest.raises(Unavailable) as caught:
            await cluster.patch_status(TINY_NODE, "a", {"status": {}})
        assert caught.value.sent
    assert len(server.seen) == 1


async def test_a_write_waits_for_a_server_that_refuses_connections_and_is_then_sent_once() -> None:
    async with Scripted(rest=one) as server:
        pass
    port = int(server.config.server.rsplit(":", 1)[1])
    async with HttpCluster(server.config) as cluster:
        writing = asyncio.create_task(cluster.create(LEASE, obj("l", "")))
        seen: list[bytes] = []

        async def accept(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
            seen.append(await reader.readuntil(b"\r\n\r\n"))
            writer.write(b"HTTP/1.1 201 Created\r\nContent-Length: 2\r\nConnection: close\r\n\r\n{}")
            writer.close()

        late = await asyncio.start_server(accept, "127.0.0.1", port)
        assert await writing == {}
        late.close()
    assert len(seen) == 1


async def test_a_silent_server_is_given_up_within_the_timeout() -> None:
    async with Scripted(rest=silent) as server, HttpCluster(server.config, timeout=0.2) as cluster:
        with pytest.raises(Unavailable, match="no answer in time"):
            await cluster.get(TINY_NODE, "a")


async def test_a_delete_can_name_one_incarnation() -> None:
    async with Scripted(rest=one) as server, HttpCluster(server.config) as cluster:
        await cluster.delete(TINY_NODE, "a", uid="u-1")
    assert server.seen[0].body == {"preconditions": {"uid": "u-1"}}
