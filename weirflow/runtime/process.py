"""A module host as a process: its modules, settings and exit code."""

from __future__ import annotations

import contextlib
import gc
import importlib
import logging
import os
import sys

import uvloop

from weirflow.kube.config import default_kubeconfig
from weirflow.log_format import LogFormatError
from weirflow.runtime.connect import NoCluster
from weirflow.runtime.logs import set_up_logging
from weirflow.runtime.options import HostOptions, OptionError
from weirflow.runtime.serving import serve
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


def tell_ready(options: HostOptions) -> None:
    """Tell whoever started this process that it serves."""
    if options.ready_fd is not None:
        # Whoever asked to be told may have gone; that is no reason to stop serving.
        with contextlib.suppress(OSError):
            os.write(options.ready_fd, b"ready\n")
            os.close(options.ready_fd)


def main() -> int:
    """The process: 0 after a clean stop, 1 when it could not start. The collector, where it was off, begins once the
    modules are loaded."""
    try:
        options = HostOptions.from_environment()
        set_up_logging(options.log_level)
        modules = [load_module(package) for package in sys.argv[1:]]
        if not modules:
            raise OptionError("no module named; use: python -m weirflow.runtime modules.common modules.http")
        # The cluster may be waited for as long as it takes.
        gc.freeze()
        gc.enable()
        uvloop.run(serve(modules, options, default_kubeconfig(), lambda _host: tell_ready(options)))
    except (OptionError, NoCluster, LogFormatError) as error:
        log.error("%s", error)
        return 1
    return 0
