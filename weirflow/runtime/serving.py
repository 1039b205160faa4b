"""A host's life in a process: from the cluster's first answer to the signal that ends it."""

from __future__ import annotations

import asyncio
import gc
import signal
from collections.abc import Awaitable, Callable
from pathlib import Path

from weirflow.kube.http import HttpCluster
from weirflow.runtime.connect import connect
from weirflow.runtime.host import Host
from weirflow.runtime.options import HostOptions, OptionError
from weirflow.spec import Module


async def _as_it_is(_cluster: HttpCluster) -> None:
    """Nothing is looked at beforehand."""


async def serve(
    modules: list[Module],
    options: HostOptions,
    kubeconfig: Path,
    on_ready: Callable[[Host], None] = lambda _host: None,
    look: Callable[[HttpCluster], Awaitable[None]] = _as_it_is,
) -> None:
    """Run a host until SIGTERM or SIGINT. ``look`` sees the cluster before the host touches it, and may raise. Raises
    that, ``NoCluster``, and ``OptionError`` for a port that is taken."""
    stop = asyncio.Event()
    loop = asyncio.get_running_loop()
    for number in (signal.SIGTERM, signal.SIGINT):
        loop.add_signal_handler(number, stop.set)
    stopping = asyncio.create_task(stop.wait())
    starting = asyncio.create_task(_start(modules, options, kubeconfig, look))
    await asyncio.wait([stopping, starting], return_when=asyncio.FIRST_COMPLETED)
    if not starting.done():
        starting.cancel()
        await asyncio.wait([starting])
    if starting.cancelled():
        return
    host = starting.result()
    on_ready(host)
    # What exists now lives as long as the process, but for what the imports left behind: the collector need not look at
    # it again.
    gc.unfreeze()
    gc.collect()
    gc.freeze()
    await stopping
    await host.stop()


async def _start(
    modules: list[Module], options: HostOptions, kubeconfig: Path, look: Callable[[HttpCluster], Awaitable[None]]
) -> Host:
    cluster, key = await connect(kubeconfig, options.cluster_seconds)
    try:
        await look(cluster)
    except BaseException:
        await cluster.close()
        raise
    host = Host(cluster, key, modules, options)
    try:
        await host.start()
    except asyncio.CancelledError:
        await host.stop()
        raise
    except OSError as error:
        await host.stop()
        raise OptionError(f"a listener cannot be opened: {error}; free its port, or choose another") from error
    return host
