"""The judgement over a host: looked up once, every address of it judged, and those handed on."""

from __future__ import annotations

import socket
from ipaddress import ip_address
from typing import NamedTuple

from weirflow.errors import Fail
from weirflow.outbound.contract import Address
from weirflow.outbound.kinds import IP, Kind, is_own, kind_of, plain
from weirflow.outbound.lookup import Lookup, Names, numeric
from weirflow.outbound.policy import Policy, Refusal
from weirflow.outbound.spellings import NoHost, read_host


class Place(NamedTuple):
    """Where a connection leads: the host that was asked for, and the address that was found."""

    host: str
    port: int
    ip: str


class Guard:
    """Of one project. `policy` may be replaced at any time and counts from the next lookup on;
    `revoked` says what of before may not stay."""

    def __init__(self, policy: Policy, lookup: Lookup | None = None) -> None:
        self.policy = policy
        self._lookup = lookup or Names().look_up

    async def resolve(self, host: str, port: int) -> tuple[Address, ...]:
        """See `Outbound.resolve`. That one address is refused refuses the name: which of them a client takes is left
        to chance and to whoever answers for the name."""
        if not 1 <= port <= 65535:
            raise Fail(
                f"{port} is no port; a port is a number from 1 to 65535", code="outbound_invalid", permanent=True
            )
        try:
            read = read_host(host)
        except NoHost as error:
            raise Fail(f"{host[:100]!r} is no host: {error}", code="outbound_invalid", permanent=True) from None
        if isinstance(read, str):
            try:
                found = await self._lookup(read)
            except (OSError, UnicodeError) as error:
                reason = error.strerror if isinstance(error, OSError) else None
                raise Fail(
                    f"{read} has no address ({reason or error}); is the name right, and does this machine reach its "
                    "name servers?",
                    code="outbound_unresolved",
                    retryable=True,
                ) from None
        else:
            found = numeric(read)
        addresses = tuple(dict.fromkeys(_address(entry, port) for entry in found))
        if not addresses:
            raise Fail(f"{read} has no address", code="outbound_unresolved", retryable=True)
        for address in addresses:
            self._judge(read, port, plain(ip_address(address.ip)))
        return addresses

    def revoked(self, place: Place) -> Fail | None:
        """Why a connection that leads there may not stay: the rules of now, over the address that it has."""
        address = plain(ip_address(place.ip))
        try:
            self._judge(read_host(place.host), place.port, address)
        except Fail as denied:
            text = f"{denied.problem.message}. The connection was ended as the list changed"
            return Fail(text, code=denied.code, permanent=True)
        return None

    def _judge(self, host: str | IP, port: int, address: IP) -> None:
        kind = kind_of(address)
        if kind in (Kind.PUBLIC, Kind.PRIVATE) and is_own(address):
            kind = Kind.LOOPBACK
        refusal = self.policy.refusal(host, port, address, kind)
        if refusal is not None:
            raise self._denied(host, port, address, kind, refusal)

    def _denied(self, host: str | IP, port: int, address: IP, kind: Kind, refusal: Refusal) -> Fail:
        # The page that lists what is allowed is opened with these first words; see docs/protocols.md.
        where = f"[{host}]:{port}" if ":" in str(host) else f"{host}:{port}"
        is_at = f"is {kind.words}" if str(host) == str(address) else f"leads to {address}, {kind.words}"
        text = f"{where} is not allowed: it {is_at}, and {refusal.reason}"
        if refusal.owner_may:
            text += ". An owner of the project allows it on the project's page Outbound"
        return Fail(text, code="outbound_denied", permanent=True)


def _address(entry: tuple[object, ...], port: int) -> Address:
    family, sockaddr = entry[0], entry[4]
    assert isinstance(sockaddr, tuple)
    scope = sockaddr[3] if len(sockaddr) == 4 else 0
    number = plain(ip_address(str(sockaddr[0]).partition("%")[0]))
    if number.version == 4:
        # A mapped address is connected to as what it is.
        return Address(str(number), port, socket.AF_INET, (str(number), port))
    assert family == socket.AF_INET6
    ip = f"{number}%{scope}" if scope else str(number)
    return Address(ip, port, socket.AF_INET6, (str(number), port, 0, scope))
