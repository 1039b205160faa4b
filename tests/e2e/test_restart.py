import os
import signal
import subprocess
from collections.abc import Iterator

import pytest
from playwright.async_api import expect

from tests.e2e.conftest import OpenDemo
from tests.e2e.product import Product
from tests.e2e.visits import applied, visit_until_answered

pytestmark = [pytest.mark.kubectl]


@pytest.fixture(scope="module")
def own_product(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Product]:
    """One for all of these: each ends with it running again."""
    own = Product(tmp_path_factory.mktemp("restart") / "home").start()
    yield own
    own.stop()


@pytest.mark.browser
async def test_a_restart_keeps_everything(own_product: Product, open_demo: OpenDemo) -> None:
    flow = await open_demo(own_product)
    debug = await flow.find("debug")
    await visit_until_answered(own_product)
    assert (await flow.change({"op": "set_node", "id": debug, "fields": {"label": "Kept", "x": 777}})).status == 200
    value = (await visit_until_answered(own_product)).value
    before = await flow.document()

    assert own_product.stop() == 0
    own_product.start()

    assert await applied(own_product) == value
    assert (await visit_until_answered(own_product)).value == value + 1
    await flow.page.reload()
    # The cluster is reached anew, in its own time.
    assert await flow.until(lambda now: now["cluster"]["state"] == "live") == before
    await expect(flow.node(debug)).to_contain_text("Kept")


async def test_ctrl_c_stops_all_and_loses_nothing(own_product: Product) -> None:
    value = (await visit_until_answered(own_product)).value
    processes = own_product.processes()
    os.kill(own_product.pid, signal.SIGINT)
    assert own_product.stop(seconds=40.0) == 0
    assert not [process for process in processes if process.is_running()]
    own_product.start()
    assert await applied(own_product) == value


async def test_nothing_outlives_a_killed_supervisor(own_product: Product) -> None:
    value = (await visit_until_answered(own_product)).value
    os.kill(own_product.pid, signal.SIGKILL)
    own_product.start()
    assert await applied(own_product) == value


def test_a_second_start_on_the_same_directory_is_refused_with_the_reason(product: Product) -> None:
    second = Product(product.home)
    second.launch()
    code = second.wait()
    assert code == 1, second.tail()
    assert f"process {product.pid}" in second.tail()


def test_a_busy_port_is_named_with_its_variable(product: Product, tmp_path: object) -> None:
    for variable, url in (("WEIRFLOW_PORT", product.url), ("WEIRFLOW_HTTP_PORT", product.flows_url)):
        port = url.rsplit(":", 1)[1]
        second = Product(product.home.parent / f"second-{variable}", {variable: port})
        second.launch()
        assert second.wait() == 1, second.tail()
        assert f"Port {port} is taken" in second.tail()
        assert f"set {variable}" in second.tail()


def test_kubectl_works_as_on_any_cluster(product: Product) -> None:
    assert "stateful-counter" in product.kubectl("get", "tinynodes")
    name = product.nodes()[0]["metadata"]["name"]
    assert name in product.kubectl("describe", "tinynode", name)
    with pytest.raises(subprocess.CalledProcessError, match="get"):
        product.kubectl("get", "tinynode", "missing")
