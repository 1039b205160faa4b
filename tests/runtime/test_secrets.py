"""Secrets reach the nodes of the project that they are labelled for, at once, and nothing else."""

import base64
import contextlib
import re
import shlex
from collections.abc import AsyncIterator
from typing import Any
from urllib.parse import quote

import orjson
import pytest
import pytest_asyncio

from tests.ports import free_port
from tests.runtime.live import linked
from tests.runtime.test_foreign_writes import kubectl
from tests.runtime.world import ROOT, World, world
from tests.waiting import eventually
from weirflow.kube.errors import AlreadyExists, NotFound
from weirflow.kube.resources import (
    LABEL_SECRET,
    LABEL_SECRETS_OF,
    SECRET,
    STATE_KEYS_SECRET,
    TINY_SIGNAL,
    decode_json,
    encode_json,
)

pytestmark = [pytest.mark.server, pytest.mark.kubectl, pytest.mark.asyncio(loop_scope="module")]

MODULE = "secretive-v1"
PACKAGES = ("modules.common", "modules.http", "tests.runtime.secretive")


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def one(tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[World]:
    """A cluster and two hosts for all tests here: `echo` is in the second, and wires to it go from one to the other."""
    async with world(tmp_path_factory.mktemp("secrets"), host=False) as made:
        await made.start_host(packages=PACKAGES)
        await made.start_host(port=free_port(), packages=("tests.runtime.faulty",))
        yield made


async def give(one: World, name: str, texts: dict[str, str], project: str = "", **more: Any) -> None:
    """Make or replace a Secret of the world's project."""
    labels = {LABEL_SECRETS_OF: project or one.project, **more.pop("labels", {})}
    obj = SECRET.new(name, metadata={"labels": labels}, stringData=texts, **more)
    try:
        await one.cluster.create(SECRET, obj)
    except AlreadyExists:
        await one.cluster.patch(SECRET, name, {"metadata": {"labels": labels}, "stringData": texts})


async def asked(one: World, path: str, node: str) -> None:
    """``GET path`` sends to the node and answers with what it returned."""
    server = await one.add("http_server", {"path": path})
    await one.wire(f"{server}:request", f"{node}:in", {"who": "{{ $.query.who }}"})
    await one.settled(server, node)


async def test_a_reference_becomes_the_value_and_a_new_value_arrives_at_once(one: World) -> None:
    await give(one, "slack", {"url": "https://first.example/hook"})
    node = await one.add("careless", {"token": "[[secret:slack/url]]", "plain": "[[secret:slack/url]]"}, module=MODULE)
    await asked(one, "/told", node)
    first = "https://first.example/hook"
    assert await one.visit("/told?who=ann") == (200, {"token": first, "plain": first, "message": {"who": "ann"}})
    generation = (await one.get(node))["metadata"]["generation"]
    await give(one, "slack", {"url": "https://second.example/hook"})
    await eventually(lambda: _tells(one, "/told", "https://second.example/hook"))
    assert (await one.get(node))["metadata"]["generation"] == generation


async def _tells(one: World, path: str, token: str) -> bool:
    status, answer = await one.visit(path)
    return status == 200 and answer["token"] == token


@pytest.mark.parametrize("case", ["absent", "key", "project", "label", "own", "token"])
async def test_what_is_not_there_for_the_project_is_missing_in_the_same_words(one: World, case: str) -> None:
    name = f"case-{case}"
    match case:
        case "key":
            await give(one, name, {"other": "a value"})
        case "project":
            await give(one, name, {"key": "of another project"}, project="p-other")
        case "label":
            await one.cluster.create(SECRET, SECRET.new(name, stringData={"key": "without a label"}))
        case "own":
            name = STATE_KEYS_SECRET
            await one.cluster.patch(SECRET, name, {"metadata": {"labels": {LABEL_SECRETS_OF: one.project}}})
        case "token":
            # What the cluster itself fills in must not be had by making a Secret for it.
            annotations = {"kubernetes.io/service-account.name": "default"}
            labels = {LABEL_SECRETS_OF: one.project}
            metadata = {"labels": labels, "annotations": annotations}
            kind = "kubernetes.io/service-account-token"
            await one.cluster.create(SECRET, SECRET.new(name, metadata=metadata, stringData={"key": "t"}, type=kind))
    node = await one.add("careless", {"token": f"[[secret:{name}/key]]"}, module=MODULE)
    problem = await one.problem(node, "secret_missing")
    assert problem["message"] == (
        f"settings of {node}: [[secret:{name}/key]] is not there for this project. Add it on the project's page "
        f"Secrets, or give a Secret {name} with the key key the label weirflow.io/project={one.project}"
    )


async def test_a_node_waits_for_its_secret_and_stops_when_it_is_taken_away(one: World) -> None:
    clock = await one.add("clock", {"token": "[[secret:clock/token]]"}, module=MODULE)
    careless = await one.add("careless", {"token": "[[secret:clock/token]]"}, module=MODULE)
    await asked(one, "/waits", careless)
    await one.problem(clock, "secret_missing")
    assert (await one.visit("/waits"))[0] == 500
    async with linked(one, clock) as live:
        await eventually(lambda: live.nodes.get(clock, {}).get("value") == "stopped")
        await give(one, "clock", {"token": "now it is here"})
        await eventually(lambda: live.nodes[clock]["value"] == "running with 14 characters")
        await eventually(lambda: _tells(one, "/waits", "now it is here"))
        await one.cluster.delete(SECRET, "clock")
        await eventually(lambda: live.nodes[clock]["value"] == "stopped" and live.nodes[clock]["error"])
    assert (await one.problem(careless, "secret_missing"))["node"] == careless
    assert (await one.visit("/waits"))[0] == 500


async def test_code_is_read_from_no_secret(one: World) -> None:
    """Whatever has written it there: who may edit Secrets would say what runs."""
    await give(one, "program", {"code": "return 'by a secret'"})
    node = await one.add("code", {"code": "[[secret:program/code]]"})
    problem = await one.problem(node, "secret_in_code")
    assert (problem["field"], problem["node"]) == ("/code", node)
    server = await one.add("http_server", {"path": "/code"})
    await one.wire(f"{server}:request", f"{node}:in", {"message": 1})
    await one.settled(server, node)
    assert (await one.visit("/code"))[0] == 500
    # A wire to the settings, which no editor draws, leads nowhere.
    other = await one.add("http_server", {"path": "/settings"})
    await one.wire(f"{other}:request", f"{node}:_settings", {"code": "return 'by a wire'"})
    await one.settled(other, node)
    assert (await one.visit("/settings"))[0] == 500
    echo = await one.add("echo")
    await one.wire(f"{node}:out", f"{echo}:in", {"said": "{{ $ }}"})
    await one.set(node, {"code": "return 'as it is written'"})

    async def runs() -> bool:
        return await one.visit("/code") == (200, {"said": "as it is written"})

    await eventually(runs)


async def test_a_label_says_what_references_call_it_and_taking_the_project_s_away_ends_its_use(one: World) -> None:
    await give(one, "made-elsewhere", {"token": "a first value"}, labels={LABEL_SECRET: "called"})
    node = await one.add("careless", {"token": "[[secret:called/token]]"}, module=MODULE)
    await asked(one, "/called", node)
    await eventually(lambda: _tells(one, "/called", "a first value"))
    # One that has the name itself comes after one that was made for it.
    await give(one, "called", {"token": "a second value"})
    assert await _tells(one, "/called", "a first value")
    await one.cluster.patch(SECRET, "made-elsewhere", {"metadata": {"labels": {LABEL_SECRETS_OF: "p-other"}}})
    await eventually(lambda: _tells(one, "/called", "a second value"))
    await one.cluster.patch(SECRET, "called", {"metadata": {"labels": {LABEL_SECRETS_OF: None}}})
    assert (await one.problem(node, "secret_missing"))["field"] == "/token"


async def test_a_mapping_takes_a_secret_as_it_is_and_goes_with_it(one: World) -> None:
    await give(one, "braces", {"token": "{{ $.query.who }}"})
    echo = await one.add("echo")
    server = await one.add("http_server", {"path": "/mapped"})
    edge = await one.wire(
        f"{server}:request", f"{echo}:in", {"list": ["[[secret:braces/token]]"], "who": "{{ $.query.who }}"}
    )
    await one.settled(server, echo)

    # Within one host mappings are compiled with the wire.
    here = await one.add("careless", {}, module=MODULE)
    near = await one.add("http_server", {"path": "/near"})
    await one.wire(f"{near}:request", f"{here}:in", {"key": "[[secret:braces/token]]"})
    await one.settled(near, here)

    async def answers(*wanted: str) -> bool:
        return await one.visit("/mapped?who=ann") == (200, {"list": list(wanted), "who": "ann"})

    await eventually(lambda: answers("{{ $.query.who }}"))
    assert (await one.visit("/near"))[1]["message"] == {"key": "{{ $.query.who }}"}
    await give(one, "braces", {"token": "another value"})
    await eventually(lambda: answers("another value"))

    async def near_too() -> bool:
        return (await one.visit("/near"))[1]["message"] == {"key": "another value"}

    await eventually(near_too)
    await one.cluster.delete(SECRET, "braces")

    async def refused() -> bool:
        # The other host has the mapping: whoever sends learns of it by sending.
        await one.visit("/mapped")
        edges = (await one.status(server)).get("edges") or []
        return any(each["id"] == edge and "[[secret:braces/token]]" in each["error"] for each in edges)

    await eventually(refused)
    await give(one, "braces", {"token": "back again"})
    await eventually(lambda: answers("back again"))


@pytest.mark.parametrize("kind", ["reference", "literal"])
async def test_the_value_is_in_nothing_that_leaves_the_process(one: World, kind: str) -> None:
    token = f"Tr0ub4dor&3/{kind} + käse"
    if kind == "reference":
        await give(one, "hidden", {"token": token})
    node = await one.add(
        "careless", {"token": "[[secret:hidden/token]]" if kind == "reference" else token}, module=MODULE
    )
    after = await one.add("debug")
    await asked(one, f"/{kind}", node)
    await one.wire(f"{node}:out", f"{after}:in", {"all": "{{ $ }}"})
    broken = await one.add("http_server", {"path": f"/{kind}/fails"})
    await one.wire(f"{broken}:request", f"{node}:fail", {})
    await one.settled(node, after, broken)
    names = (node, after, broken)
    async with linked(one, *names) as live:
        await live.link.send_str(orjson.dumps({"inspect": names}).decode())
        await live.link.send_str(orjson.dumps({"tap": [[node, "out"], [after, "in"]]}).decode())
        traced = {"traceparent": "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01"}
        assert (await one.visit(f"/{kind}", headers=traced))[1]["token"] == token
        assert (await one.visit(f"/{kind}/fails"))[0] == 500
        kept = await one.signal(node, "keep", {}, "keep it")
        await eventually(lambda: one.signal_gone(kept))
        signal = await one.signal(node, "fail", {}, "fail it")
        await eventually(lambda: live.taps and "error" in live.nodes[node] and live.nodes[after].get("last"))
        shown: list[Any] = [live.nodes, live.edges, live.taps]
        shown.append(await live.ask(run="0af7651916cd43dd8448eb211c80319c"))
        shown.append(await live.ask(runs={"flow": "f"}))
        shown.append(await live.ask(stack=node))
        shown.append(await live.ask(state=node))
        shown.append(await live.ask(state=node, field="seen"))
    assert "<redacted>" in str(shown[2])

    async def failed() -> Any:
        return ((await one.cluster.get(TINY_SIGNAL, signal)).get("status") or {}).get("problem")

    shown.append(await eventually(failed))
    await eventually(lambda: _said(one, node))
    statuses = [await one.status(name) for name in names]
    for status in statuses:
        shown += [{key: part for key, part in status.items() if key != "metadata"}]
        for port in status["ports"]:
            shown += [decode_json(port["schema"]), decode_json(port["configuration"])]
    shown.append((one.home / "host0.log").read_text())
    everything = orjson.dumps(shown).decode()
    assert everything.count("Told with <redacted>") == 2
    for form in forms(token):
        assert form not in everything, form
    await one.cluster.delete(TINY_SIGNAL, signal)


async def test_the_commands_of_the_documentation_do_what_they_say(one: World) -> None:
    node = await one.add("careless", {"token": "[[secret:slack/url]]"}, module=MODULE)
    await asked(one, "/documented", node)
    blocks = re.findall(r"```console\n(.*?)```", (ROOT / "docs/secrets.md").read_text(), re.DOTALL)
    values = iter(("https://hooks.example/T0/B0", "https://hooks.example/T0/B1"))
    with contextlib.suppress(NotFound):
        await one.cluster.delete(SECRET, "slack")
    for command, expected in re.findall(r"^\$ kubectl (.*)\n(.*)$", "".join(blocks), re.MULTILINE):
        # Secrets of other tests are not those of the project in the text.
        words = shlex.split(command.replace("checkout-x7k2q", one.project))
        said = (await kubectl(one, *words)).splitlines()
        # Where a line of the page ends in dots, versions of kubectl go on in different ways.
        assert any(line.startswith(expected.removesuffix("...")) for line in said), command
        if words[0] in ("label", "patch"):
            value = next(values)
            await eventually(lambda value=value: _tells(one, "/documented", value))
    await one.problem(node, "secret_missing")


async def _said(one: World, node: str) -> bool:
    return bool((await one.status(node)).get("problem"))


def forms(token: str) -> list[str]:
    basic = base64.b64encode(f"ann:{token}".encode()).decode()
    return [token, orjson.dumps(token).decode()[1:-1], token.encode("unicode_escape").decode(), quote(token, safe=""),
            basic, basic[8:-4], encode_json(token)]  # fmt: skip
