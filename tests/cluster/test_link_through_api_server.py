"""Telemetry of a host in a pod that the web cannot reach: a real API server passes the link on."""

import sys
from collections.abc import AsyncIterator, Iterator
from pathlib import Path
from typing import Any

import pytest
import pytest_asyncio
from django.contrib.auth.models import User

from editor.database import close_database
from editor.process import LiveSide, live_side, stop_live_side
from projects.models import Flow
from tests.cluster.fixtures import ClusterNamespace
from tests.cluster.pod_network import PodNetwork
from tests.editor.edits import Editor
from tests.editor.test_socket import Socket, opened
from tests.ports import free_port
from tests.runtime.world import Process
from tests.waiting import eventually
from weirflow.kube.resources import LINK_SECRET, SECRET, Resource
from weirflow.kube.roles import ROLE, WEB

pytestmark = pytest.mark.server

POD = Resource("", "v1", "pods", "Pod")


@pytest.fixture
def network() -> Iterator[PodNetwork]:
    with PodNetwork() as made:
        yield made


class PodHost:
    """A module host as it runs in a pod, and the pod."""

    def __init__(self, namespace: ClusterNamespace, network: PodNetwork, home: Path) -> None:
        self.name, self.port = "modules-0", free_port()
        self._namespace, self._network = namespace, network
        environment = {
            "WEIRFLOW_HOME": str(home),
            "KUBECONFIG": str(namespace.kubeconfig("modules")),
            "KUBERNETES_SERVICE_HOST": "127.0.0.1",
            "HOSTNAME": self.name,
            "WEIRFLOW_LINK_HOST": "0.0.0.0",
            "WEIRFLOW_LINK_PORT": str(self.port),
            "WEIRFLOW_HTTP_PORT": "0",
        }
        command = network.inside(sys.executable, "-m", "weirflow.runtime", "modules.common")
        self.process = Process(command, environment, home / "host.log")

    async def start(self) -> None:
        self._network.let_out(self._namespace.plane.ports["server"])
        async with self._namespace.client() as cluster:
            container = {"name": "modules", "image": "weirflow"}
            await cluster.create(POD, POD.new(self.name, spec={"containers": [container]}))
            # What the kubelet of the pod's machine would say.
            ready = {"phase": "Running", "podIP": self._network.address, "podIPs": [{"ip": self._network.address}]}
            await cluster.patch_status(POD, self.name, {"status": ready})
        await self.process.start()


@pytest_asyncio.fixture
async def pod(cluster_namespace: ClusterNamespace, network: PodNetwork, tmp_path: Path) -> AsyncIterator[PodHost]:
    host = PodHost(cluster_namespace, network, tmp_path)
    await host.start()
    yield host
    host.process.end()


@pytest_asyncio.fixture
async def live(
    transactional_db: None, cluster_namespace: ClusterNamespace, pod: PodHost, monkeypatch: pytest.MonkeyPatch
) -> AsyncIterator[LiveSide]:
    monkeypatch.setenv("KUBECONFIG", str(cluster_namespace.kubeconfig("web")))
    monkeypatch.setattr("editor.cluster.host_link.BETTER_SECONDS", 0.2)
    side = live_side()
    assert await side.hub.ready(60)
    await eventually(lambda: side.hub.modules.find("common-v1", "stateful_counter"))
    yield side
    await stop_live_side()
    close_database()


async def told(socket: Socket, way: str) -> dict[str, Any]:
    """What is told of the module once its telemetry comes by ``way``."""
    return dict((await socket.receive("cluster", telemetry=way))["modules"][0])


async def test_the_link_goes_through_the_api_server_until_the_host_can_be_reached_itself(
    live: LiveSide, owner: User, flow: Flow, pod: PodHost, network: PodNetwork
) -> None:
    editor = Editor(live, owner, flow)
    node_id = await editor.add("stateful_counter", module="common-v1")
    async with opened(owner, flow) as socket:
        module = await told(socket, "proxy")
        assert module["leader"] == pod.name
        assert f"{pod.name} at http://127.0.0.1:{pod.port} does not answer" in module["reason"]
        await socket.live(
            node_id, stats={"count": 0, "errors": 0, "rate": 0, "in_flight": 0, "waiting": 0}, state="idle"
        )

        network.let_in(pod.port)
        assert (await told(socket, "direct"))["reason"] == ""
        pod.process.kill()
        module = await told(socket, "status")
        assert f"pod {pod.name}:{pod.port} through the API server answers with 5" in module["reason"]


async def test_without_the_right_the_editor_says_which_is_missing(
    cluster_namespace: ClusterNamespace, live: LiveSide, owner: User, flow: Flow, pod: PodHost
) -> None:
    async with cluster_namespace.client() as cluster:
        rules = (await cluster.get(ROLE, WEB))["rules"]
        kept = [rule for rule in rules if rule["resources"] != ["pods/proxy"]]
        assert len(kept) == len(rules) - 1
        await cluster.patch(ROLE, WEB, {"rules": kept})
    editor = Editor(live, owner, flow)
    await editor.add("stateful_counter", module="common-v1")
    async with opened(owner, flow) as socket:
        assert "let the web's account get pods/proxy" in (await told(socket, "status"))["reason"]


async def test_a_pod_that_is_somebody_elses_by_now_is_told_nothing(
    cluster_namespace: ClusterNamespace, live: LiveSide, owner: User, flow: Flow, pod: PodHost
) -> None:
    """The API server passes us on to whatever has the pod's address: the key is still asked for."""
    async with cluster_namespace.client() as cluster:
        await cluster.patch(SECRET, LINK_SECRET, {"stringData": {"key": "k" * 32}})
    editor = Editor(live, owner, flow)
    await editor.add("stateful_counter", module="common-v1")
    async with opened(owner, flow) as socket:
        assert "refuses the link's key" in (await told(socket, "status"))["reason"]
