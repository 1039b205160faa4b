"""Who may do what: the three roles whose tokens the cluster hands out (docs/protocols.md, section 2)."""

from __future__ import annotations

from weirflow.embedded.errors import ApiError, details_of
from weirflow.embedded.kinds import JsonObject, Kind
from weirflow.kube.resources import LINK_SECRET, STATE_KEYS_SECRET

ADMIN, WEB, MODULES, ANONYMOUS = "admin", "web", "modules", "anonymous"
ROLES = (ADMIN, WEB, MODULES)
READS = frozenset({"get", "list", "watch"})
TINY_GROUP = "operator.tinysystems.io"
RESTORE = "weirflow.io/restore"
KEPT_SECRETS = frozenset({LINK_SECRET, STATE_KEYS_SECRET})
OPEN_PATHS = frozenset({"/version", "/healthz", "/readyz", "/livez"})


def user(role: str) -> str:
    """The role's name as error messages show it."""
    return "system:anonymous" if role == ANONYMOUS else f"weirflow:{role}"


def may(role: str, verb: str, group: str, resource: str, subresource: str = "", name: str = "") -> bool:
    """True when the role may do this to the object of that name; without one, to all objects of the resource."""
    if role == ADMIN:
        return True
    if role == WEB and (group, resource) == ("", "secrets"):
        return _web_may_secret(verb, name)
    if role == WEB:
        return resource != "leases" or verb in READS
    if role != MODULES:
        return False
    if group == TINY_GROUP:
        return verb in READS or (
            resource == "tinymodules"
            or (resource == "tinynodes" and subresource == "status")
            or (resource == "tinybatches" and verb in ("create", "delete"))
            or (resource == "tinysignals" and (subresource == "status" or verb == "delete"))
        )
    if resource in ("leases", "events"):
        return True
    return resource in ("secrets", "configmaps", "namespaces", "customresourcedefinitions") and verb in READS


def _web_may_secret(verb: str, name: str) -> bool:
    """Web makes and replaces the Secrets of projects and reads none of them. A patch would be answered with all that
    the object holds, and could give it to a project by a label (ADR 104).

    The keys of link and states it cannot make anew either."""
    if verb == "get":
        return name == LINK_SECRET
    return verb == "create" or (verb in ("update", "delete") and name not in KEPT_SECRETS)


def restores(role: str, kind: Kind, subresource: str) -> bool:
    """True when this write is web's one way to a TinyNode's status: the start state of a node it has just restored."""
    return role == WEB and kind.plural == "tinynodes" and kind.group == TINY_GROUP and subresource == "status"


def check_restore(kind: Kind, value: JsonObject) -> None:
    """Let web write a TinyNode's status only where the create carried a state to start from."""
    metadata = value["metadata"]
    if RESTORE not in metadata.get("annotations", {}):
        reason = f'only a node with the annotation "{RESTORE}" takes its first state from the web process'
        raise forbidden(kind, WEB, "patch", metadata["name"], metadata.get("namespace", ""), "status", reason)


def forbidden(
    kind: Kind, role: str, verb: str, name: str, namespace: str, subresource: str = "", reason: str = ""
) -> ApiError:
    where = f'in the namespace "{namespace}"' if namespace else "at the cluster scope"
    subject = f'{kind.qualified} "{name}"' if name else kind.qualified
    resource = f"{kind.plural}/{subresource}" if subresource else kind.plural
    message = (
        f'{subject} is forbidden: User "{user(role)}" cannot {verb} resource "{resource}" '
        f'in API group "{kind.group}" {where}'
    )
    if reason:
        message += f": {reason}"
    return ApiError(403, "Forbidden", message, details_of(kind, name))


def check_path(role: str, verb: str, path: str) -> None:
    """Paths that are not resources: health and version are open, discovery needs a token."""
    if role == ANONYMOUS and path not in OPEN_PATHS:
        raise forbidden_path(role, verb, path)


def may_path(role: str, verb: str, path: str) -> bool:
    """True when the role may do this to a path that is no resource: health is everybody's, discovery needs a token."""
    described = path in ("/api", "/apis") or path.startswith(("/api/", "/apis/", "/openapi/"))
    return role == ADMIN or (verb == "get" and (path in OPEN_PATHS or (described and role != ANONYMOUS)))


def forbidden_path(role: str, verb: str, path: str) -> ApiError:
    return ApiError(403, "Forbidden", f'forbidden: User "{user(role)}" cannot {verb} path "{path}"', {})
