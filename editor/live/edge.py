"""What one edge shows: what its hosts say where there is a link, else what the status of its source says."""

from editor.live.entry import Entry, difference


class LiveEdge:
    """Two layers, the later over the earlier: status, link. Every setter returns the keys that changed."""

    __slots__ = ("_link", "_status", "source")

    def __init__(self, source: str) -> None:
        #: Id of the node that it leaves, whose hosts count what goes along.
        self.source = source
        self._status: Entry = {}
        self._link: Entry = {}

    def entry(self) -> Entry:
        """The whole entry, as in a snapshot."""
        return {**self._status, **self._link}

    def set_status(self, error: Entry | None) -> Entry:
        """Take in what the source's status says is wrong with the edge."""
        before, self._status = self.entry(), {"error": error}
        return difference(before, self.entry())

    def set_link(self, merged: Entry) -> Entry:
        """Take in what the hosts say now; what they do not say the status shows."""
        before, self._link = self.entry(), merged
        return difference(before, self.entry())
