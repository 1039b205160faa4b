"""The `scale` subresource of custom kinds: the number of replicas of whatever says where it keeps that."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from weirflow.embedded.bodies import section
from weirflow.embedded.errors import ApiError, Cause, bad_request, invalid
from weirflow.embedded.kinds import JsonObject, Kind

GROUP, VERSION, KIND = "autoscaling", "v1", "Scale"
API_VERSION = f"{GROUP}/{VERSION}"
MOST_REPLICAS = 2**31 - 1


@dataclass(frozen=True, slots=True)
class ScalePaths:
    """Where an object has the replicas that are wanted and those that there are, and a selector of them, if it does."""

    wanted: tuple[str, ...]
    present: tuple[str, ...]
    selector: tuple[str, ...] = ()


def paths_of(version: JsonObject) -> ScalePaths | None:
    """What a version of a definition says; None where it has no such subresource, or not as `check` wants it."""
    given = (version.get("subresources") or {}).get("scale")
    if not isinstance(given, dict) or check(given, ""):
        return None
    return ScalePaths(
        _steps(given["specReplicasPath"]), _steps(given["statusReplicasPath"]), _steps(given.get("labelSelectorPath"))
    )


def check(given: JsonObject, where: str) -> list[Cause]:
    """What is wrong with the paths that a definition gives."""
    causes = []
    for name, roots in (
        ("specReplicasPath", (".spec.",)),
        ("statusReplicasPath", (".status.",)),
        ("labelSelectorPath", (".spec.", ".status.")),
    ):
        text = given.get(name) or ""
        if not text and name != "labelSelectorPath":
            causes.append(Cause(f"{where}.{name}", "FieldValueRequired", "Required value"))
        elif text and (not isinstance(text, str) or not text.startswith(roots) or "[" in text):
            wanted = " or ".join(root.rstrip(".") for root in roots)
            said = f'Invalid value: "{text}": should be a json path under {wanted}'
            causes.append(Cause(f"{where}.{name}", "FieldValueInvalid", said))
    return causes


def shown(kind: Kind, value: JsonObject) -> JsonObject:
    """The Scale of a stored object. Raises ApiError where that does not say how many are wanted."""
    assert kind.scale is not None
    wanted = _found(value, kind.scale.wanted)
    if wanted is None:
        said = f'the spec replicas field ".{".".join(kind.scale.wanted)}" does not exist'
        raise ApiError(500, "InternalError", f"Internal error occurred: {said}")
    metadata = {
        name: value["metadata"][name]
        for name in ("name", "namespace", "uid", "resourceVersion", "creationTimestamp")
        if name in value["metadata"]
    }
    status = {"replicas": _found(value, kind.scale.present) or 0}
    if kind.scale.selector and (selector := _found(value, kind.scale.selector)):
        status["selector"] = selector
    head = {"kind": KIND, "apiVersion": API_VERSION, "metadata": metadata}
    return {**head, "spec": {"replicas": wanted} if wanted else {}, "status": status}


def scaled(kind: Kind, name: str, value: JsonObject, body: Any) -> JsonObject:
    """The object with the replicas that a Scale wants; at the version that this was read at, where it says one. Raises
    ApiError for what is no Scale of the object."""
    assert kind.scale is not None
    if not isinstance(body, dict) or (body.get("kind"), body.get("apiVersion")) != (KIND, API_VERSION):
        raise bad_request(f"the body of a scale must be a {KIND} of {API_VERSION}")
    metadata = section(body, "metadata")
    if metadata.get("name", name) != name:
        raise bad_request(f"the name of the object ({metadata['name']}) does not match the name on the URL ({name})")
    wanted = section(body, "spec").get("replicas", 0)
    if not isinstance(wanted, int) or isinstance(wanted, bool) or wanted > MOST_REPLICAS:
        raise bad_request(f'{KIND} in version "{VERSION}" cannot be handled as a {KIND}: spec.replicas is no number')
    if wanted < 0:
        said = f"Invalid value: {wanted}: must be greater than or equal to 0"
        raise invalid(kind, name, [Cause("spec.replicas", "FieldValueInvalid", said)], as_kind=KIND)
    version = metadata.get("resourceVersion") or value["metadata"]["resourceVersion"]
    made: JsonObject = _with(value, kind.scale.wanted, wanted)
    made["metadata"] = {**value["metadata"], "resourceVersion": version}
    return made


def _steps(path: str | None) -> tuple[str, ...]:
    return tuple((path or "").strip(".").split(".")) if path else ()


def _found(value: Any, steps: tuple[str, ...]) -> Any:
    for step in steps:
        value = value.get(step) if isinstance(value, dict) else None
    return value


def _with(value: Any, steps: tuple[str, ...], leaf: Any) -> Any:
    if not steps:
        return leaf
    inner = value if isinstance(value, dict) else {}
    return {**inner, steps[0]: _with(inner.get(steps[0]), steps[1:], leaf)}
