"""What code prints, as far as it is kept."""

from __future__ import annotations

_MORE = "\n(more was printed, and is not kept)"


class Prints:
    """Stands where a file would; `limit` in characters for each call."""

    encoding = "utf-8"

    def __init__(self, limit: int) -> None:
        self._limit, self._left = limit, limit
        self._parts: list[str] = []

    def write(self, text: str) -> int:
        """Keep the text, or the beginning of it."""
        if self._left >= 0:
            self._parts.append(text if len(text) <= self._left else text[: self._left] + _MORE)
            self._left -= len(text)
        return len(text)

    def flush(self) -> None:
        """Nothing waits."""

    def isatty(self) -> bool:
        """No."""
        return False

    def taken(self) -> bytes:
        """What was printed since the last time."""
        if not self._parts:
            return b""
        text = "".join(map(str, self._parts))
        self._parts, self._left = [], self._limit
        return text.encode("utf-8", "replace")
