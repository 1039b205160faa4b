"""The process behind HTTPS: its files, its limits, and how it starts and stops."""

from __future__ import annotations

import asyncio
import http.client
import json
import os
import re
import socket
import ssl
import stat
import time
from pathlib import Path

import pytest

from tests.embedded.process import NODES, ClusterProcess, node

pytestmark = pytest.mark.server

MERGE = "application/merge-patch+json"


def exchange(process: ClusterProcess, data: bytes) -> bytes:
    """Send raw bytes and read until the server closes."""
    with (
        socket.create_connection(("127.0.0.1", process.port), timeout=40) as plain,
        process.tls.wrap_socket(plain, server_hostname="127.0.0.1") as secured,
    ):
        secured.sendall(data)
        answer = b""
        while chunk := secured.recv(65_536):
            answer += chunk
        return answer


def raw(process: ClusterProcess, method: str, path: str, *extra: str, body: bytes = b"", host: str = "") -> bytes:
    lines = [
        f"{method} {path} HTTP/1.1",
        f"Host: {host or f'127.0.0.1:{process.port}'}",
        f"Authorization: Bearer {process.token()}",
        *extra,
    ]
    return "\r\n".join(lines).encode() + b"\r\n\r\n" + body


def statuses(answer: bytes) -> list[int]:
    return [int(found) for found in re.findall(rb"HTTP/1\.1 (\d+)", answer)]


def test_its_files_are_private_and_lead_to_it(process: ClusterProcess) -> None:
    private = ["kubeconfig", "kubeconfig.web", "kubeconfig.modules"]
    private += [f"cluster/{name}" for name in ("tokens.json", "secrets.key", "server.key", "cluster.db", "port")]
    for name in private:
        assert stat.S_IMODE((process.home / name).stat().st_mode) == 0o600, name
    config = json.loads(process.kubeconfig("web").read_text())
    assert config["clusters"][0]["cluster"]["server"] == f"https://127.0.0.1:{process.port}"
    assert config["users"][0]["user"]["token"] == process.token("web")
    assert len({process.token(role) for role in ("admin", "web", "modules")}) == 3


def test_health_needs_no_token_and_resources_do(process: ClusterProcess) -> None:
    connection = process.connect()
    for path, expected in (("/readyz", 200), ("/healthz", 200), ("/livez", 200), ("/api", 403), (NODES, 403)):
        connection.request("GET", path)
        response = connection.getresponse()
        response.read()
        assert response.status == expected, path
    connection.close()


@pytest.mark.parametrize("header", ["Bearer wrong", "Bearer ", "bearer é"])
def test_a_wrong_token_is_401(header: str, process: ClusterProcess) -> None:
    connection = process.connect()
    connection.request("GET", NODES, headers={"Authorization": header.encode("latin-1").decode("latin-1")})
    response = connection.getresponse()
    assert response.status == 401
    assert json.loads(response.read())["reason"] == "Unauthorized"
    connection.close()


def test_tokens_give_their_roles(process: ClusterProcess) -> None:
    assert process.call("POST", NODES, node("p.m.a"), "web")[0] == 201
    status, answer = process.call("POST", NODES, node("p.m.b"), "modules")
    assert (status, answer["reason"]) == (403, "Forbidden")


def test_another_host_name_is_refused(process: ClusterProcess) -> None:
    for host, expected in (("evil.example", 421), ("evil.example:443", 421), ("localhost", 200), ("127.0.0.1", 200)):
        answer = exchange(process, raw(process, "GET", "/readyz", "Connection: close", host=host))
        assert statuses(answer) == [expected], host


def test_the_certificate_is_for_loopback_only(process: ClusterProcess) -> None:
    with (
        socket.create_connection(("127.0.0.1", process.port), timeout=40) as plain,
        pytest.raises(ssl.SSLCertVerificationError, match=r"not valid for 'example\.com'"),
    ):
        process.tls.wrap_socket(plain, server_hostname="example.com")


def test_bodies_beyond_the_limit_are_413(process: ClusterProcess) -> None:
    declared = raw(process, "POST", NODES, "Content-Type: application/json", f"Content-Length: {4 * 1024 * 1024}")
    assert statuses(exchange(process, declared)) == [413]
    chunk = b"100000\r\n" + b"x" * 0x100000 + b"\r\n"
    chunked = raw(process, "POST", NODES, "Transfer-Encoding: chunked", body=chunk * 4)
    assert statuses(exchange(process, chunked)) == [413]
    large = node("p.m.large", ports=[{"port": "_settings", "configuration": "x" * 1_600_000}])
    status, answer = process.call("POST", NODES, large)
    assert (status, answer["reason"]) == (413, "RequestEntityTooLarge")


def test_headers_beyond_the_limit_are_431(process: ClusterProcess) -> None:
    assert statuses(exchange(process, raw(process, "GET", "/readyz", "X-Long: " + "x" * 40_000))) == [431]


@pytest.mark.parametrize("data", [b"nonsense\r\n\r\n", b"GET / HTTP/9.9\r\n\r\n", b"\x00\x01\x02\x03\r\n\r\n"])
def test_what_is_not_http_is_400(data: bytes, process: ClusterProcess) -> None:
    assert statuses(exchange(process, data)) == [400]


def test_requests_sent_together_are_answered_in_order(process: ClusterProcess) -> None:
    body = json.dumps(node("p.m.piped")).encode()
    create = raw(process, "POST", NODES, "Content-Type: application/json", f"Content-Length: {len(body)}", body=body)
    read = raw(process, "GET", f"{NODES}/p.m.piped")
    missing = raw(process, "GET", f"{NODES}/p.m.missing", "Connection: close")
    assert statuses(exchange(process, create + read + missing)) == [201, 200, 404]


def test_a_chunked_body_and_a_slow_one_are_read(process: ClusterProcess) -> None:
    body = json.dumps(node("p.m.chunked")).encode()
    chunks = b"".join(b"%x\r\n%b\r\n" % (len(part), part) for part in (body[:10], body[10:])) + b"0\r\n\r\n"
    extra = ("Content-Type: application/json", "Transfer-Encoding: chunked", "Connection: close")
    assert statuses(exchange(process, raw(process, "POST", NODES, *extra, body=chunks))) == [201]


def test_head_has_no_body(process: ClusterProcess) -> None:
    answer = exchange(process, raw(process, "HEAD", "/version", "Connection: close"))
    assert answer.endswith(b"\r\n\r\n")


def watch_lines(
    process: ClusterProcess, query: str = ""
) -> tuple[http.client.HTTPSConnection, http.client.HTTPResponse]:
    connection = process.connect()
    connection.request("GET", f"{NODES}?watch=true{query}", headers=process.headers())
    return connection, connection.getresponse()


def test_a_watch_streams_events_as_they_are_stored(process: ClusterProcess) -> None:
    connection, stream = watch_lines(process)
    process.call("POST", NODES, node("p.m.a"))
    event = json.loads(stream.readline())
    assert (event["type"], event["object"]["metadata"]["name"]) == ("ADDED", "p.m.a")
    connection.close()


def test_a_slow_reader_is_cut_and_never_holds_up_a_writer(process: ClusterProcess) -> None:
    assert process.call("POST", NODES, node("p.m.big"))[0] == 201
    connection, stream = watch_lines(process)
    stream.readline()
    writer = process.connect()
    pad = "x" * 400_000
    slowest = 0.0
    for number in range(60):  # 24 MB of events: more than the queue and all socket buffers take
        patch = {"spec": {"ports": [{"port": "_settings", "configuration": f"{number}{pad}"}]}}
        started = time.monotonic()
        assert process.call("PATCH", f"{NODES}/p.m.big", patch, "admin", MERGE, writer)[0] == 200
        slowest = max(slowest, time.monotonic() - started)
    events = [json.loads(text) for text in stream.read().splitlines()]
    assert (events[-1]["type"], events[-1]["object"]["code"]) == ("ERROR", 410)
    assert 0 < len(events) < 60
    assert slowest < 30
    connection.close()
    writer.close()


def test_sigterm_ends_watches_and_keeps_everything(process: ClusterProcess) -> None:
    connection, stream = watch_lines(process)
    process.call("POST", NODES, node("p.m.kept"))
    process.stop()
    assert b"p.m.kept" in stream.read()
    connection.close()
    process.start()
    assert process.call("GET", f"{NODES}/p.m.kept")[0] == 200


def test_the_port_and_the_tokens_stay_over_a_restart(process: ClusterProcess) -> None:
    before = process.port, process.kubeconfig().read_bytes()
    process.stop()
    process.start()
    assert (process.port, process.kubeconfig().read_bytes()) == before


def test_the_port_of_the_last_start_is_waited_for_where_a_client_has_it(process: ClusterProcess) -> None:
    port = process.port
    process.stop()
    with socket.create_server(("127.0.0.1", port)):
        ready = process.spawn()
        assert process.child
        assert process.child.stderr
        assert f"waiting for port {port}" in next(line for line in process.child.stderr if "waiting" in line)
    assert os.read(ready, 100) == b"ready\n"
    os.close(ready)
    assert process.call("GET", "/readyz")[0] == 200


def test_a_busy_port_is_a_clear_error(tmp_path: Path) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        said = ClusterProcess(tmp_path / "home", port).failure()
    assert f"cannot listen on 127.0.0.1:{port}" in said
    assert "WEIRFLOW_CLUSTER_PORT" in said
    assert "Traceback" not in said


def test_a_second_process_on_the_same_home_is_refused(process: ClusterProcess) -> None:
    said = ClusterProcess(process.home).failure()
    assert "in use by another embedded cluster" in said
    assert process.call("GET", "/readyz")[0] == 200


def test_a_foreign_key_file_is_a_clear_error(process: ClusterProcess) -> None:
    process.stop()
    (process.home / "cluster" / "secrets.key").write_bytes(b"k" * 32)
    said = ClusterProcess(process.home).failure()
    assert "secrets.key does not open the stored Secrets" in said
    assert "Traceback" not in said


async def test_many_clients_at_once(process: ClusterProcess) -> None:
    def write(client: int) -> list[int]:
        connection = process.connect()
        found = [
            process.call("POST", NODES, node(f"p.m.c-{client}-{number}"), "admin", connection=connection)[0]
            for number in range(10)
        ]
        connection.close()
        return found

    results = await asyncio.gather(*(asyncio.to_thread(write, client) for client in range(16)))
    assert {status for found in results for status in found} == {201}
    _, page = process.call("GET", NODES)
    assert len(page["items"]) == 160
    versions = {item["metadata"]["resourceVersion"] for item in page["items"]}
    assert len(versions) == 160
