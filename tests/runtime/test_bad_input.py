"""Requests, mappings and settings that nobody should send: each is an error at its place, and the rest runs on."""

import asyncio
import base64
import json
from collections.abc import AsyncIterator, Callable
from typing import Any

import pytest
import pytest_asyncio

from tests.runtime.careless import ERRORS, ODD
from tests.runtime.live import linked
from tests.runtime.world import PACKAGES, World, world
from tests.waiting import eventually
from weirflow.kube.resources import TINY_NODE, encode_json

pytestmark = [pytest.mark.server, pytest.mark.asyncio(loop_scope="module")]

JSON = "application/json"
MIB = 1 << 20


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def host(tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[World]:
    """One host for all of this file, with a flow ``/beside`` that always has to answer."""
    async with world(tmp_path_factory.mktemp("careless"), host=False) as one:
        await one.start_host(packages=(*PACKAGES, "tests.runtime.careless"))
        await one.counter("/beside")
        server = await one.add("http_server", {"path": "/echo", "method": "POST", "maxBody": 16 * MIB})
        echo = await one.add("echo")
        await one.wire(f"{server}:request", f"{echo}:in", {"body": "{{ $.body }}", "encoding": "{{ $.encoding }}"})
        await one.settled(server, echo)
        yield one


async def _runs_on(host: World) -> None:
    assert host.hosts[0].child is not None
    assert host.hosts[0].child.poll() is None
    assert (await host.visit("/beside"))[0] == 200


def _nested(levels: int) -> bytes:
    return b"[" * levels + b"]" * levels


REQUESTS: dict[str, tuple[str, Callable[[], bytes], int, str]] = {
    "json that is no utf-8": (JSON, lambda: b'{"a": "\xff\xfe"}', 400, "invalid_json"),
    "text that is no utf-8": ("text/plain", lambda: b"\xff\xfe", 200, "base64"),
    "text in another charset": ("text/plain; charset=utf-16", lambda: "grüß".encode("utf-16"), 200, "text"),
    "text that is none in its charset": ("text/plain; charset=ascii", lambda: "grüß".encode(), 200, "base64"),
    "json in utf-16": (JSON, lambda: '{"a": 1}'.encode("utf-16"), 400, "invalid_json"),
    "10,000 levels": (JSON, lambda: _nested(10_000), 400, "invalid_json"),
    "a million levels": (JSON, lambda: _nested(1_000_000), 400, "invalid_json"),
    "150 levels": (JSON, lambda: _nested(150), 200, "json"),
    "NaN": (JSON, lambda: b'{"a": NaN}', 400, "invalid_json"),
    "infinity": (JSON, lambda: b"[-Infinity]", 400, "invalid_json"),
    "a number past all floats": (JSON, lambda: b"[1e999]", 400, "invalid_json"),
    "an integer of 400 digits": (JSON, lambda: b"9" * 400, 200, "json"),
    "an integer of 100,000 digits": (JSON, lambda: b"9" * 100_000, 400, "invalid_json"),
    "a key twice": (JSON, lambda: b'{"a": 1, "a": 2}', 200, '"a":2'),
    "half a character": (JSON, lambda: b'{"a": "\\ud800"}', 400, "invalid_json"),
    "a NUL": (JSON, lambda: b'{"a": "\\u0000"}', 200, "json"),
    "a control character": (JSON, lambda: b'{"a": "\x01"}', 400, "invalid_json"),
    "a byte order mark": (JSON, lambda: b"\xef\xbb\xbf{}", 400, "invalid_json"),
    "no json": (JSON, lambda: b"<a/>", 400, "invalid_json"),
    "json cut short": (JSON, lambda: b'{"a": ', 400, "invalid_json"),
    "json under another name": ("text/xml", lambda: b'{"a": 1}', 200, "text"),
    "a type that is none": ("\x80/;;;==", lambda: b"{}", 200, "text"),
    "nothing": (JSON, lambda: b"", 200, "none"),
    "a million items": (JSON, lambda: b"[" + b"1," * 1_000_000 + b"1]", 200, "json"),
    "more than the limit": ("text/plain", lambda: b"x" * (16 * MIB + 1), 413, "16777216"),
    "100 MB": ("text/plain", lambda: b"x" * 100_000_000, 413, "16777216"),
}


@pytest.mark.parametrize("name", REQUESTS)
async def test_a_request_is_a_message_or_the_clients_error(host: World, name: str) -> None:
    kind, body, status, said = REQUESTS[name]
    headers = {"content-type": kind}
    async with host.http.post("/echo", data=body(), headers=headers) as response:
        text = (await response.read()).decode()
        assert (response.status, said in text) == (status, True), text[:300]
    await _runs_on(host)


async def test_a_body_of_unknown_length_is_refused_at_the_limit(host: World) -> None:
    async def endless() -> AsyncIterator[bytes]:
        for _ in range(100):
            yield b"x" * 1_000_000

    async with host.http.post("/echo", data=endless()) as response:
        assert response.status == 413
    await _runs_on(host)


async def _mapped(host: World, target: str, port: str, mapping: Any) -> tuple[str, str, str]:
    """A path whose requests reach ``target`` through ``mapping`` (a document, or the text that stands for it), the
    name of its server, and the id of the wire."""
    path = f"/{target.rsplit('-', 1)[1]}"
    server = await host.add("http_server", {"path": path, "method": "POST", "maxBody": 16 * MIB})
    text = mapping if isinstance(mapping, str) else encode_json(mapping)
    entry = {"from": f"{server}:request", "port": port, "configuration": text}
    await host.cluster.patch(TINY_NODE, target, {"spec": {"ports": [entry]}})
    edge = await host.wire_only(f"{server}:request", f"{target}:{port}")
    await host.settled(server, target)
    return path, server, edge


def _base64(raw: bytes) -> str:
    return base64.b64encode(raw).decode()


B = "{{ $.body }}"
MAPPINGS: dict[str, tuple[Any, Any, str, str]] = {
    # What is wrong with the mapping itself is known before any message.
    "not base64": ("%%%", 1, "mapping_invalid", "base64"),
    "no json": (_base64(b"<a/>"), 1, "mapping_invalid", "JSON"),
    "not utf-8": (_base64(b'{"a": "\xff"}'), 1, "mapping_invalid", "JSON"),
    "NaN": (_base64(b'{"a": NaN}'), 1, "mapping_invalid", "JSON"),
    "half a character": (_base64(b'{"a": "\\ud800"}'), 1, "mapping_invalid", "JSON"),
    "a list": ([1], 1, "mapping_invalid", "object"),
    "a text": ("text", 1, "mapping_invalid", "base64"),
    "10,000 levels": (_base64(_nested(10_000)), 1, "mapping_invalid", ""),
    "500 levels": (_base64(b'{"a":' + _nested(500) + b"}"), 1, "mapping_invalid", "nested"),
    "an expression that does not end": ({"number": "{{ ($.body }}"}, 1, "mapping_invalid", "number"),
    "an unknown function": ({"number": "{{ explode($.body) }}"}, 1, "mapping_invalid", "explode"),
    "an expression of 10,000 levels": (
        {"number": "{{" + "(" * 10_000 + "1" + ")" * 10_000 + "}}"},
        1,
        "mapping_invalid",
        "",
    ),
    # What is wrong with what it makes of a message is known with the message.
    "a division by zero": ({"number": "{{ 1 / $.body }}"}, 0, "expression_failed", "zero"),
    "an operand of another type": ({"number": "{{ $.body * 2 }}"}, "many", "expression_failed", "number"),
    "100 MB": ({"number": "{{ replace($.body, 'x', $.body) }}"}, "x" * 10_000, "expression_failed", "steps"),
    "a number past all floats": ({"number": "{{ $.body ** 999 }}"}, 999, "expression_failed", "large"),
    "a search within a search": (
        {"number": "{{ $..[?($..[?($..n)])] }}"},
        [{"n": 1}] * 500,
        "expression_failed",
        "steps",
    ),
    "a required field of another type": ({"number": B}, "many", "message_rejected", "/number"),
    "a required field left out": ({}, 1, "message_rejected", "/number"),
    "a required field that finds nothing": ({"number": "{{ $.nothing }}"}, 1, "message_rejected", "/number"),
    "a field too many": ({"number": 1, "other": 2}, 1, "message_rejected", "/other"),
    "a number that is none": ({"number": B}, 1.5, "message_rejected", "/number"),
}


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def wires(host: World) -> dict[str, tuple[str, str, str]]:
    """For each mapping a flow with it."""

    async def made(mapping: Any) -> tuple[str, str, str]:
        return await _mapped(host, await host.add("strict"), "in", mapping)

    return dict(zip(MAPPINGS, await asyncio.gather(*(made(row[0]) for row in MAPPINGS.values())), strict=True))


@pytest.mark.parametrize("name", MAPPINGS)
async def test_a_mapping_that_cannot_be_used_is_an_error_on_its_wire(
    host: World, wires: dict[str, tuple[str, str, str]], name: str
) -> None:
    _, body, code, said = MAPPINGS[name]
    path, server, edge = wires[name]
    async with linked(host, server) as live:
        status, _ = await host.visit(path, method="POST", json=body)
        assert status == 500
        problem = await eventually(lambda: live.edges.get(edge, {}).get("error"))
    assert problem["code"] == code
    assert said in f"{problem.get('field')} {problem['message']}", problem
    await _runs_on(host)


SETTINGS: dict[str, tuple[str, str]] = {
    "not base64": ("%%%", "base64"),
    "no json": (_base64(b"<a/>"), "JSON"),
    "not utf-8": (_base64(b'{"limit": "\xff"}'), "JSON"),
    "NaN": (_base64(b'{"limit": NaN}'), "JSON"),
    "half a character": (_base64(b'{"limit": "\\ud800"}'), "JSON"),
    "a list": (encode_json([1]), "object"),
    "an empty list": (encode_json([]), "object"),
    "a number": (encode_json(0), "object"),
    "10,000 levels": (_base64(_nested(10_000)), "JSON"),
    "of another type": (encode_json({"limit": {"a": 1}}), "/limit"),
    "past 64 bits": (_base64(b'{"limit": 99999999999999999999}'), "/limit"),
    "400 digits": (_base64(b'{"limit": ' + b"9" * 400 + b"}"), "JSON"),
    "past its limit": (encode_json({"limit": 11}), "/limit"),
    "800 KiB": (encode_json({"limit": "9" * 800_000}), "/limit"),
}


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def spoiled(host: World) -> dict[str, tuple[str, str]]:
    """For each bad settings a node that had good ones before, and a path to it."""

    async def made(text: str) -> tuple[str, str]:
        strict = await host.add("strict", {"limit": 7})
        path, *_ = await _mapped(host, strict, "in", {"number": B})
        ports = (await host.get(strict))["spec"]["ports"]
        changed = [*ports, {"port": "_settings", "configuration": encode_json({"limit": 7})}]
        await host.cluster.patch(TINY_NODE, strict, {"spec": {"ports": changed}})
        await host.settled(strict)
        changed[-1] = {"port": "_settings", "configuration": text}
        await host.cluster.patch(TINY_NODE, strict, {"spec": {"ports": changed}})
        return strict, path

    return dict(zip(SETTINGS, await asyncio.gather(*(made(row[0]) for row in SETTINGS.values())), strict=True))


@pytest.mark.parametrize("name", SETTINGS)
async def test_settings_that_cannot_be_used_are_an_error_on_the_node_and_those_before_stay(
    host: World, spoiled: dict[str, tuple[str, str]], name: str
) -> None:
    node, path = spoiled[name]
    problem = await host.problem(node, "settings_rejected")
    assert SETTINGS[name][1] in f"{problem.get('field')} {problem['message']}"
    assert len(json.dumps(problem)) < 3_000
    assert await host.visit(path, method="POST", json=1) == (200, {"number": 1, "limit": 7})
    await _runs_on(host)


async def _behind(host: World, component: str) -> tuple[str, str]:
    """A node of the careless module, and a path whose requests reach it."""
    node = await host.add(component, module="careless-v1")
    path, *_ = await _mapped(host, node, "in", {"what": B})
    return node, path


async def test_whatever_a_component_raises_ends_no_host(host: World) -> None:
    node, path = await _behind(host, "raises")
    for name in ERRORS:
        status, body = await host.visit(path, method="POST", json=name)
        assert (status, body["error"]["code"]) == (500, "internal"), name
    problem = await host.problem(node, "component_error")
    assert len(problem["message"]) <= 2_000
    await _runs_on(host)


async def test_an_error_of_any_text_is_shown(host: World) -> None:
    node, path = await _behind(host, "raises")
    await host.visit(path, method="POST", json="long")
    assert (await host.problem(node, "component_error"))["message"].endswith("…")
    node, path = await _behind(host, "raises")
    await host.visit(path, method="POST", json="surrogate")
    assert (await host.problem(node, "?"))["message"] == "? is what it says"


async def test_what_nobody_can_show_keeps_no_status_from_being_written(host: World) -> None:
    node, path = await _behind(host, "shows")
    async with linked(host, node) as live:
        for name in ODD:
            assert (await host.visit(path, method="POST", json=name))[0] == 200, name
            seen = live.frames
            await host.visit(path, method="POST", json="date")
            await eventually(lambda seen=seen: live.frames > seen)
        await host.visit(path, method="POST", json="object")

        async def shown() -> bool:
            return bool((await host.status(node))["error"])

        await eventually(shown)
    await _runs_on(host)


async def test_a_node_that_sends_without_waiting_takes_no_place_of_others_and_is_told(host: World) -> None:
    node, path = await _behind(host, "leaks")
    slow = await host.add("slow", {"seconds": 3.0})
    await host.wire(f"{node}:out", f"{slow}:in", {})
    await host.settled(node, slow)
    assert await host.visit(path, method="POST", json=12_000) == (200, {"sent": 12_000})
    await _runs_on(host)
    problem = await host.problem(node, "overloaded")
    assert "1,000" in problem["message"]
