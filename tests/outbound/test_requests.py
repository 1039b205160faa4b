"""Requests over kept connections, against servers that are good, slow, dead and hostile."""

import asyncio
import gzip
import socket
import ssl
from collections.abc import AsyncIterator
from ipaddress import ip_address
from pathlib import Path

import pytest

from tests.outbound.peers import Asked, Peer, peer, response
from tests.transport.certificates import Authority
from weirflow import Fail
from weirflow.outbound.caller import Caller
from weirflow.outbound.guard import Guard
from weirflow.outbound.lookup import Names, numeric
from weirflow.outbound.policy import Policy


@pytest.fixture
async def server() -> AsyncIterator[Peer]:
    async with peer() as one:
        yield one


@pytest.fixture
async def caller() -> AsyncIterator[Caller]:
    one = Caller(Guard(Policy.of(["127.0.0.0/8", "localhost"])))
    yield one
    one.close()


async def failure(work: object) -> Fail:
    with pytest.raises(Fail) as caught:
        await work  # type: ignore[misc]
    return caught.value


async def test_method_headers_and_body_arrive_and_the_answer_comes_back(server: Peer, caller: Caller) -> None:
    server.answers["/echo"] = lambda asked: response(asked.body, "201 Created", x_seen=asked.headers["x-one"])
    answer = await caller.request("put", f"{server.url}/echo?a=1", headers={"X-One": "1"}, body=b"hello")
    assert (answer.status, answer.headers["x-seen"], answer.body) == (201, "1", b"hello")
    assert answer.url == f"{server.url}/echo?a=1"
    asked = server.asked[0]
    assert asked.line == "PUT /echo?a=1 HTTP/1.1"
    assert asked.headers["host"] == f"127.0.0.1:{server.port}"


async def test_a_connection_is_used_again_and_a_closed_one_is_not(server: Peer, caller: Caller) -> None:
    server.answers["/bye"] = response(b"x", connection="close")
    for _ in range(3):
        await caller.request("GET", server.url)
    assert server.connections == 1
    await caller.request("GET", f"{server.url}/bye")
    await caller.request("GET", server.url)
    assert server.connections == 2


async def test_a_kept_connection_that_ended_is_replaced_where_nothing_can_happen_twice(caller: Caller) -> None:
    count = 0

    async def once(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        nonlocal count
        await reader.readuntil(b"\r\n\r\n")
        writer.write(response(b"first"))
        with_second = await reader.read(1)
        count += bool(with_second)
        writer.close()  # in place of a second answer

    server = await asyncio.start_server(once, "127.0.0.1", 0)
    url = f"http://127.0.0.1:{server.sockets[0].getsockname()[1]}"
    await caller.request("GET", url)
    assert (await caller.request("GET", url)).body == b"first"
    assert (await failure(caller.request("POST", url, body=b"x"))).code == "outbound_broken"
    server.close()


async def test_header_fields_that_come_twice_are_joined(server: Peer, caller: Caller) -> None:
    server.answers["/"] = (
        b"HTTP/1.1 204 No Content\r\nvary: a\r\nSet-Cookie: a=1, x\r\nVary: b\r\nset-cookie: b=2\r\n\r\n"
    )
    answer = await caller.request("GET", server.url)
    assert answer.headers == {"vary": "a, b", "set-cookie": "a=1, x\nb=2"}


async def test_bodies_in_chunks_to_the_end_of_the_connection_and_behind_a_101st_word(
    server: Peer, caller: Caller
) -> None:
    server.answers |= {
        "/chunks": b"HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\n3\r\nabc\r\n2\r\nde\r\n0\r\n\r\n",
        "/end": b"HTTP/1.1 200 OK\r\nconnection: close\r\n\r\nto the end",
        "/early": b"HTTP/1.1 103 Early Hints\r\nlink: x\r\n\r\n" + response(b"real"),
    }
    for path, body in (("chunks", b"abcde"), ("end", b"to the end"), ("early", b"real")):
        assert (await caller.request("GET", f"{server.url}/{path}")).body == body
    assert (await caller.request("HEAD", f"{server.url}/early")).body == b""


async def test_ten_megabytes_go_there_and_back(server: Peer, caller: Caller) -> None:
    body = bytes(range(256)) * 40_960
    server.answers["/echo"] = lambda asked: response(asked.body)
    answer = await caller.request("POST", f"{server.url}/echo", body=body)
    assert answer.body == body


async def test_compressed_bodies_are_opened_and_no_further_than_allowed(server: Peer, caller: Caller) -> None:
    server.answers |= {
        "/two": response(gzip.compress(b"one ") + gzip.compress(b"two"), content_encoding="gzip"),
        "/bomb": response(gzip.compress(bytes(50_000_000)), content_encoding="gzip"),
        "/half": response(gzip.compress(b"hello" * 1000)[:-20], content_encoding="gzip"),
        "/none": response(b"no gzip at all", content_encoding="gzip"),
    }
    answer = await caller.request("GET", f"{server.url}/two")
    assert (answer.body, "content-encoding" in answer.headers) == (b"one two", False)
    assert (await failure(caller.request("GET", f"{server.url}/bomb", max_body=1 << 20))).code == "outbound_too_large"
    for path in ("half", "none"):
        assert (await failure(caller.request("GET", f"{server.url}/{path}"))).code == "outbound_broken"


@pytest.mark.parametrize(
    "answer",
    [
        response(b"x" * 2000),
        b"HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\n7d0\r\n" + b"x" * 2000 + b"\r\n0\r\n\r\n",
        b"HTTP/1.1 200 OK\r\nconnection: close\r\n\r\n" + b"x" * 2000,
    ],
)
async def test_an_answer_that_is_too_large_is_not_read_to_its_end(server: Peer, caller: Caller, answer: bytes) -> None:
    server.answers["/"] = answer
    error = await failure(caller.request("GET", server.url, max_body=1999))
    assert error.code == "outbound_too_large"
    assert len((await caller.request("GET", server.url, max_body=2000)).body) == 2000


@pytest.mark.parametrize(
    "answer",
    [
        b"hello, this is no HTTP\r\n\r\n",
        b"HTTP/1.1 200 OK\r\ncontent-length: 10\r\nconnection: close\r\n\r\nhalf",
        b"",
        b"HTTP/1.1 200 OK\r\n" + b"x-long: " + b"y" * 300_000 + b"\r\n\r\n",
        b"HTTP/1.1 200 OK\r\ncontent-length: 5\r\ntransfer-encoding: chunked\r\n\r\n0\r\n\r\n",
        b"HTTP/1.1 101 Switching Protocols\r\nupgrade: x\r\nconnection: upgrade\r\n\r\n",
    ],
)
async def test_what_is_no_whole_answer_fails_and_may_be_tried_again(
    server: Peer, caller: Caller, answer: bytes
) -> None:
    server.answers["/"] = answer
    error = await failure(caller.request("GET", server.url, timeout=5))
    assert (error.code, error.retryable) == ("outbound_broken", True)


async def test_a_second_answer_that_nobody_asked_for_is_no_answer_to_the_next_request(
    server: Peer, caller: Caller
) -> None:
    server.answers["/"] = response(b"mine") + response(b"smuggled")
    server.answers["/next"] = response(b"next")
    assert (await caller.request("GET", server.url)).body == b"mine"
    assert (await caller.request("GET", f"{server.url}/next")).body == b"next"


async def test_a_slow_peer_is_left_when_the_time_is_up_and_its_connection_with_it(server: Peer, caller: Caller) -> None:
    server.answers["/never"] = None
    error = await failure(caller.request("GET", f"{server.url}/never", timeout=0.1))
    assert (error.code, error.retryable) == ("outbound_timeout", True)
    await caller.request("GET", server.url)
    assert server.connections == 2


async def test_a_peer_that_takes_no_connection_is_left_too(caller: Caller) -> None:
    with socket.socket() as full:
        full.bind(("127.0.0.1", 0))
        full.listen(0)
        port = full.getsockname()[1]
        fillers = [socket.socket() for _ in range(3)]
        try:
            for one in fillers:
                one.setblocking(False)
                one.connect_ex(("127.0.0.1", port))
            error = await failure(caller.request("GET", f"http://127.0.0.1:{port}", connect_timeout=0.2))
            assert (error.code, error.retryable) == ("outbound_timeout", True)
        finally:
            for one in fillers:
                one.close()
        error = await failure(caller.request("GET", "http://127.0.0.1:1/"))
        assert (error.code, error.retryable) == ("outbound_unreachable", True)


async def test_who_is_cancelled_leaves_no_connection_behind(server: Peer, caller: Caller) -> None:
    server.answers["/never"] = None
    task = asyncio.create_task(caller.request("GET", f"{server.url}/never"))
    while not server.asked:
        await asyncio.sleep(0)
    task.cancel()
    with pytest.raises(asyncio.CancelledError):
        await task
    await caller.request("GET", server.url)
    assert server.connections == 2


async def test_a_thousand_requests_at_once_get_their_own_answers_over_a_hundred_connections(
    server: Peer, caller: Caller
) -> None:
    server.answers["/n"] = lambda asked: response(asked.line.split("?")[1].split()[0].encode())
    answers = await asyncio.gather(*(caller.request("GET", f"{server.url}/n?{number}") for number in range(1000)))
    assert [int(answer.body) for answer in answers] == list(range(1000))
    assert server.connections <= 100


async def test_more_than_can_wait_are_refused_at_once(server: Peer, caller: Caller) -> None:
    server.answers["/never"] = None
    waiting = [asyncio.create_task(caller.request("GET", f"{server.url}/never")) for _ in range(2000)]
    await asyncio.sleep(0)
    error = await failure(caller.request("GET", server.url))
    assert (error.code, error.retryable) == ("outbound_busy", True)
    for task in waiting:
        task.cancel()
    await asyncio.gather(*waiting, return_exceptions=True)
    await caller.request("GET", server.url)


async def test_tls_is_verified_by_name_and_authority(caller: Caller, tmp_path: Path) -> None:
    authority = Authority(tmp_path)
    options = authority.options("server")
    tls = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    tls.load_cert_chain(options.certificate, options.key)
    trusted = ssl.create_default_context(cafile=str(authority.home / "ca.crt"))
    async with peer(ssl=tls) as server:
        url = f"https://localhost:{server.port}/"
        error = await failure(caller.request("GET", url))
        assert (error.code, error.permanent) == ("outbound_tls", True)
        assert (await caller.request("GET", url, verify=trusted)).status == 200
        assert (await caller.request("GET", url, verify=False)).status == 200
        other = f"https://127.0.0.1.example:{server.port}/"
        named = Caller(
            Guard(Policy.of(["127.0.0.1"]), lookup=Names(lambda _: numeric(ip_address("127.0.0.1"))).look_up)
        )
        assert (await failure(named.request("GET", other, verify=trusted))).code == "outbound_tls"
        named.close()
        # A connection that nobody verified does not serve those who ask for it.
        assert (await failure(caller.request("GET", url))).code == "outbound_tls"


async def test_a_redirect_that_gives_up_encryption_is_not_followed(caller: Caller, tmp_path: Path) -> None:
    options = Authority(tmp_path).options("server")
    tls = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    tls.load_cert_chain(options.certificate, options.key)
    async with peer(ssl=tls) as server, peer() as plain:
        server.answers["/"] = response(status="307 Temporary Redirect", location=f"{plain.url}/?secret=1")
        url = f"https://localhost:{server.port}/"
        error = await failure(caller.request("POST", url, verify=False, body=b"mine"))
        assert (error.code, error.permanent) == ("outbound_redirects", True)
        assert f"http://127.0.0.1:{plain.port}," in str(error)
        assert "secret" not in str(error)
        assert not plain.asked
        assert (await caller.request("POST", url, verify=False, redirects=0)).status == 307


async def test_plain_http_where_tls_is_meant_ends_with_words(caller: Caller) -> None:
    async def plain(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        writer.write(response(status="400 Bad Request"))
        await reader.read(1)
        writer.close()

    async with await asyncio.start_server(plain, "127.0.0.1", 0) as server:
        port = server.sockets[0].getsockname()[1]
        error = await failure(caller.request("GET", f"https://127.0.0.1:{port}/"))
    assert error.code == "outbound_tls"
    assert "is it https?" in str(error)


@pytest.mark.parametrize(
    ("method", "url", "headers"),
    [
        ("GET", "ftp://example.com/", {}),
        ("GET", "example.com", {}),
        ("GET", "http://", {}),
        ("GET", "http://exa mple.com/", {}),
        ("GET", "http://example.com:99999/", {}),
        ("GET", "http://127.0.0.1/" + "x" * 20_000, {}),
        ("GE T", "http://127.0.0.1/", {}),
        ("CONNECT", "http://127.0.0.1/", {}),
        ("GET", "http://127.0.0.1/", {"a b": "1"}),
        ("GET", "http://127.0.0.1/", {"x": "1\r\nhost: evil"}),
        ("GET", "http://127.0.0.1/", {"Host": "evil"}),
        ("GET", "http://127.0.0.1/", {"Transfer-Encoding": "chunked"}),
        ("GET", "http://127.0.0.1/", {"x": "kanji 漢"}),
    ],
)
async def test_what_cannot_be_sent_is_refused_for_good(
    caller: Caller, method: str, url: str, headers: dict[str, str]
) -> None:
    error = await failure(caller.request(method, url, headers=headers))
    assert (error.code, error.permanent) == ("outbound_invalid", True)


async def test_no_line_can_be_broken_by_a_url(server: Peer, caller: Caller) -> None:
    await caller.request("GET", f"{server.url}/a b?q=ü\r\nx-evil:1#fragment")
    assert server.asked[0].line == "GET /a%20b?q=%C3%BCx-evil:1 HTTP/1.1"
    assert "x-evil" not in server.asked[0].headers


async def test_errors_repeat_neither_query_nor_credentials(caller: Caller) -> None:
    error = await failure(caller.request("GET", "http://bob:hunter2@127.0.0.1:1/secret?token=t0psecret"))
    for secret in ("hunter2", "t0psecret", "bob"):
        assert secret not in str(error)


async def test_credentials_of_the_url_are_sent_as_a_header(server: Peer, caller: Caller) -> None:
    answer = await caller.request("GET", f"http://bob:hunter%402@127.0.0.1:{server.port}/")
    assert server.asked[0].headers["authorization"] == "Basic Ym9iOmh1bnRlckAy"
    assert "hunter" not in answer.url


async def test_a_socket_for_others_is_connected_and_judged(server: Peer, caller: Caller) -> None:
    sock = await caller.connect("localhost", server.port)
    assert sock.getpeername() == ("127.0.0.1", server.port)
    sock.close()
    assert (await failure(Caller(Guard(Policy())).connect("localhost", server.port))).code == "outbound_denied"


def seen(asked: Asked) -> dict[str, str]:
    return {name: value for name, value in asked.headers.items() if name not in ("host", "accept-encoding")}


SENT = {"Authorization": "Bearer t", "Cookie": "a=1", "X-Api-Key": "k", "Accept": "text/plain"}


async def test_redirects_are_followed_with_all_headers_at_the_same_origin(server: Peer, caller: Caller) -> None:
    server.answers["/old"] = response(status="302 Found", location="new?x=1")
    server.answers["/new"] = response(b"here")
    answer = await caller.request("GET", f"{server.url}/old", headers=SENT)
    assert (answer.body, answer.url) == (b"here", f"{server.url}/new?x=1")
    assert seen(server.asked[1]) == {name.lower(): value for name, value in SENT.items()}


async def test_credentials_of_whatever_name_stay_at_the_first_origin(server: Peer, caller: Caller) -> None:
    async with peer() as other:
        server.answers["/old"] = response(status="307 Temporary Redirect", location=f"{other.url}/new")
        other.answers["/new"] = response(status="307 Temporary Redirect", location=f"{server.url}/back")
        url = f"http://bob:pw@127.0.0.1:{server.port}/old"
        await caller.request("POST", url, headers=SENT, body=b"body")
        assert seen(other.asked[0]) == {"accept": "text/plain", "content-length": "4"}
        assert other.asked[0].body == b"body"
        assert seen(server.asked[1]) == {"accept": "text/plain", "content-length": "4"}


@pytest.mark.parametrize(("status", "method"), [("301", "GET"), ("302", "GET"), ("303", "GET"), ("308", "POST")])
async def test_a_post_goes_on_as_browsers_do(server: Peer, caller: Caller, status: str, method: str) -> None:
    server.answers["/old"] = response(status=f"{status} X", location="/new")
    await caller.request("POST", f"{server.url}/old", headers={"content-type": "text/plain"}, body=b"x")
    assert server.asked[1].line.startswith(f"{method} /new")
    assert ("content-type" in server.asked[1].headers) is (method == "POST")


async def test_each_hop_is_judged(server: Peer) -> None:
    caller = Caller(Guard(Policy.of([f"127.0.0.1:{server.port}"])))
    for target in ("http://169.254.169.254/latest", "http://localhost:9/", "http://[::1]/", "http://2130706433:1/"):
        server.answers["/"] = response(status="302 Found", location=target)
        assert (await failure(caller.request("GET", server.url))).code == "outbound_denied", target
    for target in ("file:///etc/passwd", "gopher://x/", "javascript:1"):
        server.answers["/"] = response(status="302 Found", location=target)
        assert (await failure(caller.request("GET", server.url))).code == "outbound_redirects", target
    caller.close()


async def test_redirects_have_an_end_and_can_be_left_alone(server: Peer, caller: Caller) -> None:
    server.answers["/"] = response(b"moved", status="302 Found", location="/")
    error = await failure(caller.request("GET", server.url, redirects=3))
    assert (error.code, len(server.asked)) == ("outbound_redirects", 4)
    answer = await caller.request("GET", server.url, redirects=0)
    assert (answer.status, answer.body) == (302, b"moved")
