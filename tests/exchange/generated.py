"""Flows and projects made by chance, with everything that a file can hold."""

import random
from typing import Any

from weirflow.flowfile import (
    FileFlow,
    FileGroup,
    FileNode,
    FileNote,
    FilePage,
    FileProject,
    FileShown,
    FileWidget,
    FileWire,
)
from weirflow.flowfile.names import slug

COMPONENTS = {
    "counter": ("increment", "value"),
    "open": ("in", "out"),
    "anything": ("in", "out"),
    "gone": ("in", "out"),
}
WORDS = [
    "Order",
    "mail",
    "Größe",
    "yes",
    "12",
    "a: b",
    "# no",
    "{{x}}",
    "",
    "Über",
    "two  words",
    "Line\nbreak",
    "-",
    "–",
]
TEXTS = [
    "",
    "plain",
    "two\nlines\n",
    " blank",
    "{{$.a}} und {{$.b}}",
    "é\u2028",
    "tab\there",
    "[[secret:mail/key]]",
    "012",
]


def a_flow(chance: random.Random, name: str = "") -> FileFlow:
    """A flow whose names are those that an export would give."""
    flow = FileFlow(name or _title(chance) or "Flow", chance.choice(TEXTS).strip())
    for _ in range(chance.randrange(3)):
        title = _label(chance)
        size = (chance.randrange(48, 900), chance.randrange(48, 900))
        key = _free(title, "group", flow.groups)
        flow.groups[key] = FileGroup(_place(chance), size, title, chance.choice(["grey", "red"]), chance.random() < 0.3)
    for _ in range(chance.randrange(1, 8)):
        component = chance.choice(list(COMPONENTS))
        title = _label(chance)
        settings = {"initial_value": 1, "list": [1, 2]} if component == "counter" else _settings(chance)
        schemas = {"in": {"x": {"type": "object", "properties": {"b": {}, "a": {}}}}} if chance.random() < 0.1 else {}
        group = chance.choice([*flow.groups, None])
        key = _free(title, component, flow.nodes)
        flow.nodes[key] = FileNode(
            "common-v1", component, _place(chance), title, chance.choice(TEXTS), group, settings, schemas
        )
    _wires(chance, flow, list(flow.nodes))
    for group in flow.groups.values():
        node = chance.choice(list(flow.nodes))
        group.inputs = {f"{node}.in": "Comes in"} if chance.random() < 0.5 else {}
        group.outputs = {f"{node}.out": ""} if chance.random() < 0.5 else {}
    for _ in range(chance.randrange(3)):
        size = (chance.randrange(48, 500), 120)
        flow.notes.append(
            FileNote(_place(chance), size, chance.choice(TEXTS), "amber", chance.choice([*flow.groups, None]))
        )
    for scenario in range(chance.random() < 0.1):
        flow.scenarios[f"Day {scenario}"] = {f"{chance.choice(list(flow.nodes))}.in": {"n": chance.randrange(9)}}
    return flow


def a_project(chance: random.Random) -> FileProject:
    """Flows that show each other's nodes, and a dashboard."""
    project = FileProject(_title(chance) or "Project", chance.choice(TEXTS).strip())
    for number in range(chance.randrange(1, 4)):
        flow = a_flow(chance, f"Flow {chance.choice('abc')} {number}")
        project.flows[slug(flow.name)] = flow
    homes = list(project.flows)
    for key in homes[1:]:
        flow, home = project.flows[key], project.flows[homes[0]]
        node = next(iter(home.nodes))
        title = home.nodes[node].title or home.nodes[node].component
        name = _free(title, "", {**flow.nodes, **flow.shown})
        flow.shown[name] = FileShown(homes[0], node, _place(chance), chance.choice([*flow.groups, None]))
        _wires(chance, flow, [*flow.nodes, *flow.shown], home.nodes[node])
    for number in range(chance.randrange(3)):
        home = chance.choice(homes)
        widget = FileWidget(home, chance.choice(list(project.flows[home].nodes)), (0, number), (2, 4), "")
        project.pages.append(FilePage(f"Page {number}", chance.choice(["editors", "nobody"]), [widget]))
    return project


def a_large_flow(nodes: int) -> FileFlow:
    """Rows of nodes, each wired to the next, with settings and mappings as people have them."""
    flow = FileFlow("Large")
    for number in range(nodes):
        place = (number % 50 * 320, number // 50 * 160)
        settings = {"interval": 1_000 + number, "enabled": True, "text": "{{$.a}} and {{$.b}}"}
        flow.nodes[f"step-{number}"] = FileNode("common-v1", "anything", place, f"Step {number}", "", None, settings)
    for number in range(nodes - 1):
        mapping = {"context": "{{$}}", "other": {"n": number, "list": [1, 2, 3]}}
        flow.wires.append(FileWire(f"step-{number}", "out", f"step-{number + 1}", "in", mapping))
    return flow


def _wires(chance: random.Random, flow: FileFlow, names: list[str], guest: FileNode | None = None) -> None:
    seen = {wire.ends for wire in flow.wires}
    for _ in range(chance.randrange(len(names) + 2)):
        source, target = chance.choice(names), chance.choice(names)
        out, into = flow.nodes.get(source, guest), flow.nodes.get(target, guest)
        assert out is not None
        assert into is not None
        wire = FileWire(source, COMPONENTS[out.component][1], target, COMPONENTS[into.component][0])
        if wire.ends in seen or (source in flow.shown and target in flow.shown):
            continue
        seen.add(wire.ends)
        wire.mapping = {"context": chance.choice(TEXTS), "n": chance.choice([1, 1.5, None, True])}
        if chance.random() < 0.2:
            wire.timeout_ms, wire.retry_policy = 5_000, {"maxAttempts": 3}
        flow.wires.append(wire)


def _settings(chance: random.Random) -> dict[str, Any]:
    return {chance.choice(["a", "b", "no"]): chance.choice([*TEXTS, 1, 2.5, [], {}, {"x": ["y"]}]) for _ in range(2)}


def _place(chance: random.Random) -> tuple[int, int]:
    return chance.randrange(-2_000, 2_000), chance.randrange(-2_000, 2_000)


def _label(chance: random.Random) -> str:
    return " ".join(chance.choices(WORDS, k=chance.randrange(3)))


def _title(chance: random.Random) -> str:
    return " ".join(_label(chance).split())


def _free(title: str, kind: str, taken: Any) -> str:
    base = name = slug(title) or slug(kind) or "node"
    number = 1
    while name in taken:
        number += 1
        name = f"{base}-{number}"
    return name
