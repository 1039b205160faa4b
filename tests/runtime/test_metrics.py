"""What Prometheus reads of a module host, and who may read it."""

import re
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from pathlib import Path
from types import SimpleNamespace

import aiohttp
import pytest
from prometheus_client.parser import text_string_to_metric_families
from prometheus_client.samples import Sample

from tests.runtime.keys import shared_key
from tests.runtime.world import World, world
from tests.waiting import eventually
from weirflow.kube.resources import ANNOTATION_ADDRESS, LEASE, TINY_NODE
from weirflow.runtime.link import LinkServer
from weirflow.runtime.link_key import read_link_key
from weirflow.runtime.metrics import Metrics
from weirflow.runtime.metrics_page import MetricsPage
from weirflow.runtime.node import Node
from weirflow.runtime.node_metrics import node_metrics
from weirflow.runtime.options import HostOptions, OptionError
from weirflow.runtime.shared import Shared
from weirflow.runtime.telemetry import Telemetry
from weirflow.runtime.trace_view import TraceView
from weirflow.runtime.traces import Traces
from weirflow.services import Module

KEY = b"k" * 32


@asynccontextmanager
async def served(*, token: str = "", open_here: bool = False) -> AsyncIterator[tuple[Metrics, str]]:
    metrics = Metrics()
    page = MetricsPage(metrics, shared_key(KEY), token=token, open_here=open_here)
    link = LinkServer(Telemetry({}), TraceView(Traces(), {}), shared_key(KEY), "host-0", page)
    await link.start("127.0.0.1", 0, "https://127.0.0.1:6443")
    try:
        yield metrics, link.address
    finally:
        await link.stop()


async def scrape(address: str, **headers: str) -> tuple[int, str]:
    async with aiohttp.ClientSession() as session, session.get(f"{address}/metrics", headers=headers) as answer:
        return answer.status, await answer.text()


def sample(text: str, name: str, **labels: str) -> float | None:
    found = [each.value for each in samples(text) if each.name == name and labels.items() <= each.labels.items()]
    return sum(found) if found else None


def samples(text: str) -> list[Sample]:
    return [each for family in text_string_to_metric_families(text) for each in family.samples]


async def test_a_scraper_brings_its_token_or_the_links_key() -> None:
    async with served(token="scrape-me") as (_, address):
        assert (await scrape(address))[0] == 401
        assert (await scrape(address, Authorization="Bearer other"))[0] == 401
        assert (await scrape(address, Authorization="Bearer scrape-me"))[0] == 200
        assert (await scrape(address, Authorization=f"Bearer {KEY.hex()}"))[0] == 200
    async with served() as (_, address):
        assert (await scrape(address, Authorization="Bearer "))[0] == 401


async def test_programs_of_this_machine_may_read_without_one_where_it_is_allowed() -> None:
    async with served(open_here=True) as (metrics, address):
        metrics.state_commits.labels("common-v1", "stateful_counter").inc(3)
        status, text = await scrape(address)
        assert status == 200
        assert sample(text, "weirflow_state_commits_total", module="common-v1") == 3
        # A page of somebody else's site makes a browser ask under that site's name.
        assert (await scrape(address, Host="evil.example"))[0] == 401


def test_what_is_neither_open_nor_closed_is_refused_by_name(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("WEIRFLOW_METRICS_OPEN", "yes")
    with pytest.raises(OptionError, match="WEIRFLOW_METRICS_OPEN"):
        HostOptions.from_environment()
    monkeypatch.setenv("WEIRFLOW_METRICS_TOKEN", "scrape-me")
    monkeypatch.setenv("WEIRFLOW_METRICS_OPEN", "1")
    assert "scrape-me" not in repr(HostOptions.from_environment())


@pytest.mark.server
async def test_a_host_counts_commits_alerts_and_leads(alone: World) -> None:
    _, counter = await alone.counter("/visits")
    for count in (1, 2, 3):
        assert await alone.visit("/visits") == (200, {"count": count})
    await alone.cluster.patch_status(TINY_NODE, counter, {"status": {"metadata": {"counter-value": "57"}}})
    lease = await alone.cluster.get(LEASE, "common-v1-lock")
    address = lease["metadata"]["annotations"][ANNOTATION_ADDRESS]
    token = (await read_link_key(alone.cluster)).hex()

    async def alerted() -> str | None:
        _, text = await scrape(address, Authorization=f"Bearer {token}")
        where = {"module": "common-v1", "component": "stateful_counter"}
        return text if sample(text, "weirflow_state_alerts_total", kind="foreign", **where) == 1 else None

    text = await eventually(alerted)
    # Three visits, and perhaps already the state written back.
    assert sample(text, "weirflow_state_commits_total", component="stateful_counter") in (3, 4)
    assert sample(text, "weirflow_lease_leading", module="common-v1") == 1
    assert sample(text, "weirflow_leaderless_seconds_total", module="common-v1") == 0


def listed() -> dict[str, set[str]]:
    """Names and labels that the documents promise."""
    text = (Path(__file__).parents[2] / "docs" / "observability.md").read_text()
    rows = re.findall(r"^\| `(weirflow_\w+)` \| ([\w, ]*) \|", text, re.MULTILINE)
    return {name: set(labels.split(", ")) - {"", " "} for name, labels in rows}


@pytest.mark.server
async def test_a_host_tells_of_messages_errors_latencies_and_queues_as_listed(tmp_path: Path) -> None:
    async with world(tmp_path / "home", host=False) as one:
        await one.start_host(WEIRFLOW_METRICS_NODES="1")
        _, counter = await one.counter("/visits")
        strict = await one.add("strict")
        failing = await one.add("http_server", {"path": "/fails"})
        await one.wire(f"{failing}:request", f"{strict}:in", {"number": "no"})
        await one.settled(strict, failing)
        for _ in range(5):
            await one.visit("/visits")
        await one.visit("/fails")
        token = (await read_link_key(one.cluster)).hex()
        _, address = next(iter((await one.replicas()).items()))

        async def text() -> str:
            return (await scrape(address, Authorization=f"Bearer {token}"))[1]

        page = await text()
        of_counter = {"module": "common-v1", "component": "stateful_counter"}
        assert sample(page, "weirflow_node_messages_total", **of_counter) == 5
        assert sample(page, "weirflow_node_seconds_count", **of_counter) == 5
        assert sample(page, "weirflow_node_seconds_bucket", le="+Inf", **of_counter) == 5
        assert (sample(page, "weirflow_node_seconds_sum", **of_counter) or 0) > 0
        assert sample(page, "weirflow_edge_messages_total", **of_counter) == 5
        assert sample(page, "weirflow_edge_in_flight", **of_counter) == 0
        assert sample(page, "weirflow_each_node_messages_total", node=counter) == 5
        assert sample(page, "weirflow_node_errors_total", component="strict") == 1
        assert sample(page, "weirflow_edge_errors_total", component="http_server") == 1
        assert sample(page, "weirflow_queue_depth", queue="entries") == 0

        shown = {each.name: set(each.labels) - {"le"} for each in samples(page) if each.name.startswith("weirflow_")}
        known = {name: labels for name, labels in shown.items() if not name.endswith(("_created", "_sum", "_bucket"))}
        promised = listed()
        assert {name.removesuffix("_count"): labels for name, labels in known.items()}.items() <= promised.items()
        silent = {"weirflow_state_alerts_total", "weirflow_loop_held_up_total"}
        assert promised.keys() - silent == {name.removesuffix("_count") for name in known}

        await one.cluster.delete(TINY_NODE, counter)
        await eventually(lambda: gone(text, counter))
        page = await text()
        assert sample(page, "weirflow_node_messages_total", **of_counter) == 5
        assert sample(page, "weirflow_node_seconds_count", **of_counter) == 5


async def gone(text: Callable[[], Awaitable[str]], node: str) -> bool:
    return sample(await text(), "weirflow_each_node_messages_total", node=node) is None


def test_names_of_components_that_do_not_exist_are_counted_as_one() -> None:
    shared = Shared(None, None, None, None, lambda _: None, None)  # type: ignore[arg-type]
    module, nodes, lease = Module("m", "1", []), {}, SimpleNamespace(identity="a", is_leader=True, epoch=1)
    for n in range(50):
        name = f"p.m.made-up-{n}"
        nodes[name] = node = Node(name, "u", module, lease, shared)  # type: ignore[arg-type]
        node.adopt_component(f"made-up-\n{n}")
        node.stats.left(node.stats.entered("in", None, 0.0))
        node.total.nodes.keep(node.stats)
    families = list(node_metrics({}, shared.totals, 0.0)) + list(node_metrics(nodes, shared.totals, 0.0, each=True))
    labelled = {each.labels["component"] for family in families for each in family.samples}
    assert labelled == {""}
    assert len(list(shared.totals)) == 1
