"""The HTTP server."""

from __future__ import annotations

import asyncio
import json
from typing import Any

import pytest

from modules.http.http_server import HttpServer
from tests.waiting import eventually
from weirflow import JSON, Fail, NotLeader
from weirflow.services import HttpResponse
from weirflow.testing import Node, run


def _json(response: HttpResponse) -> Any:
    return json.loads(response.body)


async def test_a_request_becomes_a_message() -> None:
    settings = {"method": "POST", "path": "/orders/{id}"}
    async with run(HttpServer, settings=settings, leader=False) as node:
        await node.request(
            "POST", "/orders/7", headers={"content-type": "application/json; charset=utf-8"}, body=b'{"n": 1}', page="2"
        )
        assert [each.port for each in node.emitted] == ["request"]
        assert node.emitted[0].value == {
            "method": "POST",
            "path": "/orders/7",
            "query": {"page": "2"},
            "headers": {"content-type": "application/json; charset=utf-8"},
            "body": {"n": 1},
            "encoding": "json",
            "params": {"id": "7"},
            "raw": None,
        }


@pytest.mark.parametrize(
    ("kind", "body", "message", "encoding"),
    [
        ("application/json", b"", None, "none"),
        ("application/problem+json", b"[1]", [1], "json"),
        ("text/plain", "grüß".encode(), "grüß", "text"),
        ("application/x-www-form-urlencoded", b"a=1&b=x+%C3%BC&a=2&c=", {"a": ["1", "2"], "b": "x ü", "c": ""}, "form"),
        ("text/plain; charset=iso-8859-1", b"gr\xfc\xdf", "grüß", "text"),
        ("text/plain; charset=rot13", b"a", "a", "text"),
        ("image/png", b"\x89PNG\xff", "iVBOR/8=", "base64"),
    ],
)
async def test_bodies_by_their_type(kind: str, body: bytes, message: JSON, encoding: str) -> None:
    async with run(HttpServer) as node:
        await node.request("GET", "/", headers={"content-type": kind}, body=body)
        value = node.emitted[0].value
        assert value["encoding"] == encoding
        assert value["body"] == message


@pytest.mark.parametrize(
    ("result", "status", "headers", "body"),
    [
        (None, 204, {}, b""),
        ({"count": 3}, 200, {"content-type": "application/json"}, b'{"count":3}'),
        ([1, None], 200, {"content-type": "application/json"}, b"[1,null]"),
        ("text", 200, {"content-type": "text/plain; charset=utf-8"}, b"text"),
        (0, 200, {"content-type": "application/json"}, b"0"),
        ({"status": 201, "body": {"id": 1}}, 201, {"content-type": "application/json"}, b'{"id":1}'),
        (
            {"status": 200, "headers": {"X-Kind": "a"}, "body": "<p>", "contentType": "text/html"},
            200,
            {"x-kind": "a", "content-type": "text/html"},
            b"<p>",
        ),
        ({"status": 302, "headers": {"Location": "/x"}}, 302, {"location": "/x"}, b""),
        ({"status": 204, "body": "left out"}, 204, {}, b""),
        ({"status": 200, "headers": {"Content-Length": "9", "Connection": "close"}, "body": None}, 200, {}, b""),
        (
            {"status": 200, "body": "iVBOR/8=", "encoding": "base64", "contentType": "image/png"},
            200,
            {"content-type": "image/png"},
            b"\x89PNG\xff",
        ),
        ({"status": "ok"}, 200, {"content-type": "application/json"}, b'{"status":"ok"}'),
        ({"status": "202"}, 202, {}, b""),
        ({"status": "paid", "total": 3}, 200, {"content-type": "application/json"}, b'{"status":"paid","total":3}'),
    ],
)
async def test_the_result_of_the_flow_is_the_response(
    result: JSON, status: int, headers: dict[str, str], body: bytes
) -> None:
    async with run(HttpServer) as node:
        node.replies["request"] = lambda value: result
        assert await node.request("GET", "/") == HttpResponse(status, headers, body)


async def test_the_response_input_gives_its_message_back() -> None:
    async with run(HttpServer) as node:
        assert await node.send("response", {"body": {"value": 1}}) == {
            "status": 200,
            "headers": {},
            "body": {"value": 1},
            "contentType": "",
            "encoding": "",
        }


@pytest.mark.parametrize(
    "result",
    [
        {"status": 99},
        {"status": "1000"},
        {"status": 200, "headers": {"a": "x\r\nset-cookie: y"}},
        {"status": 200, "headers": {"a b": "x"}},
        {"status": 200, "headers": {"n": 1}},
        {"status": 200, "body": "no base64!", "encoding": "base64"},
        {"status": 200, "body": 5, "encoding": "base64"},
    ],
)
async def test_a_response_that_cannot_be_sent_is_an_error_on_the_node(result: JSON) -> None:
    async with run(HttpServer) as node:
        node.replies["request"] = lambda value: result
        assert (await node.request("GET", "/")).status == 500
        assert node.problems[-1].code == "invalid_response"


def _raising(error: Exception) -> Any:
    def reply(value: JSON) -> JSON:
        raise error

    return reply


@pytest.mark.parametrize(
    ("error", "status", "code"),
    [
        (Fail("password=hunter2 is wrong", code="db_error"), 500, "internal"),
        (NotLeader(), 503, "unavailable"),
        (Fail("secret", retryable=True), 503, "unavailable"),
        (Fail("late", code="deadline"), 504, "timeout"),
        (Fail("again", code="already_applied"), 409, "already_applied"),
    ],
)
async def test_failures_give_an_id_and_no_details(error: Exception, status: int, code: str) -> None:
    async with run(HttpServer) as node:
        node.replies["request"] = _raising(error)
        response = await node.request("GET", "/")
        assert response.status == status
        answer = _json(response)["error"]
        assert answer["code"] == code
        assert str(error) not in response.body.decode()
        assert answer["id"] in node.problems[-1].message
        assert str(error) in node.problems[-1].message
        assert node.control["failures"] == 1
        assert ("retry-after" in response.headers) == (status == 503)


async def test_an_error_leaves_the_node_with_the_next_request_that_goes_well() -> None:
    async with run(HttpServer) as node:
        node.replies["request"] = _raising(Fail("broken"))
        await node.request("GET", "/")
        assert len(node.problems) == 1
        del node.replies["request"]
        await node.request("GET", "/")
        assert node.problems == []
        assert (node.control["requests"], node.control["failures"]) == (2, 1)


async def test_the_deadline_gives_a_504_and_calls_the_flow_off() -> None:
    async with run(HttpServer, settings={"timeout": 10}) as node:
        cancelled = asyncio.Event()

        async def never() -> JSON:
            try:
                await asyncio.Event().wait()
            finally:
                cancelled.set()

        node.replies["request"] = lambda value: never()
        response = await node.request("GET", "/")
        assert (response.status, _json(response)["error"]["code"]) == (504, "timeout")
        assert cancelled.is_set()


async def test_invalid_json_is_the_clients_error() -> None:
    async with run(HttpServer) as node:
        for body in (b"{", b"NaN", b"\xff"):
            response = await node.request("GET", "/", headers={"content-type": "application/json"}, body=body)
            assert (response.status, _json(response)["error"]["code"]) == (400, "invalid_json")
        assert node.emitted == []


async def test_the_idempotency_key_names_the_operation() -> None:
    async def ids(node: Node, **headers: str) -> str:
        await node.request("GET", "/", headers={name.replace("_", "-"): value for name, value in headers.items()})
        return node.emitted[-1].operation_id

    async with run(HttpServer) as node:
        first = await ids(node, idempotency_key="k1")
        assert await ids(node, idempotency_key="k1") == first
        assert await ids(node, idempotency_key="k2") != first
        assert await ids(node) != await ids(node)
        assert await ids(await node.restart(), idempotency_key="k1") == first


@pytest.mark.parametrize("key", ["", "x" * 201])
async def test_unfit_idempotency_keys_are_refused(key: str) -> None:
    async with run(HttpServer) as node:
        assert (await node.request("GET", "/", headers={"idempotency-key": key})).status == 400


async def test_it_serves_on_every_replica_until_it_stops() -> None:
    async with run(HttpServer, settings={"path": "/visits"}, leader=False) as node:
        assert (await node.request("GET", "/visits")).status == 204
        assert (node.control["url"], node.live) == ("http://test/visits", "GET /visits")
        await node.instance.stop()
        assert (await node.request("GET", "/visits")).status == 404


async def test_a_new_path_takes_the_place_of_the_old() -> None:
    async with run(HttpServer, settings={"path": "/old"}) as node:
        await node.set(path="/new")
        assert (await node.request("GET", "/old")).status == 404
        assert (await node.request("GET", "/new")).status == 204
        await node.set(maxBody=10)
        assert (await node.request("GET", "/new")).status == 204


async def test_a_path_that_is_taken_is_refused_and_the_old_one_stays() -> None:
    async with run(HttpServer, settings={"path": "/mine"}) as node:
        node.resource.routes[("GET", "/theirs")] = ("another", node.resource.routes[("GET", "/mine")][1])
        problem = await node.set(path="/theirs")
        assert problem is not None
        assert problem.code == "route_taken"
        assert (await node.request("GET", "/mine")).status == 204
        await node.set(path="/elsewhere")
        assert (await node.request("GET", "/elsewhere")).status == 204


@pytest.mark.parametrize(
    ("changed", "field"),
    [
        ({"path": "visits"}, "/path"),
        ({"path": "/a b"}, "/path"),
        ({"path": "/a?x"}, "/path"),
        ({"method": "get"}, "/method"),
        ({"moreMethods": ["TRACE"]}, "/moreMethods/0"),
        ({"moreMethods": ["POST", "POST"]}, "/moreMethods"),
        ({"corsOrigins": ["example.com"]}, "/corsOrigins"),
        ({"corsOrigins": ["https://example.com/path"]}, "/corsOrigins"),
        ({"corsHeaders": ["a b"]}, "/corsHeaders/0"),
        ({"corsCredentials": True}, "/corsCredentials"),
        ({"timeout": 0}, "/timeout"),
        ({"maxBody": -1}, "/maxBody"),
    ],
)
async def test_unfit_settings_are_refused(changed: dict[str, Any], field: str) -> None:
    async with run(HttpServer) as node:
        problem = await node.set(**changed)
        assert problem is not None
        assert problem.field == field


async def test_several_methods_on_one_path() -> None:
    settings = {"method": "GET", "moreMethods": ["POST", "DELETE"], "path": "/files/{rest*}"}
    async with run(HttpServer, settings=settings) as node:
        for method in ("GET", "POST", "DELETE"):
            await node.request(method, "/files/a/b")
        assert [(each.value["method"], each.value["params"]) for each in node.emitted] == [
            (method, {"rest": "a/b"}) for method in ("GET", "POST", "DELETE")
        ]
        assert node.live == "GET, POST, DELETE /files/{rest*}"
        await node.set(moreMethods=["POST"])
        assert (await node.request("DELETE", "/files/a")).status == 404
        assert (await node.request("POST", "/files/a")).status == 204


async def test_of_several_methods_none_is_taken_where_one_is_anothers() -> None:
    async with run(HttpServer, settings={"path": "/mine"}) as node:
        node.resource.routes[("PUT", "/theirs")] = ("another", node.resource.routes[("GET", "/mine")][1])
        problem = await node.set(path="/theirs", moreMethods=["POST", "PUT"])
        assert problem is not None
        assert problem.code == "route_taken"
        assert sorted(node.resource.routes) == [("GET", "/mine"), ("PUT", "/theirs")]


CORS = {"cors": True, "corsOrigins": ["https://App.example"], "corsExposed": ["X-Total"], "corsCredentials": True}


async def test_a_page_of_an_origin_that_is_named_may_read() -> None:
    async with run(HttpServer, settings=CORS) as node:
        node.replies["request"] = lambda value: {"status": 200, "headers": {"Vary": "Accept"}, "body": 1}
        allowed = await node.request("GET", "/", headers={"origin": "https://app.example"})
        assert {name: value for name, value in allowed.headers.items() if name != "content-type"} == {
            "access-control-allow-origin": "https://app.example",
            "access-control-allow-credentials": "true",
            "access-control-expose-headers": "X-Total",
            "vary": "Accept, Origin",
        }
        for headers in ({"origin": "https://evil.example"}, {}):
            other = await node.request("GET", "/", headers=headers)
            assert (other.status, other.headers["vary"]) == (200, "Accept, Origin")
            assert "access-control-allow-origin" not in other.headers


async def test_failures_can_be_read_by_the_page_too() -> None:
    async with run(HttpServer, settings={"cors": True}) as node:
        node.replies["request"] = _raising(Fail("broken"))
        response = await node.request("GET", "/", headers={"origin": "https://any.example"})
        assert (response.status, response.headers["access-control-allow-origin"]) == (500, "*")


@pytest.mark.parametrize("method", ["PUT", "*"])
async def test_a_browser_that_asks_first_is_answered_and_the_flow_not_bothered(method: str) -> None:
    async with run(HttpServer, settings={**CORS, "method": method, "path": "/a/{id}"}) as node:
        asks = {"origin": "https://app.example", "access-control-request-method": "PUT"}
        response = await node.request("OPTIONS", "/a/1", headers=asks)
        assert (response.status, response.headers) == (
            204,
            {
                "access-control-allow-origin": "https://app.example",
                "access-control-allow-credentials": "true",
                "vary": "Origin",
                "access-control-allow-methods": "PUT",
                "access-control-max-age": "600",
                "access-control-allow-headers": "Content-Type, Authorization, Idempotency-Key",
            },
        )
        refused = await node.request("OPTIONS", "/a/1", headers={**asks, "origin": "https://evil.example"})
        assert (refused.status, refused.headers["vary"]) == (403, "Origin")
        assert (node.emitted, node.control["requests"]) == ([], 0)
        await node.set(cors=False)
        plain = await node.request("OPTIONS", "/a/1", headers=asks)
        assert plain.status == (204 if method == "*" else 404)
        assert len(node.emitted) == (method == "*")


async def test_a_thousand_requests_at_once_get_their_own_answers() -> None:
    async with run(HttpServer, settings={"method": "POST", "path": "/n/{n}"}) as node:
        waiting: dict[str, asyncio.Future[None]] = {}

        async def answer(value: Any) -> JSON:
            waiting[value["params"]["n"]] = asyncio.get_running_loop().create_future()
            await waiting[value["params"]["n"]]
            return {"n": value["params"]["n"], "body": value["body"]}

        node.replies["request"] = answer
        headers = {"content-type": "application/json"}
        requests = [
            asyncio.create_task(node.request("POST", f"/n/{n}", headers=headers, body=b'{"is": %d}' % n))
            for n in range(1000)
        ]
        await eventually(lambda: len(waiting) == 1000)
        for n in sorted(waiting, key=hash):
            waiting[n].set_result(None)
        answers = [_json(response) for response in await asyncio.gather(*requests)]
        assert answers == [{"n": str(n), "body": {"is": n}} for n in range(1000)]
