"""One run of a module that a person serves."""

from __future__ import annotations

import logging
import os
import re
import signal
import sys
import threading
import time
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

from weirflow.cli.failures import Exit, Failure
from weirflow.cli.out import Out, styled
from weirflow.cli.package import Package, load_module
from weirflow.cli.where import Where

if TYPE_CHECKING:
    from weirflow.runtime.host import Host
    from weirflow.spec import Module

CLUSTER_SECONDS = 5.0
"""How long a cluster is waited for that does not answer: it may just be starting."""
_HINTS = {
    0: "; is it running? script/run starts one",
    401: "; the kubeconfig is of another cluster, or its token is over: take a new one",
    403: "; use a kubeconfig with the rights of module hosts (docs/clusters.md)",
}
"""What to do, by the status of the answer; 0: there was none."""
_MODULE_NAME = re.compile(r"[a-z]([-a-z0-9]{0,61}[a-z0-9])?")


def serve_module(
    out: Out,
    package: Package,
    where: Where,
    *,
    name: str | None,
    http_port: int,
    verbose: bool,
    owned: bool,
    stand_by: Callable[[], None],
) -> None:
    """Serve ``package`` until a signal; ``stand_by`` returns when it is time to. Raises ``Failure``."""
    began = time.monotonic()
    out.progress(f"importing {package.name}")
    module = load_module(package)
    if name is not None:
        module.name = name
    if not _MODULE_NAME.fullmatch(module.name):
        text = f"{module.name!r} cannot name a module; use lower case letters, digits and dashes, such as weather-v1"
        raise Failure(text, code="bad_name", exit=Exit.USAGE)
    if not module.components:
        raise Failure(f"{package.name} has no components; name them in its `module`", code="no_components")
    stand_by()
    if owned:
        _stop_at_end_of_input()
    out.progress(f"waiting for the cluster of {where.kubeconfig}")
    _serve(out, module, where, http_port, verbose, lambda host: _say_ready(out, module, host, where, began))
    out.line({"event": "stopped", "module": module.name}, f"{module.name} has stopped here")


def _serve(out: Out, module: Module, where: Where, http_port: int, verbose: bool, on_ready: object) -> None:
    # The runtime is half a second of imports: not before the module's own faults have been told.
    import uvloop

    from weirflow.cli.beforehand import looks
    from weirflow.kube.config import ConfigError, load_config
    from weirflow.kube.errors import ApiError
    from weirflow.runtime.connect import NoCluster
    from weirflow.runtime.identity import machine_name
    from weirflow.runtime.logs import set_up_logging
    from weirflow.runtime.options import HostOptions, OptionError
    from weirflow.runtime.serving import serve

    set_up_logging(os.environ.get("WEIRFLOW_LOG_LEVEL", "INFO").upper())
    if not verbose:
        logging.getLogger("weirflow").setLevel(logging.WARNING)
    # Where in their code a message failed is what authors look for first.
    logging.getLogger("weirflow.runtime.stacks").setLevel(logging.DEBUG)
    try:
        load_config(where.kubeconfig)
        options = replace(
            HostOptions.from_environment(),
            home=where.home or _own_folder(),
            http_port=http_port,
            by_hand=True,
            cluster_seconds=CLUSTER_SECONDS,
        )
        look = looks(out, module, options, machine_name(by_hand=True))
        uvloop.run(serve([module], options, where.kubeconfig, on_ready, look))  # type: ignore[arg-type]
    except NoCluster as error:
        status = getattr(error.__cause__, "status", 0)
        exit = Exit.REFUSED if status in (401, 403) else Exit.UNREACHABLE
        raise Failure(f"{error}{_HINTS.get(status, '')}", code="no_cluster", exit=exit) from error
    except ConfigError as error:
        raise Failure(str(error), code="bad_kubeconfig", exit=Exit.USAGE) from error
    except OptionError as error:
        raise Failure(str(error), code="bad_setting", exit=Exit.USAGE) from error
    except ApiError as error:
        raise Failure(
            f"the cluster refused the module: {error.message}", code="cluster_refused", exit=Exit.REFUSED
        ) from error


def _say_ready(out: Out, module: Module, host: Host, where: Where, began: float) -> None:
    seconds, leader = time.monotonic() - began, host.leader(module.name)
    titles = [spec.title for spec in module.components.values()]
    alone = leader in ("", host.identity)
    document = {
        "event": "ready",
        "module": module.name,
        "version": module.version,
        "components": list(module.components),
        "leads": alone,
        "host": host.identity,
        "leader": leader,
        "flows": host.flows_url,
        "kubeconfig": str(where.kubeconfig),
        "seconds": round(seconds, 3),
    }
    text = (
        styled(f"{module.name} {module.version} is in the palette", "green")
        + f": {', '.join(titles)} ({seconds:.1f} s)"
    )
    if not alone:
        text = (
            f"{module.name} {module.version} runs beside {leader}, which leads it: messages go to both, and the "
            f"palette shows what that one offers ({seconds:.1f} s). To try it alone, serve it --as {module.name}-dev"
        )
    out.line(document, text)
    if not out.as_json:
        out.note(styled("Ctrl-C stops it; it leaves the palette then", "dim", sys.stderr))


def _own_folder() -> Path:
    """Where hosts of this person keep their locks, when the data directory is not on this machine."""
    state = os.environ.get("XDG_STATE_HOME") or Path.home() / ".local" / "state"
    return Path(state) / "weirflow"


def _stop_at_end_of_input() -> None:
    """Whoever started this process holds its standard input: when they end, however they do, so does this."""

    def wait() -> None:
        while os.read(0, 1024):
            pass
        os.kill(os.getpid(), signal.SIGTERM)

    threading.Thread(target=wait, name="until the parent ends", daemon=True).start()
