"""The formats of texts: whether one has it, and a text that does."""

from __future__ import annotations

import base64
import binascii
import ipaddress
import json
import re
from collections.abc import Callable
from datetime import date, datetime, time, timedelta
from functools import lru_cache
from typing import Any
from uuid import UUID

from pydantic import TypeAdapter, ValidationError

_HOST = re.compile(r"(?=.{1,253}\.?$)(?!-)[A-Za-z0-9-]{1,63}(?<!-)(\.(?!-)[A-Za-z0-9-]{1,63}(?<!-))*\.?", re.ASCII)
_URI = re.compile(r"[A-Za-z][A-Za-z0-9+.-]*:[^\s<>\"{}|\\^`]+")
_EMAIL = re.compile(r"[^\s@]{1,64}@[^\s@]{1,255}")
_COLOR = re.compile(r"#(?:[0-9a-fA-F]{3}|[0-9a-fA-F]{6}|[0-9a-fA-F]{8})")
_STARTS_WITH_DIGIT = re.compile(r"\d")

#: A text of each format, for data that is made up.
SAMPLES: dict[str, str] = {
    "base64": "aGVsbG8=",
    "color": "#1f6feb",
    "date": "2026-01-31",
    "date-time": "2026-01-31T12:00:00Z",
    "duration": "PT1M30S",
    "email": "ada@example.org",
    "hostname": "example.org",
    "ipv4": "192.0.2.1",
    "ipv6": "2001:db8::1",
    "json": "{}",
    "time": "12:30:00Z",
    "uri": "https://example.org/path",
    "uuid": "6f1c3c1e-7a0f-4a51-9e3c-0d6b1f5f2a77",
}


@lru_cache(maxsize=8)
def _reads(kind: Any) -> Callable[[str], bool]:
    """As Pydantic reads it: what a component with such a field takes."""
    adapter: TypeAdapter[Any] = TypeAdapter(kind)

    def fits(text: str) -> bool:
        try:
            adapter.validate_python(text)
        except ValidationError:
            return False
        return True

    return fits


def _is_address(version: int) -> Callable[[str], bool]:
    def fits(text: str) -> bool:
        try:
            return ipaddress.ip_address(text).version == version
        except ValueError:
            return False

    return fits


def _is_base64(text: str) -> bool:
    try:
        base64.b64decode(text, validate=True)
    except (binascii.Error, ValueError):
        return False
    return True


def _is_json(text: str) -> bool:
    try:
        json.loads(text)
    except (ValueError, RecursionError):
        return False
    return True


def _is_uuid(text: str) -> bool:
    try:
        UUID(text)
    except ValueError:
        return False
    return len(text) == 36


_FITS: dict[str, Callable[[str], bool]] = {
    "base64": _is_base64,
    "color": lambda text: _COLOR.fullmatch(text) is not None,
    # Pydantic takes the seconds since 1970 for a date, too; a text that says so is none.
    "date": lambda text: len(text) == 10 and "-" in text and _reads(date)(text),
    "date-time": lambda text: "-" in text[1:] and _reads(datetime)(text),
    "duration": lambda text: not _STARTS_WITH_DIGIT.match(text) and _reads(timedelta)(text),
    "email": lambda text: _EMAIL.fullmatch(text) is not None,
    "hostname": lambda text: _HOST.fullmatch(text) is not None,
    "ipv4": _is_address(4),
    "ipv6": _is_address(6),
    "json": _is_json,
    "time": lambda text: ":" in text and _reads(time)(text),
    "uri": lambda text: _URI.fullmatch(text) is not None,
    "uuid": _is_uuid,
}


def _judged(fits: Callable[[str], bool]) -> Callable[[Any], bool]:
    return lambda value: not isinstance(value, str) or value == "" or fits(value)


#: Whether a value has the format; what is no text, or empty (a form's "nothing yet"), is not judged.
FORMATS: dict[str, Callable[[Any], bool]] = {name: _judged(fits) for name, fits in _FITS.items()}
