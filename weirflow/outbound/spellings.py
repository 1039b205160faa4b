"""The host of a URL or of a list, however it is spelled."""

from __future__ import annotations

import re
from ipaddress import IPv4Address, IPv6Address

from weirflow.outbound.kinds import IP, plain

_LABEL = re.compile(r"[a-z0-9_](?:[a-z0-9_-]{0,61}[a-z0-9_])?")
_NUMBER = re.compile(r"0x[0-9a-f]*|[0-9]+")
_ZONE = re.compile(r"[A-Za-z0-9._-]{1,15}")
_LONGEST = 253


class NoHost(ValueError):
    """What was given is no host; the text says why, and does not repeat it."""


def read_host(text: str) -> str | IP:
    """A name in lower case, in ASCII and without its last dot, or the address that `text` is a spelling of.

    Like browsers do (the URL standard): a host whose last part is a number is an IPv4 address, of one to four parts,
    each decimal, octal (`0177`) or hexadecimal (`0x7f`). An IPv6 address may be in brackets. Raises `NoHost`.
    """
    bare = text.strip()
    if bare.startswith("[") and bare.endswith("]"):
        bare = bare[1:-1]
        if ":" not in bare:
            raise NoHost("brackets are for IPv6 addresses")
    if ":" in bare:
        return _v6(bare)
    name = _ascii(bare).removesuffix(".")
    labels = name.split(".")
    if _NUMBER.fullmatch(labels[-1]):
        return _v4(labels)
    if not name or len(name) > _LONGEST or not all(_LABEL.fullmatch(label) for label in labels):
        raise NoHost("a host has letters, digits, - and dots, and no port or path")
    return name


def _ascii(text: str) -> str:
    try:
        # Letters that look like digits or dots become such here, before anything is judged.
        return text.lower() if text.isascii() else text.encode("idna").decode().lower()
    except UnicodeError:
        raise NoHost("the name cannot be written in ASCII") from None


def _v4(labels: list[str]) -> IPv4Address:
    if not 1 <= len(labels) <= 4 or not all(_NUMBER.fullmatch(label) and len(label) < 30 for label in labels):
        raise NoHost("a host that ends in a number is an IPv4 address, and this is none")
    parts = [_number(label) for label in labels]
    last = parts.pop()
    if any(part > 255 for part in parts) or last >= 256 ** (4 - len(parts)):
        raise NoHost("a part of the IPv4 address is too large")
    return IPv4Address(sum(part << 8 * (3 - place) for place, part in enumerate(parts)) + last)


def _number(label: str) -> int:
    try:
        if label.startswith("0x"):
            return int(label[2:] or "0", 16)
        return int(label, 8 if len(label) > 1 and label[0] == "0" else 10)
    except ValueError:
        raise NoHost("a part of the IPv4 address is no number") from None


def _v6(text: str) -> IP:
    number, percent, zone = text.partition("%")
    try:
        address = IPv6Address(number)
    except ValueError:
        raise NoHost("it is no IPv6 address; a port stands behind the brackets") from None
    if not percent:
        return plain(address)
    zone = zone.removeprefix("25")
    if not address.is_link_local or not _ZONE.fullmatch(zone):
        raise NoHost("only a link-local address has a zone, of letters and digits")
    return IPv6Address(f"{address}%{zone}")
