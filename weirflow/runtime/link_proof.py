"""How a web process and a module host show each other on a link that they hold the key, without showing the key.

The key also opens secret fields of states that were sealed before they had keys of their own, and an address in a Lease
may have become somebody else's: whoever answers there must learn nothing that opens another link or a state, and must
not be believed.
"""

from __future__ import annotations

import hashlib
import hmac
import secrets
import time
from dataclasses import dataclass

HEADER = "X-Weirflow-Link"
"""Carries the call. Not ``Authorization``: the API server uses that up when a link goes through it."""
SKEW_SECONDS = 300.0
"""How far the clocks of the two sides may be apart; also how long an overheard call is good for at the same host."""


class WrongKeyError(PermissionError):
    """A call was not signed with the key, or not for this host."""


@dataclass(frozen=True, slots=True)
class Call:
    """What the asking side sends in ``HEADER``, and what only a host with the key can answer."""

    header: str
    answer: str


def call(key: bytes, identity: str) -> Call:
    """A call to the host of this identity; good once, since the answer to another call is another."""
    stamp = f"{int(time.time())}.{secrets.token_hex(16)}"
    return Call(f"{stamp}.{_sign(key, 'call', identity, stamp)}", _sign(key, "answer", identity, stamp))


def answer(key: bytes, identity: str, header: str) -> str:
    """The answer of the host of this identity. Raises ``PermissionError`` saying what is wrong with the call."""
    stamp, _, signature = header.rpartition(".")
    if not hmac.compare_digest(signature.encode("utf-8", "replace"), _sign(key, "call", identity, stamp).encode()):
        raise WrongKeyError("the link's key is missing or wrong, or the call is meant for another host")
    if abs(int(stamp.partition(".")[0]) - time.time()) > SKEW_SECONDS:
        raise PermissionError(f"the clocks of the two sides are more than {SKEW_SECONDS:g} s apart; set them right")
    return _sign(key, "answer", identity, stamp)


def _sign(key: bytes, what: str, identity: str, stamp: str) -> str:
    text = f"weirflow link {what}\n{identity}\n{stamp}"
    return hmac.new(key, text.encode("utf-8", "replace"), hashlib.sha256).hexdigest()
