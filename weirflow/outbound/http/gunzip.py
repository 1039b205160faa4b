"""A compressed body, opened no further than wanted: a few bytes may stand for gigabytes."""

import zlib


class Gunzip:
    """A reader of gzip, of one member or several in a row (RFC 1952)."""

    def __init__(self) -> None:
        self._reader = zlib.decompressobj(zlib.MAX_WBITS | 16)
        #: Whether anything has come, and whether it was whole.
        self.begun = False

    @property
    def ended(self) -> bool:
        """Whether a member has just ended."""
        return self._reader.eof

    def feed(self, data: bytes, most: int) -> bytes:
        """At most `most` bytes of what `data` stands for. Raises `zlib.error`."""
        self.begun = True
        made = b""
        while data and len(made) < most:
            if self._reader.eof:
                self._reader = zlib.decompressobj(zlib.MAX_WBITS | 16)
            made += self._reader.decompress(data, most - len(made))
            data = self._reader.unused_data
        return made
