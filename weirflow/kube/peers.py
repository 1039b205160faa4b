"""Who leads which module and who serves it, read from Leases: the modules' own, and those by which hosts say that they
are there."""

import time
from collections.abc import Callable
from dataclasses import dataclass, replace

from weirflow.kube.resources import (
    ANNOTATION_ADDRESS,
    ANNOTATION_EPOCH,
    ANNOTATION_MESSAGES,
    ANNOTATION_MODULES,
    ANNOTATION_POD,
    LABEL_HOST,
    Object,
    decimal,
)

GRACE = 5.0
"""Seconds past its end before a Lease counts as over: a renewal may just be on its way."""

_LOCK = "-lock"
_DEFAULT_SECONDS = 15.0


@dataclass(frozen=True, slots=True)
class Peer:
    """A module host as its Leases describe it; what they do not say is empty.

    ``address`` is the URL of its link, ``messages`` that of its transport, ``pod`` is ``<pod>:<link port>``. ``epoch``
    is above 0 where it was asked for as a leader.
    """

    identity: str
    address: str = ""
    messages: str = ""
    pod: str = ""
    modules: frozenset[str] = frozenset()
    epoch: int = 0


@dataclass(frozen=True, slots=True)
class _Seen:
    """What a Lease says, and when it was last seen to change."""

    peer: Peer
    uid: str
    version: str
    seconds: float
    at: float


class Peers:
    """Fed by name with all Leases that a watch shows; answers from memory.

    A Lease runs from the moment it was seen to change, on our own clock: the times written in it come from clocks that
    may be wrong. While the cluster cannot be seen (``blinded``) nothing runs out: what was known last is better than
    nobody.
    """

    def __init__(self, clock: Callable[[], float] = time.monotonic) -> None:
        self._clock = clock
        self._leaders: dict[str, _Seen] = {}
        self._hosts: dict[str, _Seen] = {}
        self._blind = False

    def put(self, name: str, lease: Object | None) -> bool:
        """Take in one Lease (``None``: deleted). Returns whether it says something new; a mere renewal does not."""
        if name.endswith(_LOCK):
            return self._enter(self._leaders, name.removesuffix(_LOCK), lease)
        return self._enter(self._hosts, name, lease if lease is not None and _is_presence(lease) else None)

    def blinded(self) -> None:
        """The cluster does not answer."""
        self._blind = True

    def sighted(self) -> None:
        """It answers again. Those who could not renew meanwhile are given the time to do so."""
        if self._blind:
            self._blind, now = False, self._clock()
            for table in (self._leaders, self._hosts):
                for key, seen in table.items():
                    table[key] = replace(seen, at=now)

    def leader(self, module: str) -> Peer | None:
        """Who leads the module, as far as can be seen from here."""
        seen = self._leaders.get(module)
        if seen is None or self._is_over(seen):
            return None
        host = next((each.peer for each in self._hosts.values() if each.peer.identity == seen.peer.identity), None)
        if host is None:
            return replace(seen.peer, modules=frozenset({module}))
        return replace(seen.peer, pod=host.pod, modules=host.modules)

    def hosts(self) -> list[Peer]:
        """All hosts that are there, by identity."""
        alive = (seen.peer for seen in self._hosts.values() if not self._is_over(seen))
        return sorted(alive, key=lambda peer: peer.identity)

    def replicas(self, module: str) -> list[Peer]:
        """All hosts that serve the module, by identity, its leader included."""
        return [peer for peer in self.hosts() if module in peer.modules]

    def available(self) -> set[str]:
        """The modules that somebody leads."""
        return {module for module, seen in self._leaders.items() if not self._is_over(seen)}

    def is_silent(self, module: str) -> bool:
        """Whether the module's leader ended without a word: it has given nothing back, and a Lease of it is over."""
        leader = self._leaders.get(module)
        if leader is None:
            return False
        identity = leader.peer.identity
        return self._is_over(leader) or any(
            seen.peer.identity == identity and self._is_over(seen) for seen in self._hosts.values()
        )

    def gone(self, seconds: float) -> list[tuple[str, str]]:
        """Name and uid of the presence Leases that have been over for ``seconds``: their hosts will not return."""
        return [(name, seen.uid) for name, seen in self._hosts.items() if self._is_over(seen, seconds)]

    def _enter(self, table: dict[str, _Seen], key: str, lease: Object | None) -> bool:
        before = table.get(key)
        spec = (lease or {}).get("spec") or {}
        if lease is None or not spec.get("holderIdentity"):
            return table.pop(key, None) is not None
        metadata = lease["metadata"]
        version = str(metadata["resourceVersion"])
        if before is not None and before.version == version:
            return False
        table[key] = seen = _Seen(
            _peer(str(spec["holderIdentity"]), metadata.get("annotations") or {}),
            str(metadata.get("uid", "")),
            version,
            float(spec.get("leaseDurationSeconds") or _DEFAULT_SECONDS),
            self._clock(),
        )
        return before is None or before.peer != seen.peer or self._is_over(before)

    def _is_over(self, seen: _Seen, since: float = 0.0) -> bool:
        return not self._blind and self._clock() > seen.at + seen.seconds + GRACE + since


def keep_lease(lease: Object) -> Object | None:
    """What an informer keeps for ``Peers``: the Leases of modules and hosts, not those of others."""
    name = lease["metadata"]["name"]
    return lease if name.endswith(_LOCK) or _is_presence(lease) else None


def _is_presence(lease: Object) -> bool:
    return bool((lease["metadata"].get("labels") or {}).get(LABEL_HOST) == "true")


def _peer(identity: str, annotations: dict[str, str]) -> Peer:
    modules = annotations.get(ANNOTATION_MODULES, "")
    return Peer(
        identity,
        annotations.get(ANNOTATION_ADDRESS, ""),
        annotations.get(ANNOTATION_MESSAGES, ""),
        annotations.get(ANNOTATION_POD, ""),
        frozenset(filter(None, modules.split(","))),
        decimal(annotations, ANNOTATION_EPOCH),
    )
