"""Node-RED's list of objects, taken apart: tabs with their nodes, subflows put in the place of what stands for them,
links and junctions as the wires that they are."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass, field
from typing import Any

import orjson

from weirflow.flowfile.faults import Fault, FlowFileError
from weirflow.flowfile.limits import MAX_BYTES, MAX_WIRES
from weirflow.flowfile.nodered.cleaned import Node, cleaned, refuse_strange

MAX_OBJECTS = 20_000
"""Of all tabs together, subflows put in."""
MAX_STEPS = 2_000_000
"""Wires that are gone along: a small file can say that everything leads to everything."""
MAX_JSONATA = 200_000
"""Characters that are translated: those of a node for itself, and once more for each wire that leads to it. They take
up to 50 microseconds each."""
MAX_DEPTH = 10
"""Subflows within subflows."""
_JSONATA, _WORKED_OUT = (
    frozenset({"jsonata", "jsonata_exp"}),
    frozenset({"to", "from", "v", "v2", "property", "payload"}),
)
_THROUGH = frozenset({"junction", "link in", "link out"})


@dataclass(slots=True)
class Tab:
    """What stands on one canvas. `wires` are `(source, output, target)`."""

    id: str
    name: str
    info: str
    nodes: dict[str, Node] = field(default_factory=dict)
    groups: dict[str, Node] = field(default_factory=dict)
    wires: list[tuple[str, int, str]] = field(default_factory=list)


@dataclass(slots=True)
class Raw:
    """All canvases in their order, the nodes that belong to none (brokers, TLS and so on), and what was left out."""

    tabs: list[Tab] = field(default_factory=list)
    configuration: list[Node] = field(default_factory=list)
    cut: list[tuple[str, str]] = field(default_factory=list)
    count: int = 0
    steps: Steps = field(default_factory=lambda: Steps())


class Steps:
    """How much work there may be with one file, and how much may come of it."""

    def __init__(self) -> None:
        self._left, self._room, self._jsonata = MAX_STEPS, MAX_BYTES, MAX_JSONATA

    def take(self, count: int = 1) -> None:
        """Raises FlowFileError past MAX_STEPS."""
        self._left -= count
        if self._left < 0:
            raise FlowFileError([Fault("its wires lead through too many others: export fewer tabs at once")])

    def translate(self, node: Node) -> None:
        """The node is converted, or a mapping made for it. Raises FlowFileError when it is too much for all of them."""
        lists = [node.get(key) for key in ("rules", "props")]
        parts = [node, *(part for found in lists if isinstance(found, list) for part in found)]
        self.take(len(parts))
        self._jsonata -= sum(map(_jsonata_in, parts))
        if self._jsonata < 0:
            text = "its JSONata takes too long to translate, for each wire that leads to it: export fewer tabs at once"
            raise FlowFileError([Fault(text)])

    def write(self, mapping: Any) -> None:
        """The mapping of a wire. Raises FlowFileError when all of them take more than a file may."""
        self._room -= len(orjson.dumps(mapping))
        if self._room < 0:
            text = "the mappings that its wires would have take too much: export fewer tabs at once"
            raise FlowFileError([Fault(text)])


def _jsonata_in(part: Any) -> int:
    if not isinstance(part, dict) or not _JSONATA.intersection(one for one in part.values() if isinstance(one, str)):
        return 0
    return sum(len(one) for key, one in part.items() if isinstance(one, str) and key in _WORKED_OUT)


def take_apart(values: list[Any]) -> Raw:
    """Raises FlowFileError for what is no list of nodes, and for more than can be taken apart."""
    refuse_strange(values)
    objects = [cleaned(one) for one in values if isinstance(one, dict) and isinstance(one.get("id"), str)]
    if len(objects) > MAX_OBJECTS:
        raise FlowFileError([Fault(f"the file has more than {MAX_OBJECTS:,} nodes: export fewer tabs at once")])
    raw = Raw()
    tabs: dict[str, Tab] = {}
    subflows = {one["id"]: one for one in objects if one.get("type") == "subflow"}
    for one in objects:
        if one.get("type") == "tab":
            tabs[one["id"]] = Tab(one["id"], _text(one, "label") or "Flow", _text(one, "info"))
    inside: dict[str, list[Node]] = defaultdict(list)
    for one in objects:
        if one.get("type") in ("tab", "subflow"):
            continue
        if "x" not in one or "y" not in one:
            raw.configuration.append(one)
        elif one.get("z") in subflows:
            inside[one["z"]].append(one)
        else:
            place = _text(one, "z")
            # Nodes that were copied without their tab name one that is not there.
            tab = tabs.setdefault(place, Tab(place, "From Node-RED", ""))
            _put(tab, one)
    raw.count = sum(len(tab.nodes) for tab in tabs.values())
    for tab in tabs.values():
        _expand(tab, subflows, inside, raw)
        _wire(tab, raw)
    raw.tabs = [tab for tab in tabs.values() if tab.nodes or tab.groups]
    return raw


def wires_of(node: Node) -> list[tuple[int, str]]:
    """Output and target of each wire of a node."""
    outputs = node.get("wires")
    return [
        (index, target)
        for index, targets in enumerate(outputs if isinstance(outputs, list) else [])
        for target in (targets if isinstance(targets, list) else [])
        if isinstance(target, str)
    ]


def _put(tab: Tab, node: Node) -> None:
    (tab.groups if node.get("type") == "group" else tab.nodes)[node["id"]] = node


def _expand(tab: Tab, subflows: dict[str, Node], inside: dict[str, list[Node]], raw: Raw) -> None:
    """What stands for a subflow becomes a group with a copy of its nodes."""
    for depth in range(MAX_DEPTH + 1):
        instances = [node for node in tab.nodes.values() if _text(node, "type").startswith("subflow:")]
        instances = [node for node in instances if node["type"].removeprefix("subflow:") in subflows]
        if not instances:
            return
        entered: dict[str, list[str]] = {}
        for instance in instances:
            definition = subflows[instance["type"].removeprefix("subflow:")]
            name = _text(instance, "name") or _text(definition, "name")
            nodes = inside[definition["id"]]
            if depth == MAX_DEPTH or raw.count + len(nodes) > MAX_OBJECTS:
                raw.cut.append((name, "the subflow has too much within it: its node is a placeholder"))
                instance["type"] = "subflow"
                continue
            raw.count += len(nodes) - 1
            entered[instance["id"]] = _replace(tab, instance, definition, nodes, name, raw.steps)
        _lead_into(tab, entered, raw.steps)


def _lead_into(tab: Tab, entered: dict[str, list[str]], steps: Steps) -> None:
    """What led to a subflow leads to where its nodes begin."""
    for node in tab.nodes.values():
        targets = [target for _, target in wires_of(node)]
        steps.take(len(targets))
        if entered.keys().isdisjoint(targets):
            continue
        steps.take(sum(len(entered.get(target, ())) for target in targets))
        node["wires"] = [
            [end for target in output for end in entered.get(target, [target])] for output in node["wires"]
        ]


def _replace(tab: Tab, instance: Node, definition: Node, nodes: list[Node], name: str, steps: Steps) -> list[str]:
    """Returns where wires to it lead now."""
    del tab.nodes[instance["id"]]

    def renamed(node_id: str) -> str:
        return f"{instance['id']}/{node_id}"

    left = min((node["x"] for node in nodes), default=0)
    top = min((node["y"] for node in nodes), default=0)
    behind = defaultdict(list)
    for output, target in wires_of(instance):
        behind[output].append(target)
    leaving: dict[tuple[str, int], list[str]] = defaultdict(list)
    for index, output in enumerate(definition["out"]):
        for end in output["wires"]:
            steps.take(1 + len(behind[index]))
            leaving[end["id"], end["port"]] += behind[index]
    counts: dict[str, int] = defaultdict(int)
    for pk, port in leaving:
        counts[pk] = max(counts[pk], port + 1)
    members = []
    for node in nodes:
        steps.take(1 + counts[node["id"]] + sum(map(len, node["wires"])))
        copy = {**node, "id": renamed(node["id"]), "x": instance["x"] + node["x"] - left}
        copy["y"] = instance["y"] + node["y"] - top
        copy["g"] = renamed(instance["id"])
        count = max(len(node["wires"]), counts[node["id"]])
        own = defaultdict(list)
        for output, target in wires_of(node):
            own[output].append(renamed(target))
        copy["wires"] = [own[output] + leaving[node["id"], output] for output in range(count)]
        members.append(copy["id"])
        _put(tab, copy)
    tab.groups[renamed(instance["id"])] = {"id": renamed(instance["id"]), "name": name, "nodes": members}
    return [renamed(end["id"]) for one in definition["in"] for end in one["wires"]]


def _wire(tab: Tab, raw: Raw) -> None:
    """Wires through links and junctions lead to where these lead."""
    through = {pk for pk, node in tab.nodes.items() if node.get("type") in _THROUGH and not _is_call(node)}
    ahead: dict[str, list[str]] = {}
    for pk in through:
        node = tab.nodes[pk]
        ahead[pk] = [target for _, target in wires_of(node)]
        if node["type"] == "link out":
            links = node.get("links", [])
            ahead[pk] += [link for link in links if link in tab.nodes]
            if any(link not in tab.nodes for link in links):
                raw.cut.append((_text(node, "name") or "link out", "it leads to another tab: that wire is left out"))
    seen: set[tuple[str, int, str]] = set()
    known: dict[str, list[str]] = {}
    for pk, node in tab.nodes.items():
        if pk in through:
            continue
        for output, target in wires_of(node):
            if target not in known:
                known[target] = _ends(target, ahead, raw.steps)
            raw.steps.take(1 + len(known[target]))
            for end in known[target]:
                if end in tab.nodes and (pk, output, end) not in seen:
                    seen.add((pk, output, end))
                    tab.wires.append((pk, output, end))
    if len(tab.wires) > MAX_WIRES:
        raise FlowFileError([Fault(f"a tab has more than {MAX_WIRES:,} wires: split it first")])
    for pk in through:
        del tab.nodes[pk]


def _ends(target: str, ahead: dict[str, list[str]], steps: Steps) -> list[str]:
    found, waiting, seen = [], [target], set()
    while waiting:
        one = waiting.pop()
        if one in seen:
            continue
        seen.add(one)
        if one in ahead:
            steps.take(len(ahead[one]))
            waiting += ahead[one]
        else:
            found.append(one)
    return found


def _is_call(node: Node) -> bool:
    """A link out that answers a link call leads back to wherever that was."""
    return node.get("type") == "link out" and node.get("mode") == "return"


def _text(node: Node, key: str) -> str:
    value = node.get(key)
    return value if isinstance(value, str) else ""
