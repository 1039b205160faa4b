"""What a node's status says, built from the node as it runs; secrets never enter it."""

from __future__ import annotations

import hashlib
from dataclasses import replace
from datetime import UTC, datetime
from importlib.metadata import PackageNotFoundError, version
from typing import Any

import orjson

from weirflow.errors import JSON, Problem
from weirflow.kube.resources import Object, decode_json, encode_json
from weirflow.runtime.concealing import NOTHING, Concealer
from weirflow.runtime.node import Node
from weirflow.runtime.shown import SHOWN_BYTES, presentable
from weirflow.services import ComponentSpec, PortSpec
from weirflow.spec import CONTROL_PORT, SETTINGS_PORT

#: Bytes of JSON that a status shows of one port; whole settings stand in ``spec`` already.
MAX_CONFIGURATION = SHOWN_BYTES
_FIELDS = ("observedGeneration", "module", "component", "ports", "status", "error", "edges", "problem", "alerts")

try:
    SDK_VERSION = version("weirflow")
except PackageNotFoundError:
    SDK_VERSION = "0.1.0"


def describe(node: Node) -> Object:
    """The descriptive part of ``status``: all of it but the state and the time."""
    problem, hidden = node.problem, node.concealer
    component = node.spec
    return {
        "observedGeneration": node.generation,
        "module": {"name": node.module.name, "version": node.module.version, "sdkVersion": SDK_VERSION},
        "component": {
            "description": component.description if component else "",
            "info": component.info if component else "",
            "tags": list(component.tags) if component else [],
        },
        "ports": [_port(node, port) for _, port in sorted(node.ports.items())],
        "status": hidden.text(problem.message) if problem else "OK",
        "error": problem is not None,
        "edges": [
            {"id": edge.id, "error": hidden.text(shown.message)}
            for edge in node.edges.values()
            if (shown := edge.problem or edge.stats.problem) is not None
        ],
        "problem": hidden.problem(_without_time(problem)) if problem else None,
        "alerts": node.state.alerts.wanted(),
    }


def digest(status: Object) -> str:
    """A short text that is equal for statuses that say the same."""
    part = {name: status.get(name) for name in _FIELDS}
    part["edges"] = part["edges"] or []
    part["alerts"] = part["alerts"] or {}
    return hashlib.blake2b(orjson.dumps(part, option=orjson.OPT_SORT_KEYS), digest_size=12).hexdigest()


def stamped(status: Object, ended_alerts: list[str]) -> Object:
    """The merge patch that writes ``status`` now, and takes those alerts out."""
    alerts = {**status.pop("alerts", {}), **dict.fromkeys(ended_alerts)}
    if alerts:
        status["alerts"] = alerts
    return {"status": {**status, "lastUpdateTime": datetime.now(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")}}


def slim(resource: Object) -> Object:
    """What the host keeps of a TinyNode: of the status only the state and a digest, since thousands are held."""
    metadata = resource["metadata"]
    status = resource.get("status") or {}
    kept = {
        key: metadata[key]
        for key in ("name", "uid", "generation", "resourceVersion", "creationTimestamp")
        if key in metadata
    }
    if "deletionTimestamp" in metadata:
        kept["deletionTimestamp"] = metadata["deletionTimestamp"]
    state = {"metadata": status.get("metadata") or {}}
    if alerts := status.get("alerts"):
        state["alerts"] = alerts
    return {
        "metadata": kept,
        "spec": resource.get("spec") or {},
        "status": state,
        "observed": digest(status) if "status" in status else "",
    }


def component_status(component: ComponentSpec) -> Object:
    """A component as it stands in its TinyModule's status."""
    return {
        "name": component.name,
        "description": component.description,
        "info": component.info,
        "tags": list(component.tags),
        "title": component.title,
        "category": component.category,
        "icon": component.icon,
        # Only sources start by themselves; everything else runs where its messages come in.
        "runsOn": component.runs_on if component.is_source else "",
        "runsCode": component.runs_code,
        "ports": [port_status(port, port.configuration) for port in component.ports],
    }


def port_status(port: PortSpec, configuration: JSON, concealer: Concealer = NOTHING) -> Object:
    """A port as it stands in a status, ``configuration`` being its value now."""
    return {
        "name": port.name,
        "label": port.label,
        "position": int(port.position),
        "source": port.source,
        "schema": encode_json(port.schema),
        "configuration": encode_json(
            {} if configuration is None else presentable(configuration, port.schema, concealer)
        ),
    }


def _port(node: Node, port: PortSpec) -> Object:
    value: Any = port.configuration
    if node.instance is not None:
        if port.name == CONTROL_PORT:
            value = node.instance.control_values()
        elif port.name == SETTINGS_PORT and node.settings_text and "settings" not in node.problems:
            value = decode_json(node.settings_text)
    hidden = node.concealer
    if hidden:
        # What stands in the component's code knows no secret; what is made of the settings, as choices are, may.
        own = node.spec is not None and any(port.schema is one.schema for one in node.spec.ports)
        schema = port.schema if own else hidden.value(port.schema)
        port = replace(port, label=hidden.text(port.label), schema=schema)
    return port_status(port, value, hidden)


def _without_time(problem: Problem) -> Object:
    data = problem.to_json()
    data.pop("at", None)
    return data
