"""Who one is and what one may do: the reviews that clients post and nobody stores."""

from __future__ import annotations

from collections.abc import Callable

from weirflow.embedded import access
from weirflow.embedded.bodies import section
from weirflow.embedded.errors import bad_request
from weirflow.embedded.kinds import JsonObject, Registry

AUTHORIZATION, AUTHENTICATION = "authorization.k8s.io", "authentication.k8s.io"
VERBS = ("create", "delete", "deletecollection", "get", "list", "patch", "update", "watch")

Review = Callable[[Registry, str, JsonObject], JsonObject]


def _access(_registry: Registry, role: str, body: JsonObject) -> JsonObject:
    return {"allowed": _allowed(role, section(body, "spec"))}


def _access_of(_registry: Registry, role: str, body: JsonObject) -> JsonObject:
    """Of somebody else: for the administrator to ask."""
    spec = section(body, "spec")
    asked = next((one for one in access.ROLES if access.user(one) == spec.get("user")), access.ANONYMOUS)
    if role != access.ADMIN:
        raise access.forbidden_path(role, "create", f"/apis/{AUTHORIZATION}/v1/subjectaccessreviews")
    return {"allowed": _allowed(asked, spec)}


def _allowed(role: str, spec: JsonObject) -> bool:
    path = section(spec, "nonResourceAttributes")
    if path:
        if spec.get("resourceAttributes"):
            raise bad_request("a review is of resourceAttributes or of nonResourceAttributes, not of both")
        return access.may_path(role, str(path.get("verb", "")), str(path.get("path", "")))
    asked = section(spec, "resourceAttributes")
    words = ("verb", "group", "resource", "subresource", "name")
    verb, group, resource, part, name = (str(asked.get(word) or "") for word in words)
    if "*" in (verb, group, resource, part):
        return role == access.ADMIN  # nobody else may do everything, and of all resources no less is meant
    return access.may(role, verb, group, resource, part, name)


def _rules(registry: Registry, role: str, _body: JsonObject) -> JsonObject:
    """What the role may do, resource by resource; a role that may do everything has one rule."""
    if role == access.ADMIN:
        rules = [{"verbs": ["*"], "apiGroups": ["*"], "resources": ["*"]}]
        paths = [{"verbs": ["*"], "nonResourceURLs": ["*"]}]
        return {"resourceRules": rules, "nonResourceRules": paths, "incomplete": False}
    found = []
    for kind in registry:
        for part in ("", "status") if kind.has_status else ("",):
            verbs = [verb for verb in VERBS if access.may(role, verb, kind.group, kind.plural, part)]
            name = f"{kind.plural}/{part}" if part else kind.plural
            if verbs:
                found.append({"verbs": verbs, "apiGroups": [kind.group], "resources": [name]})
    paths = [{"verbs": ["get"], "nonResourceURLs": sorted(access.OPEN_PATHS)}]
    return {"resourceRules": found, "nonResourceRules": paths, "incomplete": False}


def _self(_registry: Registry, role: str, _body: JsonObject) -> JsonObject:
    groups = ["system:unauthenticated" if role == access.ANONYMOUS else "system:authenticated"]
    return {"userInfo": {"username": access.user(role), "groups": groups}}


REVIEWS: dict[tuple[str, str], tuple[str, Review]] = {
    (AUTHORIZATION, "selfsubjectaccessreviews"): ("SelfSubjectAccessReview", _access),
    (AUTHORIZATION, "selfsubjectrulesreviews"): ("SelfSubjectRulesReview", _rules),
    (AUTHORIZATION, "subjectaccessreviews"): ("SubjectAccessReview", _access_of),
    (AUTHENTICATION, "selfsubjectreviews"): ("SelfSubjectReview", _self),
}
"""(group, resource) -> its kind, and what answers its status."""


def review_at(path: str) -> tuple[str, str, Review] | None:
    """(apiVersion, kind, what answers) of a review's path; None when it is another."""
    match path.strip("/").split("/"):
        case ["apis", group, "v1", resource] if (group, resource) in REVIEWS:
            return f"{group}/v1", *REVIEWS[group, resource]
    return None


def answer(found: tuple[str, str, Review], registry: Registry, role: str, body: JsonObject) -> JsonObject:
    """The review with its status."""
    version, kind, decide = found
    if body.get("kind", kind) != kind or body.get("apiVersion", version) != version:
        raise bad_request(f"the body must be a {kind} of {version}")
    shown: JsonObject = {"kind": kind, "apiVersion": version, "metadata": {"creationTimestamp": None}}
    if "spec" in body:
        shown["spec"] = body["spec"]
    return {**shown, "status": decide(registry, role, body)}
