"""Going back to a state of a flow, through the operations by which people edit: one by one, as far as they can be."""

import uuid
from dataclasses import dataclass, field
from typing import Any

from projects.errors import ProjectError
from projects.history.document import Document, Row
from projects.last_state import LastStates
from projects.operations.apply import Applier
from projects.operations.documents import same
from projects.operations.frames import Kind, add_frame, delete_frame, set_frame, table
from projects.operations.sharing import share_node
from projects.operations.wanted import Wanted
from projects.versions.differences import title_of
from projects.versions.settings import setting_steps

_PLACE = ("x", "y", "group")
_OWN = ("label", "comment")


def wanted_to_restore(now: Document, then: Document) -> Wanted:
    """The rows that going from `now` to `then` touches."""
    wanted = Wanted(anywhere=True)
    nodes = {pk for pk in now.nodes.keys() | then.nodes.keys() if not same(now.nodes.get(pk), then.nodes.get(pk))}
    wanted.nodes |= nodes
    wanted.wires_of |= nodes - then.nodes.keys()
    for pk in now.edges.keys() | then.edges.keys():
        was, is_now = then.edges.get(pk), now.edges.get(pk)
        if same(was, is_now):
            continue
        wanted.edges.add(uuid.UUID(pk))
        if was is not None:
            wanted.nodes |= {was["source"], was["target"]}
        if is_now is None and was is not None:
            # Another wire may join the same two ports by now.
            wanted.wires_of.add(was["source"])
    for kind, one, other in (("groups", now.groups, then.groups), ("notes", now.notes, then.notes)):
        ids = {pk for pk in one.keys() | other.keys() if not same(one.get(pk), other.get(pk))}
        getattr(wanted, kind).update(uuid.UUID(pk) for pk in ids)
    wanted.members_of |= {uuid.UUID(pk) for pk in now.groups.keys() - then.groups.keys()}
    held = [then.nodes[pk] for pk in nodes & then.nodes.keys()] + list(then.notes.values())
    wanted.groups |= {uuid.UUID(row["group"]) for row in held if row["group"]}
    return wanted


@dataclass(slots=True)
class Restorer:
    """Applies through `applier` what leads from `now` to `then`. `states` are the last ones on record, by resource
    name.

    `refused` says what cannot be as it was, and why; `left` what stays as others have made it.
    """

    applier: Applier
    now: Document
    then: Document
    states: LastStates
    refused: list[str] = field(default_factory=list)
    left: list[str] = field(default_factory=list)

    def restore(self) -> None:
        """Wires go first and come last: what they join has to be there."""
        for pk in sorted(self.now.edges):
            if _ends(self.then.edges.get(pk)) != _ends(self.now.edges[pk]):
                self.applier.delete_edge(uuid.UUID(pk), None)
        self._frames_in("group")
        for pk in sorted(self.now.nodes.keys() - self.then.nodes.keys()):
            self._take_out(pk)
        for pk in sorted(self.then.nodes):
            self._node(pk, self.then.nodes[pk])
        self._frames_in("note")
        self._frames_out("note")
        self._frames_out("group")
        for pk in sorted(self.then.edges):
            self._wire(pk, self.then.edges[pk])

    def _take_out(self, pk: str) -> None:
        node = self.applier.node(pk, None)
        rows = self.applier.rows
        flows = {wire.flow_id for wire in rows.wires_at(pk)} - {rows.flow.pk}
        if node.flow_id == rows.flow.pk and flows:
            names = ", ".join(sorted(rows.other_flow(flow).name for flow in flows))
            self.refused.append(f"{node} was not there, but is wired in {names} now: it stays.")
            return
        self.applier.delete_node(pk, None)

    def _node(self, pk: str, row: Row) -> None:
        here = self.now.nodes.get(pk)
        if here is None:
            self._bring_back(pk, row)
            return
        if (here["module"], here["component"]) != (row["module"], row["component"]):
            self.refused.append(f"{title_of(self.now, 'node', here)} is another component now, under the same id.")
            return
        self._set_fields(pk, row, here, _PLACE)
        if here["foreign"] or row["foreign"]:
            if any(not same(here[name], row[name]) for name in (*_OWN, "settings", "schemas")):
                self._leave(pk, here)
            return
        self._set_fields(pk, row, here, _OWN)
        for path, value in setting_steps(here["settings"], row["settings"]):
            self.applier.set_setting(pk, path, value, None)
        self._say_schemas(pk, row["schemas"], here["schemas"])

    def _bring_back(self, pk: str, row: Row) -> None:
        elsewhere = self.applier.rows.nodes.get(pk)
        group = self._group(row)
        if elsewhere is not None:
            found = self.applier.rows.groups.rows.get(group) if group else None
            share_node(self.applier, pk, self.applier.rows.flow.pk, (row["x"], row["y"]), None, found)
            if row["foreign"] is None:
                home = self.applier.rows.other_flow(elsewhere.flow_id).name
                self.left.append(f"{elsewhere} belongs to the flow {home} now, and is shown from there.")
        elif row["foreign"] is not None:
            title = title_of(self.then, "node", row)
            self.refused.append(f"{title} was shown here from another flow, which does not have it any more.")
        else:
            given = ("id", "module", "component", "label", "comment", "x", "y", "settings", "schemas")
            fields = {name: row[name] for name in given}
            self.applier.add_node({**fields, "group": group}, None, self.states.get(row["name"]), row["name"])

    def _leave(self, pk: str, here: Row) -> None:
        node = self.applier.node(pk, None)
        if here["foreign"]:
            home = self.applier.rows.other_flow(node.flow_id).name
            self.left.append(f"{node} belongs to the flow {home}: what it holds is as it is there.")
        else:
            self.left.append(f"{node} belonged to another flow then: what it holds stays as it is.")

    def _set_fields(self, pk: str, row: Row, here: Row, names: tuple[str, ...]) -> None:
        fields = {name: row[name] for name in names if not same(row[name], here[name])}
        if "group" in fields:
            fields["group"] = self._group(row)
        if fields:
            self.applier.set_node(pk, fields, None)

    def _say_schemas(self, pk: str, then: Row, now: Row) -> None:
        for port in sorted(then.keys() | now.keys()):
            said, says = then.get(port, {}), now.get(port, {})
            for name in sorted(said.keys() | says.keys()):
                if not same(said.get(name), says.get(name)):
                    self.applier.set_schema(pk, port, name, said.get(name), None)

    def _group(self, row: Row) -> uuid.UUID | None:
        """Its group, if that is there: one that cannot come back has been told of already."""
        group = uuid.UUID(row["group"]) if row["group"] else None
        found = self.applier.rows.groups.rows.get(group) if group else None
        return group if found is not None and found.flow_id == self.applier.rows.flow.pk else None

    def _frames_in(self, kind: Kind) -> None:
        then, now = self._frames(kind)
        for pk, row in sorted(then.items()):
            key = uuid.UUID(pk)
            here = now.get(pk)
            fields: dict[str, Any] = {name: value for name, value in row.items() if name != "id"}
            if kind == "note":
                fields["group"] = self._group(row)
            if here is not None:
                changed = {name: value for name, value in fields.items() if not same(row[name], here[name])}
                if changed:
                    set_frame(self.applier, kind, key, changed, None)
            elif key in table(self.applier.rows, kind).rows:
                self.refused.append(f"The {kind} {title_of(self.then, kind, row)} is in another flow now.")
            else:
                add_frame(self.applier, kind, {**fields, "id": key}, None)

    def _frames_out(self, kind: Kind) -> None:
        then, now = self._frames(kind)
        for pk in sorted(now.keys() - then.keys()):
            delete_frame(self.applier, kind, uuid.UUID(pk), None)

    def _frames(self, kind: Kind) -> tuple[dict[str, Row], dict[str, Row]]:
        if kind == "group":
            return self.then.groups, self.now.groups
        return self.then.notes, self.now.notes

    def _wire(self, pk: str, row: Row) -> None:
        key, here = uuid.UUID(pk), self.now.edges.get(pk)
        if here is not None and _ends(here) == _ends(row):
            if not same(here["mapping"], row["mapping"]):
                self.applier.set_mapping(key, row["mapping"], None)
            if not same(_delivery(here), _delivery(row)):
                self.applier.set_delivery(key, *_delivery(row), None)
            return
        title = title_of(self.then, "edge", row)
        for end in ("source", "target"):
            node = self.applier.rows.nodes.get(row[end])
            if node is None or not self.applier.rows.shows(node):
                self.refused.append(f"The wire {title} has nothing to go to.")
                return
        try:
            self.applier.add_edge({**row, "id": key}, None)
        except ProjectError as error:
            if error.code != "edge_exists":
                raise
            self.refused.append(f"The wire {title} is drawn in another flow now.")


def _ends(row: Row | None) -> tuple[str, ...] | None:
    return tuple(row[name] for name in ("source", "source_port", "target", "target_port")) if row else None


def _delivery(row: Row) -> tuple[Any, Any]:
    return row["timeout_ms"], row["retry_policy"]
