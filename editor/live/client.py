"""One browser on a flow: what still has to be sent to it; bounded, newest-wins for values, gapless for the document."""

import asyncio
import logging
import time
from collections import deque
from collections.abc import Awaitable, Callable
from typing import TYPE_CHECKING, Any

from editor.live.closing import TOO_SLOW
from editor.live.outgoing import Outgoing, encode
from editor.live.rights import LINK, Watcher

if TYPE_CHECKING:
    from editor.live.flow import LiveFlow

log = logging.getLogger(__name__)

MAX_DOCUMENTS = 512
"""Document messages that may wait for one browser; past that it is too slow, reconnects and fetches what it missed."""
MAX_ROWS = 200
"""Messages of ports that somebody listens to that may wait for one browser."""
ROWS_AT_ONCE = 40
STUCK_SECONDS = 10.0
"""How long a browser may take in nothing before its socket is closed."""

_PONG = encode({"t": "pong"})

SendText = Callable[[str], Awaitable[None]]


class Client:
    """Owns the outgoing side of one websocket. ``writable`` is False while the socket's buffer is over its mark.

    Where the server offers ``write``, which takes frames as they are and never waits, a browser that keeps up is
    written to at once; ``send`` is the way without it.
    """

    def __init__(
        self,
        flow: "LiveFlow",
        *,
        client_id: str,
        user_id: int,
        key: str,
        person: str = "",
        name: str = "",
        send: SendText,
        writable: Callable[[], bool] = lambda: True,
        write: Callable[[bytes], None] | None = None,
    ) -> None:
        self.flow, self.client_id, self.user_id, self.key = flow, client_id, user_id, key
        self.visitor = key.startswith(LINK)
        """Came by a share link: is told nothing of people, nor of messages (``editor.live.visitors``)."""
        self.can: frozenset[str] = frozenset()
        self.person, self.name = person, name
        """Who it is, as others are told: a key that is the same in all tabs of one person, and a name."""
        self.visible = True
        self.inspects: frozenset[str] = frozenset()
        self.taps: frozenset[tuple[str, str]] = frozenset()
        """Node ids and ports of which every message is wanted."""
        self.held = False
        self.closing: int | None = None
        self.heard = time.monotonic()
        """When the last message came."""
        self._send, self._writable, self._write = send, writable, write
        self._documents: deque[Outgoing] = deque()
        self._frame: Outgoing | None = None
        self._frame_ids: frozenset[str] = frozenset()
        self._missed: set[str] = set()
        self._snapshot = True
        self._pong = False
        self._rows: deque[dict[str, Any]] = deque()
        self._rows_lost = 0
        self._wake = asyncio.Event()

    @property
    def watcher(self) -> Watcher:
        """Who looks at what, to ask whether they may."""
        return Watcher(self.user_id, self.key, self.flow.id)

    def may(self, verbs: frozenset[str]) -> None:
        """What the person may do here. Where it is another than before, the browser is told."""
        before, self.can = self.can, verbs
        if before and before != verbs:
            self.document(encode({"t": "rights", "can": self.can_now()}))

    def can_now(self) -> dict[str, bool]:
        """What the browser has to know of it."""
        return {verb: verb in self.can for verb in ("edit", "control", "code")}

    def document(self, text: Outgoing) -> None:
        """Send a message that must not be lost, or queue it. Closes the socket when too many wait."""
        if self._written(text):
            return
        if len(self._documents) >= MAX_DOCUMENTS:
            self.close(TOO_SLOW)
            return
        self._documents.append(text)
        self._wake.set()

    def pong(self) -> None:
        """Answer a ping; one answer is enough for many."""
        if self._written(_PONG):
            return
        self._pong = True
        self._wake.set()

    def live(self, frame: Outgoing, ids: frozenset[str]) -> None:
        """Offer the flow's newest live frame. If the one before is still waiting, only the names of what changed are
        kept: the values are read when the browser is ready for them."""
        if not self.visible or self._snapshot or self._written(frame):
            return
        if self._frame is None and not self._missed:
            self._frame, self._frame_ids = frame, ids
        else:
            self._missed |= ids
            self._missed |= self._frame_ids
            self._frame, self._frame_ids = None, frozenset()
        self._wake.set()

    def tapped(self, row: dict[str, Any]) -> None:
        """A message of a port that somebody listens to; if it is this browser, it is sent. The newest are kept."""
        if not self.visible or (row["node"], row["port"]) not in self.taps:
            return
        if len(self._rows) >= MAX_ROWS:
            self._rows.popleft()
            self._rows_lost += 1
        self._rows.append(row)
        self._wake.set()

    def rows_lost(self, count: int) -> None:
        """So many messages could not be told, of whichever ports."""
        if self.taps:
            self._rows_lost += count

    def show(self, visible: bool) -> None:
        """A hidden tab gets no live frames; when it is shown again it starts from a snapshot."""
        self.visible = visible
        self.flow.presence.show(self.client_id, visible)
        self._rows.clear()
        if visible:
            self.refresh()
        else:
            self._drop_live()

    def refresh(self) -> None:
        """Start again from a snapshot."""
        self._drop_live()
        self._snapshot = True
        self._wake.set()

    def hold(self, held: bool) -> None:
        """Send nothing while it is being checked whether this person may still see the flow."""
        self.held = held
        self._wake.set()

    def close(self, code: int) -> None:
        """Ask the sender to end with this close code; the first reason stands."""
        if self.closing is None:
            self.closing = code
        self._wake.set()

    async def run(self) -> int:
        """Send until the socket is to be closed; returns the close code."""
        while True:
            await self._wake.wait()
            self._wake.clear()
            while self.closing is None and not self.held and self._pending():
                # The value is chosen only when the socket is ready for it, so that it is the newest then.
                if not self._writable() and not await self._drained():
                    return TOO_SLOW
                text = self._next()
                if text is None:
                    continue
                if self._write is not None:
                    self._write(text.frame)
                    continue
                try:
                    async with asyncio.timeout(STUCK_SECONDS):
                        await self._send(text)
                except TimeoutError:
                    return TOO_SLOW
            if self.closing is not None:
                return self.closing

    def _written(self, text: Outgoing) -> bool:
        """Write at once if nothing waits before it and the socket is ready; whether that was so."""
        if self._write is None or self.held or self.closing is not None or self._pending() or not self._writable():
            return False
        self._write(text.frame)
        return True

    async def _drained(self) -> bool:
        """Wait for the socket to take in what it has; False when it does not. Polled: no server of ours tells."""
        until = time.monotonic() + STUCK_SECONDS
        while not self._writable():
            if self.closing is not None:
                return True
            if time.monotonic() > until:
                return False
            await asyncio.sleep(0.02)
        return True

    def _pending(self) -> bool:
        live = self._snapshot or self._frame is not None or bool(self._missed)
        return bool(self._documents) or self._pong or (self.visible and (live or bool(self._rows)))

    def _next(self) -> Outgoing | None:
        if self.held or self.closing is not None:
            return None
        if self._documents:
            return self._documents.popleft()
        if self._pong:
            self._pong = False
            return _PONG
        if not self.visible:
            return None
        if self._snapshot:
            self._drop_live()
            self._snapshot = False
            return self.flow.snapshot(visitor=self.visitor)
        if self._frame is not None:
            frame = self._frame
            self._drop_live()
            return frame
        if self._missed:
            missed, self._missed = self._missed, set()
            return self.flow.encode(missed, visitor=self.visitor)
        return self._next_rows()

    def _next_rows(self) -> Outgoing | None:
        if not self._rows:
            return None
        rows = [self._rows.popleft() for _ in range(min(len(self._rows), ROWS_AT_ONCE))]
        lost, self._rows_lost = self._rows_lost, 0
        return encode({"t": "debug", "rows": rows, "lost": lost})

    def _drop_live(self) -> None:
        self._frame, self._frame_ids = None, frozenset()
        self._missed.clear()
