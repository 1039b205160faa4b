"""The project a new user finds: a visit counter behind a web address, and a clock beside it."""

import uuid
from collections.abc import Mapping
from typing import Any

from django.contrib.auth.models import User

from projects.actions.changes import do_apply_changes
from projects.actions.flows import do_create_flow
from projects.actions.projects import do_create_project
from projects.catalogue import Component, Port
from projects.models import Project
from projects.names import new_node_id

COLUMN = 336
ROW = 264
"""Canvas pixels on the 24 px grid; a node is 200 px wide."""

HTTP, COMMON = "http-v1", "common-v1"


class _DemoCatalogue:
    """The components that the demo is made of. It is made before any module has started, so none can be asked."""

    _ports = {
        (HTTP, "http_server"): [Port("request", True), Port("response", False)],
        (COMMON, "stateful_counter"): [Port("increment", False), Port("value", True)],
        (COMMON, "ticker"): [Port("tick", True)],
        (COMMON, "debug"): [Port("in", False)],
    }

    def component(self, module: str, component: str) -> Component | None:
        ports = self._ports.get((module, component))
        return Component(module, component, {port.name: port for port in ports}) if ports else None

    def node_ports(self, resource_name: str) -> Mapping[str, Port]:
        return {}


def create_demo_project(person: User) -> Project:
    """ "Visit counter": `GET /visits` counts and answers with the number; every five seconds a tick is shown."""
    project = do_create_project(person, "Visit counter")
    flow = do_create_flow(person, project, "Visits")
    do_apply_changes(person, flow, flow.rev, _operations(), f"demo-{uuid.uuid4()}", _DemoCatalogue())
    return project


def _operations() -> list[dict[str, Any]]:
    server, counter, ticker, debug = (new_node_id() for _ in range(4))
    return [
        _node(
            server,
            HTTP,
            "http_server",
            (0, 0),
            "GET /visits",
            "Each request waits here until the flow sends its response back. Select it to see its address.",
            {"method": "GET", "path": "/visits"},
        ),
        _node(
            counter,
            COMMON,
            "stateful_counter",
            (1, 0),
            "Visits",
            "Keeps its value through restarts. Select it and press Reset counter to start over.",
            {},
        ),
        _node(
            ticker,
            COMMON,
            "ticker",
            (0, 1),
            "Every 5 seconds",
            "Sends a message on its own, without a request.",
            {"interval": 5_000},
        ),
        _node(debug, COMMON, "debug", (1, 1), "Last ticks", "Keeps the messages it got, for you to look at.", {}),
        _wire((server, "request"), (counter, "increment"), {"amount": 1, "source": "visits"}),
        _wire((counter, "value"), (server, "response"), {"status": 200, "body": {"value": "{{ $.value }}"}}),
        _wire((ticker, "tick"), (debug, "in"), {"tick": "{{ $.n }}", "at": "{{ $.timestamp }}"}),
    ]


def _node(
    node_id: str,
    module: str,
    component: str,
    cell: tuple[int, int],
    label: str,
    comment: str,
    settings: dict[str, Any],
) -> dict[str, Any]:
    return {
        "op": "add_node",
        "id": node_id,
        "module": module,
        "component": component,
        "x": cell[0] * COLUMN,
        "y": cell[1] * ROW,
        "label": label,
        "comment": comment,
        "settings": settings,
    }


def _wire(source: tuple[str, str], target: tuple[str, str], mapping: dict[str, Any]) -> dict[str, Any]:
    return {
        "op": "add_edge",
        "id": str(uuid.uuid4()),
        "source": source[0],
        "source_port": source[1],
        "target": target[0],
        "target_port": target[1],
        "mapping": mapping,
    }
