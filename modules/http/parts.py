"""A body of several parts, fields and files, as browsers send forms with files (RFC 7578)."""

from __future__ import annotations

import base64
import binascii
import re
import secrets
from collections.abc import Iterator

from weirflow import JSON

_TYPE = re.compile(r"[\w!#$&^.+-]{1,100}/[\w!#$&^.+-]{1,100}(; ?[\w-]+=[\w.-]+)*", re.ASCII)


class BadPart(ValueError):
    """A field that no part can be made of; the text says why."""


def multipart(body: JSON) -> tuple[bytes, str]:
    """The body and its Content-Type, for the form that HTTP Server gives such requests: texts by name, files as
    `{filename, contentType, base64}`, a list where a name comes more than once. Raises `BadPart`.
    """
    if not isinstance(body, dict):
        raise BadPart("sent as multipart, it must be an object of texts and files, or of lists of them")
    # Nobody can have put it into a file beforehand.
    boundary = secrets.token_hex(16)
    pieces: list[bytes] = []
    for name, value in body.items():
        for one in value if isinstance(value, list) else [value]:
            if one is not None:
                pieces += _part(boundary, name, one)
    return b"".join([*pieces, f"--{boundary}--\r\n".encode()]), f"multipart/form-data; boundary={boundary}"


def _part(boundary: str, name: str, value: JSON) -> Iterator[bytes]:
    filename, kind = "", ""
    if isinstance(value, dict):
        content, filename, kind = _file(name, value)
    elif isinstance(value, list):
        raise BadPart(f"its field {name[:100]!r} holds a list in a list; a list of texts and files will do")
    else:
        content = (("true" if value else "false") if isinstance(value, bool) else str(value)).encode()
    head = f'--{boundary}\r\nContent-Disposition: form-data; name="{_quoted(name)}"'
    if isinstance(value, dict):
        head += f'; filename="{_quoted(filename)}"\r\nContent-Type: {kind}'
    yield f"{head}\r\n\r\n".encode()
    yield content
    yield b"\r\n"


def _file(name: str, value: dict[str, JSON]) -> tuple[bytes, str, str]:
    where = f"its field {name[:100]!r}"
    data, filename, kind = value.get("base64"), value.get("filename") or "file", value.get("contentType")
    kind = kind or "application/octet-stream"
    if not isinstance(data, str) or not isinstance(filename, str):
        raise BadPart(f"{where} is no file: one is an object with filename, contentType and base64")
    if not isinstance(kind, str) or not _TYPE.fullmatch(kind):
        raise BadPart(f"{where} has a contentType that is none; one is such as image/png")
    try:
        return base64.b64decode(data, validate=True), filename, kind
    except binascii.Error:
        raise BadPart(f"the base64 of {where} is none; send it with padding and without line breaks") from None


def _quoted(text: str) -> str:
    """As the HTML standard escapes names: nothing in them can begin a line or end the quotes."""
    return text.replace('"', "%22").replace("\r", "%0D").replace("\n", "%0A")
