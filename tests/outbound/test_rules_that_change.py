"""Another list counts at once, for what is open already too."""

import asyncio
import select
import socket
import struct

import pytest

from tests.outbound.peers import peer
from tests.outbound.test_guard import Zone
from tests.waiting import eventually
from weirflow import Fail
from weirflow.outbound import Address
from weirflow.outbound.caller import Caller
from weirflow.outbound.guard import Guard
from weirflow.outbound.policy import Policy


async def test_rules_that_change_count_for_kept_connections() -> None:
    async with peer() as server:
        caller = Caller(Guard(Policy.of(["127.0.0.1"])))
        await caller.request("GET", server.url)
        caller.govern(Policy())
        with pytest.raises(Fail) as caught:
            await caller.request("GET", server.url)
        assert caught.value.code == "outbound_denied"
        caller.govern(Policy.of(["127.0.0.0/8"]))
        await caller.request("GET", server.url)
        assert server.connections == 2
        caller.close()


async def test_a_request_under_way_is_cut_when_its_place_is_taken_off_the_list() -> None:
    async with peer() as revoked, peer() as kept:
        revoked.answers["/"] = kept.answers["/"] = lambda _: b"HTTP/1.1 200 OK\r\ncontent-length: 9\r\n\r\nhalf "
        caller = Caller(Guard(Policy.of([f"127.0.0.1:{revoked.port}", f"127.0.0.1:{kept.port}"])))
        cut, goes_on = (asyncio.create_task(caller.request("GET", each.url)) for each in (revoked, kept))
        sock = await caller.connect("127.0.0.1", revoked.port)
        stays = await caller.connect("127.0.0.1", kept.port)
        await eventually(lambda: revoked.asked and kept.asked)
        caller.govern(Policy.of([f"127.0.0.1:{kept.port}"]))
        with pytest.raises(Fail, match="The connection was ended as the list changed") as caught:
            await cut
        assert caught.value.code == "outbound_denied"
        loop = asyncio.get_running_loop()
        assert await loop.sock_recv(sock, 1) == b""
        stays.send(b"GET /more HTTP/1.1\r\n\r\n")
        assert (await loop.sock_recv(stays, 100)).startswith(b"HTTP/1.1 200")
        assert not goes_on.done()
        caller.close()
        with pytest.raises(Fail):
            await goes_on
        for each in (sock, stays):
            each.close()


async def test_who_connects_while_the_list_changes_is_judged_by_the_new_one() -> None:
    async with peer() as server:
        zone = Zone(["127.0.0.1"])
        caller = Caller(Guard(Policy.of(["late.example"]), lookup=zone.look_up))
        judged = caller._guard.resolve

        async def tightened(host: str, port: int) -> tuple[Address, ...]:
            found = await judged(host, port)
            caller.govern(Policy())
            return found

        for call in (
            caller.request("GET", f"http://late.example:{server.port}"),
            caller.connect("late.example", server.port),
        ):
            caller.govern(Policy.of(["late.example"]))
            caller._guard.resolve = tightened  # type: ignore[method-assign]
            with pytest.raises(Fail) as caught:
                await call
            assert caught.value.code == "outbound_denied"
        assert not server.asked
        caller.close()


async def test_a_connection_that_the_other_side_ends_at_once_may_be_tried_again(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    listener = socket.create_server(("127.0.0.1", 0))
    port = listener.getsockname()[1]

    async def reset(*_: object) -> socket.socket:
        sock = socket.create_connection(("127.0.0.1", port))
        taken, _ = listener.accept()
        # No farewell: the other side is a process that was killed, or a proxy that has nobody behind it.
        taken.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
        taken.close()
        select.select([sock], [], [])
        return sock

    monkeypatch.setattr("weirflow.outbound.caller.dial", reset)
    monkeypatch.setattr("weirflow.outbound.http.pool.dial", reset)
    caller = Caller(Guard(Policy.of(["127.0.0.1"])))
    with listener:
        for asked in (caller.connect("127.0.0.1", port), caller.request("GET", f"http://127.0.0.1:{port}/")):
            with pytest.raises(Fail) as failed:
                await asked
            assert (failed.value.code, failed.value.retryable) == ("outbound_broken", True)
    caller.close()
