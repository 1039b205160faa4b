"""Targets of requests as flows read them, and answers as bytes: the text side of a flow's connection."""

from __future__ import annotations

import re
import time
from email.utils import formatdate
from http import HTTPStatus
from urllib.parse import parse_qsl, unquote_to_bytes

from weirflow.services import HttpResponse

#: Stands in a path for a slash that came as %2F: it is a character of one part, and parts nothing. No text that came as
#: UTF-8 has it.
_SLASH = "\udc2f"
_ENCODED_SLASH = re.compile(rb"%2[fF]")
#: What clients of a proxy write before the path (RFC 9112, 3.2.2).
_ABSOLUTE = re.compile(rb"\Ahttps?://[^/?]*", re.IGNORECASE)
_FORBIDDEN = ("content-length", "transfer-encoding", "connection", "date", "keep-alive", "upgrade")
_REASONS = {status.value: status.phrase for status in HTTPStatus}
_date_line = (0, b"")


def plain(status: int, message: str, headers: dict[str, str] | None = None) -> HttpResponse:
    """An answer of the listener's own, a line of text."""
    return HttpResponse(
        status, {"content-type": "text/plain; charset=utf-8", **(headers or {})}, f"{message}\n".encode()
    )


def target_of(url: bytes) -> tuple[str, bytes]:
    """The path, to be compared with those of routes, and the query as it came."""
    path, _, query = _ABSOLUTE.sub(b"", url, count=1).partition(b"?")
    return _readable(path or b"/"), query


def _readable(path: bytes) -> str:
    if b"%" not in path:
        return path.decode("latin-1")
    parts = _ENCODED_SLASH.split(path)
    return _SLASH.join(unquote_to_bytes(part).decode("utf-8", "replace") for part in parts)


def shown(text: str) -> str:
    """A path, or a part of one, as people and flows read it."""
    return text.replace(_SLASH, "/")


def query_of(text: bytes) -> dict[str, str | list[str]]:
    """Text by name; a list where a name comes more than once. Raises `ValueError` for more than 1,000 names."""
    query: dict[str, str | list[str]] = {}
    for name, value in parse_qsl(text.decode("latin-1"), keep_blank_values=True, max_num_fields=1000):
        known = query.get(name)
        if known is None:
            query[name] = value
        elif isinstance(known, list):
            known.append(value)
        else:
            query[name] = [known, value]
    return query


def encode(response: HttpResponse, keep: bool, is_head: bool) -> bytes:
    """A whole answer; of one to a HEAD the head."""
    global _date_line
    now = int(time.time())
    if _date_line[0] != now:
        _date_line = (now, f"date: {formatdate(now, usegmt=True)}\r\n".encode())
    status = response.status
    lines = [f"HTTP/1.1 {status} {_REASONS.get(status, '')}"]
    for name, value in response.headers.items():
        # A flow's data must not be able to add fields or to end the head.
        if name.lower() not in _FORBIDDEN and not any(c in f"{name}{value}" for c in "\r\n\0"):
            lines.append(f"{name}: {value}")
    if status >= 200 and status not in (204, 304):
        lines.append(f"content-length: {len(response.body)}")
    lines.append("connection: keep-alive" if keep else "connection: close")
    head = "\r\n".join(lines).encode("latin-1", "replace") + b"\r\n" + _date_line[1] + b"\r\n"
    return head if is_head or status in (204, 304) else head + response.body
