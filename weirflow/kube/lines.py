"""Whole lines of a stream whose lines may be longer than any buffer."""

from collections.abc import AsyncIterable, AsyncIterator

MAX_LINE_BYTES = 16 * 1024 * 1024


class LineTooLong(ValueError):
    """A line that is larger than anything a cluster stores."""


async def lines_of(chunks: AsyncIterable[bytes]) -> AsyncIterator[bytes]:
    """The lines that are not empty, without their ends. Raises ``LineTooLong``."""
    parts: list[bytes] = []
    size = 0
    async for chunk in chunks:
        first, *others = chunk.split(b"\n")
        parts.append(first)
        size += len(first)
        if size > MAX_LINE_BYTES:
            raise LineTooLong(f"a line of more than {MAX_LINE_BYTES} bytes")
        for line in others:
            if size:
                yield b"".join(parts)
            parts, size = [line], len(line)
