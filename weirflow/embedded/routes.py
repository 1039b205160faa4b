"""From a request's path to the kind, the object and the verb it means."""

from __future__ import annotations

from dataclasses import dataclass

from weirflow.embedded.errors import ApiError, PageNotFound, bad_request, no_such_path, not_found, verb_not_supported
from weirflow.embedded.kinds import Kind, Registry

VERBS = {"GET": "get", "HEAD": "get", "POST": "create", "PUT": "update", "PATCH": "patch", "DELETE": "delete"}


@dataclass(frozen=True, slots=True)
class Target:
    """What a path names. `name` is empty for a collection, `part` is `status`, `scale`, `finalize` or empty."""

    kind: Kind
    namespace: str
    name: str
    part: str
    watched: bool = False


def find(registry: Registry, path: str) -> Target | None:
    """The target of a resource path; None when the path is none. Raises ApiError when nothing is served there."""
    steps = path.strip("/").split("/")
    match steps:
        case ["api", version, *rest] if rest:
            group = ""
        case ["apis", group, version, *rest] if rest:
            pass
        case _:
            return None
    watched = rest[0] == "watch" and len(rest) > 1
    if watched:
        rest = rest[1:]
    namespace = ""
    if rest[0] == "namespaces" and len(rest) > 2 and not (group == "" and rest[2] in ("status", "finalize")):
        namespace, rest = rest[1], rest[2:]
    kind = registry.find(group, version, rest[0])
    if kind is None or len(rest) > 3 or (namespace and not kind.namespaced):
        raise _missing(registry, group)
    name = rest[1] if len(rest) > 1 else ""
    part = rest[2] if len(rest) > 2 else ""
    if kind.namespaced and name and not namespace:
        raise _missing(registry, group)
    return Target(kind, namespace, name, part, watched)


def _missing(registry: Registry, group: str) -> ApiError:
    return no_such_path() if not group or registry.builtin_group(group) else PageNotFound()


def verb_of(method: str, target: Target, *, watching: bool) -> str:
    """The API's verb for a method on a target. Raises ApiError when the target does not know it."""
    kind = target.kind
    verb = VERBS.get(method)
    if verb is None:
        raise verb_not_supported(kind, "")
    if target.part == "finalize" and kind.plural == "namespaces" and not kind.group:
        if verb != "update":
            raise verb_not_supported(kind, verb)
        return verb
    if target.part:
        if not (kind.has_status if target.part == "status" else target.part == "scale" and kind.scale is not None):
            raise not_found(kind, target.name)
        if verb in ("create", "delete"):
            raise verb_not_supported(kind, verb)
        return verb
    if verb == "get" and not target.name:
        return "watch" if watching else "list"
    if kind.namespaced and not target.namespace and verb != "get":
        # Writes need a namespace; a real server answers these as if the path did not exist.
        raise verb_not_supported(kind, verb) if kind.builtin else PageNotFound()
    if verb == "create" and target.name and kind.builtin:
        raise verb_not_supported(kind, verb)
    if target.name or verb == "create":
        return verb
    if verb != "delete":
        raise verb_not_supported(kind, verb) if kind.builtin else bad_request("name must be provided")
    if not kind.collection_delete:
        raise verb_not_supported(kind, "deletecollection")
    return "deletecollection"
