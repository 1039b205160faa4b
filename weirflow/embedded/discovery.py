"""What clients ask before anything else: versions, groups and resources."""

from __future__ import annotations

import platform

from weirflow.embedded import scales
from weirflow.embedded.errors import PageNotFound, no_such_path
from weirflow.embedded.kinds import JsonObject, Kind, Registry
from weirflow.embedded.reviews import REVIEWS

BUILTIN_VERBS = ["create", "delete", "deletecollection", "get", "list", "patch", "update", "watch"]
STATUS_VERBS = ["get", "patch", "update"]
VERSION = {
    "major": "1",
    "minor": "32",
    "gitVersion": "v1.32.0+weirflow",
    "gitCommit": "",
    "gitTreeState": "clean",
    "buildDate": "1970-01-01T00:00:00Z",
    "goVersion": "",
    "compiler": platform.python_implementation().lower(),
    "platform": f"{platform.system().lower()}/{platform.machine()}",
}
"""The API level this cluster follows; clients compare only major and minor."""


def answer(registry: Registry, path: str, address: str) -> JsonObject | None:
    """The document at a discovery path, or None when the path is something else. Raises ApiError for unknown groups."""
    steps = path.strip("/").split("/")
    match steps:
        case ["version"]:
            return VERSION
        case [""]:
            return {"paths": paths(registry)}
        case ["api"]:
            cidr = {"clientCIDR": "0.0.0.0/0", "serverAddress": address}
            return {"kind": "APIVersions", "versions": ["v1"], "serverAddressByClientCIDRs": [cidr]}
        case ["apis"]:
            groups = [_group(name, versions) for name, versions in _groups(registry).items()]
            return {"kind": "APIGroupList", "apiVersion": "v1", "groups": groups}
        case ["apis", name]:
            versions = _groups(registry).get(name)
            if versions is None:
                raise PageNotFound
            return {"kind": "APIGroup", "apiVersion": "v1", **_group(name, versions)}
        case ["api", version]:
            return _resources(registry, "", version)
        case ["apis", group, version]:
            return _resources(registry, group, version)
    return None


def paths(registry: Registry) -> list[str]:
    """The paths a client can start from."""
    own = ["/api", "/api/v1", "/apis", "/healthz", "/livez", "/openapi/v2", "/openapi/v3", "/readyz", "/version"]
    groups = [f"/apis/{group}" for group in _groups(registry)]
    return sorted([*own, *groups, *(f"/apis/{group}/{version}" for group, version in _versions(registry) if group)])


def _groups(registry: Registry) -> dict[str, list[str]]:
    groups = {group: versions for group, versions in registry.versions().items() if group}
    return {**groups, **{group: ["v1"] for group, _ in REVIEWS}}


def _versions(registry: Registry) -> list[tuple[str, str]]:
    return [(group, version) for group, versions in registry.versions().items() for version in versions]


def _group(name: str, versions: list[str]) -> JsonObject:
    served = [{"groupVersion": f"{name}/{version}", "version": version} for version in versions]
    return {"name": name, "versions": served, "preferredVersion": served[0]}


def _resources(registry: Registry, group: str, version: str) -> JsonObject:
    reviews = [(name, kind) for (where, name), (kind, _) in REVIEWS.items() if (where, "v1") == (group, version)]
    if reviews:
        resources = [_resource(name, kind, False, ["create"]) for name, kind in reviews]
    else:
        resources = [entry for kind in registry.of(group, version) for entry in _entries(kind)]
        if not resources:
            raise no_such_path() if not group or registry.builtin_group(group) else PageNotFound
    group_version = f"{group}/{version}" if group else version
    return {"kind": "APIResourceList", "apiVersion": "v1", "groupVersion": group_version, "resources": resources}


def verbs_of(kind: Kind) -> list[str]:
    """What can be done to objects of the kind."""
    return [verb for verb in BUILTIN_VERBS if verb != "deletecollection" or kind.collection_delete]


def _entries(kind: Kind) -> list[JsonObject]:
    entry = _resource(kind.plural, kind.kind, kind.namespaced, verbs_of(kind), kind.singular)
    if kind.short_names:
        entry["shortNames"] = list(kind.short_names)
    if kind.categories:
        entry["categories"] = list(kind.categories)
    entries = [entry]
    for name, answered, verbs in parts_of(kind):
        part = _resource(f"{kind.plural}/{name}", answered["kind"], kind.namespaced, verbs)
        foreign = {} if answered["group"] == kind.group else {key: answered[key] for key in ("group", "version")}
        entries.append(foreign | part)
    return entries


def parts_of(kind: Kind) -> list[tuple[str, dict[str, str], list[str]]]:
    """Its subresources: name, group, version and kind of what they answer, and verbs."""
    own = {"group": kind.group, "version": kind.version, "kind": kind.kind}
    parts = [("status", own, STATUS_VERBS)] if kind.has_status else []
    if kind.plural == "namespaces" and not kind.group:
        parts.append(("finalize", own, ["update"]))
    if kind.scale is not None:
        scale = {"group": scales.GROUP, "version": scales.VERSION, "kind": scales.KIND}
        parts.append(("scale", scale, STATUS_VERBS))
    return parts


def _resource(name: str, kind: str, namespaced: bool, verbs: list[str], singular: str = "") -> JsonObject:
    return {"name": name, "singularName": singular, "namespaced": namespaced, "kind": kind, "verbs": verbs}
