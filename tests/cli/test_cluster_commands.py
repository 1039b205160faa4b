"""The commands that look into a cluster, beside a host that serves it."""

import asyncio
import json
from collections.abc import AsyncIterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
import pytest_asyncio

from tests.cli.calling import Called, weirflow
from tests.cli.completing import completed
from tests.runtime.world import World, world
from tests.waiting import eventually
from weirflow.cli.failures import Exit
from weirflow.cli.hosts import Hosts, peers_of
from weirflow.kube.peers import Peer
from weirflow.kube.resources import ANNOTATION_NODE_LABEL, LEASE, TINY_NODE, TINY_SIGNAL
from weirflow.runtime.identity import machine_name

pytestmark = [pytest.mark.server, pytest.mark.asyncio(loop_scope="module")]


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def served(tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[World]:
    """A counter behind an address, called *Visits*, and a ticker."""
    async with world(tmp_path_factory.mktemp("world")) as one:
        _, counter = await one.counter()
        ticker = await one.add("ticker", {"enabled": False})
        for name, title in ((counter, "Visits"), (ticker, "Each second")):
            await one.cluster.patch(TINY_NODE, name, {"metadata": {"annotations": {ANNOTATION_NODE_LABEL: title}}})
        yield one


async def call(world: World, *arguments: str, stdin: str = "") -> Called:
    return await asyncio.to_thread(weirflow, *arguments, stdin=stdin, WEIRFLOW_HOME=str(world.home))


async def told(world: World, *arguments: str) -> Any:
    return (await call(world, *arguments, "--json")).json


async def test_components_are_those_that_are_announced(served: World) -> None:
    answer = await told(served, "components", "count")
    counter = next(one for one in answer["components"] if one["name"] == "stateful_counter")
    assert (counter["module"], counter["title"], counter["available"]) == ("common-v1", "Stateful Counter", True)
    assert "ports" not in counter
    assert "no component has these words" in (await call(served, "components", "zzz")).out


async def test_a_schema_is_shown_whole_or_of_one_port(served: World) -> None:
    whole = await told(served, "schema", "stateful_counter")
    assert [port["name"] for port in whole["ports"] if port["direction"] == "input"] == [
        "increment",
        "decrement",
        "set",
    ]
    port = await call(served, "schema", "Stateful Counter", "--port", "set")
    assert json.loads(port.out)["required"] == ["value"]
    people = (await call(served, "schema", "common-v1/stateful_counter")).out
    assert "maxHistory" in people
    assert "default 100" in people
    missing = await told(served, "schema", "stateful_counter", "--port", "sett")
    assert (missing["error"]["code"], missing["error"]["suggestions"][0]) == ("no_port", "set")
    assert "stateful_counter" in (await told(served, "schema", "statefull_counter"))["error"]["suggestions"]


async def test_a_signal_is_handled_before_the_command_ends(served: World) -> None:
    before = (await told(served, "state", "Visits"))["fields"]["value"]
    sent = await call(served, "signal", "visits", "increment", "--data", "-", stdin='{"amount": 5}')
    assert sent.code == 0, sent.err
    assert (await told(served, "state", "stateful_counter"))["fields"]["value"] == before + 5
    assert (await call(served, "signal", "Visits", "Reset counter")).code == 0
    assert (await told(served, "state", "Visits"))["fields"]["value"] == 0


async def test_a_signal_that_is_refused_says_why_and_leaves_nothing(served: World) -> None:
    refused = await call(served, "signal", "Visits", "increment", "--data", '{"amont": 1}')
    assert refused.code == Exit.WRONG
    assert "/amont" in refused.err
    assert (await told(served, "signal", "Visits", "incremnt"))["error"]["suggestions"][0] == "increment"
    unknown = await told(served, "signal", "Visit", "increment")
    assert (unknown["error"]["code"], unknown["error"]["suggestions"]) == ("no_node", ["Visits"])
    assert (await served.cluster.list(TINY_SIGNAL))["items"] == []


async def test_a_state_is_set_by_field_and_only_as_its_model_allows(served: World) -> None:
    assert (await told(served, "state", "Visits", "--set", "value=41"))["fields"]["value"] == 41
    wrong = await call(served, "state", "Visits", "--set", 'value="many"')
    assert wrong.code == Exit.WRONG
    assert (await told(served, "state", "Visits"))["fields"]["value"] == 41
    assert (await told(served, "state", "Visits", "--set", "valu=1"))["error"]["suggestions"] == ["value"]
    assert (await told(served, "state", "ticker"))["error"]["code"] == "no_state"


async def test_a_watched_state_is_said_again_when_it_changes(served: World) -> None:
    import sys

    from tests.cli.calling import environment

    process = await asyncio.create_subprocess_exec(
        sys.executable, "-m", "weirflow", "state", "Visits", "--watch", "--json",
        env=environment(WEIRFLOW_HOME=str(served.home)), stdout=asyncio.subprocess.PIPE,
    )  # fmt: skip
    assert process.stdout
    try:
        async with asyncio.timeout(20):
            first = json.loads(await process.stdout.readline())
            await served.visit("/visits")
            second = json.loads(await process.stdout.readline())
        assert second["fields"]["value"] == first["fields"]["value"] + 1
    finally:
        process.kill()
        await process.wait()


async def test_runs_are_drawn_as_trees(served: World) -> None:
    await served.visit("/visits")

    async def recorded() -> list[Any]:
        return list((await told(served, "trace", "Visits", "--limit", "1"))["runs"])

    run = (await eventually(recorded, what="a recorded run"))[0]
    spans = {span["id"]: span for span in run["spans"]}
    assert [span["port"] for span in run["spans"]] == ["request", "increment", "response"]
    assert spans[run["spans"][1]["parent"]]["port"] == "request"
    drawn = (await call(served, "trace", run["trace"])).out.splitlines()
    assert drawn[0].startswith(f"{run['trace']}  ok")
    assert drawn[2].startswith("└─ Visits  increment")
    assert drawn[3].startswith("   └─ ")
    assert "\x1b" not in "".join(drawn), "no colours where nobody looks"
    missing = await told(served, "trace", "0" * 32)
    assert (missing["error"]["code"], missing["error"]["exit"]) == ("no_run", Exit.MISSING)


@pytest.mark.parametrize(
    "shell", ["bash", pytest.param("zsh", marks=pytest.mark.shells), pytest.param("fish", marks=pytest.mark.shells)]
)
async def test_shells_complete_what_is_in_the_cluster(served: World, tmp_path: Path, shell: str) -> None:
    lines = ("schema stateful_counter --port in", "signal Each", "signal 'Visits' in")
    found = await asyncio.to_thread(completed, shell, tmp_path, *lines, WEIRFLOW_HOME=str(served.home))
    assert [line[-1] for line in found] == ["increment", "Each second", "increment"]


async def test_a_host_that_cannot_be_asked_is_named_and_the_others_answer(served: World) -> None:
    hosts = Hosts(served.cluster)
    try:
        there = (await peers_of(served.cluster)).hosts()
        gone = Peer("gone-0", "http://127.0.0.1:9")
        for _ in range(2):
            answers = await hosts.ask([*there, gone], {"run": "0" * 32})
            assert answers == {peer.identity: None for peer in there}
            assert list(hosts.silent) == ["gone-0"]
            assert "http://127.0.0.1:9 does not answer" in hosts.silent["gone-0"]
    finally:
        await hosts.close()


async def test_a_host_of_this_machine_that_was_killed_is_gone_when_its_lease_has_run_out(served: World) -> None:
    renewed = (datetime.now(UTC) - timedelta(seconds=30)).strftime("%Y-%m-%dT%H:%M:%S.%fZ")
    holders = {"killed-v1": f"{machine_name(by_hand=True)}-9", "afar-v1": "another-machine-0"}
    for module, holder in holders.items():
        spec = {"holderIdentity": holder, "leaseDurationSeconds": 15, "renewTime": renewed}
        await served.cluster.create(LEASE, {"metadata": {"name": f"{module}-lock"}, "spec": spec})
    there = (await peers_of(served.cluster)).available()
    for module in holders:
        await served.cluster.delete(LEASE, f"{module}-lock")
    assert there & holders.keys() == {"afar-v1"}, "its clock may be another"


async def test_flow_files_are_checked_against_what_is_offered(served: World, tmp_path: Path) -> None:
    file = tmp_path / "flow.yaml"
    file.write_text("weirflow: 1\nkind: Flow\nname: A\nnodes:\n  a: {component: common-v1/tickr, at: [0, 0]}\n")
    found = (await told(served, "validate", str(file), "--cluster"))["findings"]
    assert (found[0]["line"], "did you mean common-v1/ticker" in found[0]["message"]) == (5, True)
    assert (await call(served, "validate", str(file))).code == 0, "nobody knows better without a cluster"


async def test_a_message_that_nobody_can_take_is_taken_back(served: World) -> None:
    node = await served.add("echo", module="gone-v1")
    waited = await told(served, "signal", node, "in", "--timeout", "0.5")
    assert (waited["error"]["code"], waited["error"]["exit"]) == ("not_handled", Exit.UNREACHABLE)
    assert (await served.cluster.list(TINY_SIGNAL))["items"] == []
    stored = await told(served, "state", node)
    assert stored["running"] is False
