"""The rows of flows as an export reads them: one question for each kind, however many flows there are."""

import uuid
from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from typing import Any

import orjson

from projects.models import Edge, Flow, FlowTest, Group, Node, Note, Scenario, Share
from projects.shown import text_of
from weirflow.flowfile.names import names_of

NODE = ("pk", "module", "component", "x", "y", "label", "comment", "group_id")
"""And then settings and schemas."""
WIRE = ("source_id", "source_port", "target_id", "target_port", "timeout_ms", "retry_policy")
"""And then the mapping."""


@dataclass(slots=True)
class FlowRows:
    """What one flow has. `nodes` and `wires` are tuples in the order of NODE and WIRE, without the flow."""

    nodes: list[tuple[Any, ...]] = field(default_factory=list)
    guests: list[Share] = field(default_factory=list)
    wires: list[tuple[Any, ...]] = field(default_factory=list)
    groups: list[Group] = field(default_factory=list)
    notes: list[Note] = field(default_factory=list)
    scenarios: list[Scenario] = field(default_factory=list)
    tests: list[tuple[str, dict[str, Any]]] = field(default_factory=list)
    """Name and body, in the order in which they were made."""

    def node_names(self) -> dict[str, str]:
        """How the nodes are called in the flow's file, guests too, by id."""
        own = [(pk, label, component, x, y) for pk, _, component, x, y, label, *_ in self.nodes]
        guests = [(one.node_id, one.node.label, one.node.component, one.x, one.y) for one in self.guests]
        return names_of([*own, *guests])

    def group_names(self) -> dict[str, str]:
        return names_of((str(group.pk), group.name, "group", group.x, group.y) for group in self.groups)


def read_rows(flows: Sequence[Flow]) -> dict[uuid.UUID, FlowRows]:
    """By flow. The caller sees to it that nobody writes meanwhile."""
    found: dict[uuid.UUID, FlowRows] = defaultdict(FlowRows)
    ids = [flow.pk for flow in flows]
    for at in range(0, len(ids), 500):
        _read(found, ids[at : at + 500])
    return found


def _read(found: dict[uuid.UUID, FlowRows], ids: Iterable[uuid.UUID]) -> None:
    # A row's flow is looked up by its text, which SQLite has without dashes and PostgreSQL with them: to make a UUID of
    # it for each row takes longer.
    of = {text: found[pk] for pk in ids for text in (pk.hex, str(pk))}
    nodes = Node.objects.filter(flow__in=ids).annotate(
        home=text_of("flow_id"), one=text_of("settings"), two=text_of("schemas")
    )
    for home, settings, schemas, *node in nodes.values_list("home", "one", "two", *NODE):
        of[home].nodes.append((*node, _loaded(settings), _loaded(schemas)))
    for share in Share.objects.filter(flow__in=ids).select_related("node"):
        found[share.flow_id].guests.append(share)
    wires = Edge.objects.filter(flow__in=ids).annotate(home=text_of("flow_id"), one=text_of("mapping"))
    for home, mapping, *wire in wires.values_list("home", "one", *WIRE):
        of[home].wires.append((*wire, _loaded(mapping)))
    for group in Group.objects.filter(flow__in=ids):
        found[group.flow_id].groups.append(group)
    for note in Note.objects.filter(flow__in=ids):
        found[note.flow_id].notes.append(note)
    for scenario in Scenario.objects.filter(flow__in=ids):
        found[scenario.flow_id].scenarios.append(scenario)
    tests = FlowTest.objects.filter(flow__in=ids).order_by("created", "pk")
    for flow_id, name, body in tests.values_list("flow_id", "name", "body"):
        found[flow_id].tests.append((name, body))


def _loaded(text: str) -> dict[str, Any]:
    """An object that the database holds as JSON, without Django's own detour."""
    value: dict[str, Any] = {} if text == "{}" else orjson.loads(text)
    return value
