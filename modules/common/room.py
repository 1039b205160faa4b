"""How much a node may keep for callers that have been answered already."""

from __future__ import annotations

import json

from pydantic_core import to_json

from weirflow import JSON, Fail

#: Bytes of JSON that one node keeps in memory, whatever the number of messages.
BYTES = 64 * 2**20
#: What a message takes in the state beside its value.
FRAME = 200


class Room:
    """Counts messages and their bytes: whoever has no caller to hold back must not grow without end."""

    def __init__(self) -> None:
        self.taken = 0
        self.bytes = 0

    def enter(self, size: int, most: int, most_bytes: int) -> None:
        """Make room for so many bytes beside at most ``most`` messages in all. Raises the retryable `Fail` with the
        code `full`."""
        if self.taken >= most or self.bytes + size > most_bytes:
            wait = "1 message waits" if self.taken == 1 else f"{self.taken:,} messages wait"
            raise Fail(
                f"{wait} here already, with {self.bytes:,} bytes; send fewer at once, make the "
                "flow behind faster, or raise the limits in the settings",
                code="full",
                retryable=True,
            )
        self.add(size)

    def add(self, size: int) -> None:
        """Count one that is there already, whether or not there is room."""
        self.taken += 1
        self.bytes += size

    def leave(self, size: int) -> None:
        """A message of that size is gone."""
        self.taken -= 1
        self.bytes -= size


def storable(value: JSON) -> tuple[JSON, int]:
    """The value as it can be stored, and the bytes of JSON that it takes. Half a character becomes a question mark, as
    on the way to another host."""
    try:
        return value, len(to_json(value, inf_nan_mode="null"))
    except ValueError:
        text = json.dumps(value, ensure_ascii=False).encode("utf-8", "replace")
        return json.loads(text), len(text)


def too_large(size: int, most: int, most_bytes: int) -> Fail:
    """The failure of a message that never has room: one may take ``most`` bytes, all that is kept ``most_bytes``."""
    way = "or raise 'Most bytes'" if most_bytes < most else "or keep it in memory only"
    return Fail(
        f"the message takes {size:,} bytes, one that is kept across restarts may take {min(most, most_bytes):,}; send "
        f"less, keep it elsewhere and send where, {way}",
        code="too_large",
        permanent=True,
    )
