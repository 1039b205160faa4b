"""Node-RED's list of objects, taken apart: tabs with their nodes, subflows put in the place of what stands for them,
links and junctions as the wires that they are."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass, field
from typing import Any

from weirflow.flowfile.faults import Fault, FlowFileError

Node = dict[str, Any]
MAX_OBJECTS = 20_000
MAX_DEPTH = 10
"""Subflows within subflows."""
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


def take_apart(values: list[Any]) -> Raw:
    """Raises FlowFileError for what is no list of nodes."""
    objects = [one for one in values if isinstance(one, dict) and isinstance(one.get("id"), str)]
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
        for instance in instances:
            definition = subflows[instance["type"].removeprefix("subflow:")]
            name = _text(instance, "name") or _text(definition, "name")
            if depth == MAX_DEPTH or len(tab.nodes) + len(inside[definition["id"]]) > MAX_OBJECTS:
                raw.cut.append((name, "the subflow has too much within it: its node is a placeholder"))
                instance["type"] = "subflow"
                continue
            _replace(tab, instance, definition, inside[definition["id"]], name)


def _replace(tab: Tab, instance: Node, definition: Node, nodes: list[Node], name: str) -> None:
    del tab.nodes[instance["id"]]

    def renamed(node_id: str) -> str:
        return f"{instance['id']}/{node_id}"

    left = min((node["x"] for node in nodes), default=0)
    top = min((node["y"] for node in nodes), default=0)
    outputs = definition.get("out") if isinstance(definition.get("out"), list) else []
    behind = defaultdict(list)
    for output, target in wires_of(instance):
        behind[output].append(target)
    leaving: dict[tuple[str, int], list[str]] = defaultdict(list)
    for index, output in enumerate(outputs or []):
        for end in output.get("wires", []) if isinstance(output, dict) else []:
            leaving[end.get("id"), int(end.get("port", 0))] += behind[index]
    members = []
    for node in nodes:
        copy = {**node, "id": renamed(node["id"]), "x": instance["x"] + node["x"] - left}
        copy["y"] = instance["y"] + node["y"] - top
        copy["g"] = renamed(instance["id"])
        count = max([len(node.get("wires") or []), *(port + 1 for pk, port in leaving if pk == node["id"])])
        own = defaultdict(list)
        for output, target in wires_of(node):
            own[output].append(renamed(target))
        copy["wires"] = [own[output] + leaving[node["id"], output] for output in range(count)]
        members.append(copy["id"])
        _put(tab, copy)
    tab.groups[renamed(instance["id"])] = {"id": renamed(instance["id"]), "name": name, "nodes": members}
    starts = definition.get("in") if isinstance(definition.get("in"), list) else []
    entered = [renamed(end["id"]) for one in starts or [] for end in one.get("wires", []) if isinstance(end, dict)]
    for other in tab.nodes.values():
        if any(target == instance["id"] for _, target in wires_of(other)):
            other["wires"] = [
                [end for target in targets for end in (entered if target == instance["id"] else [target])]
                for targets in other["wires"]
            ]


def _wire(tab: Tab, raw: Raw) -> None:
    """Wires through links and junctions lead to where these lead."""
    through = {pk for pk, node in tab.nodes.items() if node.get("type") in _THROUGH and not _is_call(node)}
    ahead: dict[str, list[str]] = {}
    for pk in through:
        node = tab.nodes[pk]
        ahead[pk] = [target for _, target in wires_of(node)]
        if node["type"] == "link out":
            links = [link for link in node.get("links") or [] if isinstance(link, str)]
            ahead[pk] += [link for link in links if link in tab.nodes]
            if any(link not in tab.nodes for link in links):
                raw.cut.append((_text(node, "name") or "link out", "it leads to another tab: that wire is left out"))
    seen: set[tuple[str, int, str]] = set()
    for pk, node in tab.nodes.items():
        if pk in through:
            continue
        for output, target in wires_of(node):
            for end in _ends(target, ahead):
                if end in tab.nodes and (pk, output, end) not in seen:
                    seen.add((pk, output, end))
                    tab.wires.append((pk, output, end))
    for pk in through:
        del tab.nodes[pk]


def _ends(target: str, ahead: dict[str, list[str]]) -> list[str]:
    found, waiting, seen = [], [target], set()
    while waiting:
        one = waiting.pop()
        if one in seen:
            continue
        seen.add(one)
        if one in ahead:
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
