"""What the body of a request says, by its type."""

from __future__ import annotations

import base64
import io
import json
import re
from math import inf
from typing import Any, Literal, TypeAlias
from urllib.parse import parse_qsl

from multipart import MultipartError, MultipartParser, parse_options_header
from pydantic_core import from_json

from weirflow import JSON

Encoding: TypeAlias = Literal["none", "json", "form", "multipart", "text", "base64"]

#: Fields of a form, and parts of a multipart body; more are refused.
MOST_FIELDS = 1000
#: Bytes of the head of one part.
_HEAD_BYTES = 8 * 1024
_MAY_OVERFLOW = re.compile(rb"[eE]\+?\d{3}|\d{309}")
#: The charsets that bodies have on the web. Python knows more, some of them slow and some no charsets.
_CHARSETS = re.compile(
    r"utf-?8|utf-?16([bl]e)?|us-ascii|ascii|iso-8859-\d{1,2}|latin-?1|windows-125\d|koi8-[ru]|shift[_-]jis|euc-(jp|kr)"
    r"|iso-2022-jp|big5|gb2312|gbk|gb18030"
)


class BadBody(ValueError):
    """The body is not what its Content-Type says. `code` and text are for the client."""

    def __init__(self, code: str, message: str) -> None:
        super().__init__(message)
        self.code = code


def read_body(body: bytes, content_type: str) -> tuple[JSON, Encoding]:
    """The body as JSON, and how it is to be read. Raises `BadBody`.

    JSON as its value; a form and a multipart body as an object of their fields, with a list where a name comes more
    than once; text in its charset; anything else as Base64.
    """
    if not body:
        return None, "none"
    kind, options = parse_options_header(content_type)
    if kind == "application/json" or kind.endswith("+json"):
        return _json(body), "json"
    if kind == "application/x-www-form-urlencoded":
        return _form(body), "form"
    if kind == "multipart/form-data":
        return _multipart(body, options.get("boundary", "")), "multipart"
    text = _text(body, options.get("charset", "utf-8"))
    return (base64.b64encode(body).decode(), "base64") if text is None else (text, "text")


def _json(body: bytes) -> JSON:
    try:
        value = from_json(body, allow_inf_nan=False)
        if _MAY_OVERFLOW.search(body):
            # The reader takes a number that is too large for an infinite one, which JSON knows nothing of.
            json.dumps(value, allow_nan=False)
    except ValueError:
        text = "the body is not valid JSON; correct it, or send another Content-Type"
        raise BadBody("invalid_json", text) from None
    return value


def _form(body: bytes) -> dict[str, JSON]:
    fields: dict[str, list[JSON]] = {}
    try:
        pairs = parse_qsl(body.decode("utf-8", "replace"), keep_blank_values=True, max_num_fields=MOST_FIELDS)
    except ValueError:
        raise BadBody("invalid_form", f"a form may have {MOST_FIELDS:,} fields") from None
    for name, value in pairs:
        fields.setdefault(name, []).append(value)
    return _once(fields)


def _multipart(body: bytes, boundary: str) -> dict[str, JSON]:
    if not boundary:
        raise BadBody("invalid_multipart", "the Content-Type names no boundary; let the client's library write it")
    fields: dict[str, list[JSON]] = {}
    try:
        # All of it is in memory already, and bounded by the largest body: nothing is put on a disk.
        parser = MultipartParser(
            io.BytesIO(body),
            boundary,
            len(body),
            headersize_limit=_HEAD_BYTES,
            part_limit=MOST_FIELDS,
            partsize_limit=len(body),
            spool_limit=len(body) + 1,
            memory_limit=len(body) + 1,
            disk_limit=inf,
        )
        for part in parser:
            fields.setdefault(part.name, []).append(_part(part))
            part.close()
    except (MultipartError, ValueError, LookupError) as error:
        raise BadBody("invalid_multipart", f"the body is not valid multipart/form-data: {error}") from None
    return _once(fields)


def _part(part: Any) -> JSON:
    content: bytes = part.raw
    if part.filename is None:
        text = _text(content, part.charset)
        if text is not None:
            return text
    return {
        "filename": part.filename or "",
        "contentType": part.content_type,
        "size": len(content),
        "base64": base64.b64encode(content).decode(),
    }


def _text(body: bytes, charset: str) -> str | None:
    """The text in that charset; None if it is none."""
    name = charset.strip().lower()
    try:
        return body.decode(name if _CHARSETS.fullmatch(name) else "utf-8")
    except (UnicodeDecodeError, LookupError):
        return None


def _once(fields: dict[str, list[JSON]]) -> dict[str, JSON]:
    return {name: values[0] if len(values) == 1 else values for name, values in fields.items()}
