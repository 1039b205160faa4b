"""The OpenAPI documents, made when they are asked for and kept until a definition changes."""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from typing import Any

import orjson

from weirflow.embedded.kinds import JsonObject, Registry
from weirflow.embedded.openapi.definitions import as_version_2, definitions, with_references
from weirflow.embedded.openapi.paths import paths
from weirflow.embedded.openapi.protobuf import document_bytes


class Documents:
    """Of one registry."""

    def __init__(self, registry: Registry, version: str) -> None:
        self._registry, self._info = registry, {"title": "Weirflow", "version": version}
        self._made: dict[str, bytes] = {}
        self._revision = registry.revision

    def index(self) -> bytes:
        """Of version 3: where the document of each group and version is, by a hash that changes with it."""
        found = {}
        for group, versions in self._registry.versions().items():
            for version in versions:
                path = f"apis/{group}/{version}" if group else f"api/{version}"
                digest = hashlib.sha256(self.version_3(group, version) or b"").hexdigest().upper()
                found[path] = {"serverRelativeURL": f"/openapi/v3/{path}?hash={digest}"}
        return orjson.dumps({"paths": found})

    def version_3(self, group: str, version: str) -> bytes | None:
        """Of one group and version; None when it is not served."""
        if not self._registry.of(group, version):
            return None
        return self._kept(f"{group}/{version}", lambda: orjson.dumps(self._version_3(group, version)))

    def version_2(self) -> bytes:
        return self._kept("v2", lambda: orjson.dumps(self._version_2()))

    def version_2_protobuf(self) -> bytes:
        return self._kept("v2 protobuf", lambda: document_bytes(self._version_2()))

    def _kept(self, name: str, make: Callable[[], bytes]) -> bytes:
        if self._revision != self._registry.revision:
            self._made.clear()
            self._revision = self._registry.revision
        if name not in self._made:
            self._made[name] = make()
        return self._made[name]

    def _version_3(self, group: str, version: str) -> JsonObject:
        schemas = definitions(self._registry, (group, version))
        made = with_references(schemas, "#/components/schemas/", alone=False)
        operations = paths(self._registry, (group, version))
        return {"openapi": "3.0.0", "info": self._info, "paths": operations, "components": {"schemas": made}}

    def _version_2(self) -> JsonObject:
        custom = {f"{kind.kind}": kind.builtin for kind in self._registry}
        made: dict[str, Any] = {}
        for name, schema in definitions(self._registry).items():
            kind = name.rpartition(".")[2]
            plain = schema if custom.get(kind, True) else _custom(schema)
            made[name] = with_references(plain, "#/definitions/", alone=True)
        return {"swagger": "2.0", "info": self._info, "paths": _plain(paths(self._registry)), "definitions": made}


def _custom(schema: JsonObject) -> JsonObject:
    """A custom resource for version 2: its own fields reduced, what all kinds have as it is."""
    own = {name: as_version_2(item) for name, item in schema["properties"].items() if name != "metadata"}
    return {**schema, "properties": {**own, "metadata": schema["properties"]["metadata"]}}


def _plain(found: dict[str, JsonObject]) -> dict[str, JsonObject]:
    """Paths with parameters in the form of version 2."""
    made: dict[str, JsonObject] = {}
    for path, operations in found.items():
        made[path] = {
            method: {
                **operation,
                "parameters": [
                    {**{name: item for name, item in one.items() if name != "schema"}, **one["schema"]}
                    for one in operation["parameters"]
                ],
            }
            for method, operation in operations.items()
        }
    return made
