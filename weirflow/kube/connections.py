"""The connections to one server: kept for requests, one of its own for each watch, none that may be dead."""

import ssl
import time
from typing import TYPE_CHECKING

from weirflow.kube.address import Address
from weirflow.kube.kept import Kept

if TYPE_CHECKING:
    from weirflow.kube.streams import Streams


class Connections:
    """Requests go to ``address``; watches, which may take their time, by a client for every kind of server."""

    def __init__(self, address: Address, tls: ssl.SSLContext | None) -> None:
        self._address, self._tls = address, tls
        self._requests: Kept | None = None
        self._watches: Streams | None = None

    def for_requests(self) -> Kept:
        """Connections that are used again."""
        if self._requests is None:
            self._requests = Kept(self._address)
        return self._requests

    def for_watches(self) -> "Streams":
        """A new connection each time."""
        if self._watches is None:
            # Imported here: who never watches does without the client, a tenth of a second and 9 MiB.
            from weirflow.kube.streams import Streams

            self._watches = Streams(self._tls)
        return self._watches

    def distrust(self, kept: Kept, since: float) -> None:
        """A request on ``kept``, sent at ``since``, got no answer: other connections may be dead in the same way.

        New requests get new ones. Those under way on the old ones wait no longer than that one did, and watches that
        have been silent since end.
        """
        if self._watches is not None:
            self._watches.end_silent(since)
        kept.hurry(time.monotonic() - since)
        kept.retire()
        if kept is self._requests:
            self._requests = None

    async def close(self) -> None:
        """Drop all connections at once."""
        if self._requests is not None:
            await self._requests.close()
        if self._watches is not None:
            await self._watches.close()
        self._requests = self._watches = None
