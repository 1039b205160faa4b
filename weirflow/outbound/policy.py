"""Which addresses may be called: the rules of the installation and of one project."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from weirflow.outbound.entries import Entry, read_entry
from weirflow.outbound.kinds import IP, Kind, carried

#: Never reachable by the number of its network alone: its own address has to be named.
_EXACT = (Kind.LINK_LOCAL, Kind.METADATA)


@dataclass(frozen=True, slots=True)
class Refusal:
    """Why an address may not be called, and whether an owner of the project can change it."""

    reason: str
    owner_may: bool


@dataclass(frozen=True, slots=True)
class Policy:
    """`allow` is the project's own list; with `only_listed` nothing else is reached, be it public. What the operator of
    the installation allows or denies holds for every project, a denial before all else.
    """

    allow: tuple[Entry, ...] = ()
    only_listed: bool = False
    operator_allow: tuple[Entry, ...] = ()
    operator_deny: tuple[Entry, ...] = ()

    @classmethod
    def of(
        cls,
        allow: Iterable[str] = (),
        *,
        only_listed: bool = False,
        operator_allow: Iterable[str] = (),
        operator_deny: Iterable[str] = (),
    ) -> Policy:
        """From lines as people write them. Raises `BadEntry`."""
        return cls(
            tuple(map(read_entry, allow)),
            only_listed,
            tuple(read_entry(line, words=True) for line in operator_allow),
            tuple(read_entry(line, words=True) for line in operator_deny),
        )

    def refusal(self, host: str | IP, port: int, address: IP, kind: Kind) -> Refusal | None:
        """Why `address`, one of those of `host`, may not be called; None if it may."""
        if kind is Kind.NOWHERE:
            return Refusal("nothing can be called there; write the address of the server", owner_may=False)
        # A network is denied by whatever way it is reached: another address may lead into it.
        places = [address, *carried(address)]
        if any(entry.matches(host, port, place, kind) for entry in self.operator_deny for place in places):
            return Refusal("the operator of this installation denies it (WEIRFLOW_OUTBOUND_DENY)", owner_may=False)
        listed = [entry for entry in (*self.allow, *self.operator_allow) if entry.matches(host, port, address, kind)]
        if kind in _EXACT:
            if any(entry.names_exactly(address, kind) for entry in listed):
                return None
            return Refusal("such an address is reached only if it is itself on the list", owner_may=True)
        if listed:
            return None
        if self.only_listed:
            return Refusal("this project calls only what is on its list", owner_may=True)
        if kind is Kind.PUBLIC:
            return None
        return Refusal("flows reach only the internet unless the project lists more", owner_may=True)
