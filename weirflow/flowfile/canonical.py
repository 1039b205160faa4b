"""A file as an export would name its things, whoever wrote it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Any, TypeAlias

from weirflow.flowfile.document import FileFlow, FileProject, FlowFile
from weirflow.flowfile.names import counted, names_of

#: New names by those in the file.
Names: TypeAlias = Mapping[str, str]


def canonical(file: FlowFile) -> FlowFile:
    """The same document with names made from titles."""
    if isinstance(file, FileFlow):
        return _flow(file, _nodes(file, {}), {}, {})
    flows = _renamed({key: (flow.name, "flow", age, 0) for age, (key, flow) in enumerate(file.flows.items())})
    nodes = {key: _nodes(flow, file.flows) for key, flow in file.flows.items()}
    renamed = {flows[key]: _flow(flow, nodes[key], flows, nodes) for key, flow in file.flows.items()}
    pages = [
        replace(
            page, widgets=[replace(one, flow=flows[one.flow], node=nodes[one.flow][one.node]) for one in page.widgets]
        )
        for page in file.pages
    ]
    return FileProject(file.name, file.description, renamed, pages)


def names_when_exported(flow: FileFlow) -> tuple[Names, Names]:
    """How the nodes and the groups of a flow by itself would be called in its export, by their names in the file."""
    groups = {name: (group.title, "group", *group.at) for name, group in flow.groups.items()}
    return _nodes(flow, {}), _renamed(groups)


def _nodes(flow: FileFlow, flows: Mapping[str, FileFlow]) -> Names:
    things = {name: (node.title, node.component, *node.at) for name, node in flow.nodes.items()}
    for name, shown in flow.shown.items():
        node = flows[shown.flow].nodes[shown.node]
        things[name] = (node.title, node.component, *shown.at)
    return _renamed(things)


def _renamed(things: Mapping[str, tuple[str, str, int, int]]) -> Names:
    ids = {name: str(at).zfill(8) for at, name in enumerate(sorted(things, key=counted))}
    named = names_of((ids[name], *about) for name, about in things.items())
    return {name: named[pk] for name, pk in ids.items()}


def _flow(flow: FileFlow, nodes: Names, flows: Names, all_nodes: Mapping[str, Names]) -> FileFlow:
    groups = _renamed({name: (group.title, "group", *group.at) for name, group in flow.groups.items()})
    return FileFlow(
        flow.name,
        flow.description,
        {nodes[name]: replace(node, group=_of(groups, node.group)) for name, node in flow.nodes.items()},
        {
            nodes[name]: replace(
                shown, flow=flows[shown.flow], node=all_nodes[shown.flow][shown.node], group=_of(groups, shown.group)
            )
            for name, shown in flow.shown.items()
        },
        [replace(wire, source=nodes[wire.source], target=nodes[wire.target]) for wire in flow.wires],
        {
            groups[name]: replace(group, inputs=_ends(group.inputs, nodes), outputs=_ends(group.outputs, nodes))
            for name, group in flow.groups.items()
        },
        [replace(note, group=_of(groups, note.group)) for note in flow.notes],
        {name: _ends(messages, nodes) for name, messages in flow.scenarios.items()},
        [_test(test, nodes) for test in flow.tests],
    )


def _of(names: Names, name: str | None) -> str | None:
    return None if name is None else names[name]


def _end(end: str, nodes: Names) -> str:
    node, dot, port = end.partition(".")
    return f"{nodes.get(node, node)}{dot}{port}"


def _ends(values: Mapping[str, Any], nodes: Names) -> dict[str, Any]:
    return {_end(end, nodes): value for end, value in values.items()}


def _test(test: Mapping[str, Any], nodes: Names) -> dict[str, Any]:
    """Ports stand in a test under `at`, and as the keys of `answers`; nodes as those of `state`."""
    told: dict[str, Any] = {}
    for key, value in test.items():
        if key in ("answers", "state") and isinstance(value, dict):
            told[key] = _ends(value, nodes)
        elif key in ("given", "expect") and isinstance(value, dict):
            told[key] = _at(value, nodes)
        elif key in ("given", "expect") and isinstance(value, list):
            told[key] = [_at(one, nodes) if isinstance(one, dict) else one for one in value]
        else:
            told[key] = value
    return told


def _at(value: dict[str, Any], nodes: Names) -> dict[str, Any]:
    return {**value, "at": _end(value["at"], nodes)} if isinstance(value.get("at"), str) else value
