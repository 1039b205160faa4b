"""How long nobody can count when the leader of three replicas goes, on a real API server."""

import tempfile
import time
from collections.abc import Awaitable, Callable
from pathlib import Path

from bench.row import Row
from tests.cluster.fixtures import ClusterNamespace
from tests.runtime.load import Load, loaded
from tests.runtime.world import Process, World, world

#: Requests that are answered before a leader goes, and after it.
STEADY = 200
KILLED_SECONDS = 60.0

End = Callable[[Process], Awaitable[object]]


async def measure(namespace: ClusterNamespace) -> list[Row]:
    with tempfile.TemporaryDirectory(prefix="weirflow-bench-") as directory:
        async with world(Path(directory), host=False, kubeconfig=namespace.kubeconfig) as one:
            await one.start_replicas(3, WEIRFLOW_LOG_LEVEL="WARNING")
            await one.counter("/visits")
            async with loaded(one, clients=8, fresh=True, patience=KILLED_SECONDS) as load:
                clean = await _gap(one, load, lambda host: host.stop())
                killed = await _gap(one, load, _kill)
    return [
        Row("failover_clean_s", round(clean, 2), "s", "lower", must=1.5, aim=0.5),
        Row("failover_kill_s", round(killed, 2), "s", "lower", must=20, aim=16),
    ]


async def _gap(one: World, load: Load, end: End) -> float:
    """Seconds from the end of the leader to the first change that its successor has stored, or, where the leader went
    on until it had handed over, between the two nearest changes of both."""
    await load.more(STEADY)
    leader, epoch = await one.leader()
    host = one.hosts[int(leader.removeprefix("r"))]
    load.longest_gap = 0.0
    began = time.monotonic()
    await end(host)
    await load.more(STEADY, KILLED_SECONDS)
    if (await one.leader())[1] <= epoch:
        raise RuntimeError(f"{leader} went {time.monotonic() - began:.1f} s ago, and nobody has followed")
    return load.longest_gap


async def _kill(host: Process) -> None:
    host.kill()
