"""The component catalogue: what the TinyModules say can be dragged into a flow, as JSON a browser can use."""

import logging
from collections.abc import Iterable
from typing import Any

from weirflow.kube.resources import ANNOTATION_BY_HAND, Object, decode_json

log = logging.getLogger(__name__)

SHARED_SYSTEM_PORTS = ("_settings", "_control")

SOURCES_RUN_ON = ("leader", "every")


def parse_module(obj: Object) -> dict[str, Any]:
    """One TinyModule as ``{name, version, byHand, components[]}``. A port whose schema cannot be read has none."""
    status = obj.get("status") or {}
    name = obj["metadata"]["name"]
    return {
        "name": name,
        "version": str(status.get("version") or ""),
        "byHand": ANNOTATION_BY_HAND in (obj["metadata"].get("annotations") or {}),
        "components": [_component(name, entry) for entry in status.get("components") or () if entry.get("name")],
    }


def build_catalogue(modules: Iterable[dict[str, Any]], available: Iterable[str]) -> dict[str, Any]:
    """The answer of ``GET catalogue``; ``available`` names the modules that some host serves."""
    up = frozenset(available)
    ordered = sorted(modules, key=lambda module: module["name"])
    return {
        "modules": [
            {"name": m["name"], "version": m["version"], "available": m["name"] in up, "byHand": m["byHand"]}
            for m in ordered
        ],
        "components": [component for m in ordered for component in m["components"]],
    }


def parse_ports(entries: Iterable[dict[str, Any]], where: str) -> list[dict[str, Any]]:
    """``status.ports`` or a component's ``ports`` with schemas and configurations as JSON instead of base64."""
    return [
        {
            "name": entry["name"],
            "label": entry.get("label") or entry["name"],
            "source": bool(entry.get("source")),
            "position": int(entry.get("position") or 0),
            "schema": _document(entry, "schema", where),
            "configuration": _document(entry, "configuration", where),
        }
        for entry in entries
        if entry.get("name") and (entry["name"] in SHARED_SYSTEM_PORTS or not entry["name"].startswith("_"))
    ]


def _component(module: str, entry: dict[str, Any]) -> dict[str, Any]:
    name = str(entry["name"])
    return {
        "module": module,
        "name": name,
        "title": entry.get("title") or name.replace("_", " ").capitalize(),
        "description": entry.get("description") or "",
        "info": entry.get("info") or "",
        "category": entry.get("category") or "Other",
        "icon": entry.get("icon") or "",
        "tags": [str(tag) for tag in entry.get("tags") or ()],
        "runsOn": runs_on if (runs_on := entry.get("runsOn")) in SOURCES_RUN_ON else "",
        "runsCode": entry.get("runsCode") is True,
        "ports": parse_ports(entry.get("ports") or (), f"{module}/{name}"),
    }


def _document(entry: dict[str, Any], key: str, where: str) -> Any:
    try:
        return decode_json(entry.get(key))
    except ValueError:
        log.warning("%s: the %s of port %s is not base64 JSON; it is left out", where, key, entry["name"])
        return None
