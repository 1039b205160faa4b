"""`weirflow run` beside a host of the product."""

import asyncio
import json
from collections.abc import AsyncIterator
from pathlib import Path

import pytest
import pytest_asyncio

from tests.cli.calling import ROOT, weirflow
from tests.cli.serving import Serving
from tests.runtime.world import World, world
from tests.waiting import eventually
from weirflow.cli.beforehand import check_name
from weirflow.cli.failures import Exit, Failure
from weirflow.cli.hosts import peers_of
from weirflow.cli.scaffold import scaffold
from weirflow.kube.resources import ANNOTATION_BY_HAND, LEASE, TINY_MODULE
from weirflow.spec import Module

pytestmark = [pytest.mark.server, pytest.mark.asyncio(loop_scope="module")]


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def served(tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[World]:
    async with world(tmp_path_factory.mktemp("world"), host=False) as one:
        await one.start_host(packages=("modules.common",))
        yield one


async def marked(world: World, module: str) -> bool:
    notes = (await world.cluster.get(TINY_MODULE, module))["metadata"].get("annotations") or {}
    return ANNOTATION_BY_HAND in notes


async def test_beside_a_host_that_serves_it_already_it_is_a_replica(served: World) -> None:
    beside = Serving(ROOT, "modules.common", WEIRFLOW_HOME=str(served.home))
    try:
        ready = await asyncio.to_thread(beside.ready)
        product, _ = await served.leader()
        assert (ready["leads"], ready["leader"]) == (False, product)
        assert "-by-hand-" in ready["host"]
        assert ready["host"] in await served.replicas()
        assert not await marked(served, "common-v1"), "it is the product's, too"
    finally:
        assert await asyncio.to_thread(beside.stop) == 0
    assert list(await served.replicas()) == [product]


async def test_a_name_whose_components_it_lacks_is_refused(served: World) -> None:
    other = Module("common-v1", "0.1.0", [])
    product = [peer for peer in (await peers_of(served.cluster)).hosts() if "common-v1" in peer.modules]
    with pytest.raises(Failure) as refused:
        await check_name(served.cluster, other, product)
    assert (refused.value.code, refused.value.exit) == ("name_taken", Exit.IN_THE_WAY)
    assert "weirflow run --as common-v1-dev" in refused.value.message
    await check_name(served.cluster, Module("others-v1", "0.1.0", []), product)


async def test_under_another_name_it_is_alone(served: World) -> None:
    alone = Serving(ROOT, "modules.common", "--as", "common-dev", WEIRFLOW_HOME=str(served.home))
    try:
        ready = await asyncio.to_thread(alone.ready)
        assert (ready["module"], ready["leads"]) == ("common-dev", True)
        assert await marked(served, "common-dev")
        listed = await asyncio.to_thread(weirflow, "components", "common-dev", "--json", WEIRFLOW_HOME=str(served.home))
        assert {one["available"] for one in json.loads(listed.out)["components"]} == {True}
    finally:
        await asyncio.to_thread(alone.stop)


async def test_a_host_of_the_product_takes_the_mark_away(served: World) -> None:
    by_hand = Serving(ROOT, "tests.runtime.faulty", WEIRFLOW_HOME=str(served.home))
    await asyncio.to_thread(by_hand.ready)
    assert await marked(served, "faulty-v1")
    await asyncio.to_thread(by_hand.stop)
    host = await served.start_host(packages=("tests.runtime.faulty",), port=0)
    assert not await marked(served, "faulty-v1")
    await host.stop()


async def test_what_cannot_be_imported_is_told_and_tried_again_when_it_is_saved(served: World, tmp_path: Path) -> None:
    scaffold("tides", tmp_path)
    source = tmp_path / "tides" / "tides" / "greet.py"
    good = source.read_text()
    serving = Serving(tmp_path / "tides", "--reload", WEIRFLOW_HOME=str(served.home))
    try:
        first = await asyncio.to_thread(serving.ready)
        source.write_text(good + "\nnonsense here\n")
        await asyncio.to_thread(lambda: serving.error("import_failed"))
        assert "tides/greet.py:" in serving.error("import_failed")["message"]
        await asyncio.to_thread(serving.remarks, "the version from before goes on")
        assert not await _gone(served, first["host"])
        source.write_text(good + "\n")
        again = await asyncio.to_thread(serving.ready, 2)
        assert (again["host"], again["flows"]) == (first["host"], first["flows"]), "its addresses stay"
        # Whoever started it dies: what serves goes, too.
        serving.kill()
        await eventually(lambda: _gone(served, first["host"]), what="the end of the child")
    finally:
        await asyncio.to_thread(serving.stop)


async def _gone(world: World, host: str) -> bool:
    leases = (await world.cluster.list(LEASE))["items"]
    return all(lease["metadata"]["name"] != f"{host}-host" for lease in leases)
