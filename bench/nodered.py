"""Node-RED as the peer: found below the directory that WEIRFLOW_PEERS names, started on a free port."""

import asyncio
import contextlib
import json
import os
import socket
import tempfile
import time
from collections.abc import AsyncIterator
from pathlib import Path

import aiohttp

NAME = "Node-RED"
VERSION = "4.1.15"
START_SECONDS = 60.0

_SETTINGS = """module.exports = {
  uiPort: %(port)d, uiHost: "127.0.0.1", userDir: %(directory)s, flowFile: "flows.json", credentialSecret: false,
  telemetry: { enabled: false, updateNotification: false },
  editorTheme: { tours: false, projects: { enabled: false }, palette: { catalogues: [] } },
  externalModules: { palette: { allowInstall: false }, autoInstall: false },
  diagnostics: { enabled: false }, runtimeState: { enabled: false, ui: false },
};
"""


def find_node_red() -> Path | None:
    """Its entry script, when WEIRFLOW_PEERS has it."""
    peers = os.environ.get("WEIRFLOW_PEERS")
    script = Path(peers or ".") / "nodered/node_modules/node-red/red.js"
    return script if peers and script.is_file() else None


def how_to_get_node_red() -> str:
    return (
        f"Without {NAME}, rows stand alone. To measure it too: "
        f"npm install --prefix PEERS/nodered node-red@{VERSION}, then WEIRFLOW_PEERS=PEERS script/bench"
    )


@contextlib.asynccontextmanager
async def node_red() -> AsyncIterator[tuple[str, asyncio.subprocess.Process, float] | None]:
    """(address, process, seconds from start to the editor's page), or None where it is not installed."""
    script = find_node_red()
    if script is None:
        yield None
        return
    with tempfile.TemporaryDirectory(prefix="weirflow-bench-") as directory:
        settings = Path(directory) / "settings.js"
        port = _free_port()
        settings.write_text(_SETTINGS % {"port": port, "directory": json.dumps(directory)})
        began = time.perf_counter()
        process = await asyncio.create_subprocess_exec(
            "node", str(script), "-s", str(settings),
            stdin=asyncio.subprocess.DEVNULL, stdout=asyncio.subprocess.DEVNULL, stderr=asyncio.subprocess.DEVNULL,
        )  # fmt: skip
        try:
            address = f"http://127.0.0.1:{port}"
            async with aiohttp.ClientSession() as session:
                while not await _answers(session, address):
                    if process.returncode is not None or time.perf_counter() - began > START_SECONDS:
                        raise RuntimeError(f"{NAME} did not start: run node {script} to see why")
                    await asyncio.sleep(0.01)
            yield address, process, time.perf_counter() - began
        finally:
            with contextlib.suppress(ProcessLookupError):
                process.kill()
            await process.wait()


async def _answers(session: aiohttp.ClientSession, address: str) -> bool:
    with contextlib.suppress(aiohttp.ClientError):
        async with session.get(address) as answer:
            return answer.status == 200
    return False


def _free_port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as server:
        return int(server.getsockname()[1])
