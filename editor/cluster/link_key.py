"""The key of the telemetry links, as the web reads it."""

import time

from weirflow.kube.client import ClusterClient
from weirflow.runtime.link_key import read_link_key

FRESH_SECONDS = 10.0


class LinkKey:
    """Many links that come up together ask the cluster once."""

    def __init__(self, cluster: ClusterClient) -> None:
        self._cluster = cluster
        self._key = b""
        self._until = 0.0

    async def read(self) -> bytes:
        """The key, at most ten seconds old. Raises ``LinkKeyError``, and what the cluster raises."""
        if time.monotonic() >= self._until:
            self._key = await read_link_key(self._cluster)
            self._until = time.monotonic() + FRESH_SECONDS
        return self._key
