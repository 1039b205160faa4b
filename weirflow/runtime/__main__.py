"""``python -m weirflow.runtime modules.common modules.http``: serve these packages' modules until told to stop."""

from __future__ import annotations

import asyncio
import contextlib
import gc
import importlib
import logging
import os
import signal
import sys

import uvloop

from weirflow.json_log import LogFormatError
from weirflow.kube.config import default_kubeconfig
from weirflow.runtime.connect import NoCluster, connect
from weirflow.runtime.host import Host
from weirflow.runtime.logs import set_up_logging
from weirflow.runtime.options import HostOptions, OptionError
from weirflow.services import Module

log = logging.getLogger("weirflow.runtime")


def load_module(package: str) -> Module:
    """The ``module`` that a Python package exposes. Raises ``OptionError``."""
    try:
        found = importlib.import_module(package)
    except ImportError as error:
        raise OptionError(f"cannot import {package}: {error}; name a Python package that can be imported") from error
    module = getattr(found, "module", None)
    if not isinstance(module, Module):
        raise OptionError(f"{package} has no `module`; add `module = Module(name, version, [components])` to it")
    return module


async def serve(modules: list[Module], options: HostOptions) -> None:
    """Run a host until SIGTERM or SIGINT."""
    stop = asyncio.Event()
    loop = asyncio.get_running_loop()
    for number in (signal.SIGTERM, signal.SIGINT):
        loop.add_signal_handler(number, stop.set)
    stopping = asyncio.create_task(stop.wait())
    starting = asyncio.create_task(_start(modules, options))
    await asyncio.wait([stopping, starting], return_when=asyncio.FIRST_COMPLETED)
    if not starting.done():
        starting.cancel()
        await asyncio.wait([starting])
    if starting.cancelled():
        return
    host = starting.result()
    if options.ready_fd is not None:
        # Whoever asked to be told may have gone; that is no reason to stop serving.
        with contextlib.suppress(OSError):
            os.write(options.ready_fd, b"ready\n")
            os.close(options.ready_fd)
    # What exists now lives as long as the process: the collector need not look at it again.
    gc.collect()
    gc.freeze()
    await stopping
    await host.stop()


async def _start(modules: list[Module], options: HostOptions) -> Host:
    cluster, key = await connect(default_kubeconfig(), options.cluster_seconds)
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


def main() -> int:
    """The process: 0 after a clean stop, 1 when it could not start."""
    try:
        options = HostOptions.from_environment()
        set_up_logging(options.log_level)
        modules = [load_module(package) for package in sys.argv[1:]]
        if not modules:
            raise OptionError("no module named; use: python -m weirflow.runtime modules.common modules.http")
        uvloop.run(serve(modules, options))
    except (OptionError, NoCluster, LogFormatError) as error:
        log.error("%s", error)
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
