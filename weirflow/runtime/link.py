"""The link's listener: web processes read from it what the nodes they show are doing."""

from __future__ import annotations

import asyncio
import logging
import secrets

import orjson
from aiohttp import WSCloseCode, WSMsgType, web

from weirflow.json_bytes import json_bytes
from weirflow.runtime import link_proof
from weirflow.runtime.link_address import reachable_name
from weirflow.runtime.link_key import BearerCheck
from weirflow.runtime.link_reader import LinkReader
from weirflow.runtime.metrics_page import MetricsPage
from weirflow.runtime.options import LOOPBACK_HOSTS, OptionError
from weirflow.runtime.shared_key import SharedKey
from weirflow.runtime.telemetry import Telemetry
from weirflow.runtime.trace_view import TraceView

log = logging.getLogger(__name__)

_MAX_LINKS = 64


class LinkServer:
    """Serves ``GET /link/telemetry`` as the host ``identity``, and ``metrics``. ``key`` is the link's."""

    def __init__(
        self, telemetry: Telemetry, runs: TraceView, key: SharedKey, identity: str, metrics: MetricsPage
    ) -> None:
        self._telemetry, self._runs, self._metrics = telemetry, runs, metrics
        self._key, self._identity = key, identity
        self._bearer = BearerCheck(lambda: key.value, key.doubt)
        self._names = LOOPBACK_HOSTS
        self._runner: web.AppRunner | None = None
        self._links: set[web.WebSocketResponse] = set()
        #: Tells the web whether counts go on where they were, or begin anew.
        self._run = secrets.token_hex(8)
        self.address = ""
        self.port = 0

    async def start(self, host: str, port: int, cluster: str) -> None:
        """Open the port (0: a free one); ``address`` is then its URL, as seen from ``cluster``.
        Raises ``OptionError``."""
        app = web.Application()
        app.router.add_get("/link/telemetry", self._telemetry_link)
        app.router.add_get("/metrics", self._metrics_page)
        self._runner = web.AppRunner(app, access_log=None, handle_signals=False, shutdown_timeout=0.5)
        await self._runner.setup()
        site = web.TCPSite(self._runner, host, port)
        try:
            await site.start()
            name = await reachable_name(host, cluster)
        except OSError as error:
            raise OptionError(
                f"the link cannot listen on port {port} of {host} ({error.strerror or error}); "
                "correct WEIRFLOW_LINK_HOST or WEIRFLOW_LINK_PORT (0: any free one)"
            ) from error
        self.port = int(self._runner.addresses[0][1])
        self._names = LOOPBACK_HOSTS | {name.lower()}
        self.address = f"http://{name}:{self.port}"

    async def stop(self) -> None:
        """Close all links and the port."""
        for link in list(self._links):
            await link.close(code=WSCloseCode.GOING_AWAY)
        if self._runner is not None:
            await self._runner.cleanup()

    async def _metrics_page(self, request: web.Request) -> web.StreamResponse:
        if (wrong := self._misnamed(request)) is not None:
            return web.Response(status=401, text=f"{wrong}\n")
        return await self._metrics.answer(request)

    async def _telemetry_link(self, request: web.Request) -> web.StreamResponse:
        try:
            proof = self._admit(request)
        except PermissionError as error:
            return web.Response(status=401, text=f"{error}\n")
        if len(self._links) >= _MAX_LINKS:
            return web.Response(status=503, text="too many links\n")
        link = web.WebSocketResponse(heartbeat=20.0, max_msg_size=4 * 1024 * 1024, compress=False)
        await link.prepare(request)
        self._links.add(link)
        reader = LinkReader(self._telemetry, self._runs, link)
        hello = {"host": self._identity, "run": self._run, "proof": proof}
        sending = asyncio.create_task(reader.send_frames(json_bytes({"hello": hello}).decode()), name="link frames")
        # A reader that takes nothing any more would otherwise hold the link open in silence.
        sending.add_done_callback(lambda _: _abort(request))
        try:
            async for message in link:
                if message.type is WSMsgType.TEXT:
                    reader.take(orjson.loads(message.data))
        except (orjson.JSONDecodeError, TypeError, ValueError) as error:
            log.warning("a link sent what it should not: %s", error)
            await link.close(code=WSCloseCode.INVALID_TEXT)
        finally:
            self._links.discard(link)
            reader.close()
            sending.cancel()
            await asyncio.gather(sending, return_exceptions=True)
        return link

    def _admit(self, request: web.Request) -> str:
        """Our proof for who may read, empty for who brought the key itself. Raises ``PermissionError``."""
        if call := request.headers.get(link_proof.HEADER):
            # Names this very host, whatever the Host header says: through the API server's proxy that is the proxy's.
            try:
                return link_proof.answer(self._key.value, self._identity, call)
            except link_proof.WrongKeyError:
                self._key.doubt()
                raise
        if (wrong := self._misnamed(request)) is not None:
            raise PermissionError(wrong)
        if not self._bearer.allows(request.headers.get("Authorization", "")):
            raise PermissionError("the link's key is missing or wrong")
        return ""

    def _misnamed(self, request: web.Request) -> str | None:
        """What is wrong with the name the caller has for us, as when a page elsewhere made a browser call."""
        if _name_in(request.host) in self._names:
            return None
        return f"this is not {request.host}; call the link by its own address"


def _name_in(host: str) -> str:
    name, _, port = host.rpartition(":")
    return (name if port.isdecimal() else host).lower()


def _abort(request: web.Request) -> None:
    if request.transport is not None:
        request.transport.abort()
