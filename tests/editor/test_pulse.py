"""A cluster that keeps its connections and says nothing is noticed."""

import pytest

from editor.cluster.connection import Connection
from editor.cluster.modules import Modules
from editor.cluster.pulse import Pulse
from tests.editor.cluster import ClusterProcess, client
from weirflow.kube.informer import Health
from weirflow.kube.peers import Peers

pytestmark = pytest.mark.server


async def test_a_paused_cluster_is_unreachable_and_a_resumed_one_is_back(own_cluster: ClusterProcess) -> None:
    async with client(own_cluster.kubeconfig()) as cluster:
        connection = Connection(cluster, Modules(), Peers(), lambda _obj: None)
        seen: list[Health] = []
        connection.on_health = seen.append
        connection.pulse = Pulse(cluster, lambda _health: connection.on_health(connection.health), answer=0.5)
        connection.start()
        assert await connection.synced(60)
        own_cluster.pause()
        try:
            await connection.pulse.beat()
            assert not connection.health.reachable
            assert "has not answered" in seen[-1].reason
        finally:
            own_cluster.go_on()
        while not connection.health.reachable:
            await connection.pulse.beat()
        assert seen[-1].reachable
        await connection.stop()
