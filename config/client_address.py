"""Whose address a request is recorded under."""

import ipaddress

from django.conf import settings

_MOST_HOPS = 16


def client_address(peer: str, forwarded: str) -> str:
    """The address as text; empty when it cannot be told.

    `peer` is who opened the connection, `forwarded` the X-Forwarded-For header, which anybody can send. It is believed
    only as far as trusted proxies wrote it: from its end, while who wrote an entry is one of them.
    """
    address = _read(peer)
    if address is None:
        return ""
    hops = forwarded.split(",") if forwarded else []
    for hop in reversed(hops[-_MOST_HOPS:]):
        if not any(address in network for network in settings.TRUSTED_PROXIES):
            break
        before = _read(hop)
        if before is None:
            break
        address = before
    return str(address)


def _read(text: str) -> ipaddress.IPv4Address | ipaddress.IPv6Address | None:
    text = text.strip()
    if text.startswith("["):
        text = text[1:].partition("]")[0]
    elif text.count(":") == 1:
        text = text.partition(":")[0]
    try:
        address = ipaddress.ip_address(text.partition("%")[0])
    except ValueError:
        return None
    mapped = address.ipv4_mapped if isinstance(address, ipaddress.IPv6Address) else None
    return mapped or address
