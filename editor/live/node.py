"""What one node shows: what its hosts say where there is a link, else what its status says, and its push state."""

from editor.cluster.observed import NodeStatus, ObservedNode
from editor.live.entry import Entry, difference
from editor.push.rows import RowFacts
from editor.push.state import push_state

MAX_LINE = 80
"""Characters of a node's live line."""


class LiveNode:
    """Three layers, the later over the earlier: status, link, push. Every setter returns the keys that changed."""

    __slots__ = ("_link", "_push", "_status", "_whole", "facts", "failing_edges")

    def __init__(self, facts: RowFacts) -> None:
        self.facts = facts
        self.failing_edges: dict[str, str] = {}
        self._status: Entry = {}
        self._link: Entry = {}
        self._push: Entry = {}
        #: The controls as they were last read whole; the status has only a part of large ones.
        self._whole: Entry = {}

    def entry(self) -> Entry:
        """The whole entry, as in a snapshot."""
        return {**self._status, **self._link, **self._push}

    def set_observed(self, observed: ObservedNode | None, ports: list[Entry] | None) -> Entry:
        """Take in what the cluster shows. ``ports`` is None where the node has just those of its component."""
        status = status_entry(observed.status if observed else NodeStatus())
        if ports is not None or "ports" in self._status:
            status["ports"] = ports
        if observed is None or not observed.status.cut:
            self._whole = {}
        elif self._whole:
            status["control"] = {**self._whole, **(status["control"] or {})}
        before, self._status = self.entry(), status
        return {**difference(before, self.entry()), **self.set_push(observed)}

    def set_whole(self, control: Entry) -> Entry:
        """Take in the controls, read whole."""
        before, self._whole = self.entry(), control
        self._status = {**self._status, "control": control}
        return difference(before, self.entry())

    @property
    def is_heard(self) -> bool:
        """Whether a host says what its controls are."""
        return "control" in self._link

    def set_link(self, merged: Entry) -> Entry:
        """Take in what the hosts say now; what they do not say the status shows."""
        before, self._link = self.entry(), merged
        return difference(before, self.entry())

    def set_push(self, observed: ObservedNode | None) -> Entry:
        """Recompute the push state from the row's facts."""
        push = push_state(self.facts, observed)
        if self._push.get("push") == push:
            return {}
        self._push = {"push": push}
        return {"push": push}


def status_entry(status: NodeStatus) -> Entry:
    """A NodeLive from a TinyNode's status alone."""
    failing = status.error or status.problem is not None
    error = None
    if failing:
        error = status.problem or {"code": "node_error", "message": status.text or "The node reports an error."}
    return {
        "state": "error" if failing else ("idle" if status.observed_generation else "waiting"),
        "error": error,
        "value": live_line(status.control),
        "control": status.control,
    }


def live_line(control: Entry | None) -> str:
    """The value that matters: the first plain value among the control's."""
    for value in (control or {}).values():
        if isinstance(value, str | int | float) and not isinstance(value, bool):
            return str(value)[:MAX_LINE]
    return ""
