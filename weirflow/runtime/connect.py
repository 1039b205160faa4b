"""Reaching the cluster at the start: the host and the cluster may be started in the same instant."""

from __future__ import annotations

import asyncio
import logging
import time
from pathlib import Path

from weirflow.kube.backoff import Backoff
from weirflow.kube.config import ConfigError, load_config
from weirflow.kube.errors import ApiError, Forbidden, NotFound
from weirflow.kube.http import HttpCluster
from weirflow.runtime.link_key import read_link_key

log = logging.getLogger(__name__)

_SAY_AGAIN_SECONDS = 5.0
MISDIRECTED = 421


class NoCluster(Exception):
    """The cluster did not come within the time; the text says what was missing last."""


async def connect(kubeconfig: Path, seconds: float) -> tuple[HttpCluster, bytes]:
    """The cluster of ``kubeconfig`` and the link's key, once it answers. Raises ``NoCluster`` after ``seconds``."""
    until = time.monotonic() + seconds
    backoff = Backoff(0.05, 1.0)
    say_at = time.monotonic() + _SAY_AGAIN_SECONDS
    while True:
        cluster: HttpCluster | None = None
        try:
            # Read again each time: the cluster may just be writing its certificate and tokens anew.
            cluster = HttpCluster(load_config(kubeconfig), timeout=2.0)
            key = await read_link_key(cluster)
            cluster.timeout = 10.0
            return cluster, key
        except (ConfigError, ApiError, ValueError) as error:
            if cluster is not None:
                await cluster.close()
            if isinstance(error, Forbidden) or _is_another(error) or time.monotonic() >= until:
                advice = "; manage.py install_cluster makes a cluster ready" if isinstance(error, NotFound) else ""
                waited = "" if _is_another(error) else f" after {seconds:g} s"
                raise NoCluster(f"no usable cluster{waited}: {error}{advice}") from error
            if time.monotonic() >= say_at:
                log.info("waiting for the cluster: %s", error)
                say_at = time.monotonic() + _SAY_AGAIN_SECONDS
        await asyncio.sleep(backoff.pause())


def _is_another(error: Exception) -> bool:
    """Whether the address leads to a server that is not for us by that name: waiting mends nothing."""
    return isinstance(error, ApiError) and error.status == MISDIRECTED
