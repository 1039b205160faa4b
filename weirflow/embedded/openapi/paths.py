"""The operations on the kinds that are served: what clients look up is which there are and which options they take."""

from __future__ import annotations

from weirflow.embedded.kinds import JsonObject, Kind, Registry
from weirflow.embedded.openapi.definitions import GVK, gvk

OPTIONS = {
    "fieldManager": "Under which name fields are owned.",
    "dryRun": "All: do everything but store it.",
    "fieldValidation": "What to do about unknown and repeated fields: Ignore, Warn or Strict.",
}
WRITES = {"post": "post", "put": "put", "patch": "patch"}


def paths(registry: Registry, only: tuple[str, str] | None = None) -> dict[str, JsonObject]:
    """Path -> operations, of all kinds or of one (group, version). Parameters are in the form of version 3."""
    found: dict[str, JsonObject] = {}
    for kind in registry:
        if only is not None and (kind.group, kind.version) != only:
            continue
        scope = "/namespaces/{namespace}" if kind.namespaced else ""
        collection = f"{kind.path}{scope}/{kind.plural}"
        found[collection] = {
            "get": _operation(kind, "list"),
            "post": _operation(kind, "post", *OPTIONS),
            "delete": _operation(kind, "deletecollection", "dryRun"),
        }
        found[f"{collection}/{{name}}"] = {
            "get": _operation(kind, "get"),
            "put": _operation(kind, "put", *OPTIONS),
            "patch": _operation(kind, "patch", *OPTIONS, "force"),
            "delete": _operation(kind, "delete", "dryRun"),
        }
        if kind.has_status:
            found[f"{collection}/{{name}}/status"] = {
                "get": _operation(kind, "get"),
                "put": _operation(kind, "put", *OPTIONS),
                "patch": _operation(kind, "patch", *OPTIONS, "force"),
            }
    return found


def _operation(kind: Kind, action: str, *options: str) -> JsonObject:
    return {
        "description": f"{action} {kind.kind}",
        "parameters": [
            {
                "name": name,
                "in": "query",
                "description": OPTIONS.get(name, "Take fields from others."),
                "schema": {"type": "boolean" if name == "force" else "string", "uniqueItems": True},
            }
            for name in options
        ],
        "responses": {"200": {"description": "OK"}},
        "x-kubernetes-action": action,
        GVK: gvk(kind),
    }
