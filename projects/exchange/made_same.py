"""The document that a flow has once it is what a file says: what keeps its name in the file keeps its id."""

import uuid
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

from projects.exchange.flow_import import Ids
from projects.exchange.rows import FlowRows
from projects.history.document import Document, Row
from projects.models import Flow
from projects.names import new_node_id, node_resource_name
from projects.operations.shape import RetryPolicy
from weirflow.flowfile import FileFlow, FileGroup, FileNode, FileNote, FileWire
from weirflow.flowfile.canonical import names_when_exported


@dataclass(slots=True)
class MadeSame:
    """Makes `then` of `now`, and of what is different in `wanted` beside `current`, which is the flow's export. What is
    the same in both stays as the rows have it. `ids` are those of everything in `wanted`.

    A thing is known by its name in the file, else by the one that its title will give it in the next export: a title
    may be changed in the file again and again, and the node stays the same one.
    """

    flow: Flow
    now: Document
    rows: FlowRows
    current: FileFlow
    wanted: FileFlow
    ids: Ids = field(default_factory=Ids)
    was: dict[str, FileNode] = field(default_factory=dict)
    """Of those nodes in `wanted` that are there already, what `current` says; by their names in `wanted`."""
    then: Document = field(default_factory=Document)

    def make(self) -> Document:
        """The document."""
        self._name_ids()
        for name, node in self.wanted.nodes.items():
            self.then.nodes[self.ids.nodes[name]] = self._node(name, node)
        for name, group in self.wanted.groups.items():
            pk = str(self.ids.groups[name])
            self.then.groups[pk] = self._group(pk, group)
        self._wires()
        self._notes()
        return self.then

    def _name_ids(self) -> None:
        nodes, groups = names_when_exported(self.wanted)
        here = {name: pk for pk, name in self.rows.node_names().items()}
        found = _found(nodes, here)
        for name, node in self.wanted.nodes.items():
            was = self.current.nodes.get(found.get(name, ""))
            if was is not None and (was.module, was.component) == (node.module, node.component):
                self.ids.nodes[name], self.was[name] = here[found[name]], was
            else:
                self.ids.nodes[name] = new_node_id()
        frames = {name: pk for pk, name in self.rows.group_names().items()}
        known = _found(groups, frames)
        self.ids.groups = {
            name: uuid.UUID(frames[known[name]]) if name in known else uuid.uuid4() for name in self.wanted.groups
        }

    def _node(self, name: str, node: FileNode) -> Row:
        pk = self.ids.nodes[name]
        said = {
            "x": node.at[0],
            "y": node.at[1],
            "label": node.title,
            "comment": node.comment,
            "group": str(self.ids.groups[node.group]) if node.group else None,
            "settings": node.settings,
            "schemas": node.schemas,
        }
        row, was = self.now.nodes.get(pk), self.was.get(name)
        if row is None or was is None:
            resource = node_resource_name(self.flow.project.resource_name, node.module, node.component, pk)
            given = {"id": pk, "name": resource, "module": node.module, "component": node.component}
            return {**given, **said, "foreign": None, "shared": []}
        same = {
            "x": was.at[0] == node.at[0],
            "y": was.at[1] == node.at[1],
            "label": was.title == node.title,
            "comment": was.comment == node.comment,
            "settings": was.settings == node.settings,
            "schemas": was.schemas == node.schemas,
        }
        return {**row, **{key: value for key, value in said.items() if not same.get(key)}}

    def _group(self, pk: str, group: FileGroup) -> Row:
        ports: dict[str, str] = {}
        for titles, side in ((group.inputs, "in"), (group.outputs, "out")):
            for end, title in titles.items():
                node, _, port = end.partition(".")
                ports[f"{self.ids.nodes[node]}:{port}:{side}"] = title
        return {
            "id": pk, "name": group.title, "colour": group.colour, "collapsed": group.collapsed, "ports": ports,
            "x": group.at[0], "y": group.at[1], "width": group.size[0], "height": group.size[1],
        }  # fmt: skip

    def _wires(self) -> None:
        here = {_ends(row): pk for pk, row in self.now.edges.items()}
        pks = {name: pk for pk, name in self.rows.node_names().items()}
        was = {
            (pks[wire.source], wire.source_port, pks[wire.target], wire.target_port): wire
            for wire in self.current.wires
        }
        for wire in self.wanted.wires:
            source, target = self.ids.nodes[wire.source], self.ids.nodes[wire.target]
            ends = {
                "source": source,
                "source_port": wire.source_port,
                "target": target,
                "target_port": wire.target_port,
            }
            pk = here.get(tuple(ends.values()))
            if pk is not None and _said(wire) == _said(was.get((source, wire.source_port, target, wire.target_port))):
                self.then.edges[pk] = self.now.edges[pk]
                continue
            pk = pk or str(uuid.uuid4())
            policy = None if wire.retry_policy is None else RetryPolicy.model_validate(wire.retry_policy).model_dump()
            delivery = {"timeout_ms": wire.timeout_ms, "retry_policy": policy}
            self.then.edges[pk] = {"id": pk, **ends, "mapping": wire.mapping, **delivery}

    def _notes(self) -> None:
        """Notes have no names: one that says the same at the same place is the same; the others in their order."""
        left = dict(self.now.notes)
        new = []
        for note in self.wanted.notes:
            row = self._note(note)
            pk = next((pk for pk, here in left.items() if {**here, "id": ""} == {**row, "id": ""}), None)
            if pk is None:
                new.append(row)
            else:
                self.then.notes[pk] = left.pop(pk)
        rest = list(left)
        for number, row in enumerate(new):
            pk = rest[number] if number < len(rest) else str(uuid.uuid4())
            self.then.notes[pk] = {**row, "id": pk}

    def _note(self, note: FileNote) -> Row:
        group = str(self.ids.groups[note.group]) if note.group else None
        return {
            "id": "", "text": note.text, "colour": note.colour, "group": group,
            "x": note.at[0], "y": note.at[1], "width": note.size[0], "height": note.size[1],
        }  # fmt: skip


def _found(names: Mapping[str, str], here: Collection[str]) -> dict[str, str]:
    """By names in the file those of things that are there: the same name, else the one in an export; each once."""
    found = {name: name for name in names if name in here}
    for name, exported in names.items():
        if name not in found and exported in here and exported not in found.values():
            found[name] = exported
    return found


def _ends(row: Mapping[str, Any]) -> tuple[Any, ...]:
    return tuple(row[name] for name in ("source", "source_port", "target", "target_port"))


def _said(wire: FileWire | None) -> tuple[Any, ...] | None:
    return None if wire is None else (wire.mapping, wire.timeout_ms, wire.retry_policy)


def differing(now: Iterable[Mapping[str, Any]], then: Iterable[Mapping[str, Any]]) -> list[Mapping[str, Any]]:
    """Of named things those that are new or say something else."""
    known = {one["name"]: one for one in now}
    return [one for one in then if known.get(one["name"]) != one]
