"""How single values are written, so that this reader and every other reads them back as what they were."""

from __future__ import annotations

import json
import re
from typing import Any

import orjson

_PLAIN = re.compile(r"^(?:[^\W\d_]|[_/$(])(?:[\w./+()=;?!$\-%@*<>|…–—·€’ ]*[\w./+()=;?!$\-%@*<>|…–—·€’])?$")
_WORDS = frozenset({"true", "false", "null", "yes", "no", "on", "off", "y", "n"})
_ESCAPED = re.compile("[\x7f-\x9f\u2028\u2029\ufeff\ufffe\uffff\ud800-\udfff]")
_UNPRINTABLE = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\u2028\u2029\ufeff\ufffe\uffff\ud800-\udfff]")
_UNQUOTABLE = re.compile(f"['\t\n]|{_UNPRINTABLE.pattern}")
LONG_KEY = 500
"""Longer ones stand in lines of their own: YAML looks only so far for the colon behind a key."""


def scalar(value: Any) -> str:
    """A text, number, truth value or null on one line."""
    if isinstance(value, str):
        return text(value)
    if value is None:
        return "null"
    if isinstance(value, bool):
        return "true" if value else "false"
    return orjson.dumps(value).decode()


def text(value: str) -> str:
    """A text on one line: bare where nobody can take it for anything else, else in quotation marks."""
    if _PLAIN.match(value) and value.lower() not in _WORDS and "\n" not in value:
        return value
    if ('"' in value or "\\" in value) and not _UNQUOTABLE.search(value):
        return f"'{value}'"
    return _ESCAPED.sub(lambda found: f"\\u{ord(found[0]):04x}", json.dumps(value, ensure_ascii=False))


def block(value: str, pad: str) -> list[str] | None:
    """A text of several lines, each behind `pad`; the first is the sign that stands behind the key. None: it has only
    one line, or holds what cannot be written so."""
    if "\n" not in value or _UNPRINTABLE.search(value):
        return None
    body = value.rstrip("\n")
    if not body.strip():
        return None
    ends = len(value) - len(body)
    sign = "|" + ("2" if body[0] in " \t\n" else "") + ("-" if ends == 0 else "" if ends == 1 else "+")
    lines = (body + "\n" * (ends - 1 if ends > 1 else 0)).split("\n")
    return [sign, *(pad + line if line else "" for line in lines)]
