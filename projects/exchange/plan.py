"""What an import would do, said before it does."""

from collections import Counter
from typing import Any

from projects.catalogue import Catalogue
from projects.exchange.reading import Read
from projects.models import Project
from weirflow.flowfile import FileFlow, flows_of, needs_of

MAX_TOLD = 200
"""Notes and unknown components that are told one by one."""


def plan_of(read: Read, catalogue: Catalogue | None, project: Project | None) -> dict[str, Any]:
    """``{kind, origin, name, description, flows[], secrets[], modules[], unknown[], notes[], mapped, adapted,
    placeholders}``. Without a catalogue nothing is said to be unknown. `project`: where it would come in, whose secrets
    are known."""
    file, needs = read.file, needs_of(read.file)
    there = set()
    if project is not None:
        there = {f"{name}/{key}" for name, key in project.secrets.values_list("name", "key")}
    return {
        "kind": "flow" if isinstance(file, FileFlow) else "project",
        "origin": read.origin,
        "name": file.name,
        "description": file.description,
        "flows": [_counts(flow) for flow in flows_of(file)],
        "pages": 0 if isinstance(file, FileFlow) else len(file.pages),
        "secrets": [
            {"name": name, "key": key, "known": f"{name}/{key}" in there}
            for name, key in (one.split("/", 1) for one in needs.secrets)
        ],
        "modules": list(needs.modules),
        "unknown": _unknown(read, catalogue) if catalogue is not None else [],
        "mapped": read.mapped,
        "adapted": read.adapted,
        "placeholders": read.placeholders,
        "notes": [{"where": one.where, "message": one.message, "kind": one.kind} for one in read.notes[:MAX_TOLD]],
        "notes_count": len(read.notes),
    }


def _counts(flow: FileFlow) -> dict[str, Any]:
    counts = {name: len(getattr(flow, name)) for name in ("nodes", "wires", "groups", "notes", "scenarios", "tests")}
    return {"name": flow.name, **counts}


def _unknown(read: Read, catalogue: Catalogue) -> list[dict[str, Any]]:
    """Components that nobody offers now, with how many nodes are of them."""
    used = Counter((node.module, node.component) for flow in flows_of(read.file) for node in flow.nodes.values())
    missing = [(key, count) for key, count in sorted(used.items()) if catalogue.component(*key) is None]
    return [
        {"module": module, "component": component, "nodes": count} for (module, component), count in missing[:MAX_TOLD]
    ]
