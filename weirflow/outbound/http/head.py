"""The first lines of a request, and which of them another origin may see."""

from __future__ import annotations

import re
from collections.abc import Mapping

from weirflow.outbound.http.target import Target, invalid

_TOKEN = re.compile(r"[!#$%&'*+.^_`|~0-9A-Za-z-]+")
_UNSENT = re.compile(r"[\x00-\x08\x0a-\x1f\x7f]|[^\x00-\xff]")
#: The client's own: they say how the message is framed, and a caller who sets them could make two of it.
_OURS = frozenset(
    ("connection", "content-length", "expect", "host", "keep-alive", "proxy-connection", "te", "trailer",
     "transfer-encoding", "upgrade")
)  # fmt: skip
#: What is no credential by its name. Any other header may be one (`x-api-key`), and goes to the first origin alone.
_HARMLESS = frozenset(
    ("accept", "accept-language", "cache-control", "content-language", "content-type", "if-modified-since",
     "if-none-match", "range", "user-agent", "idempotency-key", "traceparent")
)  # fmt: skip
_OF_BODIES = frozenset(("content-type", "content-language", "content-encoding"))

#: Of names and values together; servers take less.
_LONGEST = 65_536

Fields = dict[str, str]


def read_fields(headers: Mapping[str, str] | None) -> Fields:
    """The caller's headers by their lower-case names. Raises `Fail`, which repeats names alone."""
    fields: Fields = {}
    for name, value in (headers or {}).items():
        low = name.lower()
        if not _TOKEN.fullmatch(name) or not isinstance(value, str) or _UNSENT.search(value):
            raise invalid(f"HTTP does not allow the name or the value of the header {name[:100]!r}; correct it")
        if low in _OURS:
            raise invalid(f"the header {name!r} is set by what sends the request; leave it out")
        fields[low] = value
    if (size := sum(map(len, fields)) + sum(map(len, fields.values()))) > _LONGEST:
        raise invalid(f"the headers have {size:,} characters; more than {_LONGEST:,} are not sent")
    return fields


def for_other_origin(fields: Fields) -> Fields:
    """What of the headers (by lower-case names) another server than the one that they were meant for may see: those
    that are known to be no credentials."""
    return {name: value for name, value in fields.items() if name in _HARMLESS}


def without_body(fields: Fields) -> Fields:
    """For a request that goes on without its body."""
    return {name: value for name, value in fields.items() if name not in _OF_BODIES}


def check_method(method: str) -> str:
    """In upper case. Raises `Fail`."""
    if not _TOKEN.fullmatch(method) or len(method) > 40:
        raise invalid("a method is a word such as GET or POST; correct it")
    method = method.upper()
    if method in ("CONNECT", "TRACE"):
        raise invalid(f"{method} is not sent: it is for proxies and for finding faults")
    return method


def head_of(method: str, target: Target, fields: Fields, length: int) -> bytes:
    """All of a request but its body of `length` bytes."""
    lines = [f"{method} {target.path} HTTP/1.1\r\nhost: {target.origin.name}\r\n"]
    if target.credentials and "authorization" not in fields:
        lines.append(f"authorization: {target.credentials}\r\n")
    lines += [f"{name}: {value}\r\n" for name, value in fields.items()]
    if "accept-encoding" not in fields:
        lines.append("accept-encoding: gzip\r\n")
    if length or method in ("POST", "PUT", "PATCH"):
        lines.append(f"content-length: {length}\r\n")
    lines.append("\r\n")
    return "".join(lines).encode("latin-1")
