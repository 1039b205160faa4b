"""Replicas, a real API server, and messages between processes."""

import asyncio
import os
import subprocess
import sys
import tempfile
from pathlib import Path

from bench import cross_module, edits, failover, quiet
from bench.row import Row
from tests.cluster.fixtures import ClusterNamespace
from tests.cluster.plane import ControlPlane
from tests.e2e.people import open_browser, open_demo, open_window, sign_in
from tests.e2e.product import ROOT, Product


async def measure() -> list[Row]:
    rows = await cross_module.measure() + await quiet.measure()
    with tempfile.TemporaryDirectory(prefix="weirflow-bench-") as directory:
        home = Path(directory)
        (home / "plane").mkdir()
        plane = await asyncio.to_thread(lambda: ControlPlane(home / "plane").__enter__())
        try:
            rows += await failover.measure(await _namespace(plane, "failover", home))
            rows += await _edits(await _namespace(plane, "edits", home), home / "home")
        finally:
            await asyncio.to_thread(plane.__exit__, None, None, None)
    return rows


async def _namespace(plane: ControlPlane, name: str, home: Path) -> ClusterNamespace:
    (home / name).mkdir()
    return await asyncio.to_thread(ClusterNamespace, plane, name, home / name)


async def _edits(namespace: ClusterNamespace, home: Path) -> list[Row]:
    """The product on a real API server; a browser in front of it."""
    await asyncio.to_thread(
        subprocess.run,
        [sys.executable, "manage.py", "install_cluster", "--kubeconfig", str(namespace.kubeconfig())],
        cwd=ROOT, env={**os.environ, "WEIRFLOW_HOME": str(home)}, check=True, capture_output=True,
    )  # fmt: skip
    environment = {"WEIRFLOW_LOG_LEVEL": "warning", "WEIRFLOW_KUBECONFIG": str(home / "remote/kubeconfig")}
    product = Product(home, environment)
    try:
        await asyncio.to_thread(product.start)
        async with open_browser() as browser:
            flow = await open_demo(await sign_in(await open_window(browser), product))
            applied, _ = await edits.times(product, flow, namespace.kubeconfig(), namespace.name)
    finally:
        await asyncio.to_thread(product.stop)
    return [Row("edit_to_applied_apiserver_p95_ms", round(applied, 1), "ms", "lower", must=100, aim=50)]
