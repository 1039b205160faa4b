"""Whether those who have our messages still live: NATS delivers and forgets, and a host that dies answers nothing.

A host that has had a message for a second says so to the caller; the caller then asks that host every second whether
it is there, once for all its calls. The server itself answers for one that is gone. Modules of others say nothing.
"""

from __future__ import annotations

import asyncio
import time
from collections.abc import Callable

_TICK_SECONDS = 1.0
#: A host that has a message and has not said so after this time died with it.
_NOTE_SECONDS = 5.0
#: A host that gives no sign for so long has been frozen or cut off.
_SILENT_SECONDS = 12.0


class Ticking:
    """Calls ``tick`` every second while it returns true; ``wake`` starts that again."""

    def __init__(self, tick: Callable[[], bool]) -> None:
        self._tick = tick
        self._handle: asyncio.TimerHandle | None = None

    def wake(self) -> None:
        if self._handle is None:
            self._handle = asyncio.get_running_loop().call_later(_TICK_SECONDS, self._turn)

    def stop(self) -> None:
        if self._handle is not None:
            self._handle.cancel()
            self._handle = None

    def _turn(self) -> None:
        self._handle = None
        if self._tick():
            self.wake()


class Taken:
    """The receiver's side. ``say`` tells the inbox of a caller who has its message."""

    def __init__(self, say: Callable[[str], None]) -> None:
        self._say = say
        #: Inboxes and since when, oldest first.
        self._open: dict[str, float] = {}
        self._said: set[str] = set()
        self._ticking = Ticking(self._tick)

    def began(self, inbox: str) -> None:
        self._open[inbox] = time.monotonic()
        self._ticking.wake()

    def ended(self, inbox: str) -> None:
        if self._open.pop(inbox, None) is None:
            self._said.discard(inbox)

    def stop(self) -> None:
        self._ticking.stop()

    def _tick(self) -> bool:
        before = time.monotonic() - _TICK_SECONDS
        for inbox, began in list(self._open.items()):
            if began > before:
                break
            del self._open[inbox]
            self._said.add(inbox)
            self._say(inbox)
        return bool(self._open)


class Holders:
    """The caller's side: which host has which call. ``ask`` sends a host the question whether it is there; ``lost``
    hears of each call whose host is not."""

    def __init__(self, ask: Callable[[str], None], lost: Callable[[int, str], None]) -> None:
        self._ask, self._lost = ask, lost
        self._holder: dict[int, str] = {}
        #: Calls that some host of ours must have, oldest first, and since when.
        self._unknown: dict[int, float] = {}
        #: Since when each host that was asked has given no sign.
        self._silent: dict[str, float] = {}
        self._ticking = Ticking(self._tick)

    def sent(self, number: int) -> None:
        """The call is with some host of ours, which says so if it takes long."""
        self._unknown[number] = time.monotonic()
        self._ticking.wake()

    def holds(self, number: int, identity: str) -> None:
        """The call is with this host."""
        self._unknown.pop(number, None)
        self._holder[number] = identity
        self._ticking.wake()

    def ended(self, number: int) -> None:
        if self._unknown.pop(number, None) is None:
            self._holder.pop(number, None)

    def is_there(self, identity: str) -> None:
        """It has answered."""
        self._silent.pop(identity, None)

    def is_gone(self, identity: str) -> None:
        """Nobody listens under its name."""
        self._silent.pop(identity, None)
        for number in [number for number, holder in self._holder.items() if holder == identity]:
            del self._holder[number]
            self._lost(number, identity)

    def stop(self) -> None:
        self._ticking.stop()

    def _tick(self) -> bool:
        now = time.monotonic()
        for number, since in list(self._unknown.items()):
            if now - since < _NOTE_SECONDS:
                break
            del self._unknown[number]
            self._lost(number, "")
        asked = set(self._holder.values())
        self._silent = {identity: since for identity, since in self._silent.items() if identity in asked}
        for identity in asked:
            if now - self._silent.setdefault(identity, now) > _SILENT_SECONDS:
                self.is_gone(identity)
            else:
                self._ask(identity)
        return bool(self._holder or self._unknown)
