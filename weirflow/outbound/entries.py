"""One line of an allow-list or deny-list, as people write it."""

from __future__ import annotations

from dataclasses import dataclass
from ipaddress import IPv6Address, ip_network

from weirflow.outbound.kinds import IP, Kind, Network, plain
from weirflow.outbound.spellings import NoHost, read_host

LONGEST = 300
#: Kinds that a deny-list may name by a word.
_WORDS = {kind.value: kind for kind in (Kind.PUBLIC, Kind.PRIVATE, Kind.LOOPBACK, Kind.LINK_LOCAL, Kind.METADATA)}


class BadEntry(ValueError):
    """A line that is none; the text says what it should be."""


@dataclass(frozen=True, slots=True)
class Entry:
    """One of `name`, `network` and `kind` is given. `below`: the names under `name`, not itself. `port` None: any."""

    text: str
    name: str = ""
    below: bool = False
    network: Network | None = None
    kind: Kind | None = None
    port: int | None = None

    def matches(self, host: str | IP, port: int, address: IP, kind: Kind) -> bool:
        """Whether it speaks of this `address` of `host`."""
        if self.port is not None and self.port != port:
            return False
        if self.network is not None:
            return _bare(address) in self.network
        if self.kind is not None:
            return self.kind is kind
        if not isinstance(host, str):
            return False
        return host.endswith("." + self.name) if self.below else host == self.name

    def names_exactly(self, address: IP, kind: Kind) -> bool:
        """Whether it was written for this very place: the only way to one that hands out credentials to whoever asks.

        A metadata service by its address alone, another link-local address also by a network of such.
        """
        if self.network is None or _bare(address) not in self.network:
            return False
        if kind is Kind.METADATA:
            return self.network.num_addresses == 1
        return self.network.is_link_local


def read_entry(text: str, *, words: bool = False) -> Entry:
    """`host`, `host:port`, `*.domain`, `*.domain:port`, an address, `[IPv6]:port` or a network such as `10.1.0.0/16`;
    with `words` also a kind of addresses, such as `loopback`. Raises `BadEntry`.
    """
    line = text.strip()
    if not line or len(line) > LONGEST:
        raise BadEntry(f"an entry has 1 to {LONGEST} characters")
    if words and line.lower() in _WORDS:
        return Entry(line, kind=_WORDS[line.lower()])
    if "://" in line:
        raise BadEntry("write the host alone, or host:port, without scheme and path")
    if "/" in line:
        return Entry(line, network=_network(line))
    rest, port = _port(line)
    try:
        if rest.startswith("*."):
            host = read_host(rest[2:])
            if not isinstance(host, str):
                raise BadEntry("*. stands before a name; for addresses write a network such as 10.1.0.0/16")
            if "." not in host:
                raise BadEntry("*. stands before a domain of at least two parts, such as *.example.com")
            return Entry(line, name=host, below=True, port=port)
        host = read_host(rest)
    except NoHost as error:
        raise BadEntry(f"{error}; write a host, host:port, *.domain, an address or a network") from None
    if isinstance(host, str):
        return Entry(line, name=host, port=port)
    return Entry(line, network=ip_network(_bare(host)), port=port)


def _port(line: str) -> tuple[str, int | None]:
    host, colon, port = line.rpartition(":")
    if not colon or (":" in host and not host.endswith("]")):
        return line, None
    if not port.isascii() or not port.isdecimal() or not 1 <= int(port[:6]) <= 65535:
        raise BadEntry("a port is a number from 1 to 65535")
    return host, int(port)


def _network(line: str) -> Network:
    try:
        network = ip_network(line, strict=False)
    except ValueError:
        raise BadEntry("a network is an address and a length, such as 10.1.0.0/16 or fd12:3456::/32") from None
    if network.version == 6 and network.prefixlen >= 96:
        first = plain(network.network_address)
        if first.version == 4:
            return ip_network(f"{first}/{network.prefixlen - 96}")
    return network


def _bare(address: IP) -> IP:
    """Without its zone, which no list knows."""
    return IPv6Address(int(address)) if isinstance(address, IPv6Address) else address
