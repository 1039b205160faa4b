"""What a message makes of a request that is sent: its URL and its body."""

from __future__ import annotations

import base64
import binascii
from functools import lru_cache
from typing import Any, Literal
from urllib.parse import urlencode, urljoin, urlsplit

import orjson

from modules.http.parts import BadPart, multipart
from weirflow import JSON, Fail

SendAs = Literal["auto", "json", "form", "multipart", "text", "base64"]


def url_of(base: str, url: str, query: dict[str, Any]) -> str:
    """`url`, or where it leads from `base`, with `query` added. Raises `Fail`."""
    joined = urljoin(base, url) if base and url else url or base
    if not joined:
        raise Fail(
            "neither the settings nor the message has a URL; fill one in", code="no_url", permanent=True, field="/url"
        )
    if not query:
        return joined
    pairs = [(name, _text(name, one)) for name, value in query.items() for one in _several(value) if one is not None]
    rest, mark, fragment = joined.partition("#")
    return f"{rest}{'&' if '?' in rest else '?'}{urlencode(pairs)}{mark}{fragment}"


@lru_cache(maxsize=256)
def _origin(url: str) -> tuple[str, str]:
    parts = urlsplit(url)
    return parts.scheme, parts.netloc.rpartition("@")[2].lower()


def same_origin(base: str, url: str) -> bool:
    """Whether `url` asks the server that `base` does."""
    try:
        return bool(base) and _origin(base) == _origin(url)
    except ValueError:
        return False


def bytes_of(body: JSON, form: SendAs) -> tuple[bytes, dict[str, str]]:
    """A body and the headers that say what it is. Raises `Fail`."""
    if body is None:
        return b"", {}
    try:
        if form == "json" or (form == "auto" and not isinstance(body, str)):
            return _json(body), {"content-type": "application/json"}
        if form == "form":
            return _form(body), {"content-type": "application/x-www-form-urlencoded"}
        if form == "multipart":
            sent, kind = multipart(body)
            return sent, {"content-type": kind}
        if not isinstance(body, str):
            raise _invalid(f"sent as {form}, it must be a text")
        if form == "base64":
            return base64.b64decode(body, validate=True), {"content-type": "application/octet-stream"}
        return body.encode(), {"content-type": "text/plain; charset=utf-8"}
    except BadPart as error:
        raise _invalid(str(error)) from None
    except UnicodeEncodeError:
        raise _invalid("it holds half a character (a lone surrogate); take it out") from None
    except binascii.Error:
        raise _invalid("it is no Base64; send it with padding and without line breaks") from None


def _json(body: JSON) -> bytes:
    try:
        return orjson.dumps(body)
    except (TypeError, ValueError):
        # Whole numbers past 64 bits, which messages may carry and the fast writer does not take.
        import json

        return json.dumps(body, ensure_ascii=False, separators=(",", ":")).encode()


def _form(body: JSON) -> bytes:
    if not isinstance(body, dict):
        raise _invalid("sent as a form, it must be an object of texts, or of lists of them")
    pairs = [(name, one) for name, value in body.items() for one in _several(value) if one is not None]
    if any(isinstance(value, dict | list) for _, value in pairs):
        raise _invalid("sent as a form, its fields are texts, numbers, or lists of them; write deeper ones as JSON")
    return urlencode([(name, _plain(value)) for name, value in pairs]).encode()


def _several(value: JSON) -> list[JSON]:
    return value if isinstance(value, list) else [value]


def _text(name: str, value: JSON) -> str:
    if isinstance(value, dict | list):
        raise Fail(
            f"the query's {name[:100]!r} must be a text, a number, or a list of them; map one to it",
            code="invalid_query",
            permanent=True,
            field="/query",
        )
    return _plain(value)


def _plain(value: JSON) -> str:
    return ("true" if value else "false") if isinstance(value, bool) else str(value)


def _invalid(why: str) -> Fail:
    return Fail(f"the body cannot be sent: {why}", code="invalid_body", permanent=True, field="/body")
