"""The named schemas of all kinds that are served."""

from __future__ import annotations

from typing import Any

from weirflow.embedded.kinds import JsonObject, Kind, Registry
from weirflow.embedded.openapi.kinds import BUILTIN, HEAD, LIST_META, OBJECT_META, PACKAGES, SHARED, listed, ref

GVK = "x-kubernetes-group-version-kind"


def name_of(kind: Kind) -> str:
    """The name of a kind's schema: a custom resource's group stands backwards in it."""
    if kind.builtin:
        return f"{PACKAGES[kind.group]}.{kind.kind}"
    return ".".join([*reversed(kind.group.split(".")), kind.version, kind.kind])


def gvk(kind: Kind, suffix: str = "") -> JsonObject:
    return {"group": kind.group, "kind": kind.kind + suffix, "version": kind.version}


def definitions(registry: Registry, only: tuple[str, str] | None = None) -> dict[str, JsonObject]:
    """Name -> schema, of all kinds or of one (group, version), with what they refer to."""
    found = dict(SHARED)
    for kind in registry:
        if only is None or (kind.group, kind.version) == only:
            found[name_of(kind)] = object_schema(kind)
            found[f"{name_of(kind)}List"] = _list_schema(kind)
    return found


def object_schema(kind: Kind) -> JsonObject:
    """A kind's objects."""
    metadata = {"description": "What every stored object has.", "allOf": [ref(OBJECT_META)]}
    if kind.builtin:
        description, fields = BUILTIN[kind.kind]
        if kind.view is not None:
            fields = kind.view.shown(kind, fields)
        schema: JsonObject = {"description": description, "type": "object", "properties": dict(fields)}
    else:
        schema = dict(kind.source or {"type": "object"})
    schema["properties"] = {**schema.get("properties", {}), **HEAD, "metadata": metadata}
    return {**schema, GVK: [gvk(kind)]}


def _list_schema(kind: Kind) -> JsonObject:
    items = listed("The objects.", ref(name_of(kind)))
    metadata = {"description": "What every list has.", "allOf": [ref(LIST_META)]}
    return {
        "description": f"A list of {kind.kind}.",
        "type": "object",
        "required": ["items"],
        "properties": {**HEAD, "metadata": metadata, "items": items},
        GVK: [gvk(kind, "List")],
    }


def with_references(schema: Any, prefix: str, *, alone: bool) -> Any:
    """A copy whose references begin with `prefix`. `alone`: version 2, where nothing stands beside a reference."""
    if isinstance(schema, list):
        return [with_references(item, prefix, alone=alone) for item in schema]
    if not isinstance(schema, dict):
        return schema
    if "$ref" in schema:
        return {"$ref": prefix + schema["$ref"]}
    if alone and list(schema.get("allOf", [{}])[0]) == ["$ref"]:
        return {"description": schema["description"], "$ref": prefix + schema["allOf"][0]["$ref"]}
    return {name: with_references(item, prefix, alone=alone) for name, item in schema.items()}


def as_version_2(schema: Any) -> Any:
    """A custom resource's schema without what version 2 cannot say: clients check less then, and never too much."""
    if not isinstance(schema, dict):
        return schema
    kept = {
        name: value for name, value in schema.items() if name not in ("nullable", "default", "oneOf", "anyOf", "not")
    }
    if schema.get("nullable") or schema.get("x-kubernetes-int-or-string"):
        for name in ("type", "items", "properties", "required"):
            kept.pop(name, None)
    if schema.get("x-kubernetes-preserve-unknown-fields"):
        for name in ("items", "properties", "required"):
            kept.pop(name, None)
    for name in ("items", "additionalProperties"):
        if name in kept:
            kept[name] = as_version_2(kept[name])
    if "properties" in kept:
        kept["properties"] = {name: as_version_2(item) for name, item in kept["properties"].items()}
    return kept
