"""The product on a cluster that is not the embedded one, with the rights that installing gives it."""

import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.cluster.fixtures import ClusterNamespace
from tests.e2e.conftest import OpenDemo
from tests.e2e.product import ROOT, Product
from tests.e2e.visits import visit_once, visit_until_answered
from tests.waiting import wait_until

pytestmark = [pytest.mark.browser, pytest.mark.kubectl]


class RemoteProduct(Product):
    """`manage.py up` on a namespace of the control plane."""

    def __init__(self, home: Path, namespace: ClusterNamespace) -> None:
        super().__init__(home, {"WEIRFLOW_KUBECONFIG": str(home / "remote/kubeconfig")})
        self.namespace = namespace

    @property
    def kubeconfig(self) -> Path:
        return self.namespace.kubeconfig()


@pytest.fixture
def remote_product(cluster_namespace: ClusterNamespace, tmp_path: Path) -> Iterator[RemoteProduct]:
    home = tmp_path / "home"
    subprocess.run(
        [sys.executable, "manage.py", "install_cluster", "--kubeconfig", str(cluster_namespace.kubeconfig())],
        cwd=ROOT,
        env={**os.environ, "WEIRFLOW_HOME": str(home)},
        check=True,
        capture_output=True,
        timeout=60,
    )
    product = RemoteProduct(home, cluster_namespace)
    product.start()
    yield product
    assert product.stop() == 0, product.tail()


async def test_flows_run_and_edits_arrive_there(remote_product: RemoteProduct, open_demo: OpenDemo) -> None:
    assert set(remote_product.state()["children"]) == {"web", "modules", "worker"}
    assert not (remote_product.home / "cluster").exists()
    first = await visit_until_answered(remote_product)
    assert (await visit_once(remote_product)).value == first.value + 1

    flow = await open_demo(remote_product)
    debug = await flow.find("debug")
    answer = await flow.change({"op": "set_node", "id": debug, "fields": {"label": "Watch it"}})
    assert answer.status == 200, answer

    def label() -> str:
        found = [node for node in remote_product.nodes() if node["metadata"]["name"].endswith(debug)]
        return str(found[0]["metadata"]["annotations"].get("tinysystems.io/node-label"))

    wait_until(lambda: label() == "Watch it", label)
    assert {node["metadata"]["namespace"] for node in remote_product.nodes()} == {remote_product.namespace.name}


async def test_the_count_survives_the_api_server(remote_product: RemoteProduct) -> None:
    before = await visit_until_answered(remote_product)
    plane = remote_product.namespace.plane
    plane.kill("kube-apiserver")
    plane.start("kube-apiserver")
    after = await visit_until_answered(remote_product)
    assert after.value > before.value
