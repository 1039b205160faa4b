"""What every component that ships has, and what it withstands. New ones are found by themselves (`shipped.py`)."""

from __future__ import annotations

import asyncio
import re
import socket
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import yaml

from tests.modules.hold import Outcome, deliver, finished, remove
from tests.modules.shipped import Shipped, modules_of, shipped, unregistered
from tests.modules.wrong import wrong_messages, wrong_settings
from weirflow import JSON, Fail, MessageRejected
from weirflow.expressions import compile_mapping
from weirflow.flowfile import OfferedComponents, read_flow_file
from weirflow.schema.walk import resolved
from weirflow.services import PortSpec
from weirflow.testing import Node, run

ALL = shipped()
OFFERED = OfferedComponents(modules_of(ALL))
ICONS = Path("frontend/src/ui/icons.ts")
TEN_MEGABYTES = "x" * 10_000_000
#: Failures that mean a fault in the component, not a message it says no to.
FAULTS = ("component_error", "task_failed", "not_json", "message_rejected", "wrong_model")

NOBODY = 9
#: Those that call a server, whose sample has them call the port of nobody.
CALLERS = [one for one in ALL if f":{NOBODY}" in str(one.sample.settings) or f": {NOBODY}," in str(one.sample.settings)]

each = pytest.mark.parametrize("one", ALL, ids=[one.name for one in ALL])


def test_every_component_is_served() -> None:
    assert not unregistered(), "add them to the `module` of their folder's __init__.py, or delete them"


@each
def test_it_is_documented(one: Shipped) -> None:
    spec = one.spec
    assert spec.title, "it has no title"
    assert 10 <= len(spec.description) <= 120, f"the docstring's first line is its description: {spec.description!r}"
    assert len(spec.info) > len(spec.description) + 40, "the docstring has nothing below its first line"
    assert spec.category in ("Sources", "Flow", "State", "Data", "HTTP", "Tools", "Notify"), spec.category
    assert spec.tags, "it has no tags, by which people find it"
    assert re.search(rf'\b{spec.icon}\b"?:\s', ICONS.read_text()), f"{ICONS} knows no icon {spec.icon!r}"


@each
def test_every_field_says_what_it_is(one: Shipped) -> None:
    bare = [f"{port.name}{field}" for port in one.spec.ports for field in _bare(port.schema)]
    assert not bare, "fields without a title and a description"


@each
def test_its_waits_are_all_in_one_unit(one: Shipped) -> None:
    settings = one.spec.port("_settings")
    assert settings is not None
    said = {
        name: field["description"]
        for name, field in settings.schema.get("properties", {}).items()
        if re.search(r"(timeout|wait|delay|interval|deadline)$", name, re.IGNORECASE)
    }
    others = {name: text for name, text in said.items() if "illisecond" not in text}
    assert not others, "times that a message waits are in milliseconds; say so"


@each
def test_the_codes_of_its_errors_are_documented(one: Shipped) -> None:
    codes = set(re.findall(r'code="(\w+)"', one.source)) - {"timeout", "deadline", "stopped"}
    missing = sorted(code for code in codes if f"`{code}`" not in one.spec.info)
    assert not missing, "its docstring says nothing of them"


@each
async def test_its_example_is_a_flow_that_works(one: Shipped) -> None:
    assert one.example.exists(), f"write {one.example.relative_to(Path.cwd())}"
    faults = OFFERED.faults(read_flow_file(one.example.read_bytes()))
    assert not faults, "; ".join(f"{'.'.join(map(str, fault.path))}: {fault.message}" for fault in faults)
    flow = yaml.safe_load(one.example.read_text())
    assert len(flow["description"]) > 20, "it does not say what it shows"
    assert one.name in [node["component"] for node in flow["nodes"].values()], "it does not use the component"
    ports: dict[str, tuple[PortSpec, ...]] = {}
    for name, node in flow["nodes"].items():
        other = next(other for other in ALL if other.name == node["component"])
        async with run(other.spec.component, settings=node.get("settings", {}), leader=False) as trial:
            ports[name] = trial.instance.ports()
    for wire in flow.get("wires", []):
        node_name, _, port_name = wire["to"].partition(".")
        compile_mapping(wire["mapping"])
        target = next(port for port in ports[node_name] if port.name == port_name)
        unknown = wire["mapping"].keys() - target.schema.get("properties", wire["mapping"]).keys()
        assert not unknown, f"the mapping of {wire['to']} fills fields that are not there"


@each
async def test_wrong_settings_are_refused_by_field(one: Shipped) -> None:
    async with run(one.spec.component, settings=one.settings) as node:
        for field, value in wrong_settings(one.spec.ports):
            problem = await node.instance.apply_settings({**one.settings, field: value})
            assert problem is not None, f"{field} = {value!r} was taken"
            assert (problem.field or "").startswith(f"/{field}"), f"{field} = {value!r}: {problem}"


@each
async def test_wrong_messages_are_refused_by_field(one: Shipped) -> None:
    async with run(one.spec.component, settings=one.settings) as node:
        for port, good in _inputs(one, node):
            for field, message in wrong_messages(port.schema, good):
                with pytest.raises(MessageRejected) as refused:
                    await node.send(port.name, message)
                assert (refused.value.problem.field or "").startswith(field), f"{port.name} {field}: {refused.value}"


@each
async def test_a_message_that_fits_is_handled(one: Shipped) -> None:
    async with run(one.spec.component, settings=one.settings) as node:
        for port, good in _inputs(one, node):
            [result] = await finished(node, deliver(node, [(port.name, good)]))
            _check(port.name, result)


@each
async def test_ten_megabytes_are_carried_or_refused(one: Shipped) -> None:
    async with run(one.spec.component, settings=one.settings) as node:
        for port, good in _inputs(one, node):
            for name in good if isinstance(good, dict) else ():
                if not isinstance(good[name], int | float):
                    within = good[name]
                    inner = [dict.fromkeys(within, TEN_MEGABYTES)] if isinstance(within, dict) and within else []
                    for filling in (TEN_MEGABYTES, [TEN_MEGABYTES], *inner):
                        [result] = await finished(node, deliver(node, [(port.name, {**good, name: filling})]))
                        if not isinstance(result, MessageRejected):
                            _check(f"{port.name}/{name}", result)


@each
async def test_a_thousand_messages_at_once_all_end(one: Shipped) -> None:
    async with run(one.spec.component, settings=one.settings) as node:
        for port in node.instance.ports():
            node.replies[port.name] = _marks_of
        for port, good in _inputs(one, node):
            results = await finished(node, deliver(node, [(port.name, _marked(port, good, n)) for n in range(1000)]))
            for n, result in enumerate(results):
                _check(port.name, result)
                marks = _marks_of(result)
                assert not marks or f"<{n}>" in marks, f"{port.name}: the answer to message {n} is that to {marks}"


@each
async def test_it_goes_while_it_is_busy(one: Shipped, monkeypatch: pytest.MonkeyPatch) -> None:
    for base in one.spec.component.__mro__:
        monkeypatch.setattr(f"{base.__module__}.STOP_SECONDS", 0.05, raising=False)
    before = asyncio.all_tasks()
    async with run(one.spec.component, settings=one.settings) as node:
        for port in node.instance.ports():
            node.replies[port.name] = lambda message: asyncio.Event().wait()
        deliveries = deliver(node, [(port.name, good) for port, good in _inputs(one, node) for _ in range(20)])
        deliveries += [asyncio.create_task(_pressed(node, button)) for button in one.spec.buttons for _ in range(20)]
        await node.clock.advance(3600)
        await remove(node, deliveries)
        left = [task.get_name() for task in asyncio.all_tasks() - before]
        assert not left, "tasks that outlive their node"


@pytest.mark.parametrize("one", CALLERS, ids=[one.name for one in CALLERS])
async def test_it_goes_while_its_server_says_nothing(one: Shipped) -> None:
    before = asyncio.all_tasks()
    with socket.create_server(("127.0.0.1", 0)) as server:
        server.setblocking(False)
        port = server.getsockname()[1]
        settings = {key: port if value == NOBODY else value for key, value in one.settings.items()}
        if "url" in settings:
            settings["url"] = f"http://127.0.0.1:{port}/"
        async with run(one.spec.component, settings=settings) as node:
            deliveries = deliver(node, [(port.name, good) for port, good in _inputs(one, node) for _ in range(20)])
            connection, _ = await asyncio.wait_for(asyncio.get_running_loop().sock_accept(server), 30)
            with connection:
                assert not any(each.done() for each in deliveries), "none has an answer yet"
                await remove(node, deliveries)
            left = [task.get_name() for task in asyncio.all_tasks() - before]
            assert not left, "tasks that outlive their node"


@each
async def test_it_answers_again_after_a_restart(one: Shipped) -> None:
    async with run(one.spec.component, settings=one.settings) as node:
        for port, good in _inputs(one, node):
            await finished(node, deliver(node, [(port.name, good)]))
        fresh = await node.restart()
        for port, good in _inputs(one, fresh):
            [result] = await finished(fresh, deliver(fresh, [(port.name, good)]))
            _check(port.name, result)


def _inputs(one: Shipped, node: Node) -> Iterator[tuple[PortSpec, Any]]:
    for port in node.instance.ports():
        if not port.source and not port.system:
            yield port, one.message(port)


async def _pressed(node: Node, button: str) -> Outcome:
    try:
        return await node.press(button)
    except Fail as failure:
        return failure


def _marked(port: PortSpec, good: Any, n: int) -> Any:
    """The message with its number in it, where a field may hold anything."""
    if not isinstance(good, dict):
        return good
    fields = port.schema.get("properties") or {name: {} for name in good}
    free = [name for name, field in fields.items() if not resolved(field, port.schema).keys() & {"type", "anyOf"}]
    return {**good, **{name: f"<{n}>" for name in free if name not in ("condition", "key")}}


def _marks_of(value: JSON) -> JSON:
    """What of it is a number of a message: a flow that answers with it shows whose message came out."""
    return sorted(set(re.findall(r"<\d+>", str(value)))) or None


def _check(where: str, result: JSON) -> None:
    fault = isinstance(result, Fail) and result.code in FAULTS
    assert not fault, f"{where}: {result.code}: {result}"


def _bare(schema: dict[str, Any]) -> Iterator[str]:
    parts = {"": schema, **{f"({key})": part for key, part in schema.get("$defs", {}).items()}}
    for at, part in parts.items():
        for name, field in part.get("properties", {}).items():
            if field.get("format") != "button" and not (field.get("title") and field.get("description")):
                yield f"{at}/{name}"
