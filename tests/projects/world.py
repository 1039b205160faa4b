"""A catalogue and a hand that edits, for the tests of the document."""

import itertools
from collections.abc import Mapping
from typing import Any

from django.contrib.auth.models import User

from projects.actions import do_apply_changes, do_undo
from projects.catalogue import Component, Port
from projects.models import Change, Flow

COUNTER_SETTINGS = {
    "type": "object",
    "properties": {
        "initial_value": {"type": "integer", "default": 0},
        "max_history": {"type": "integer", "minimum": 0, "maximum": 10_000},
        "token": {"type": "string", "secret": True},
        "list": {"type": "array", "items": {"type": "integer"}},
        "nested": {"$ref": "#/$defs/Nested"},
    },
    "required": ["initial_value"],
    "$defs": {"Nested": {"type": "object", "properties": {"key": {"type": ["string", "null"], "secret": True}}}},
}

MESSAGE = "test.Open.message"
OPEN = {
    "type": "object",
    "properties": {"message": {"$ref": "#/$defs/Message"}},
    "$defs": {"Message": {"x-id": MESSAGE, "configurable": True}, "Old": {"configurable": True}},
}


def _component(name: str, *ports: Port) -> Component:
    return Component("common-v1", name, {port.name: port for port in ports})


class StaticCatalogue:
    """A few components; nodes named in `live` report ports of their own."""

    def __init__(self) -> None:
        self.components = {
            "counter": _component(
                "counter",
                Port("_settings", False, COUNTER_SETTINGS),
                Port("increment", False, {"properties": {"password": {"type": "string", "secret": True}}}),
                Port("value", True, {"type": "object"}),
            ),
            "open": _component(
                "open", Port("in", False, OPEN), Port("fixed", False, {"$defs": {"A": {"type": "null"}}})
            ),
            "anything": _component("anything", Port("in", False), Port("out", True)),
        }
        self.live: dict[str, dict[str, Port]] = {}

    def component(self, module: str, component: str) -> Component | None:
        return self.components.get(component) if module == "common-v1" else None

    def node_ports(self, resource_name: str) -> Mapping[str, Port]:
        return self.live.get(resource_name, {})


CATALOGUE = StaticCatalogue()
EMPTY: dict[str, list[Any]] = {"nodes": [], "edges": [], "groups": [], "notes": []}
"""The document of a flow with nothing in it."""
_numbers = itertools.count()


def client_op() -> str:
    return f"op-{next(_numbers)}"


def add(node_id: str, component: str = "anything", **more: Any) -> dict[str, Any]:
    return {"op": "add_node", "id": node_id, "module": "common-v1", "component": component, "x": 0, "y": 0, **more}


def wire(edge_id: str, source: str, target: str, **more: Any) -> dict[str, Any]:
    ends = {"source": source, "source_port": "out", "target": target, "target_port": "in"}
    return {"op": "add_edge", "id": edge_id, **ends, **more}


def schema(node_id: str, definition: str, port: str = "in", **said: Any) -> dict[str, Any]:
    """What is said of a definition under `schema`; without it nothing more."""
    return {"op": "set_schema", "id": node_id, "port": port, "definition": definition, **said}


def frame(frame_id: str, kind: str = "group", **more: Any) -> dict[str, Any]:
    return {"op": f"add_{kind}", "id": frame_id, "x": 0, "y": 0, "width": 240, "height": 96, **more}


def edit(person: User, flow: Flow, *ops: dict[str, Any], base_rev: int | None = None, pasted: bool = False) -> Change:
    """Applies as a client that has seen everything so far (or `base_rev`)."""
    seen = Flow.objects.get(pk=flow.pk).rev if base_rev is None else base_rev
    return do_apply_changes(person, flow, seen, ops, client_op(), CATALOGUE, pasted=pasted)


def undo(person: User, flow: Flow, change: Change, *, force: bool = False, rest: bool = False) -> Change:
    return do_undo(person, flow, change.rev, client_op(), force=force, rest=rest)


def document(flow: Flow) -> dict[str, Any]:
    """The flow as a person sees it, without revisions."""
    rows = {"nodes": flow.nodes, "edges": flow.edges, "groups": flow.groups, "notes": flow.notes}
    return {
        kind: [{key: value for key, value in row.as_row().items() if key != "rev"} for row in found.order_by("id")]
        for kind, found in rows.items()
    }
