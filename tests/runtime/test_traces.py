"""A run is recorded hop by hop, on every host that it comes to, and told of without secrets."""

from pathlib import Path
from typing import Any

import pytest

from tests.ports import free_port
from tests.runtime.live import Live, linked
from tests.runtime.world import World, world
from tests.waiting import eventually

pytestmark = [pytest.mark.server, pytest.mark.asyncio(loop_scope="module")]

TRACE, CALLER = "4bf92f3577b34da6a3ce929d0e0e4736", "00f067aa0ba902b7"


def traceparent(trace: str = TRACE, flags: str = "01") -> dict[str, str]:
    return {"traceparent": f"00-{trace}-{CALLER}-{flags}"}


async def runs_of(live: Live, node: str, **options: Any) -> list[dict[str, Any]]:
    runs = (await live.ask(runs={"flow": "f", **options}))["runs"]
    return [run for run in runs if run["node"] == node]


async def test_a_run_tells_of_every_hop_and_hides_secrets(shared: World) -> None:
    server = await shared.add("http_server", {"path": "/traced"})
    first, second = await shared.add("transform"), await shared.add("echo")
    await shared.wire(f"{server}:request", f"{first}:in", {"context": {"password": "hunter2", "n": 1}})
    edge = await shared.wire(f"{first}:out", f"{second}:in", {"apiKey": "k", "n": "{{ $.context.n }}"})
    await shared.settled(server, first, second)
    async with linked(shared, server) as live:
        assert (await shared.visit("/traced", headers=traceparent()))[0] == 200
        await eventually(lambda: server in live.runs)
        (run,) = await runs_of(live, server)
        assert (run["trace"], run["state"], run["entered"], run["spans"]) == (TRACE, "ok", True, 3)
        whole = (await live.ask(run=TRACE))["run"]
    entry, hop, last = whole["spans"]
    assert (entry["node"], entry["port"], entry["parent"]) == (server, "request", CALLER)
    assert (hop["node"], hop["parent"]) == (first, entry["id"])
    assert (last["node"], last["port"], last["edge"], last["parent"]) == (second, "in", edge, hop["id"])
    assert entry["duration_ms"] >= hop["duration_ms"] >= last["duration_ms"] > 0
    assert last["message"] == {"apiKey": "<redacted>", "n": 1}
    assert last["bytes"] == len('{"apiKey":"k","n":1}')
    sent = {"context": {"password": "<redacted>", "n": 1}}
    assert last["sent"] == {"node": first, "port": "out", "message": sent}
    assert "sent" not in hop, "what the first wire carried is what the run began with"
    assert "hunter2" not in str(whole)


async def test_a_run_that_fails_says_where_though_it_is_not_recorded(shared: World) -> None:
    server = await shared.add("http_server", {"path": "/breaks"})
    first, strict = await shared.add("transform"), await shared.add("strict")
    await shared.wire(f"{server}:request", f"{first}:in", {"context": "{{ $.query }}"})
    edge = await shared.wire(f"{first}:out", f"{strict}:in", {"number": "{{ $.context.n }}"})
    await shared.settled(server, first, strict)
    async with linked(shared, server) as live:
        for _ in range(60):
            await shared.visit("/breaks?n=x")
        failed = await runs_of(live, server, errors=True)
        assert all(run["state"] == "error" and run["error"]["node"] == strict for run in failed)
        wholes = [(await live.ask(run=run["trace"]))["run"] for run in failed]
    bare = [run for run in wholes if all(span["bytes"] is None for span in run["spans"])]
    assert bare, "more came than are recorded"
    assert [(span["node"], span["edge"]) for span in bare[0]["spans"]][-1] == (strict, edge)
    assert [span["node"] for span in bare[0]["spans"]] == [server, first, strict]
    assert bare[0]["spans"][2]["parent"] == bare[0]["spans"][1]["id"]


async def test_an_error_that_the_flow_handles_is_none_of_the_run(shared: World) -> None:
    server = await shared.add("http_server", {"path": "/slow-one", "timeout": 100})
    slow = await shared.add("slow", {"seconds": 20})
    await shared.wire(f"{server}:request", f"{slow}:in", {})
    await shared.settled(server, slow)
    async with linked(shared, server) as live:
        assert (await shared.visit("/slow-one"))[0] == 504
        run = await eventually(lambda: ended(live, server))
    assert run["state"] == "error"
    assert run["duration_ms"] >= 90


async def ended(live: Live, node: str) -> dict[str, Any] | None:
    return next((run for run in await runs_of(live, node) if run["state"] != "running"), None)


async def test_what_is_no_question_closes_the_link(shared: World) -> None:
    async with linked(shared) as live:
        await live.link.send_str('{"ask": 1, "runs": {"flow": "f", "limit": 100000}}')
        await eventually(lambda: live.link.closed)


@pytest.mark.parametrize("way", ["grpc"])
async def test_a_run_over_two_hosts_is_one_trace(tmp_path: Path, way: str) -> None:
    async with world(tmp_path / "home", host=False) as one:
        await one.start_host(packages=("modules.common", "modules.http"))
        await one.start_host(packages=("tests.runtime.faulty",), port=free_port())
        server = await one.add("http_server", {"path": "/far"})
        echo = await one.add("echo")
        await one.wire(f"{server}:request", f"{echo}:in", {"hello": "there"})
        await one.settled(server, echo)
        assert await one.visit("/far", headers=traceparent()) == (200, {"hello": "there"})
        parts = []
        for address in (await one.replicas()).values():
            async with linked(one, address=address) as live:
                parts.append((await live.ask(run=TRACE))["run"])
        here = next(part for part in parts if part["entered"])
        there = next(part for part in parts if not part["entered"])
        assert [span["node"] for span in here["spans"]] == [server, echo]
        assert [(span["node"], span["parent"]) for span in there["spans"]] == [(echo, here["spans"][1]["id"])]
        assert there["spans"][0]["message"] == {"hello": "there"}
        assert "message" not in here["spans"][1], "this host does not know what the other's node keeps secret"
