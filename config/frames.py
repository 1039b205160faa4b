"""Frames that are ready go to a websocket's connection as they are.

A message that goes to hundreds of browsers is the same bytes for all of them. The library would frame it anew for each,
and make texts for a debug log that nobody reads; Twisted would ask the event loop, for each, when it may write, and
then that it need not be asked any more. Most of the time the kernel just takes it.
"""

from collections.abc import Callable
from typing import Any


def read_quietly(protocol: Any) -> None:
    """What comes in goes on without texts for the debug log: they cost as much as reading the message."""
    protocol.dataReceived = protocol._dataReceived


def frame_writer(protocol: Any) -> Callable[[bytes], None]:
    """Writes whole frames of a server to this websocket while it is open. What the kernel does not take at once waits
    in the connection's buffer, in order."""

    def write(frame: bytes) -> None:
        if protocol.muted or protocol.state != protocol.STATE_OPEN:
            return
        transport = protocol.transport
        if not transport.connected or transport.dataBuffer or transport._tempDataBuffer or protocol.send_queue:
            protocol.sendData(frame)
            return
        sent = transport.writeSomeData(frame)
        # A connection that broke is found by Twisted when it writes.
        rest = frame[sent:] if isinstance(sent, int) else frame
        if rest:
            transport.write(rest)

    return write
