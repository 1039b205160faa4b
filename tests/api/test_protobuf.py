"""Bodies in protobuf: what a real server writes of its objects reads as its own JSON of them."""

import ssl
from collections.abc import Callable
from pathlib import Path
from typing import Any

import aiohttp
import orjson
import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.cluster.fixtures import ClusterNamespace
from weirflow.embedded import EmbeddedCluster
from weirflow.embedded.errors import ApiError
from weirflow.embedded.messages import Request
from weirflow.embedded.openapi.protobuf import field, whole
from weirflow.embedded.protobuf import PROTOBUF_TYPE, read_protobuf

MAPS = "/api/v1/namespaces/default/configmaps"

OBJECTS: dict[str, dict[str, Any]] = {
    "/api/v1/namespaces/{}/configmaps": {
        "metadata": {
            "name": "one", "labels": {"a": "1", "b": ""}, "annotations": {"x/y": "ä"}, "finalizers": ["x.io/hold"],
        },
        "data": {"text": "line\n", "empty": ""},
        "binaryData": {"raw": "AAEC"},
        "immutable": False,
    },
    "/api/v1/namespaces/{}/secrets": {"metadata": {"name": "one"}, "stringData": {"a": "b"}, "immutable": True},
    "/apis/coordination.k8s.io/v1/namespaces/{}/leases": {
        "metadata": {"name": "one"},
        "spec": {
            "holderIdentity": "me", "leaseDurationSeconds": 15, "leaseTransitions": 0,
            "acquireTime": "2026-01-02T03:04:05.000006Z", "renewTime": "2026-01-02T03:04:05.123456Z",
        },
    },
}  # fmt: skip
SCHEMA = {
    "type": "object",
    "required": ["spec"],
    "properties": {
        "spec": {
            "type": "object",
            "properties": {
                "size": {"type": "integer", "minimum": 0, "maximum": 100, "default": 0},
                "ratio": {"type": "number", "maximum": 0.5},
                "mode": {"type": "string", "enum": ["a", "b"], "default": "a", "nullable": True},
                "items": {"type": "array", "maxItems": 3, "items": {"type": "string", "minLength": 0}},
                "labels": {"type": "object", "additionalProperties": {"type": "string"}},
                "any": {"type": "object", "x-kubernetes-preserve-unknown-fields": True},
                "port": {"x-kubernetes-int-or-string": True, "anyOf": [{"type": "integer"}, {"type": "string"}]},
                "parts": {
                    "type": "array",
                    "x-kubernetes-list-type": "map",
                    "x-kubernetes-list-map-keys": ["name"],
                    "items": {"type": "object", "required": ["name"], "properties": {"name": {"type": "string"}}},
                },
            },
        }
    },
}


def definition(group: str) -> dict[str, Any]:
    columns = [{"name": "Size", "type": "integer", "jsonPath": ".spec.size", "priority": 1}]
    version = {
        "name": "v1", "served": True, "storage": True, "schema": {"openAPIV3Schema": SCHEMA},
        "subresources": {"status": {}}, "additionalPrinterColumns": columns,
    }  # fmt: skip
    names = {"plural": "wheels", "kind": "Wheel", "shortNames": ["wh"]}
    spec = {"group": group, "scope": "Namespaced", "names": names, "versions": [version]}
    return {"metadata": {"name": f"wheels.{group}"}, "spec": spec}


@pytest.mark.cluster
async def test_a_real_servers_bytes_read_as_its_json(cluster_namespace: ClusterNamespace) -> None:
    plane, name = cluster_namespace.plane, cluster_namespace.name
    definitions = "/apis/apiextensions.k8s.io/v1/customresourcedefinitions"
    objects = {path.format(name): body for path, body in OBJECTS.items()}
    objects[definitions] = definition(f"{name}.dev")
    for path, body in objects.items():
        status, answer = plane.call("POST", path, body)
        assert status == 201, answer
    places = [f"{path}/{body['metadata']['name']}" for path, body in objects.items()]
    places.append(f"/api/v1/namespaces/{name}")
    tls = ssl.create_default_context(cafile=plane.home / "ca.crt")
    async with aiohttp.ClientSession(connector=aiohttp.TCPConnector(ssl=tls)) as session:

        async def read(place: str, accept: str) -> bytes:
            headers = {"Authorization": f"Bearer {plane.token}", "Accept": accept}
            async with session.get(plane.address + place, headers=headers) as answer:
                assert answer.status == 200, await answer.text()
                return await answer.read()

        for place in places:
            raw, wanted = await read(place, PROTOBUF_TYPE), orjson.loads(await read(place, "application/json"))
            found = read_protobuf(raw)
            # The controllers write in between.
            for one in (found, wanted):
                one.pop("status", None)
                for field in ("managedFields", "resourceVersion"):
                    one["metadata"].pop(field, None)
            assert found == wanted
    assert plane.call("DELETE", f"{definitions}/{objects[definitions]['metadata']['name']}")[0] == 200


def envelope(kind: str, message: bytes) -> bytes:
    return b"k8s\x00" + field(1, field(1, "v1") + field(2, kind)) + field(2, message)


async def test_an_object_is_made_of_it(tmp_path: Path) -> None:
    cluster = await EmbeddedCluster.open(tmp_path)
    entry = field(1, "a") + field(2, "1")
    body = envelope("ConfigMap", field(1, field(1, "made") + field(8, b"")) + field(2, entry))
    answer = cluster.handle(Request("POST", MAPS, {}, "admin", body, PROTOBUF_TYPE))
    assert answer.status == 201, answer.body
    made = orjson.loads(answer.body)
    assert (made["metadata"]["name"], made["data"]) == ("made", {"a": "1"})
    options = envelope("DeleteOptions", field(2, field(1, "another uid")))
    answer = cluster.handle(Request("DELETE", f"{MAPS}/made", {}, "admin", options, PROTOBUF_TYPE))
    assert answer.status == 409
    await cluster.close()


@pytest.mark.parametrize(
    ("raw", "status"),
    [
        (b"", 400),
        (b"k8s\x00", 415),
        (b"{}", 400),
        (envelope("ConfigMap", whole(1, 7)), 400),
        (envelope("ConfigMap", b"\x0a\xff\x01"), 400),
        (envelope("ConfigMap", b"\x0a"), 400),
        (envelope("ConfigMap", b"\xff" * 12), 400),
        (envelope("ConfigMap", field(1, field(1, b"\xff\xfe"))), 400),
        (envelope("Pod", b""), 415),
        (envelope("TinyNode", b""), 415),
    ],
)
async def test_what_cannot_be_read_is_refused(raw: bytes, status: int, tmp_path: Path) -> None:
    cluster = await EmbeddedCluster.open(tmp_path)
    assert cluster.handle(Request("POST", MAPS, {}, "admin", raw, PROTOBUF_TYPE)).status == status
    await cluster.close()


def nested(levels: int) -> bytes:
    inner = b""
    for _ in range(levels):
        inner = field(29, field(1, "p") + field(2, inner))
    return inner


def test_nesting_ends() -> None:
    schema = field(2, field(7, field(4, field(1, nested(1_000)))))
    with pytest.raises(ApiError) as refused:
        read_protobuf(envelope("CustomResourceDefinition", schema))
    assert refused.value.status == 400


KINDS = st.sampled_from(["ConfigMap", "Secret", "Lease", "Event", "Namespace", "CustomResourceDefinition", "X"])


@given(st.binary(max_size=64), KINDS, st.sampled_from([lambda raw, kind: raw, lambda raw, kind: envelope(kind, raw)]))
def test_any_bytes_are_an_object_or_a_refusal(raw: bytes, kind: str, wrap: Callable[[bytes, str], bytes]) -> None:
    try:
        status = 200 if isinstance(read_protobuf(wrap(raw, kind)), dict) else 500
    except ApiError as error:
        status = error.status
    assert status in (200, 400, 415)
