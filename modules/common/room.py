"""How much a node may keep in memory for callers that have been answered already."""

from __future__ import annotations

from pydantic_core import to_json

from weirflow import JSON, Fail

#: Bytes of JSON that one node keeps, whatever the number of messages.
BYTES = 64 * 2**20


class Room:
    """Counts messages and their bytes: whoever has no caller to hold back must not grow without end."""

    def __init__(self) -> None:
        self.taken = 0
        self._bytes = 0

    def enter(self, value: JSON, most: int) -> int:
        """Make room for `value` beside at most ``most`` messages in all. Returns its size in bytes, for `leave`.
        Raises the retryable `Fail` with the code `full`."""
        size = len(to_json(value, inf_nan_mode="null"))
        if self.taken >= most or self._bytes + size > BYTES:
            raise Fail(
                f"{self.taken:,} messages with {self._bytes:,} bytes wait here already; send fewer at once, or make "
                "the flow behind faster",
                code="full",
                retryable=True,
            )
        self.taken += 1
        self._bytes += size
        return size

    def leave(self, size: int) -> None:
        """A message of that size is gone."""
        self.taken -= 1
        self._bytes -= size
