"""The flows' listener, spoken to byte by byte."""

import asyncio
import os
import re
import socket
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

import pytest
import uvloop

from tests.waiting import eventually
from weirflow.errors import Fail
from weirflow.runtime import http_connection, http_listener
from weirflow.runtime.http_listener import FlowListener
from weirflow.services import HttpHandler, HttpRequest, HttpResponse


async def show(request: HttpRequest) -> HttpResponse:
    text = f"{request.method} {request.path} {request.query} {request.params} {request.body.decode()}"
    return HttpResponse(200, {"content-type": "text/plain"}, text.encode())


@asynccontextmanager
async def listening(*routes: tuple[str, str, HttpHandler], **options: Any) -> AsyncIterator[FlowListener]:
    listener = FlowListener("127.0.0.1", 0, lambda _node, _problem: None)
    for method, path, handler in routes:
        listener.routes.add("n1", method, path, handler, **options)
    listener.start()
    listener.ready()
    await eventually(lambda: listener.port)
    try:
        yield listener
    finally:
        await listener.stop(0.2)


async def say(listener: FlowListener, data: bytes) -> str:
    """Send bytes, tell the server that no more come, and read until it closes."""
    reader, writer = await asyncio.open_connection("127.0.0.1", listener.port)
    writer.write(data)
    try:
        async with asyncio.timeout(30):
            return (await reader.read()).decode()
    finally:
        writer.close()


def request(line: str, *fields: str, body: str = "", close: bool = True) -> bytes:
    head = [f"{line} HTTP/1.1", "Host: localhost:8080", *fields, *(["Connection: close"] if close else [])]
    return ("\r\n".join(head) + "\r\n\r\n" + body).encode()


async def test_a_request_arrives_with_its_parts() -> None:
    async with listening(("POST", "/a/{id}/{rest*}", show)) as listener:
        answer = await say(listener, request("POST /a/7/x/y%20z?k=1&k=2&e=", "Content-Length: 2", body="hi"))
    assert answer.startswith("HTTP/1.1 200 OK\r\n")
    assert answer.endswith("POST /a/7/x/y z {'k': ['1', '2'], 'e': ''} {'id': '7', 'rest': 'x/y z'} hi")


async def test_pipelined_requests_are_answered_in_their_order() -> None:
    async def slow_first(request: HttpRequest) -> HttpResponse:
        await asyncio.sleep(0.05 if request.path == "/0" else 0)
        return HttpResponse(200, {}, request.path.encode())

    async with listening(("GET", "/{n}", slow_first)) as listener:
        data = b"".join(request(f"GET /{n}", close=n == 39) for n in range(40))
        answer = await say(listener, data)
    assert re.findall(r"\r\n\r\n/(\d+)", answer) == [str(n) for n in range(40)]


@pytest.mark.parametrize(
    ("data", "status"),
    [
        (request("GET /nowhere"), 404),
        (request("DELETE /a"), 405),
        (b"GET /a HTTP/1.1\r\nHost: evil.example\r\n\r\n", 421),
        (b"GET /a HTTP/1.1\r\nHost: evil.example:80\r\n\r\n", 421),
        (request("POST /a", "Content-Length: 99"), 413),
        (request("POST /a", "Transfer-Encoding: chunked", body="20\r\n" + "x" * 32 + "\r\n0\r\n\r\n"), 413),
        (request("GET /a", "X: " + "y" * 40_000), 431),
        (request("GET /a", *(f"X{n}: y" for n in range(200))), 431),
        (b"what is this\r\n\r\n", 400),
        (request("GET /ü"), 400),
        (request("GET /a", "Content-Length: 1", "Content-Length: 2"), 400),
        (request("GET /crash"), 500),
    ],
)
async def test_what_cannot_be_served_is_refused(data: bytes, status: int) -> None:
    async def crash(_request: HttpRequest) -> HttpResponse:
        raise RuntimeError("secret detail")

    async with listening(("GET", "/a", show), ("POST", "/a", show), ("GET", "/crash", crash), max_body=16) as listener:
        answer = await say(listener, data)
    assert answer.split(" ")[1] == str(status)
    assert "secret" not in answer
    if status == 405:
        assert "allow: GET, HEAD, POST" in answer


async def test_a_browsers_question_goes_to_the_route_that_it_is_about() -> None:
    async def preflight(request: HttpRequest) -> HttpResponse:
        return HttpResponse(204, {"access-control-allow-methods": f"{request.method} {request.params['id']}"})

    asks = ("Origin: https://app.example", "Access-Control-Request-Method: PUT")
    async with listening(("GET", "/a/{id}", show)) as listener:
        listener.routes.add("n2", "PUT", "/a/{id}", show, preflight=preflight)
        assert "access-control-allow-methods: OPTIONS 7" in await say(listener, request("OPTIONS /a/7", *asks))
        for fields in ((asks[0], "Access-Control-Request-Method: GET"), (asks[0],), ()):
            assert (await say(listener, request("OPTIONS /a/7", *fields))).startswith("HTTP/1.1 405")
        assert (await say(listener, request("OPTIONS /b", *asks))).startswith("HTTP/1.1 404")
        listener.routes.add("n3", "OPTIONS", "/a/{id}", show)
        assert "OPTIONS /a/7" in await say(listener, request("OPTIONS /a/7", *asks))


async def test_a_thousand_connections_at_once_get_their_own_answers() -> None:
    waiting: list[asyncio.Future[None]] = []

    async def last_first(request: HttpRequest) -> HttpResponse:
        mine = asyncio.get_running_loop().create_future()
        waiting.append(mine)
        if len(waiting) == 1000:
            for each in reversed(waiting):
                each.set_result(None)
        await mine
        return HttpResponse(200, {}, f"{request.params['n']} {request.body.decode()}".encode())

    async with listening(("POST", "/{n}", last_first)) as listener:

        def one(n: int) -> bytes:
            body = f"body {n}"
            return request(f"POST /{n}", f"Content-Length: {len(body)}", body=body)

        answers = await asyncio.gather(*(say(listener, one(n)) for n in range(1000)))
    assert [answer.partition("\r\n\r\n")[2] for answer in answers] == [f"{n} body {n}" for n in range(1000)]


@pytest.mark.parametrize(("path", "status"), [("/a", 200), ("/nowhere", 404), ("/b", 405)])
async def test_a_head_request_is_answered_without_a_body(path: str, status: int) -> None:
    async with listening(("GET", "/a", show), ("POST", "/b", show)) as listener:
        answer = await say(listener, request(f"HEAD {path}", close=False) + request("GET /a"))
    first, second = answer.split("\r\n\r\n", 1)
    assert first.startswith(f"HTTP/1.1 {status}")
    assert second.startswith("HTTP/1.1 200")


@pytest.mark.parametrize(
    ("second", "status"), [(request("POST /a", "Content-Length: 99"), 413), (b"what is this\r\n\r\n", 400)]
)
async def test_a_refusal_waits_for_the_answers_before_it(second: bytes, status: int) -> None:
    async with listening(("GET", "/a", show), ("POST", "/a", show), max_body=16) as listener:
        answer = await say(listener, request("GET /a", close=False) + second)
    assert re.findall(r"HTTP/1.1 (\d+)", answer) == ["200", str(status)]


async def test_a_field_that_never_ends_is_not_kept() -> None:
    async with listening(("GET", "/a", show), ("POST", "/a", show)) as listener:
        endless = b"X: " + b"y" * 600_000
        assert (await say(listener, request("GET /a")[:-2] + endless)).startswith("HTTP/1.1 431")
        chunked = request("POST /a", "Transfer-Encoding: chunked", body="0\r\n").replace(b"Connection: close\r\n", b"")
        assert (await say(listener, chunked + endless)).startswith("HTTP/1.1 431")


async def test_a_field_behind_the_body_is_not_one_of_the_head() -> None:
    async def fields(request: HttpRequest) -> HttpResponse:
        return HttpResponse(200, {}, ",".join(sorted(request.headers)).encode())

    async with listening(("POST", "/a", fields)) as listener:
        data = request("POST /a", "Transfer-Encoding: chunked", body="0\r\nIdempotency-Key: a\r\n\r\n")
        assert (await say(listener, data)).endswith("connection,host,transfer-encoding")


async def test_a_client_that_ends_its_side_gets_its_answer() -> None:
    async def slow(_request: HttpRequest) -> HttpResponse:
        await asyncio.sleep(0.05)
        return HttpResponse(200, {}, b"done")

    async with listening(("GET", "/a", slow)) as listener:
        reader, writer = await asyncio.open_connection("127.0.0.1", listener.port)
        writer.write(request("GET /a", close=False))
        writer.write_eof()
        async with asyncio.timeout(30):
            assert (await reader.read()).endswith(b"done")
        writer.close()
        await eventually(lambda: not listener._connections)


async def test_a_refused_upload_is_read_on_so_that_the_answer_arrives() -> None:
    async with listening(("POST", "/a", show), max_body=16) as listener:
        reader, writer = await asyncio.open_connection("127.0.0.1", listener.port)
        writer.write(request("POST /a", "Content-Length: 20000000"))
        async with asyncio.timeout(30):
            for _ in range(200):
                writer.write(b"x" * 100_000)
                await writer.drain()
            assert (await reader.read()).startswith(b"HTTP/1.1 413")
        writer.close()
        await eventually(lambda: not listener._connections)


async def test_an_upgrade_that_is_not_done_is_an_ordinary_request() -> None:
    async with listening(("GET", "/a", show)) as listener:
        answer = await say(listener, request("GET /a", "Upgrade: h2c").replace(b": close", b": Upgrade"))
    assert answer.startswith("HTTP/1.1 200")
    assert "connection: close" in answer


async def test_an_expectation_is_not_raised_where_the_answer_is_known() -> None:
    async with listening(("GET", "/a", show)) as listener:
        answer = await say(listener, request("POST /nowhere", "Expect: 100-continue", "Content-Length: 2"))
    assert answer.startswith("HTTP/1.1 404")


async def test_a_flow_cannot_add_fields_or_end_the_head() -> None:
    async def inject(_request: HttpRequest) -> HttpResponse:
        return HttpResponse(200, {"x-a": "1\r\nset-cookie: b", "connection": "upgrade", "x-ok": "yes"}, b"")

    async with listening(("GET", "/a", inject)) as listener:
        answer = await say(listener, request("GET /a"))
    assert "set-cookie" not in answer
    assert "upgrade" not in answer
    assert "x-ok: yes" in answer


async def test_a_client_that_asks_first_is_told_to_go_on() -> None:
    async with listening(("POST", "/a", show)) as listener:
        answer = await say(listener, request("POST /a", "Expect: 100-continue", "Content-Length: 2", body="hi"))
    assert answer.startswith("HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 200")


async def test_silent_and_dripping_connections_are_closed(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(http_listener, "_QUIET_SECONDS", 0.0)
    monkeypatch.setattr(http_listener, "_RECEIVE_SECONDS", 0.0)
    async with listening(("GET", "/a", show)) as listener:
        assert await say(listener, b"") == ""
        assert (await say(listener, b"GET /a HTTP/1.1\r\nHost")).startswith("HTTP/1.1 408")


async def test_too_many_at_once_are_told_to_come_back(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(http_listener, "_MAX_IN_FLIGHT", 1)
    release = asyncio.Event()

    async def wait(_request: HttpRequest) -> HttpResponse:
        await release.wait()
        return HttpResponse(200)

    async with listening(("GET", "/a", wait)) as listener:
        first = asyncio.create_task(say(listener, request("GET /a")))
        await eventually(lambda: listener._in_flight)
        assert "503" in await say(listener, request("GET /a"))
        release.set()
        assert "200" in await first


async def test_a_stop_lets_the_request_in_flight_be_answered() -> None:
    async def slow(_request: HttpRequest) -> HttpResponse:
        await asyncio.sleep(0.1)
        return HttpResponse(200, {}, b"done")

    async with listening(("GET", "/a", slow)) as listener:
        answer = asyncio.create_task(say(listener, request("GET /a", close=False)))
        await eventually(lambda: listener._in_flight)
        await listener.stop(30.0)
        assert "connection: close" in await answer
        assert (await answer).endswith("done")


async def test_a_path_belongs_to_one_node() -> None:
    async with listening(("GET", "/a", show)) as listener:
        with pytest.raises(Fail, match="n1 already answers GET /a") as refused:
            listener.routes.add("n2", "GET", "/a", show)
        assert refused.value.code == "route_taken"
        again = listener.routes.add("n1", "GET", "/a", show)
        again.close()
        again.close()
        assert listener.routes.find("GET", "/a") == (None, {}, ())
        listener.routes.add("n2", "*", "/a", show)


async def test_while_flows_are_being_started_an_unknown_path_may_be_tried_again() -> None:
    async with listening(("GET", "/a", show)) as listener:
        listener.starting = True
        answer = await say(listener, request("GET /b"))
        assert answer.startswith("HTTP/1.1 503")
        assert "retry-after: 1" in answer
        assert (await say(listener, request("GET /a"))).startswith("HTTP/1.1 200")


@pytest.mark.parametrize("path", ["/{a}{b}", "/{a*}/b", "/x-{a}-{b}", "/{a*}{b*}", "/{", "/{a}/{a}"])
async def test_a_path_that_can_be_read_in_many_ways_is_refused(path: str) -> None:
    async with listening() as listener:
        with pytest.raises(Fail) as refused:
            listener.routes.add("n1", "GET", path, show)
        assert refused.value.code == "route_invalid"


async def test_a_client_that_reads_nothing_holds_no_more_than_its_connection(monkeypatch: pytest.MonkeyPatch) -> None:
    calls = 0

    async def large(_request: HttpRequest) -> HttpResponse:
        nonlocal calls
        calls += 1
        return HttpResponse(200, {}, b"x" * 4_000_000)

    async with listening(("GET", "/a", large)) as listener:
        _, writer = await asyncio.open_connection("127.0.0.1", listener.port, limit=1024)
        writer.write(b"".join(request("GET /a", close=False) for _ in range(100)))
        await eventually(lambda: calls)
        (connection,) = listener._connections
        await eventually(lambda: connection._writable is not None)
        assert calls < http_connection._MAX_PIPELINED
        monkeypatch.setattr(http_listener, "_QUIET_SECONDS", 0.1)
        await eventually(lambda: not listener._connections)
        writer.close()


async def test_a_connection_that_is_kept_alive_is_told_before_the_stop_that_its_answer_was_the_last() -> None:
    async with listening(("GET", "/a", show)) as listener:
        reader, writer = await asyncio.open_connection("127.0.0.1", listener.port)
        writer.write(request("GET /a", close=False))
        assert b"keep-alive" in await reader.readuntil(b"\r\n\r\n")
        stopping = asyncio.create_task(listener.stop(2.0))
        await eventually(lambda: listener.stopping)
        writer.write(request("GET /a", close=False))
        answer = await asyncio.wait_for(reader.read(), 30)
        assert b"HTTP/1.1 200" in answer
        assert b"connection: close" in answer
        await stopping
        writer.close()


@asynccontextmanager
async def sharing() -> AsyncIterator[tuple[int, FlowListener, FlowListener]]:
    """A port and two listeners of its socket, each with a descriptor of its own, as in processes of their own."""
    with socket.create_server(("127.0.0.1", 0)) as shared:
        pair = []
        for name in (b"first", b"second"):

            async def answer(request: HttpRequest, name: bytes = name) -> HttpResponse:
                return HttpResponse(200, {}, name)

            pair.append(FlowListener("127.0.0.1", 0, lambda *_: None, shared_fd=os.dup(shared.fileno())))
            pair[-1].routes.add("n1", "GET", "/who", answer)
        try:
            yield shared.getsockname()[1], pair[0], pair[1]
        finally:
            for listener in pair:
                await listener.stop(0.2)


async def ask(port: int) -> bytes:
    reader, writer = await asyncio.open_connection("127.0.0.1", port)
    writer.write(request("GET /who"))
    async with asyncio.timeout(30):
        answer = await reader.read()
    writer.close()
    return answer.rpartition(b"\r\n\r\n")[2]


async def test_a_connection_that_nobody_has_taken_waits_for_the_next_replica() -> None:
    async with sharing() as (port, first, second):
        first.ready()
        await eventually(lambda: first.port)
        assert await ask(port) == b"first"
        await first.stop(0.2)
        waiting = asyncio.create_task(ask(port))
        await asyncio.sleep(0)
        second.ready()
        assert await waiting == b"second"


async def test_a_replica_whose_flows_are_not_there_yet_leaves_connections_to_the_others() -> None:
    async with sharing() as (port, first, second):
        first.start()
        second.ready()
        assert [await ask(port) for _ in range(20)] == [b"second"] * 20
        first.ready()
        await second.stop(0.2)
        assert await ask(port) == b"first"


def test_no_request_is_lost_while_replicas_stop_and_start() -> None:
    async def scenario() -> None:
        async with sharing() as (port, first, second):
            first.ready()
            second.ready()
            await eventually(lambda: first.port and second.port)
            asking = [asyncio.create_task(ask(port)) for _ in range(50)]
            await second.stop(0.2)
            asking += [asyncio.create_task(ask(port)) for _ in range(50)]
            assert set(await asyncio.gather(*asking)) <= {b"first", b"second"}

    # On the module host's own loop: how a server closes is the loop's business.
    with asyncio.Runner(loop_factory=uvloop.new_event_loop) as runner:
        runner.run(scenario())
