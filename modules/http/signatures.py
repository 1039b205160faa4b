"""How those who send webhooks sign them, and whether a request is signed so."""

from __future__ import annotations

import base64
import hmac
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Literal, TypeAlias

Scheme: TypeAlias = Literal["github", "stripe", "slack", "generic"]


class Refused(Exception):
    """A request is not what it should be. `code` is one of those that the component documents."""

    def __init__(self, code: str, reason: str) -> None:
        super().__init__(reason)
        self.code = code
        self.reason = reason


@dataclass(frozen=True, slots=True)
class Claim:
    """What a request says of itself: its signatures, one of which has to fit; the time it claims, in Unix seconds (None
    where the scheme has none); and what is signed."""

    signatures: tuple[str, ...]
    timestamp: int | None
    signed: bytes


@dataclass(frozen=True, slots=True)
class Generic:
    """A sender's own way: which header has the signature, what stands before it there, and how it is written.
    `timestamp_header` empty: no time is signed; else `<time>.<body>` is."""

    header: str
    prefix: str
    algorithm: Literal["sha256", "sha512", "sha1"]
    encoding: Literal["hex", "base64"]
    timestamp_header: str


def verify(
    scheme: Scheme,
    generic: Generic,
    secrets: tuple[str, ...],
    headers: Mapping[str, str],
    body: bytes,
    now: float,
    tolerance: int,
) -> str:
    """The signature of the request, which names it among others. Raises `Refused`. `headers` have lower-case names."""
    claim = _READERS[scheme](headers, body, generic)
    if claim.timestamp is not None and abs(now - claim.timestamp) > tolerance:
        raise Refused(
            "timestamp_outside",
            f"it was signed {abs(now - claim.timestamp):,.0f} seconds from now, and {tolerance:,} are allowed; "
            "is a clock wrong, or was the request kept back?",
        )
    own = scheme == "generic"
    algorithm, encoding = (generic.algorithm, generic.encoding) if own else ("sha256", "hex")
    found = ""
    for secret in secrets:
        digest = hmac.digest(secret.encode(), claim.signed, algorithm)
        expected = digest.hex() if encoding == "hex" else base64.b64encode(digest).decode()
        for given in claim.signatures:
            # All are compared in a time that tells nothing of how much of them fits.
            shown = given.lower() if encoding == "hex" else given
            if hmac.compare_digest(shown.encode("utf-8", "replace"), expected.encode()):
                found = expected
    if not found:
        raise Refused("signature_wrong", "its signature does not fit its body; is the secret the sender's?")
    return found


def _github(headers: Mapping[str, str], body: bytes, generic: Generic) -> Claim:
    return Claim((_after("sha256=", _header(headers, "x-hub-signature-256")),), None, body)


def _stripe(headers: Mapping[str, str], body: bytes, generic: Generic) -> Claim:
    parts = [part.strip().partition("=") for part in _header(headers, "stripe-signature").split(",")[:20]]
    signatures = tuple(value for name, _, value in parts if name == "v1")
    if not signatures:
        raise Refused("signature_missing", "the header stripe-signature holds no v1 signature")
    time = next((value for name, _, value in parts if name == "t"), "")
    return Claim(signatures, _time(time, "stripe-signature"), time.encode() + b"." + body)


def _slack(headers: Mapping[str, str], body: bytes, generic: Generic) -> Claim:
    signature = _after("v0=", _header(headers, "x-slack-signature"))
    time = headers.get("x-slack-request-timestamp", "")
    seconds = _time(time, "x-slack-request-timestamp")
    return Claim((signature,), seconds, b"v0:" + time.encode() + b":" + body)


def _generic(headers: Mapping[str, str], body: bytes, generic: Generic) -> Claim:
    signature = _after(generic.prefix, _header(headers, generic.header.lower()))
    if not generic.timestamp_header:
        return Claim((signature,), None, body)
    time = headers.get(generic.timestamp_header.lower(), "")
    return Claim((signature,), _time(time, generic.timestamp_header.lower()), time.encode() + b"." + body)


_READERS: dict[Scheme, Callable[[Mapping[str, str], bytes, Generic], Claim]] = {
    "github": _github,
    "stripe": _stripe,
    "slack": _slack,
    "generic": _generic,
}


def _header(headers: Mapping[str, str], name: str) -> str:
    value = headers.get(name, "")
    if not value:
        raise Refused("signature_missing", f"it has no header {name}; map the headers of the request as they are")
    return value


def _after(prefix: str, value: str) -> str:
    if not value.startswith(prefix):
        raise Refused("signature_missing", f"its signature does not begin with {prefix!r}; is it another scheme?")
    return value[len(prefix) :]


def _time(text: str, header: str) -> int:
    if not (text.isascii() and text.isdecimal() and len(text) <= 12):
        raise Refused("timestamp_missing", f"the header {header} holds no time in Unix seconds")
    return int(text)
