"""Presses for modules of others that take controls by NATS and know no TinySignals."""

import asyncio
import logging

from weirflow.context import new_operation_id
from weirflow.errors import Fail
from weirflow.kube.resources import module_of
from weirflow.runtime.deadlines import TimerWheel
from weirflow.transport import Envelope, Unreachable
from weirflow.transport.base import FOREIGN
from weirflow.transport.nats import NatsTransport
from weirflow.transport.nats_options import NatsOptions

log = logging.getLogger(__name__)

ANSWER_SECONDS = 2.0
"""So long a refusal is waited for. Whoever says nothing has taken the press: no answer is promised."""

SIGNAL = "signal"


class NatsControls:
    """One connection to NATS, made with the first press."""

    def __init__(self) -> None:
        self._wheel = TimerWheel()
        self._transport: NatsTransport | None = None
        self._connecting = asyncio.Lock()

    async def send(self, node: str, port: str, data: bytes, operation_id: str) -> None:
        """Press, at every replica of the node's module. Raises ``Fail``: when NATS or the module cannot be reached, and
        what a replica says against the press within two seconds."""
        async with self._connecting:
            if self._transport is None:
                self._transport = await _connected(self._wheel)
        kind = "sysmsg" if port.startswith("_") else "msg"
        message = Envelope(f"{node}:{port}", SIGNAL, data, operation_id, timeout=ANSWER_SECONDS)
        try:
            await self._transport.call(f"nats://tinymodule.{module_of(node)}.{kind}{FOREIGN}", message)
        except Unreachable as error:
            if not error.delivered:
                raise
            log.info("the press of %s may have been lost: %s", node, error)
        except Fail as error:
            if error.code != "timeout":
                raise

    async def stop(self) -> None:
        """Close the connection."""
        if self._transport is not None:
            await self._transport.stop(0)
            self._transport = None
        self._wheel.close()


async def _connected(wheel: TimerWheel) -> NatsTransport:
    options = NatsOptions.from_environment()
    if options is None:
        raise Fail(
            "this module takes controls by NATS only; set WEIRFLOW_NATS_URL for the web process", code="nats_missing"
        )
    transport = NatsTransport(options, f"web-{new_operation_id()[:8]}", (), wheel)
    await transport.start()
    return transport
