"""What is said to browsers: JSON text that becomes a websocket frame once, however many browsers it goes to."""

from functools import cached_property
from typing import Any

import orjson

_TEXT = b"\x81"
"""A whole message of text. What a server sends is not masked (RFC 6455, 5.2)."""


class Outgoing(str):
    """A message as text, and as the bytes that go over the connection."""

    @cached_property
    def frame(self) -> bytes:
        """The text as one frame."""
        body = self.encode()
        size = len(body)
        if size < 126:
            return _TEXT + bytes([size]) + body
        if size < 1 << 16:
            return _TEXT + b"\x7e" + size.to_bytes(2, "big") + body
        return _TEXT + b"\x7f" + size.to_bytes(8, "big") + body


def encode(message: dict[str, Any]) -> Outgoing:
    """A message as JSON text."""
    return Outgoing(orjson.dumps(message).decode())
