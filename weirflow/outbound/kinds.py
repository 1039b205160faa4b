"""What sort of place an address is.

The tables are the registries of special-purpose addresses (RFC 6890 and its updates), written out, so that every
release of Python judges alike. What carries an IPv4 address inside is as near as that one is.
"""

from __future__ import annotations

import socket
from enum import StrEnum
from functools import lru_cache
from ipaddress import IPv4Address, IPv4Network, IPv6Address, IPv6Network, ip_address, ip_network
from typing import TypeAlias

IP: TypeAlias = IPv4Address | IPv6Address
Network: TypeAlias = IPv4Network | IPv6Network


class Kind(StrEnum):
    """From the one that everybody reaches to those that nobody may."""

    PUBLIC = "public"
    PRIVATE = "private"
    LOOPBACK = "loopback"
    LINK_LOCAL = "link-local"
    METADATA = "metadata"
    NOWHERE = "nowhere"

    @property
    def words(self) -> str:
        """How people are told."""
        return _WORDS[self]


_WORDS = {
    Kind.PUBLIC: "on the internet",
    Kind.PRIVATE: "in a private network",
    Kind.LOOPBACK: "this machine itself",
    Kind.LINK_LOCAL: "a link-local address",
    Kind.METADATA: "a cloud's metadata service",
    Kind.NOWHERE: "no address of a server",
}

#: Where clouds hand out credentials to whatever asks from inside.
_METADATA = frozenset(
    map(
        ip_address,
        ("169.254.169.254", "169.254.170.2", "169.254.170.23", "100.100.100.200", "168.63.129.16", "192.0.0.192",
         "fd00:ec2::254", "fd00:ec2::23", "fd20:ce::254"),
    )
)  # fmt: skip


def _networks(kind: Kind, *texts: str) -> list[tuple[Network, Kind]]:
    return [(ip_network(text), kind) for text in texts]


_V4 = [
    *_networks(Kind.NOWHERE, "0.0.0.0/8", "224.0.0.0/4", "255.255.255.255/32"),
    *_networks(Kind.LOOPBACK, "127.0.0.0/8"),
    *_networks(Kind.LINK_LOCAL, "169.254.0.0/16"),
    *_networks(
        Kind.PRIVATE,
        "10.0.0.0/8", "100.64.0.0/10", "172.16.0.0/12", "192.0.0.0/24", "192.0.2.0/24", "192.88.99.0/24",
        "192.168.0.0/16", "198.18.0.0/15", "198.51.100.0/24", "203.0.113.0/24", "240.0.0.0/4",
    ),
]  # fmt: skip
_V6 = [
    *_networks(Kind.NOWHERE, "::/128", "ff00::/8", "100::/64"),
    *_networks(Kind.LOOPBACK, "::1/128"),
    *_networks(Kind.LINK_LOCAL, "fe80::/10"),
    *_networks(Kind.PRIVATE, "2001::/23", "2001:db8::/32", "3fff::/20"),
    *_networks(Kind.PUBLIC, "2000::/3"),
]
_TEREDO, _SIX_TO_FOUR = IPv6Network("2001::/32"), IPv6Network("2002::/16")
#: The well-known translation prefix; those of a site (64:ff9b:1::/48) stay private.
_NAT64 = IPv6Network("64:ff9b::/96")
_COMPATIBLE = IPv6Network("::/96")


@lru_cache(maxsize=4096)
def kind_of(address: IP) -> Kind:
    """The kind of `address` by its number alone; see `is_own` for this machine's others."""
    address = plain(address)
    if isinstance(address, IPv4Address):
        if address in _METADATA:
            return Kind.METADATA
        return next((kind for network, kind in _V4 if address in network), Kind.PUBLIC)
    bare = IPv6Address(int(address))
    if bare in _METADATA:
        return Kind.METADATA
    inner = [kind_of(one) for one in carried(bare)]
    worst = max(inner, key=list(Kind).index, default=Kind.PUBLIC)
    if worst is not Kind.PUBLIC or bare in _NAT64:
        return worst
    return next((kind for network, kind in _V6 if bare in network), Kind.PRIVATE)


def plain(address: IP) -> IP:
    """`address`, or the IPv4 address that it is another spelling of (`::ffff:127.0.0.1`)."""
    if isinstance(address, IPv6Address) and (mapped := IPv6Address(int(address)).ipv4_mapped) is not None:
        return mapped
    return address


def carried(address: IP) -> list[IPv4Address]:
    """The IPv4 addresses that a packet for this IPv6 one may end up at."""
    if isinstance(address, IPv4Address):
        return []
    number = int(address)
    address = IPv6Address(number)
    if address in _SIX_TO_FOUR:
        return [IPv4Address((number >> 80) & 0xFFFFFFFF)]
    if address in _TEREDO:
        return [IPv4Address((number >> 64) & 0xFFFFFFFF), IPv4Address(~number & 0xFFFFFFFF)]
    if address in _NAT64 or (address in _COMPATIBLE and number > 0xFFFF):
        return [IPv4Address(number & 0xFFFFFFFF)]
    if (number >> 32) & 0xFDFFFFFF == 0x5EFE:  # ISATAP
        return [IPv4Address(number & 0xFFFFFFFF)]
    return []


def is_own(address: IP) -> bool:
    """Whether packets for `address` stay on this machine, whatever network it is of: the kernel answers from itself.

    Asks the routes by a socket that sends nothing.
    """
    family = socket.AF_INET if isinstance(address, IPv4Address) else socket.AF_INET6
    try:
        with socket.socket(family, socket.SOCK_DGRAM) as probe:
            probe.connect((str(address), 9))
            return ip_address(probe.getsockname()[0].partition("%")[0]) == ip_address(str(address).partition("%")[0])
    except OSError:
        return False
