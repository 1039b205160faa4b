"""The record of one run on one host: what grew out of one entry, hop by hop."""

from __future__ import annotations

import os
import re
import time
from typing import TYPE_CHECKING

from weirflow.errors import JSON, Problem, problem_of
from weirflow.json_bytes import json_bytes

if TYPE_CHECKING:
    from weirflow.runtime.trace_store import TraceStore

#: Hops of one run that are kept.
SPAN_LIMIT = 512
#: Messages up to so many bytes of JSON are kept with their hop.
MESSAGE_BYTES = 4096
#: What one hop takes in memory, about.
_SPAN_SIZE = 400

_TRACEPARENT = re.compile("[0-9a-f]{2}-([0-9a-f]{32})-([0-9a-f]{16})-([0-9a-f]{2})(?:-.*)?")


def read_traceparent(text: str) -> tuple[str, str, bool]:
    """Trace id, id of the caller's span, and whether the caller records it. Empty and False for what is none."""
    found = _TRACEPARENT.fullmatch(text)
    if found is None or not int(found[1], 16) or not int(found[2], 16):
        return "", "", False
    return found[1], found[2], bool(int(found[3], 16) & 1)


class Span:
    """One message at one node, from when it set out until its answer; times are monotonic. ``parent`` is the id of the
    span that sent it, empty for none. ``message`` is never changed in place, so the reference is enough. ``sent`` is
    what the wire's mapping made it of: name and output of the node that sent it, and the message there."""

    __slots__ = ("began", "edge", "ended", "error", "id", "message", "node", "parent", "port", "sent", "size")

    def __init__(self, number: int, parent: str, node: str, port: str, edge: str | None, began: float) -> None:
        self.id = f"{number:016x}"
        self.parent, self.node, self.port, self.edge, self.began = parent, node, port, edge, began
        self.ended: float | None = None
        self.error: Problem | None = None
        self.size: int | None = None
        self.message: JSON = None
        self.sent: tuple[str, str, JSON] | None = None


class RunTrace:
    """``entry`` is the span with which the run began, if it began on this host. ``at`` is unix milliseconds."""

    __slots__ = (
        "_number", "_open", "at", "began", "ended", "entry", "flow", "id", "size", "spans", "store",
    )  # fmt: skip

    def __init__(self, trace: str, flow: str, began: float, store: TraceStore) -> None:
        self.id, self.flow, self.began = trace, flow, began
        self.at = time.time() * 1000 - (time.monotonic() - began) * 1000
        self.ended: float | None = None
        self.entry: Span | None = None
        self.spans: list[Span] = []
        self.size = _SPAN_SIZE
        #: None once the store had no room for it any more.
        self.store: TraceStore | None = store
        self._open = 0
        self._number = int.from_bytes(os.urandom(8)) >> 1

    @property
    def is_full(self) -> bool:
        """Whether further hops would not be kept; whoever sends them need not tell of them."""
        return len(self.spans) >= SPAN_LIMIT

    @property
    def error(self) -> Problem | None:
        """With what the run ended where it entered."""
        return self.entry.error if self.entry is not None else None

    def traceparent(self, span: Span) -> str:
        """What tells whoever the message goes on to where it came from."""
        return f"00-{self.id}-{span.id}-01"

    def open(self, node: str, port: str, edge: str | None, parent: str, began: float) -> Span:
        """A message has set out for ``node``; ``close`` must follow."""
        self._number += 1
        span = Span(self._number, parent, node, port, edge, began)
        self._open += 1
        self.ended = None
        if not self.is_full:
            self.spans.append(span)
            self._grow(_SPAN_SIZE)
        return span

    def take(self, span: Span, message: JSON, *, keep: bool = True) -> None:
        """Note how large the span's message is, and ``keep`` it if it is small; within the host's budget for looking.
        Only a node of this host has a schema that says what in its messages is secret."""
        if self.store is None or not self.store.may_measure():
            return
        try:
            span.size = len(json_bytes(message))
        except (TypeError, ValueError, RecursionError):
            return
        self.store.measured(span.size)
        if keep and span.size <= MESSAGE_BYTES:
            span.message = message
            self._grow(span.size)

    def take_sent(self, span: Span, source: str, port: str, value: JSON) -> None:
        """Keep what ``source`` sent from its output ``port``, if it is small; within the same budget."""
        if self.store is None or not self.store.may_measure():
            return
        try:
            size = len(json_bytes(value))
        except (TypeError, ValueError, RecursionError):
            return
        self.store.measured(size)
        if size <= MESSAGE_BYTES:
            span.sent = source, port, value
            self._grow(size)

    def close(self, span: Span, error: BaseException | None = None, ended: float | None = None) -> None:
        """The answer is there: ``error``, if it is one."""
        span.ended = time.monotonic() if ended is None else ended
        if error is not None:
            span.error = _called_off(span) if not isinstance(error, Exception) else problem_of(error)
        self._open -= 1
        if self._open == 0:
            self.ended = span.ended
            if self.store is not None:
                self.store.ended(self)

    def _grow(self, size: int) -> None:
        self.size += size
        if self.store is not None:
            self.store.grown(size)


def _called_off(span: Span) -> Problem:
    return Problem("cancelled", f"the message for {span.node}:{span.port} was called off by its caller", node=span.node)
