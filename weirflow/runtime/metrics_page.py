"""`GET /metrics` on the link's listener, for Prometheus."""

from __future__ import annotations

import hmac
from ipaddress import ip_address

from aiohttp import web

from weirflow.runtime.link_key import BearerCheck
from weirflow.runtime.metrics import Metrics
from weirflow.runtime.shared_key import SharedKey


class MetricsPage:
    """Answers who brings ``token`` as bearer, or the link's key. ``open_here``: programs of this machine need none."""

    def __init__(self, metrics: Metrics, link_key: SharedKey, *, token: str = "", open_here: bool = False) -> None:
        self._metrics, self._open_here = metrics, open_here
        self._bearer = BearerCheck(lambda: link_key.value, link_key.doubt)
        self._expected = f"Bearer {token}".encode() if token else b""

    async def answer(self, request: web.Request) -> web.StreamResponse:
        """The page, or 401."""
        if not (self._open_here and _is_local(request.remote)) and not self._allows(request):
            return web.Response(
                status=401,
                headers={"WWW-Authenticate": "Bearer"},
                text="metrics take a bearer token: WEIRFLOW_METRICS_TOKEN of this host, or the link's key\n",
            )
        body, content_type = self._metrics.page(request.headers.get("Accept", ""))
        return web.Response(body=body, headers={"Content-Type": content_type})

    def _allows(self, request: web.Request) -> bool:
        given = request.headers.get("Authorization", "")
        if self._expected and hmac.compare_digest(given.encode("utf-8", "replace"), self._expected):
            return True
        return self._bearer.allows(given)


def _is_local(address: str | None) -> bool:
    try:
        return ip_address(address or "").is_loopback
    except ValueError:
        return False
