"""Websockets to a pod through the API server, for whoever cannot reach pods: the API server proves who asks."""

from typing import Any

import aiohttp

from weirflow.kube.config import ClusterConfig


def pod_url(config: ClusterConfig, pod: str, path: str) -> str:
    """Where the API server passes requests on to ``pod`` (``<name>:<port>``), at ``path`` there."""
    return f"{config.server}/api/v1/namespaces/{config.namespace}/pods/{pod}/proxy{path}"


class PodProxy:
    """Uses up the ``Authorization`` header: the pod never sees it. Close it when no longer needed."""

    def __init__(self, config: ClusterConfig) -> None:
        self._config = config
        self._session: aiohttp.ClientSession | None = None

    async def close(self) -> None:
        """Drop all websockets."""
        if self._session is not None:
            await self._session.close()
            self._session = None

    async def connect(
        self, pod: str, path: str, *, headers: dict[str, str], **options: Any
    ) -> aiohttp.ClientWebSocketResponse:
        """A websocket to ``path`` on ``pod``; ``options`` as for aiohttp's ``ws_connect``, which says what it raises.
        The caller bounds the wait."""
        if self._session is None:
            tls = self._config.ssl_context
            connector = aiohttp.TCPConnector(limit=0, ssl=tls if tls is not None else True)
            self._session = aiohttp.ClientSession(connector=connector, trust_env=False)
        if token := await self._config.token():
            headers = {**headers, "Authorization": f"Bearer {token}"}
        url = pod_url(self._config, pod, path)
        socket: aiohttp.ClientWebSocketResponse = await self._session.ws_connect(url, headers=headers, **options)
        return socket
