"""A file of Node-RED as a document of ours, with a report of what was mapped and what was not."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass, field
from typing import Any, Literal, TypeGuard

from weirflow.flowfile.canonical import canonical
from weirflow.flowfile.document import FileFlow, FileGroup, FileNode, FileNote, FileProject, FileWire, FlowFile
from weirflow.flowfile.faults import Fault, FlowFileError
from weirflow.flowfile.limits import MAX_WIRES
from weirflow.flowfile.nodered.cleaned import Node
from weirflow.flowfile.nodered.converted import Converted, Properties, text_of
from weirflow.flowfile.nodered.data import joins_what_was_split
from weirflow.flowfile.nodered.function import names_set
from weirflow.flowfile.nodered.message import (
    PASSED,
    Expression,
    Sent,
    Unsaid,
    as_path,
    first_of,
    or_none,
    plain,
    written,
)
from weirflow.flowfile.nodered.raw import Raw, Steps, Tab, take_apart
from weirflow.flowfile.nodered.table import convert

_ACROSS, _DOWN, _GRID = 1.9, 2.6, 24
"""Cards are larger than Node-RED's nodes."""
_MARKS = frozenset({"comment", "group", "http response", "catch"})
_FIRST_ANSWER = "first($.results[?(@.status)])"
_CARD, _MARGIN = (220, 90), 48


@dataclass(frozen=True, slots=True)
class NodeRedNote:
    """What of one node is not as it was: it is mapped, but gives something else in places (`adapted`), stands as it was
    for a person to replace (`placeholder`), or is not there (`left_out`)."""

    where: str
    message: str
    kind: Literal["adapted", "placeholder", "left_out"] = "left_out"


@dataclass(slots=True)
class NodeRedResult:
    """A flow for one tab, a project for several. `mapped`: how many nodes have a counterpart, `adapted` of which do not
    quite what they did; `placeholders`: how many have none."""

    file: FlowFile
    mapped: int = 0
    adapted: int = 0
    placeholders: int = 0
    notes: list[NodeRedNote] = field(default_factory=list)


def is_node_red(values: Any) -> TypeGuard[list[Any]]:
    """Whether the values look like flows of Node-RED: a list of objects with ids and types."""
    return (
        isinstance(values, list)
        and bool(values)
        and all(isinstance(one, dict) and isinstance(one.get("id"), str) and "type" in one for one in values[:20])
    )


def read_node_red(values: list[Any], name: str = "From Node-RED") -> NodeRedResult:
    """All tabs. Raises FlowFileError where there is too much."""
    raw = take_apart(values)
    result = NodeRedResult(FileFlow(name))
    flows = [_TabReader(tab, result, raw.steps).read() for tab in raw.tabs]
    result.notes += [NodeRedNote(*cut) for cut in raw.cut] + _of_configuration(raw)
    if len(flows) == 1:
        result.file = canonical(flows[0])
    elif flows:
        result.file = canonical(FileProject(name, "", {f"tab-{at}": flow for at, flow in enumerate(flows)}))
    return result


def _of_configuration(raw: Raw) -> list[NodeRedNote]:
    notes = []
    for node in raw.configuration:
        kind = text_of(node, "type")
        notes.append(NodeRedNote(text_of(node, "name") or kind, f"the configuration {kind} is left out"))
    return notes


class _TabReader:
    def __init__(self, tab: Tab, result: NodeRedResult, steps: Steps) -> None:
        self._tab, self._result, self._steps = tab, result, steps
        self._flow = FileFlow(" ".join(tab.name.split())[:100] or "Flow", tab.info[:10_000])
        self._names = _properties(tab)
        self._made: dict[str, Converted] = {}
        self._keys: dict[str, str] = {}
        self._ends: set[tuple[str, str, str, str]] = set()
        self._back: dict[str, list[str]] = defaultdict(list)
        for source, _, target in tab.wires:
            self._back[target].append(source)
        self._group_keys = {pk: f"group-{at}" for at, pk in enumerate(tab.groups)}
        nodes = tab.nodes.values()
        self._left = min((_coordinate(node, "x") for node in nodes), default=0.0)
        self._top = min((_coordinate(node, "y") for node in nodes), default=0.0)

    def read(self) -> FileFlow:
        self._groups()
        for pk, node in self._tab.nodes.items():
            if text_of(node, "type") == "comment":
                self._comment(node)
            elif text_of(node, "type") not in _MARKS:
                self._node(pk, node)
        for source, output, target in self._tab.wires:
            self._wire(source, output, target)
        self._catches()
        self._frame()
        return self._flow

    def _node(self, pk: str, node: Node) -> None:
        self._steps.translate(node)
        made = self._made[pk] = convert(node, self._names)
        title = text_of(node, "name").replace("\n", " ")[:200]
        key = self._keys[pk] = f"node-{len(self._keys)}"
        lost = list(made.lost)
        if node.get("d") is True:
            lost.append("it was disabled")
        for told in lost:
            kind: Literal["adapted", "placeholder"] = "placeholder" if made.placeholder else "adapted"
            self._result.notes.append(NodeRedNote(title or text_of(node, "type"), told, kind))
        self._result.mapped += not made.placeholder
        self._result.adapted += bool(lost) and not made.placeholder
        self._result.placeholders += made.placeholder
        said = [text_of(node, "info"), *(f"Node-RED: {told}." for told in lost)]
        comment = "\n\n".join(part for part in said if part)
        module, _, component = made.component.partition("/")
        self._flow.nodes[key] = FileNode(
            module, component, self._place(node), title, comment[:10_000], self._group_of(node), made.settings
        )

    def _wire(self, source: str, output: int, target: str) -> None:
        made = self._made.get(source)
        if made is None or output >= len(made.outlets):
            return
        port, sent = made.outlets[output]
        if text_of(self._tab.nodes[target], "type") == "http response":
            self._answer(source, port, sent, self._tab.nodes[target])
            return
        self._lead(self._keys[source], port, sent, target)

    def _lead(self, source: str, port: str, sent: Sent, target: str) -> None:
        made = self._made.get(target)
        if made is None or made.inlet is None:
            return
        self._steps.translate(self._tab.nodes[target])
        try:
            into, mapping = made.inlet(sent)
        except Unsaid:
            # What it looks into is itself worked out on this wire: it is made first.
            source, port = self._between(source, port, sent, self._keys[target])
            into, mapping = made.inlet(PASSED)
        self._add(FileWire(source, port, self._keys[target], into, mapping))

    def _between(self, source: str, port: str, sent: Sent, target: str) -> tuple[str, str]:
        """A transform that makes the message, in front of the node that takes it apart."""
        key = self._keys[f"{source}.{port} {target}"] = f"node-{len(self._keys)}"
        behind = self._flow.nodes[target]
        place = (behind.at[0], behind.at[1] - 5 * _GRID)
        self._flow.nodes[key] = FileNode("common-v1", "transform", place, "Message", "", behind.group)
        self._add(FileWire(source, port, key, "in", sent.all(self._names)))
        return key, "out"

    def _add(self, wire: FileWire) -> None:
        if wire.ends not in self._ends:
            if len(self._ends) >= MAX_WIRES:
                raise FlowFileError([Fault(f"a tab has more than {MAX_WIRES:,} wires: split it first")])
            self._steps.write(wire.mapping)
            self._ends.add(wire.ends)
            self._flow.wires.append(wire)

    def _answer(self, source: str, port: str, sent: Sent, response: Node) -> None:
        """What leads to an HTTP response is the answer of each HTTP server that leads there."""
        body, status = written(sent.value("payload")), text_of(response, "statusCode")
        mapping: dict[str, Any] = {
            "status": int(status) if status.isdecimal() and len(status) == 3 else 200,
            "body": body,
        }
        if not status and "statusCode" in self._names:
            found = sent.value("statusCode")
            mapping["status"] = written(_or_ok(found) if isinstance(found, Expression) else found or 200)
        if isinstance(response.get("headers"), dict) and response["headers"]:
            mapping["headers"] = {str(name): plain(str(value)) for name, value in response["headers"].items()}
        elif "headers" in self._names:
            mapping["headers"] = written(or_none(sent.value("headers")))
        before = self._before(source)
        for server in before:
            if text_of(self._tab.nodes[server], "type") == "http in":
                self._add(FileWire(self._keys[source], port, self._keys[server], "response", mapping))
                self._answer_of_items(before, server)

    def _answer_of_items(self, before: list[str], server: str) -> None:
        """A split answers with what comes of each item: the first response among these is the request's."""
        for one in before:
            if text_of(self._tab.nodes[one], "type") == "split" and server in self._before(one):
                mapping = {name: f"{{{{{_FIRST_ANSWER}.{name}}}}}" for name in ("status", "headers", "body")}
                self._add(FileWire(self._keys[one], "done", self._keys[server], "response", mapping))

    def _before(self, node: str) -> list[str]:
        """The node and all that lead to it."""
        found, waiting = [], [node]
        seen = {node}
        while waiting:
            one = waiting.pop()
            found.append(one)
            sources = self._back.get(one, ())
            self._steps.take(1 + len(sources))
            for source in sources:
                if source not in seen:
                    seen.add(source)
                    waiting.append(source)
        return [one for one in found if one in self._keys]

    def _catches(self) -> None:
        """Nodes whose errors are caught have their error port on; those without a scope catch what the sources meet."""
        inner = self._back.keys()
        ahead: dict[str, list[str]] = defaultdict(list)
        for source, output, target in self._tab.wires:
            if output == 0:
                ahead[source].append(target)
        caught = _caught(self._names)
        for pk, node in self._tab.nodes.items():
            if text_of(node, "type") != "catch":
                continue
            scope = node.get("scope")
            watched = scope if isinstance(scope, list) else [one for one in self._made if one not in inner]
            for one in watched:
                if one in self._made and not self._made[one].placeholder:
                    self._flow.nodes[self._keys[one]].settings["enableErrorPort"] = True
                    # Each of these makes a mapping, which is more than a step.
                    self._steps.take(1 + 20 * len(ahead[pk]))
                    for target in ahead[pk]:
                        self._lead(self._keys[one], "error", caught, target)
            self._result.mapped += 1

    def _comment(self, node: Node) -> None:
        title, info = text_of(node, "name"), text_of(node, "info")
        text = "\n\n".join(part for part in (f"**{title}**" if title else "", info) if part)
        # Node-RED shows one line of it, and nodes begin below: the rest is there for whoever makes the note larger.
        size = (384, 72)
        self._flow.notes.append(FileNote(self._place(node), size, text[:20_000], "amber", self._group_of(node)))
        self._result.mapped += 1

    def _groups(self) -> None:
        for pk, group in self._tab.groups.items():
            self._flow.groups[self._group_keys[pk]] = FileGroup((0, 0), (480, 240), text_of(group, "name")[:200])

    def _group_of(self, node: Node) -> str | None:
        return self._group_keys.get(node.get("g", ""))

    def _frame(self) -> None:
        """Around what stands in each group; empty ones go."""
        standing: dict[str | None, list[tuple[int, int, int, int]]] = defaultdict(list)
        for node in self._flow.nodes.values():
            standing[node.group].append((*node.at, *_CARD))
        for note in self._flow.notes:
            standing[note.group].append((*note.at, *note.size))
        for key, group in list(self._flow.groups.items()):
            places = standing[key]
            if not places:
                del self._flow.groups[key]
                continue
            left, top = min(place[0] for place in places) - _MARGIN, min(place[1] for place in places) - _MARGIN
            group.at = (left, top)
            group.size = (
                max(place[0] + place[2] for place in places) + _MARGIN - left,
                max(place[1] + place[3] for place in places) + _MARGIN - top,
            )

    def _place(self, node: Node) -> tuple[int, int]:
        across = (_coordinate(node, "x") - self._left) * _ACROSS
        down = (_coordinate(node, "y") - self._top) * _DOWN
        return round(across / _GRID) * _GRID, round(down / _GRID) * _GRID


def _or_ok(status: Expression) -> Expression:
    """Of a message without a status 200 is sent."""
    return Expression(f"{status.text} ? {status.text} : 200")


def _coordinate(node: Node, key: str) -> float:
    value = node.get(key)
    return float(value) if isinstance(value, int | float) and abs(value) < 100_000 else 0.0


def _caught(names: Properties) -> Sent:
    known = {name: Expression(f"$.context.{name}") for name in names}
    return Sent({**known, "error": Expression("$")}, "$.context.*")


def _properties(tab: Tab) -> Properties:
    """The properties of messages that this tab speaks of. Others would be on no wire that matters."""
    found = {"payload"}
    kinds = {text_of(node, "type") for node in tab.nodes.values()}
    if "http in" in kinds:
        found.add("req")
    if "catch" in kinds:
        found.add("error")
    if "http request" in kinds:
        found.add("statusCode")
    if "split" in kinds and any(map(joins_what_was_split, tab.nodes.values())):
        found.add("parts")
    for node in tab.nodes.values():
        props, rules = node.get("props"), node.get("rules")
        if text_of(node, "topic"):
            found.add("topic")
        for prop in props if isinstance(props, list) else []:
            if isinstance(prop, dict) and (prop.get("p") != "topic" or text_of(node, "topic")):
                found.add(str(prop.get("p", "payload")))
        for rule in rules if isinstance(rules, list) and text_of(node, "type") == "change" else []:
            if isinstance(rule, dict) and rule.get("pt", "msg") == "msg":
                found.add(str(rule.get("p", "payload")))
                if rule.get("tot", "msg") == "msg":
                    found.add(str(rule.get("to", "payload")))
        if text_of(node, "type") == "function":
            found.update(names_set(node))
        if text_of(node, "type") == "template":
            found.add(text_of(node, "field") or "payload")
    return frozenset(first_of(name) for name in found if as_path(name) is not None)
