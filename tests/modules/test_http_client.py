"""The HTTP client: what it sends, what it makes of answers, and what it does in a crowd."""

import asyncio
import json
from collections.abc import AsyncIterator

import pytest

from modules.http.bodies import read_body
from modules.http.http_client import HttpClient
from tests.outbound.peers import Peer, peer, response
from tests.transport.certificates import Authority
from weirflow import Fail
from weirflow.outbound.caller import Caller
from weirflow.outbound.guard import Guard
from weirflow.outbound.policy import Policy
from weirflow.testing import Node, run


@pytest.fixture
async def server() -> AsyncIterator[Peer]:
    async with peer() as one:
        yield one


async def failure(node: Node, **message: object) -> Fail:
    with pytest.raises(Fail) as caught:
        await node.send("request", message)
    return caught.value


async def test_settings_and_message_make_the_request_together(server: Peer) -> None:
    settings = {
        "url": f"{server.url}/v1/?lang=en", "method": "POST", "headers": {"X-One": "1", "Accept": "a/b"},
        "authorization": "Bearer t", "apiKey": "k",
    }  # fmt: skip
    server.answers["/v1/things"] = response(b'{"id": 7}', "201 Created", content_type="application/json; charset=utf-8")
    async with run(HttpClient, settings=settings) as node:
        await node.send(
            "request",
            {"url": "things", "query": {"a": [1, "x y"], "b": True, "c": None}, "headers": {"accept": "c/d"},
             "body": {"n": 1}, "context": {"keep": "me"}},
        )  # fmt: skip
        sent = node.emitted[0]
    asked = server.asked[0]
    assert asked.line == "POST /v1/things?a=1&a=x+y&b=true HTTP/1.1"
    assert json.loads(asked.body) == {"n": 1}
    wanted = {"x-one": "1", "accept": "c/d", "authorization": "Bearer t", "x-api-key": "k"}
    assert wanted.items() <= asked.headers.items()
    assert asked.headers["content-type"] == "application/json"
    assert sent.port == "response"
    assert (sent.value["status"], sent.value["body"], sent.value["encoding"]) == (201, {"id": 7}, "json")
    assert sent.value["context"] == {"keep": "me"}


@pytest.mark.parametrize(
    ("form", "body", "sent", "kind"),
    [
        ("auto", "text", b"text", "text/plain; charset=utf-8"),
        ("auto", [1], b"[1]", "application/json"),
        ("auto", 2**70, b"1180591620717411303424", "application/json"),
        ("json", "text", b'"text"', "application/json"),
        ("form", {"a": ["1", 2], "b": "x&y"}, b"a=1&a=2&b=x%26y", "application/x-www-form-urlencoded"),
        ("base64", "AP8=", b"\x00\xff", "application/octet-stream"),
    ],
)
async def test_a_body_is_sent_as_it_is_told(server: Peer, form: str, body: object, sent: bytes, kind: str) -> None:
    async with run(HttpClient, settings={"url": server.url, "method": "PUT", "sendAs": form}) as node:
        await node.send("request", {"body": body})
    assert (server.asked[0].body, server.asked[0].headers["content-type"]) == (sent, kind)


@pytest.mark.parametrize(("form", "body"), [("form", "a=1"), ("form", {"a": {}}), ("text", {}), ("base64", "%%%")])
async def test_a_body_that_does_not_fit_its_form_is_refused(server: Peer, form: str, body: object) -> None:
    async with run(HttpClient, settings={"url": server.url, "sendAs": form}) as node:
        error = await failure(node, body=body)
    assert (error.code, error.permanent, error.problem.field) == ("invalid_body", True, "/body")
    assert not server.asked


async def test_a_form_with_files_is_sent_as_the_http_server_reads_it(server: Peer) -> None:
    file = {"filename": 'a"b\r\n.png', "contentType": "image/png", "base64": "AP8N"}
    body = {"text": "ä\r\n--x", "many": ["1", "2"], "file": file, "none": None, "n": 7}
    async with run(HttpClient, settings={"url": server.url, "method": "POST", "sendAs": "multipart"}) as node:
        await node.send("request", {"body": body})
        for wrong in ("text", {"a": {"filename": "x"}}, {"a": [["x"]]}, {"a": {**file, "contentType": "a\r\nb: c"}},
                      {"a": {**file, "base64": "%"}}):  # fmt: skip
            assert (await failure(node, body=wrong)).code == "invalid_body"
    asked = server.asked[0]
    read, encoding = read_body(asked.body, asked.headers["content-type"])
    assert encoding == "multipart"
    assert read == {"text": "ä\r\n--x", "many": ["1", "2"], "file": {**file, "size": 3}, "n": "7"}
    assert len(server.asked) == 1


@pytest.mark.parametrize(
    ("answer", "body", "encoding"),
    [
        (response(b"[1]", content_type="application/problem+json"), [1], "json"),
        (response(b"no json", content_type="application/json"), "no json", "text"),
        (response(b"\xe4", content_type="text/plain; charset=iso-8859-1"), "ä", "text"),
        (response(b"\xff\x00"), "/wA=", "base64"),
        (response(), None, "none"),
    ],
)
async def test_an_answer_becomes_json_text_or_base64(server: Peer, answer: bytes, body: object, encoding: str) -> None:
    server.answers["/"] = answer
    async with run(HttpClient, settings={"url": server.url}) as node:
        await node.send("request", {})
        value = node.emitted[0].value
    assert (value["body"], value["encoding"]) == (body, encoding)


@pytest.mark.parametrize(("status", "retryable"), [(400, False), (404, False), (429, True), (500, True), (503, True)])
async def test_a_status_of_an_error_is_one(server: Peer, status: int, retryable: bool) -> None:
    server.answers["/secret-path"] = response(b"secret body", f"{status} X")
    async with run(HttpClient, settings={"url": f"{server.url}/secret-path?token=secret"}) as node:
        error = await failure(node)
        assert (error.code, error.retryable, error.permanent) == (f"http_{status}", retryable, not retryable)
        assert "secret" not in str(error)
        assert (node.emitted, node.control["failures"]) == ([], 1)


async def test_a_status_of_an_error_may_have_a_port_or_be_an_answer(server: Peer) -> None:
    server.answers |= {"/4": response(b"a", "404 X"), "/5": response(b"b", "500 X")}
    async with run(HttpClient, settings={"url": server.url, "statuses": "ports"}) as node:
        for path in ("/4", "/5", "/2"):
            await node.send("request", {"url": path})
        assert [one.port for one in node.emitted] == ["client_error", "server_error", "response"]
        await node.set(statuses="messages")
        await node.send("request", {"url": "/4"})
        assert (node.emitted[-1].port, node.emitted[-1].value["status"]) == ("response", 404)


async def test_credentials_go_to_the_server_of_the_settings_alone(server: Peer) -> None:
    async with peer() as other:
        headers = {"X-Other-Key": "k2", "Accept": "a/b"}
        settings = {"url": server.url, "authorization": "Bearer t", "apiKey": "k", "headers": headers}
        async with run(HttpClient, settings=settings) as node:
            await node.send("request", {"url": f"{other.url}/"})
            await node.send("request", {"url": f"//127.0.0.1:{other.port}/"})
            await node.send("request", {"url": f"http://127.0.0.1:{server.port}@127.0.0.1:{other.port}/"})
        for asked in other.asked:
            assert asked.headers["accept"] == "a/b"
            assert not {"x-api-key", "x-other-key"} & asked.headers.keys()
            assert "Bearer t" not in asked.headers.values()
        assert len(other.asked) == 3


async def test_what_the_project_may_not_call_is_refused_by_name(server: Peer) -> None:
    nobody = Caller(Guard(Policy()))
    async with run(HttpClient, settings={"url": server.url}, outbound=nobody) as node:
        error = await failure(node)
    assert (error.code, error.permanent) == ("outbound_denied", True)
    assert str(error).startswith(f"127.0.0.1:{server.port} is not allowed")


async def test_without_a_url_nothing_is_sent() -> None:
    async with run(HttpClient) as node:
        assert (await failure(node)).code == "no_url"


async def test_an_operation_has_one_id_however_often_it_comes(server: Peer) -> None:
    async with run(HttpClient, settings={"url": server.url, "method": "POST", "operationId": True}) as node:
        for _ in range(2):
            await node.send("request", {}, operation_id="abc")
    keys = {asked.headers["idempotency-key"] for asked in server.asked}
    assert len(keys) == 1


async def test_no_more_are_under_way_than_allowed_and_the_rest_wait_in_time(server: Peer) -> None:
    server.answers["/never"] = None
    settings = {"url": server.url, "maxInFlight": 2, "timeout": 60_000}
    async with run(HttpClient, settings=settings) as node:
        stuck = [asyncio.create_task(node.send("request", {"url": "/never"})) for _ in range(2)]
        while len(server.asked) < 2:
            await asyncio.sleep(0)
        await node.set(timeout=50)
        error = await failure(node)
        assert (error.code, error.retryable) == ("outbound_busy", True)
        for one in stuck:
            one.cancel()
        await asyncio.gather(*stuck, return_exceptions=True)
        await node.set(timeout=60_000)
        await node.send("request", {})


async def test_a_thousand_at_once_get_their_own_answers(server: Peer) -> None:
    server.answers["/n"] = lambda asked: response(asked.body, content_type="application/json")
    async with run(HttpClient, settings={"url": f"{server.url}/n", "method": "POST"}) as node:
        node.replies["response"] = lambda message: message["body"]
        answers = await asyncio.gather(*(node.send("request", {"body": number}) for number in range(1000)))
    assert answers == list(range(1000))
    assert server.connections <= 100


async def test_ten_megabytes_go_out_and_too_much_does_not_come_in(server: Peer) -> None:
    server.answers["/echo"] = lambda asked: response(asked.body)
    async with run(HttpClient, settings={"url": f"{server.url}/echo", "method": "POST"}) as node:
        error = await failure(node, body="x" * 10_000_000)
        assert error.code == "outbound_too_large"
        await node.set(maxBody=10_000_000)
        await node.send("request", {"body": "x" * 10_000_000})
        assert len(node.emitted[0].value["body"]) == 10_000_000


async def test_an_authority_of_ones_own_is_trusted(tmp_path: object) -> None:
    import ssl
    from pathlib import Path

    authority = Authority(Path(str(tmp_path)))
    options = authority.options("server")
    tls = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    tls.load_cert_chain(options.certificate, options.key)
    async with peer(ssl=tls) as server:
        url = f"https://127.0.0.1:{server.port}"
        async with run(HttpClient, settings={"url": url}) as node:
            assert (await failure(node)).code == "outbound_tls"
            await node.set(authority=(authority.home / "ca.crt").read_text())
            await node.send("request", {})
            problem = await node.set(authority="-----BEGIN CERTIFICATE-----\nnone\n-----END CERTIFICATE-----")
            assert problem is not None
            assert problem.field == "/authority"


async def test_the_node_shows_what_came_last(server: Peer) -> None:
    async with run(HttpClient, settings={"url": server.url}) as node:
        await node.send("request", {})
        assert node.live.startswith("200 · ")
        assert node.control == {"requests": 1, "failures": 0, "inFlight": 0}
