"""Kinds of one's own: the rules of their schemas, and two versions of them, on both servers."""

import uuid
from collections.abc import AsyncIterator
from typing import Any

import pytest

from tests.api.servers import APPLY, ApiServer, JsonObject
from tests.waiting import eventually

DEFINITIONS = "/apis/apiextensions.k8s.io/v1/customresourcedefinitions"
SPEC: dict[str, Any] = {
    "type": "object",
    "minProperties": 2,
    "maxProperties": 4,
    "properties": {
        "over": {"type": "number", "minimum": 1, "exclusiveMinimum": True},
        "under": {"type": "number", "maximum": 5, "exclusiveMaximum": True},
        "step": {"type": "integer", "multipleOf": 5},
        "half": {"type": "number", "multipleOf": 0.5},
        "one": {"type": "integer", "oneOf": [{"minimum": 10}, {"maximum": 20}]},
        "any": {"type": "string", "anyOf": [{"pattern": "^a"}, {"pattern": "z$"}]},
        "all": {"type": "string", "allOf": [{"pattern": "^a"}, {"maxLength": 3}]},
        "not": {"type": "string", "not": {"enum": ["no"]}},
        # Flags behind the beginning, as the definitions of the Prometheus operator have them.
        "flag": {"type": "string", "pattern": "^(?i)https?$"},
        "replicas": {"type": "integer", "default": 1},
        "either": {"x-kubernetes-int-or-string": True, "anyOf": [{"type": "integer"}, {"type": "string"}]},
    },
}


SCALE = {
    "specReplicasPath": ".spec.replicas",
    "statusReplicasPath": ".status.replicas",
    "labelSelectorPath": ".status.selector",
}


class Wheels:
    """A kind that a test has made, at two versions."""

    def __init__(self, server: ApiServer, group: str) -> None:
        self.server, self.group = server, group

    def path(self, version: str = "v1", name: str = "") -> str:
        path = f"/apis/{self.group}/{version}/namespaces/{self.server.namespace}/wheels"
        return f"{path}/{name}" if name else path

    def body(self, name: str, version: str = "v1", **spec: Any) -> JsonObject:
        return {"apiVersion": f"{self.group}/{version}", "kind": "Wheel", "metadata": {"name": name}, "spec": spec}

    async def make(self, name: str, version: str = "v1", **spec: Any) -> tuple[int, JsonObject]:
        return await self.server.call("POST", self.path(version), None, self.body(name, version, **spec))


@pytest.fixture
async def wheels(server: ApiServer) -> AsyncIterator[Wheels]:
    group = f"w{uuid.uuid4().hex[:8]}.dev"
    status = {"type": "object", "x-kubernetes-preserve-unknown-fields": True}
    content = {"type": "object", "properties": {"spec": SPEC, "status": status}}
    # To demand metadata, as the definitions of Argo CD do, is to demand what every object has.
    schema = {"openAPIV3Schema": {**content, "required": ["metadata", "spec"]}}
    versions = [
        {"name": name, "served": True, "storage": name == "v1", "schema": schema, "subresources": {"scale": SCALE}}
        for name in ("v1", "v2")
    ]
    names = {"plural": "wheels", "kind": "Wheel"}
    spec = {"group": group, "scope": "Namespaced", "names": names, "versions": versions}
    name = f"wheels.{group}"
    status, answer = await server.call("POST", DEFINITIONS, None, {"metadata": {"name": name}, "spec": spec})
    assert status == 201, answer
    made = Wheels(server, group)

    async def served() -> bool:
        return all([(await server.call("GET", made.path(one)))[0] == 200 for one in ("v1", "v2")])

    await eventually(served, 60.0, "both versions")
    yield made
    await server.call("DELETE", f"{DEFINITIONS}/{name}")


CASES: list[tuple[JsonObject, bool]] = [
    ({"over": 1.5}, True), ({"over": 1}, False), ({"under": 4.9}, True), ({"under": 5}, False),
    ({"step": 10}, True), ({"step": 7}, False), ({"half": 1.5}, True), ({"half": 1.2}, False),
    ({"one": 5}, True), ({"one": 25}, True), ({"one": 15}, False),
    ({"any": "ab"}, True), ({"any": "bz"}, True), ({"any": "b"}, False),
    ({"all": "abc"}, True), ({"all": "abcd"}, False), ({"all": "bc"}, False),
    ({"not": "yes"}, True), ({"not": "no"}, False),
    ({"either": 1}, True), ({"either": "1"}, True), ({"either": True}, False),
    ({"flag": "HTTPs"}, True), ({"flag": "ftp"}, False),
    ({}, False), ({"over": 2, "under": 2, "step": 5, "half": 1}, False),
]  # fmt: skip


async def test_rules(wheels: Wheels) -> None:
    for number, (spec, fits) in enumerate(CASES):
        status, answer = await wheels.make(f"w{number}", **spec)
        assert status == (201 if fits else 422), (spec, answer)
        if not fits:
            assert answer["reason"] == "Invalid"


async def test_an_object_is_read_and_written_at_either_version(wheels: Wheels) -> None:
    server = wheels.server
    status, _ = await wheels.make("w", "v2", step=5)
    assert status == 201
    for version in ("v1", "v2"):
        wanted = f"{wheels.group}/{version}"
        _, found = await server.call("GET", wheels.path(version, "w"))
        assert (found["apiVersion"], found["spec"]) == (wanted, {"step": 5, "replicas": 1})
        _, page = await server.call("GET", wheels.path(version))
        assert [item["apiVersion"] for item in page["items"]] == [wanted]
        status, changed = await server.call("PATCH", wheels.path(version, "w"), None, {"spec": {"half": 1.5}})
        assert (status, changed["apiVersion"]) == (200, wanted), changed
        changed["spec"] = {"step": 5}
        status, changed = await server.call("PUT", wheels.path(version, "w"), None, changed)
        assert (status, changed["apiVersion"]) == (200, wanted)
        body = {**wheels.body("w", version, step=5)}
        status, changed = await server.call(
            "PATCH", wheels.path(version, "w"), {"fieldManager": version, "force": "true"}, body, content_type=APPLY
        )
        assert (status, changed["apiVersion"]) == (200, wanted)


async def test_a_watch_at_one_version_shows_what_was_written_at_another(wheels: Wheels) -> None:
    server = wheels.server
    _, page = await server.call("GET", wheels.path("v2"))
    query = {"resourceVersion": page["metadata"]["resourceVersion"], "timeoutSeconds": "3"}
    _, made = await wheels.make("w", "v1", step=5)
    await server.call("DELETE", wheels.path("v1", "w"))
    events = [event async for event in server.watch(wheels.path("v2"), query)]
    assert [(event["type"], event["object"]["apiVersion"]) for event in events] == [
        ("ADDED", f"{wheels.group}/v2"),
        ("DELETED", f"{wheels.group}/v2"),
    ]
    assert events[0]["object"]["metadata"]["uid"] == made["metadata"]["uid"]


async def test_how_many_there_are_is_read_and_set_as_a_scale(wheels: Wheels) -> None:
    server, path = wheels.server, wheels.path(name="w/scale")
    _, wheel = await wheels.make("w", step=5)
    status, scale = await server.call("GET", path)
    assert (status, scale["kind"], scale["apiVersion"]) == (200, "Scale", "autoscaling/v1")
    assert (scale["spec"], scale["status"]) == ({"replicas": 1}, {"replicas": 0})
    assert scale["metadata"]["uid"] == wheel["metadata"]["uid"]

    scale["spec"]["replicas"] = 3
    status, scaled = await server.call("PUT", path, None, scale)
    assert (status, scaled["spec"]) == (200, {"replicas": 3})
    _, wheel = await server.call("GET", wheels.path("v2", "w"))
    assert (wheel["spec"], wheel["metadata"]["generation"]) == ({"step": 5, "replicas": 3}, 2)
    assert (await server.call("PUT", path, None, scale))[0] == 409, "it was read before the last change"
    wheel["status"] = {"replicas": 2, "selector": "app=wheel"}
    await server.call("PUT", wheels.path("v2", "w"), None, wheel)

    status, scaled = await server.call("PATCH", path, None, {"spec": {"replicas": 5}})
    assert (status, scaled["spec"]) == (200, {"replicas": 5})
    assert scaled["status"] == {"replicas": 2, "selector": "app=wheel"}
    assert (await server.call("PATCH", path, None, {"spec": {"replicas": -1}}))[0] == 422
    assert (await server.call("PATCH", path, {"dryRun": "All"}, {"spec": {"replicas": 9}}))[1]["spec"] == {
        "replicas": 9
    }
    assert (await server.call("GET", path))[1]["spec"] == {"replicas": 5}
    assert (await server.call("PUT", path, None, {**scale, "kind": "Wheel"}))[0] == 400
    assert (await server.call("DELETE", path))[0] == 405
    assert (await server.call("GET", wheels.path(name="none/scale")))[0] == 404

    _, found = await server.call("GET", f"/apis/{wheels.group}/v1")
    verbs = {one["name"]: (one["kind"], one.get("group"), sorted(one["verbs"])) for one in found["resources"]}
    assert verbs["wheels/scale"] == ("Scale", "autoscaling", ["get", "patch", "update"])
