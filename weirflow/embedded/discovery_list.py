"""Discovery in one answer: all groups with their versions and resources, as clients ask since Kubernetes 1.26."""

from __future__ import annotations

from functools import lru_cache

from weirflow.embedded.discovery import parts_of, verbs_of
from weirflow.embedded.kinds import JsonObject, Kind, Registry
from weirflow.embedded.reviews import REVIEWS

VERSIONS = ("v2", "v2beta1")


@lru_cache(maxsize=64)
def version_asked(accept: str) -> str:
    """The version of the list that the Accept header names first; empty when it names none, or plain JSON before it."""
    for entry in accept.split(","):
        media, *parts = (part.strip() for part in entry.split(";"))
        wanted = dict(part.partition("=")[::2] for part in parts)
        if media == "application/json" and wanted.get("as") == "APIGroupDiscoveryList":
            if wanted.get("g") == "apidiscovery.k8s.io" and wanted.get("v") in VERSIONS:
                return wanted["v"]
        elif media in ("application/json", "*/*") and "as" not in wanted:
            return ""
    return ""


def content_type(version: str) -> str:
    return f"application/json;g=apidiscovery.k8s.io;v={version};as=APIGroupDiscoveryList"


def groups(registry: Registry, version: str, *, core: bool) -> JsonObject:
    """The core group, or all others."""
    items = [
        {
            "metadata": {"name": group, "creationTimestamp": None},
            "versions": [_version(registry, group, one) for one in versions],
        }
        for group, versions in registry.versions().items()
        if (group == "") is core
    ]
    if not core:
        items += [_reviews(group) for group in dict.fromkeys(group for group, _ in REVIEWS)]
    head = {"kind": "APIGroupDiscoveryList", "apiVersion": f"apidiscovery.k8s.io/{version}"}
    return {**head, "metadata": {}, "items": items}


def _version(registry: Registry, group: str, version: str) -> JsonObject:
    return {
        "version": version,
        "resources": [_resource(kind) for kind in registry.of(group, version)],
        "freshness": "Current",
    }


def _resource(kind: Kind) -> JsonObject:
    answered = {"group": kind.group, "version": kind.version, "kind": kind.kind}
    found: JsonObject = {
        "resource": kind.plural,
        "responseKind": answered,
        "scope": "Namespaced" if kind.namespaced else "Cluster",
        "singularResource": kind.singular or kind.kind.lower(),
        "verbs": verbs_of(kind),
    }
    if kind.short_names:
        found["shortNames"] = list(kind.short_names)
    if kind.categories:
        found["categories"] = list(kind.categories)
    if parts := parts_of(kind):
        found["subresources"] = [
            {"subresource": name, "responseKind": shown, "verbs": verbs} for name, shown, verbs in parts
        ]
    return found


def _reviews(group: str) -> JsonObject:
    resources = [
        {
            "resource": name,
            "responseKind": {"group": group, "version": "v1", "kind": kind},
            "scope": "Cluster",
            "singularResource": kind.lower(),
            "verbs": ["create"],
        }
        for (where, name), (kind, _) in REVIEWS.items()
        if where == group
    ]
    version = {"version": "v1", "resources": resources, "freshness": "Current"}
    return {"metadata": {"name": group, "creationTimestamp": None}, "versions": [version]}
