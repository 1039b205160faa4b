"""Watches: what was committed, in order, to everyone who asked, without ever waiting for a reader.

The hub keeps a bounded tail of changes. A watch starts from any version in the tail; older is 410. Each watcher has a
bounded queue; one that does not keep up is cut and told 410, so that it lists again.
"""

from __future__ import annotations

import time
from bisect import bisect_right
from collections import deque
from collections.abc import Callable, Iterable

import orjson

from weirflow.embedded.errors import expired
from weirflow.embedded.records import Change, Record
from weirflow.embedded.selectors import Selector

TAIL_CHANGES = 8_192
TAIL_BYTES = 16 * 1024 * 1024
TAIL_SECONDS = 600.0
QUEUE_EVENTS = 8_192
QUEUE_BYTES = 8 * 1024 * 1024

Encode = Callable[[str, Record], bytes]
"""Event type and object -> one line of the watch."""


def line(event: str, record: Record) -> bytes:
    """An event as plain JSON, one line."""
    return b'{"type":"%b","object":%b}\n' % (event.encode(), record.raw)


def error_line(version: int, current: int) -> bytes:
    """The event that ends a watch whose start, or whose reader, is too far behind."""
    status = expired(f"too old resource version: {version} ({current})").body
    return b'{"type":"ERROR","object":%b}\n' % orjson.dumps(status)


class Step:
    """A committed change in the tail, with its plain lines made once for all watchers."""

    __slots__ = ("_lines", "at", "change", "gone")

    def __init__(self, change: Change, at: float) -> None:
        self.change = change
        self.at = at
        self.gone: Record | None = None
        self._lines: dict[str, bytes] = {}

    def forget(self) -> None:
        """Drop what was only made for the watchers of the moment; the tail keeps the change itself."""
        self._lines.clear()
        self.gone = None

    def event(self, selector: Selector) -> tuple[str, Record] | None:
        """What this change is to a watcher: an object that leaves its selection is DELETED as it last matched."""
        old, new = self.change.old, self.change.new
        was = old is not None and selector.matches(old)
        if new is not None and selector.matches(new):
            return ("MODIFIED" if was else "ADDED"), new
        if not was or old is None:
            return None
        if self.gone is None:
            self.gone = old.at_version(self.change.version)
        return "DELETED", self.gone

    def plain(self, event: str, record: Record) -> bytes:
        made = self._lines.get(event)
        if made is None:
            made = self._lines[event] = line(event, record)
        return made


class Watcher:
    """One reader: what it selects, how its lines look, and the lines it has not taken yet."""

    def __init__(self, resource: str, selector: Selector, encode: Encode | None, wake: Callable[[], None]) -> None:
        self.resource = resource
        self.selector = selector
        self.encode = encode
        self.wake = wake
        self.since = 0
        self.cut = False
        self._lines: deque[bytes] = deque()
        self._size = 0
        self._most_lines, self._most_bytes = QUEUE_EVENTS, QUEUE_BYTES

    def welcome(self) -> None:
        """What is queued now is the state to start from, which may be large: it does not count as falling behind."""
        self._most_lines += len(self._lines)
        self._most_bytes += self._size

    def push(self, text: bytes) -> None:
        if self.cut:
            return
        self._lines.append(text)
        self._size += len(text)

    @property
    def overfull(self) -> bool:
        return len(self._lines) > self._most_lines or self._size > self._most_bytes

    def take(self) -> list[bytes]:
        """All lines since the last call."""
        lines = list(self._lines)
        self._lines.clear()
        self._size = 0
        return lines

    def end(self, last: bytes) -> None:
        """Drop what is queued, leave one last line, and take no more."""
        self.take()
        self.push(last)
        self.cut = True


class Hub:
    """The tail of committed changes and the watchers that follow it."""

    def __init__(self, oldest: int, version: int) -> None:
        self.oldest = oldest
        self.version = version
        self._tail: deque[Step] = deque()
        self._tail_bytes = 0
        self._watchers: dict[str, set[Watcher]] = {}

    def publish(self, changes: list[Change]) -> None:
        """Committed changes, in the order of their versions."""
        now = time.monotonic()
        touched: set[Watcher] = set()
        for change in changes:
            step = Step(change, now)
            self._tail.append(step)
            self._tail_bytes += change.size
            for watcher in self._watchers.get(change.record.resource, ()):
                if change.version > watcher.since and self._offer(watcher, step):
                    touched.add(watcher)
            step.forget()
        self.version = changes[-1].version
        self._trim(now)
        for watcher in touched:
            watcher.wake()
            if watcher.overfull:
                self.remove(watcher)
                watcher.end(error_line(self.version, self.version))
                watcher.wake()

    def _offer(self, watcher: Watcher, step: Step) -> bool:
        event = step.event(watcher.selector)
        if event is None:
            return False
        watcher.push(watcher.encode(*event) if watcher.encode else step.plain(*event))
        return True

    def _trim(self, now: float) -> None:
        tail = self._tail
        while tail and (len(tail) > TAIL_CHANGES or self._tail_bytes > TAIL_BYTES or now - tail[0].at > TAIL_SECONDS):
            step = tail.popleft()
            self._tail_bytes -= step.change.size
            self.oldest = step.change.version

    def forget(self) -> None:
        """Drop the whole tail: whoever asks for an older version than the newest is told 410."""
        self._tail.clear()
        self._tail_bytes, self.oldest = 0, self.version

    def add(self, watcher: Watcher, existing: Iterable[Record] | None, since: int) -> None:
        """Start a watch: with `existing` objects as ADDED, or with the changes after version `since`."""
        if existing is not None:
            for record in existing:
                watcher.push(watcher.encode("ADDED", record) if watcher.encode else line("ADDED", record))
        elif since < self.oldest:
            watcher.end(error_line(since, self.oldest))
            return
        else:
            watcher.since = since
            for step in self.after(since, watcher.resource):
                self._offer(watcher, step)
        watcher.welcome()
        self._watchers.setdefault(watcher.resource, set()).add(watcher)

    def remove(self, watcher: Watcher) -> None:
        self._watchers.get(watcher.resource, set()).discard(watcher)

    def after(self, since: int, resource: str) -> Iterable[Step]:
        """The tail's changes of one resource after a version, oldest first."""
        if since >= self.version:
            return ()
        tail = list(self._tail)
        start = bisect_right(tail, since, key=lambda step: step.change.version)
        return [step for step in tail[start:] if step.change.record.resource == resource]

    def close(self) -> list[Watcher]:
        """Stop following; answers the watchers whose readers are to be told that the stream ends."""
        watchers = [watcher for group in self._watchers.values() for watcher in group]
        self._watchers.clear()
        return watchers
