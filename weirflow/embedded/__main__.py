"""`python -m weirflow.embedded`: the embedded cluster as a process (docs/protocols.md, section 1)."""

from __future__ import annotations

import asyncio
import gc
import logging
import os
import signal
import sys
from pathlib import Path

from weirflow.embedded.backup import NoBackup, copies_kept
from weirflow.embedded.certificates import CertificatesFailed
from weirflow.embedded.errors import ApiError
from weirflow.embedded.files import ClusterFiles
from weirflow.embedded.journal import StoreInUse, StoreTooNew
from weirflow.embedded.server import ClusterServer, PortInUse
from weirflow.embedded.vault import KeyMismatch
from weirflow.json_log import JsonLines
from weirflow.log_format import log_format

SWITCH_SECONDS = 0.0005
"""The commit thread waits at most this long for the interpreter when the event loop is busy (the default is 5 ms)."""

log = logging.getLogger("weirflow.embedded")


def port_setting() -> int:
    """WEIRFLOW_CLUSTER_PORT: 0 (or unset) keeps the port of the last start."""
    text = os.environ.get("WEIRFLOW_CLUSTER_PORT", "0") or "0"
    if not text.isdigit() or int(text) > 65_535:
        raise SystemExit(f"WEIRFLOW_CLUSTER_PORT is {text!r}; it must be a port number, or 0 to keep the last one")
    return int(text)


def tell_ready() -> None:
    """Write `ready` to the supervisor's file descriptor, when there is one."""
    text = os.environ.get("WEIRFLOW_READY_FD", "")
    if text:
        with os.fdopen(int(text), "w") as pipe:
            pipe.write("ready\n")


async def serve(files: ClusterFiles, port: int) -> None:
    """Serve until SIGTERM or SIGINT."""
    server = ClusterServer(files, port)
    await server.start()
    stop = asyncio.Event()
    loop = asyncio.get_running_loop()
    for number in (signal.SIGTERM, signal.SIGINT):
        loop.add_signal_handler(number, stop.set)
    # What was loaded stays, and requests leave no cycles behind: to walk through it all again finds nothing.
    gc.freeze()
    gc.set_threshold(20_000, 20, 20)
    log.info("cluster ready on https://127.0.0.1:%d, kubeconfig %s", server.port, files.kubeconfig("admin"))
    tell_ready()
    await stop.wait()
    await server.stop()
    log.info("cluster stopped")


def main() -> int:
    """Run the process; 1 and one clear line when it cannot start."""
    handler = logging.StreamHandler()
    handler.setFormatter(JsonLines() if log_format() == "json" else logging.Formatter("%(levelname)s %(message)s"))
    logging.basicConfig(level=os.environ.get("WEIRFLOW_LOG_LEVEL", "INFO").upper(), handlers=[handler])
    sys.setswitchinterval(SWITCH_SECONDS)
    files = ClusterFiles(Path(os.environ.get("WEIRFLOW_HOME", "var")).absolute())
    if len(sys.argv) > 1:
        from weirflow.embedded.commands import run

        return run(sys.argv[1:], files)
    try:
        import uvloop

        copies_kept()
        uvloop.run(serve(files, port_setting()))
    except (StoreInUse, StoreTooNew, PortInUse, CertificatesFailed, KeyMismatch, NoBackup, ApiError, OSError) as error:
        log.error("the embedded cluster cannot start: %s", error)
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
