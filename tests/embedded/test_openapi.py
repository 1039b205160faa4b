"""The OpenAPI documents: made of what is served, the same in both forms of version 2."""

from pathlib import Path
from typing import Any

import orjson

from weirflow.embedded import EmbeddedCluster
from weirflow.embedded.messages import Request

PROTOBUF = "application/com.github.proto-openapi.spec.v2@v1.0+protobuf"
GVK = "x-kubernetes-group-version-kind"


def read(cluster: EmbeddedCluster, path: str, accept: str = "application/json") -> bytes:
    answer = cluster.handle(Request("GET", path, role="admin", accept=accept))
    assert answer.status == 200
    return answer.body


async def test_every_reference_leads_somewhere(tmp_path: Path) -> None:
    cluster = await EmbeddedCluster.open(tmp_path)
    index = orjson.loads(read(cluster, "/openapi/v3"))["paths"]
    documents = [orjson.loads(read(cluster, f"/openapi/v3/{path}")) for path in index]
    for document in [*documents, orjson.loads(read(cluster, "/openapi/v2"))]:
        for reference in _references(document):
            found = document
            for step in reference.removeprefix("#/").split("/"):
                found = found[step]
            assert found
    await cluster.close()


async def test_every_kind_has_a_schema_with_its_name(tmp_path: Path) -> None:
    cluster = await EmbeddedCluster.open(tmp_path)
    definitions = orjson.loads(read(cluster, "/openapi/v2"))["definitions"]
    named = {one["kind"] for schema in definitions.values() for one in schema.get(GVK, ())}
    assert {kind.kind for kind in cluster.registry} <= named
    assert {f"{kind.kind}List" for kind in cluster.registry} <= named
    await cluster.close()


async def test_protobuf_holds_what_json_holds(tmp_path: Path) -> None:
    cluster = await EmbeddedCluster.open(tmp_path)
    document = orjson.loads(read(cluster, "/openapi/v2"))
    message = _fields(read(cluster, "/openapi/v2", PROTOBUF))
    assert message[1] == [b"2.0"]
    [definitions] = message[9]
    schemas = [_fields(one) for one in _fields(definitions)[1]]
    assert {one[1][0].decode() for one in schemas} == set(document["definitions"])
    [config] = [_fields(one[2][0]) for one in schemas if one[1] == [b"io.k8s.api.core.v1.ConfigMap"]]
    properties = {_fields(one)[1][0].decode() for one in _fields(config[25][0])[1]}
    assert properties == {"apiVersion", "kind", "metadata", "data", "binaryData", "immutable"}
    [paths] = message[8]
    assert {_fields(one)[1][0].decode() for one in _fields(paths)[2]} == set(document["paths"])
    await cluster.close()


async def test_a_new_definition_changes_the_documents(tmp_path: Path) -> None:
    cluster = await EmbeddedCluster.open(tmp_path)
    before = read(cluster, "/openapi/v3"), read(cluster, "/openapi/v2")
    schema = {"type": "object", "properties": {"spec": {"type": "object", "description": "What is wanted."}}}
    version = {"name": "v1", "served": True, "storage": True, "schema": {"openAPIV3Schema": schema}}
    spec = {"group": "x.dev", "names": {"plural": "things", "kind": "Thing"}, "scope": "Cluster", "versions": [version]}
    path = "/apis/apiextensions.k8s.io/v1/customresourcedefinitions"
    body = {"metadata": {"name": "things.x.dev"}, "spec": spec}
    assert (await cluster.call("POST", path, None, body))[0] == 201
    assert read(cluster, "/openapi/v3") != before[0]
    assert b"What is wanted." in read(cluster, "/openapi/v3/apis/x.dev/v1")
    assert b"dev.x.v1.Thing" in read(cluster, "/openapi/v2")
    await cluster.call("DELETE", f"{path}/things.x.dev")
    assert (read(cluster, "/openapi/v3"), read(cluster, "/openapi/v2")) == before
    await cluster.close()


def _references(value: Any) -> list[str]:
    if isinstance(value, list):
        return [found for item in value for found in _references(item)]
    if not isinstance(value, dict):
        return []
    own = [value["$ref"]] if isinstance(value.get("$ref"), str) else []
    return own + [found for item in value.values() for found in _references(item)]


def _fields(raw: bytes) -> dict[int, list[bytes]]:
    """The length-delimited fields of a message."""
    found: dict[int, list[bytes]] = {}
    at = 0
    while at < len(raw):
        key, at = _varint(raw, at)
        if key & 7 == 0:
            _, at = _varint(raw, at)
        elif key & 7 == 1:
            at += 8
        else:
            size, at = _varint(raw, at)
            found.setdefault(key >> 3, []).append(raw[at : at + size])
            at += size
    assert at == len(raw)
    return found


def _varint(raw: bytes, at: int) -> tuple[int, int]:
    value = shift = 0
    while True:
        value |= (raw[at] & 0x7F) << shift
        at, shift = at + 1, shift + 7
        if not raw[at - 1] & 0x80:
            return value, at
