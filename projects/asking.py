"""Who asks, as far as the way of the request says: address, request id, and by what they proved who they are.

Set at the edge (`config.middleware.Context`, `config.sockets`), read where something is recorded or logged. One object
for each request, which whoever learns more writes into: a copied context on another thread has the same one.
"""

import re
import secrets
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass
from typing import Literal

Way = Literal["session", "token", "link", "system"]
"""`link` is a read-only share link; `system` is what nobody asked for: a chore, a command on the machine."""

_WELL_FORMED = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]{7,63}")


@dataclass(slots=True)
class Asking:
    """What is known about the request that is being answered."""

    request_id: str = ""
    address: str = ""
    """Of the browser, as text; empty when nobody came from the network."""
    way: Way = "system"
    credential: str = ""
    """Which token or share link: its public id, never itself."""
    person: int | None = None
    over: bool = False
    """The answer is out: what a background task that began meanwhile does is not that request any more."""


NOBODY = Asking()
_asking: ContextVar[Asking] = ContextVar("weirflow_asking", default=NOBODY)


def asking() -> Asking:
    """Who asks now; `NOBODY` outside requests and after their answer. Not to be changed: `came_by` does that."""
    now = _asking.get()
    return NOBODY if now.over else now


def came_by(way: Way, person: int | None = None, credential: str = "") -> None:
    """Notes how the one who asks proved who they are. Does nothing outside a request."""
    now = asking()
    if now is not NOBODY:
        now.way, now.person, now.credential = way, person, credential[:64]


@contextmanager
def asked(request_id: str, address: str) -> Iterator[Asking]:
    """Within, this is who asks: by a session, until somebody says otherwise."""
    now = Asking(request_id=request_id, address=address, way="session")
    token = _asking.set(now)
    try:
        yield now
    finally:
        now.over = True
        _asking.reset(token)


def request_id(offered: str) -> str:
    """The id that came with the request, if it has 8 to 64 letters, digits, dots, dashes and underscores; else a new
    one."""
    return offered if _WELL_FORMED.fullmatch(offered) else secrets.token_hex(16)
