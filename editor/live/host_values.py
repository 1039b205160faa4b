"""What several hosts say of one node or edge, and the one value that it comes to.

Replicas of a module all run its nodes. Counts and rates are of all of them together; state, live value and controls
are the leader's, since it alone changes what they have in common; where they have nothing in common (``local``) value
and controls are of the one that changed last. The newest message is the newest of any. Problems are the leader's
before those of others, which carry the name of the host they are on.

A count never falls while somebody looks: what a host counted stays counted when it goes away or starts again.
"""

import time
from collections.abc import Iterator
from typing import Any

from editor.live.entry import Entry

SHOWN = ("value", "control")
WAITING = ("queued", "waiting")
"""Messages that are not being worked on, of edges and of nodes."""
QUANTILES = ("p50_ms", "p95_ms", "p99_ms")


class Share:
    """What one host says; ``entry`` is None while it says nothing. ``run`` is another after each start of the host."""

    __slots__ = ("clock", "count", "entry", "errors", "run", "shown_at")

    def __init__(self) -> None:
        self.run = ""
        self.entry: Entry | None = None
        self.count = self.errors = 0
        #: Seconds from the host's clock to ours.
        self.clock = 0.0
        #: When the value or the controls changed, on our clock; 0 for those that came first.
        self.shown_at = 0.0


class HostValues:
    """The shares of one node or edge by host."""

    __slots__ = ("_count", "_errors", "_shares")

    def __init__(self) -> None:
        self._shares: dict[str, Share] = {}
        #: Counted by runs that have ended.
        self._count = self._errors = 0

    def take(self, host: str, run: str, delta: Entry, now: int = 0) -> None:
        """Take in what has changed at the host, at its time ``now`` in ms. ``delta`` is ours from here on."""
        share = self._shares.get(host)
        if share is None:
            share = self._shares[host] = Share()
        if share.run != run:
            self._end(share)
            share.run, share.entry = run, None
        arrived = time.monotonic()
        if share.entry is None:
            share.entry, share.shown_at = delta, 0.0
        else:
            share.entry.update(delta)
            if not delta.keys().isdisjoint(SHOWN):
                share.shown_at = arrived
        share.clock = arrived - now / 1000
        counts = share.entry.get("stats", share.entry)
        if counts.get("count", 0) < share.count:
            self._end(share)
        share.count, share.errors = counts.get("count", 0), counts.get("errors", 0)

    def silence(self, host: str) -> bool:
        """The host says nothing any more, for now. Returns whether it did."""
        share = self._shares.get(host)
        if share is None or share.entry is None:
            return False
        share.entry = None
        return True

    def drop(self, host: str) -> bool:
        """The host is gone for good. Returns whether it was known."""
        share = self._shares.pop(host, None)
        if share is not None:
            self._end(share)
        return share is not None

    def merged_edge(self, leader: str) -> Entry:
        """The EdgeLive of all hosts together; empty while none says anything. ``leader`` is empty if nobody leads."""
        merged: Entry = {"count": self._count, "errors": self._errors, "rate": 0.0, "in_flight": 0}
        speaking, troubled = False, False
        for share in self._shares.values():
            merged["count"] += share.count
            merged["errors"] += share.errors
            if (entry := share.entry) is not None:
                speaking, troubled = True, troubled or bool(entry.get("error"))
                _add(merged, entry)
        if not speaking:
            return {}
        merged["rate"] = round(merged["rate"], 2)
        truth = self._truth(leader)
        if truth is not None:
            merged["error"] = truth.get("error")
        if troubled and not merged.get("error") and (error := self._error_elsewhere(leader)):
            merged["error"] = error
        return merged

    def merged_node(self, leader: str) -> Entry:
        """The NodeLive of all hosts together. Where the leader says nothing there is no state, value or control: the
        node's status has them."""
        # Thousands of nodes may change in the same instant: one pass for what all have, more only where it is needed.
        stats: Entry = {"count": self._count, "errors": self._errors, "rate": 0.0, "in_flight": 0}
        merged: Entry = {"stats": stats, "at": 0}
        speaking = troubled = local = inspected = False
        for share in self._shares.values():
            stats["count"] += share.count
            stats["errors"] += share.errors
            entry = share.entry
            if entry is None:
                continue
            speaking = True
            if said := entry.get("stats"):
                _add(stats, said)
            if entry.get("at", 0) > merged["at"]:
                merged["at"] = entry["at"]
            troubled = troubled or bool(entry.get("error"))
            local, inspected = local or "local" in entry, inspected or "last" in entry
        if not speaking:
            return {}
        stats["rate"] = round(stats["rate"], 2)
        truth = self._truth(leader)
        shown = self._changed_last() if local else truth
        for source, keys in ((truth, ("state", "error")), (shown, SHOWN)):
            if source is not None:
                merged.update({key: source[key] for key in keys if key in source})
        if troubled and not merged.get("error") and (error := self._error_elsewhere(leader)):
            merged["error"], merged["state"] = error, "error"
        elif stats["in_flight"] and not merged.get("error"):
            merged["state"] = "working"
        if inspected:
            merged["last"], merged["latency"] = self._last(), self._latency()
        return merged

    def _truth(self, leader: str) -> Entry | None:
        """What the leader says; of a node that nobody leads what the first of the others says."""
        if leader:
            share = self._shares.get(leader)
            return share.entry if share is not None else None
        return next((entry for _, entry in self._speaking()), None)

    def _changed_last(self) -> Entry | None:
        """What the host says whose value changed last; of those that have not changed, the one that handled most."""
        speaking = [share for share in self._shares.values() if share.entry is not None]
        return max(speaking, key=lambda share: (share.shown_at, share.count)).entry if speaking else None

    def _error_elsewhere(self, leader: str) -> Entry | None:
        for host, entry in self._speaking():
            if host != leader and (error := entry.get("error")):
                return {**error, "message": f"On {host}: {error.get('message', '')}"}
        return None

    def _last(self) -> Entry:
        """The newest message of each port."""
        newest: dict[str, tuple[float, Any]] = {}
        for share in self._shares.values():
            entry = share.entry or {}
            times = entry.get("last_at", {})
            for port, message in entry.get("last", {}).items():
                at = times.get(port, 0) / 1000 + share.clock
                if port not in newest or at > newest[port][0]:
                    newest[port] = (at, message)
        return {port: message for port, (_, message) in newest.items()}

    def _latency(self) -> list[int]:
        """How many messages took how long, on all hosts together."""
        told = [counts for _, entry in self._speaking() if (counts := entry.get("latency"))]
        return [sum(counts) for counts in zip(*told, strict=False)]

    def _speaking(self) -> Iterator[tuple[str, Entry]]:
        """By name: of several equal ones the same is chosen every time."""
        for host in sorted(self._shares):
            if (entry := self._shares[host].entry) is not None:
                yield host, entry

    def _end(self, share: Share) -> None:
        self._count += share.count
        self._errors += share.errors
        share.count = share.errors = 0


def _add(stats: Entry, said: Entry) -> None:
    """Add what one host says. Percentiles cannot be added: the slowest host's is shown, which an average would hide."""
    stats["rate"] += said.get("rate", 0)
    stats["in_flight"] += said.get("in_flight", 0)
    for key in WAITING:
        if key in said:
            stats[key] = stats.get(key, 0) + said[key]
    for key in QUANTILES:
        slow = said.get(key)
        if slow is not None and slow > stats.get(key, 0):
            stats[key] = slow
