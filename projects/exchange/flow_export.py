"""A flow's document as its file has it. The caller sees to it that nobody writes meanwhile."""

from collections.abc import Callable, Mapping
from typing import Any

from projects.catalogue import Catalogue
from projects.exchange.concealed import without_literals
from projects.exchange.rows import FlowRows, read_rows
from projects.models import Flow, Group, Scenario
from projects.operations.shape import RetryPolicy
from projects.testing.files import tests_for_file
from weirflow.flowfile import FileFlow, FileGroup, FileNode, FileNote, FileShown, FileWire

Schemas = Callable[[str, str, str], Mapping[str, Any] | None]
"""The schema of a component's port, where somebody offers it."""
Homes = Mapping[str, tuple[str, str]]
"""Of each node of a project its flow's and its own name in the project's file."""
_DEFAULTS = RetryPolicy().model_dump()


def schemas_of(catalogue: Catalogue) -> Schemas:
    """Asks the catalogue once for each port."""
    known: dict[tuple[str, str, str], Mapping[str, Any] | None] = {}

    def schema(module: str, component: str, port: str) -> Mapping[str, Any] | None:
        key = (module, component, port)
        if key not in known:
            found = catalogue.component(module, component)
            known[key] = found.ports[port].schema if found is not None and port in found.ports else None
        return known[key]

    return schema


def flow_file(flow: Flow, schemas: Schemas) -> FileFlow:
    """The flow by itself: nodes of others that it shows stand in it as its own."""
    return file_of(flow, read_rows([flow])[flow.pk], schemas, {})


def file_of(flow: Flow, rows: FlowRows, schemas: Schemas, homes: Homes) -> FileFlow:
    """The flow made of its rows; of nodes that have a home in the file only where that is."""
    file, names, groups = FileFlow(flow.name, flow.description), rows.node_names(), rows.group_names()
    for pk, module, component, x, y, label, comment, group, settings, said in rows.nodes:
        clean = settings and without_literals(names[pk], settings, schemas(module, component, "_settings"))
        inside = groups.get(str(group)) if group else None
        file.nodes[names[pk]] = FileNode(module, component, (x, y), label, comment, inside, clean, said)
    _guests(file, rows, names, groups, schemas, homes)
    _wires(file, rows, names, schemas)
    file.groups = {groups[str(group.pk)]: _group(group, names) for group in rows.groups}
    file.notes = [
        FileNote((note.x, note.y), (note.width, note.height), note.text, note.colour, groups.get(str(note.group_id)))
        for note in rows.notes
    ]
    file.scenarios = {scenario.name: _messages(scenario, names) for scenario in rows.scenarios}
    file.tests = tests_for_file(rows.tests, names)
    return file


def _guests(
    file: FileFlow, rows: FlowRows, names: Mapping[str, str], groups: Mapping[str, str], schemas: Schemas, homes: Homes
) -> None:
    for share in rows.guests:
        node, name, place = share.node, names[share.node_id], (share.x, share.y)
        inside = groups.get(str(share.group_id))
        if node.pk in homes:
            file.shown[name] = FileShown(*homes[node.pk], place, inside)
            continue
        clean = without_literals(name, node.settings, schemas(node.module, node.component, "_settings"))
        about = (node.module, node.component, place, node.label, node.comment)
        file.nodes[name] = FileNode(*about, inside, clean, node.schemas)


def _wires(file: FileFlow, rows: FlowRows, names: Mapping[str, str], schemas: Schemas) -> None:
    for source, source_port, target, target_port, timeout, policy, mapping in rows.wires:
        if source not in names or target not in names:
            continue
        name = names[target]
        node = file.nodes.get(name)
        if mapping:
            schema = schemas(node.module, node.component, target_port) if node is not None else None
            mapping = without_literals(name, mapping, schema)
        said = None if policy is None else {key: value for key, value in policy.items() if value != _DEFAULTS.get(key)}
        file.wires.append(FileWire(names[source], source_port, name, target_port, mapping, timeout, said))


def _group(group: Group, names: Mapping[str, str]) -> FileGroup:
    made = FileGroup((group.x, group.y), (group.width, group.height), group.name, group.colour, group.collapsed)
    for key, title in group.ports.items():
        node, _, rest = key.partition(":")
        port, _, side = rest.rpartition(":")
        if node in names and side in ("in", "out") and port:
            (made.inputs if side == "in" else made.outputs)[f"{names[node]}.{port}"] = title
    return made


def _messages(scenario: Scenario, names: Mapping[str, str]) -> dict[str, Any]:
    return {
        f"{names[sample['node']]}.{sample['port']}": sample["data"]
        for sample in scenario.ports
        if sample["node"] in names
    }
