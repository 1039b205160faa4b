"""What goes to browsers that came by a share link: the flow as it is drawn and works, nothing of people, hosts,
messages, settings and mappings (docs/adr/0075). Messages that are not named here do not go to them."""

from collections.abc import Callable
from functools import cached_property
from typing import Any

from editor.live.entry import Entry
from editor.live.outgoing import Outgoing, encode

Message = dict[str, Any]

SOMEBODY = {"id": None, "name": "A member"}
ELSEWHERE = {"id": "", "name": "another flow"}
HELD = ("settings", "schemas", "mapping", "timeout_ms", "retry_policy", "last_state")
HELD_OPS = ("set_setting", "set_schema", "set_mapping", "set_delivery")
"""What nodes and wires hold, and the operations that are about that alone."""
MESSAGES = frozenset({"last", "last_at"})
"""Keys of a node's entry that hold what went through it, while a member looks at that."""
INSIDE = MESSAGES | {"control"}
"""Those that hold what a card does not show."""


class Told:
    """One message as text for either kind of browser, written when the first of its kind takes it. ``instead`` goes to
    visitors in its place; of nodes' entries they are not told the keys in ``hidden``."""

    def __init__(self, message: Message, instead: Message | None = None, hidden: frozenset[str] = INSIDE) -> None:
        self._message, self._instead, self._hidden = message, instead, hidden

    def text(self, *, visitor: bool) -> Outgoing | None:
        """None where it is not for this kind."""
        return self._for_visitors if visitor else self._for_members

    def frame(self, *, visitor: bool) -> Outgoing:
        """Of a message that is for both kinds."""
        text = self.text(visitor=visitor)
        assert text is not None
        return text

    @cached_property
    def _for_members(self) -> Outgoing:
        return encode(self._message)

    @cached_property
    def _for_visitors(self) -> Outgoing | None:
        less = self._instead or for_visitors(self._message, self._hidden)
        return encode(less) if less is not None else None


def for_visitors(message: Message, hidden: frozenset[str] = INSIDE) -> Message | None:
    """The message with what visitors may know; None where that is nothing."""
    if message["t"] == "live":
        return _live(message, hidden)
    write = _WRITERS.get(message["t"])
    return write(message) if write is not None else None


def change_for_visitors(change: Message) -> Message:
    """A Change as far as it shows on the canvas: without who made it, what nodes and wires hold, and other flows."""
    ops = [_row(op) for op in change["ops"] if op["op"] not in HELD_OPS]
    return {**change, "by": SOMEBODY, "ops": ops}


def flow_for_visitors(answer: Message) -> Message:
    """A flow as the API tells it, without what nodes and wires hold, other flows, and reasons that name addresses."""
    return {
        **answer,
        "nodes": [_row({**node, "shared": []}) for node in answer["nodes"]],
        "edges": [_row(edge) for edge in answer["edges"]],
        "cluster": {**answer["cluster"], "reason": ""},
    }


def page_for_visitors(document: Message) -> Message:
    """One page of a dashboard as the API tells it, to be looked at: without people and names of flows."""
    return {
        **document,
        "pages": [{**page, "operators": "nobody"} for page in document["pages"]],
        "nodes": [{**node, "pressed": {}, "flow": ELSEWHERE} for node in document["nodes"]],
    }


def _row(told: Message) -> Message:
    """An operation, or the row of a node or wire; operations carry rows within."""
    less = {key: _inner(value) for key, value in told.items() if key not in HELD}
    if less.get("foreign"):
        less["foreign"] = ELSEWHERE
    if less.get("op") == "move_node" and "name" in less:
        less["name"] = ELSEWHERE["name"]
    return less


def _inner(value: Any) -> Any:
    if isinstance(value, dict):
        return _row(value)
    return [_inner(item) for item in value] if isinstance(value, list) else value


def _live(message: Message, hidden: frozenset[str]) -> Message:
    nodes = {node: _entry(entry, hidden) for node, entry in message["nodes"].items()}
    return {key: value for key, value in message.items() if key != "here"} | {"nodes": nodes}


def _entry(entry: Entry | None, hidden: frozenset[str]) -> Entry | None:
    if entry is None or entry.keys().isdisjoint(hidden):
        return entry
    return {key: value for key, value in entry.items() if key not in hidden}


def _changes(message: Message) -> Message:
    return {**message, "changes": [change_for_visitors(change) for change in message["changes"]]}


def _cluster(message: Message) -> Message:
    # Reasons and modules name hosts and addresses.
    return {**message, "reason": "", "modules": []}


def _as_it_is(message: Message) -> Message:
    return message


_WRITERS: dict[str, Callable[[Message], Message]] = {
    "change": change_for_visitors,
    "changes": _changes,
    "cluster": _cluster,
    "hello": _as_it_is,
    "catalogue": _as_it_is,
    "titles": _as_it_is,
    "nodes": _as_it_is,
}
