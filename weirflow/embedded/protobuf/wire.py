"""The wire format of protobuf: numbered fields, read one after the other."""

from __future__ import annotations

import struct
from collections.abc import Iterator

VARINT, FIXED64, DELIMITED, FIXED32 = 0, 1, 2, 5
VARINT_BYTES = 10


class Malformed(ValueError):
    """Bytes that are no message."""


def fields(raw: bytes) -> Iterator[tuple[int, int | float | bytes]]:
    """(number, value) of each field: a number for a varint, a float for eight bytes, else bytes. Raises Malformed."""
    at, end = 0, len(raw)
    while at < end:
        key, at = varint(raw, at)
        number, form = key >> 3, key & 7
        if number == 0:
            raise Malformed("a field has the number 0")
        if form == VARINT:
            whole, at = varint(raw, at)
            yield number, whole
            continue
        if form == DELIMITED:
            size, at = varint(raw, at)
        elif form in (FIXED64, FIXED32):
            size = 8 if form == FIXED64 else 4
        else:
            raise Malformed(f"field {number} has the unknown form {form}")
        if at + size > end:
            raise Malformed(f"field {number} ends after the message")
        piece = raw[at : at + size]
        at += size
        yield number, struct.unpack("<d", piece)[0] if form == FIXED64 else piece


def varint(raw: bytes, at: int) -> tuple[int, int]:
    """A number and where it ends."""
    value = 0
    for place in range(VARINT_BYTES):
        if at + place >= len(raw):
            raise Malformed("a number ends after the message")
        byte = raw[at + place]
        value |= (byte & 0x7F) << (7 * place)
        if byte < 0x80:
            return value & (2**64 - 1), at + place + 1
    raise Malformed("a number has more than ten bytes")


def signed(value: int) -> int:
    """A 64-bit number as written for int32 and int64."""
    return value - 2**64 if value >= 2**63 else value
