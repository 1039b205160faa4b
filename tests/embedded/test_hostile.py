"""Bodies that are made to hurt: what they say is refused, at once, and whoever comes after is answered."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from itertools import pairwise
from pathlib import Path
from typing import Any

import orjson
import pytest

from tests.embedded.process import NODES, node
from tests.waiting import eventually
from weirflow.embedded import EmbeddedCluster
from weirflow.embedded.direct import settled
from weirflow.embedded.messages import Request

MAPS = "/api/v1/namespaces/default/configmaps"
APPLY = "application/apply-patch+yaml"
JSON_PATCH = "application/json-patch+json"


@pytest.fixture
async def cluster(tmp_path: Path) -> AsyncIterator[EmbeddedCluster]:
    opened = await EmbeddedCluster.open(tmp_path)
    yield opened
    await opened.close()


async def send(cluster: EmbeddedCluster, method: str, path: str, body: bytes, form: str = "", **query: str) -> Any:
    answer = cluster.handle(Request(method, path, query, "admin", body, form))
    answer = await settled(answer)
    return answer.status, orjson.loads(answer.body)


def owner(**fields: Any) -> dict[str, Any]:
    return {"apiVersion": "v1", "kind": "ConfigMap", "name": "x", "uid": "u", **fields}


@pytest.mark.parametrize("name", ["apiVersion", "kind", "name", "uid", "controller", "blockOwnerDeletion"])
@pytest.mark.parametrize("value", [1, ["x"], {"a": 1}])
async def test_an_owner_is_named_by_texts(cluster: EmbeddedCluster, name: str, value: Any) -> None:
    body = {"metadata": {"name": "a", "ownerReferences": [owner(**{name: value})]}}
    status, answer = await cluster.call("POST", MAPS, None, body)
    assert status == 400
    assert f"metadata.ownerReferences.{name} must be of type" in answer["message"]


async def test_owners_that_were_stored_unread_stop_neither_the_start_nor_the_collector(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    cluster = await EmbeddedCluster.open(tmp_path)
    with monkeypatch.context() as patched:
        patched.setattr("weirflow.embedded.objects.read_metadata", lambda _kind, body: dict(body["metadata"]))
        for place, wrong in enumerate(({"uid": {"a": 1}}, {"apiVersion": 1}, {"name": ["x"]})):
            body = {"metadata": {"name": f"a{place}", "ownerReferences": [owner(**wrong)]}}
            assert (await cluster.call("POST", MAPS, None, body))[0] == 201
    await cluster.close()
    again = await EmbeddedCluster.open(tmp_path)
    orphan = {"metadata": {"name": "orphan", "ownerReferences": [owner()]}}
    assert (await again.call("POST", MAPS, None, orphan))[0] == 201

    async def is_collected() -> bool:
        return [item["metadata"]["name"] for item in (await again.call("GET", MAPS))[1]["items"]] == ["a0", "a1", "a2"]

    await eventually(is_collected, what="the owner that is not there is noticed")
    await again.close()


@pytest.mark.parametrize("depth", [230, 245, 260, 700, 990, 5_000])
async def test_what_is_stored_can_be_shown_in_a_table(cluster: EmbeddedCluster, depth: int) -> None:
    deep = b'{"a":' * depth + b"1" + b"}" * depth
    body = orjson.dumps(node("p.m.a", extra=0)).replace(b'"extra":0', b'"extra":' + deep)
    fields = b'{"f:a":' * depth + b"{}" + b"}" * depth
    entry = b'{"manager":"m","operation":"Update","apiVersion":"v1","fieldsV1":' + fields + b"}"
    named = b'{"metadata":{"name":"m","managedFields":[' + entry + b"]}}"
    assert (await send(cluster, "POST", NODES, body))[0] in (201, 400)
    assert (await send(cluster, "POST", MAPS, named))[0] in (201, 400)
    assert (await send(cluster, "PATCH", f"{NODES}/p.m.b", body.replace(b"p.m.a", b"p.m.b"), APPLY, fieldManager="m"))[
        0
    ] in (201, 400)
    for path in (NODES, MAPS):
        asked = Request(
            "GET", path, {"includeObject": "Object"}, "admin", accept="application/json;as=Table;g=meta.k8s.io;v=v1"
        )
        assert cluster.handle(asked).status == 200


async def test_copies_of_a_json_patch_do_not_double_without_end(cluster: EmbeddedCluster) -> None:
    await cluster.call("POST", MAPS, None, {"metadata": {"name": "a"}})
    start = {"op": "add", "path": "/x", "value": {"a": "y" * 1000}}
    copies = [{"op": "copy", "from": "/x", "path": f"/x/c{number}"} for number in range(60)]
    body = orjson.dumps([start, *copies, {"op": "remove", "path": "/x"}])
    status, answer = await send(cluster, "PATCH", f"{MAPS}/a", body, JSON_PATCH)
    assert (status, answer["reason"]) == (413, "RequestEntityTooLarge")
    few = orjson.dumps([start, *copies[:5], {"op": "remove", "path": "/x"}])
    assert (await send(cluster, "PATCH", f"{MAPS}/a", few, JSON_PATCH))[0] == 200


@pytest.mark.parametrize("digits", [10, 5_000])
async def test_numbers_of_many_digits_are_none(cluster: EmbeddedCluster, digits: int) -> None:
    body = {"metadata": {"name": "a", "finalizers": ["w.dev/a"]}}
    await cluster.call("POST", MAPS, None, body)
    patch = [{"op": "remove", "path": f"/metadata/finalizers/{'1' * digits}"}]
    assert (await send(cluster, "PATCH", f"{MAPS}/a", orjson.dumps(patch), JSON_PATCH))[0] == 422
    assert (await send(cluster, "GET", f"{MAPS}/a", b"", resourceVersion="1" * digits))[0] in (400, 504)


async def test_thirty_thousand_repeated_fields_are_counted_once(cluster: EmbeddedCluster) -> None:
    fields = b",".join(b'"k%d":""' % (number % 29_999) for number in range(30_000))
    body = b'{"metadata":{"name":"a"},"data":{' + fields + b"}}"
    answer = await asyncio.wait_for(send(cluster, "POST", MAPS, body, fieldValidation="Strict"), 30)
    assert answer[0] == 400
    assert 'duplicate field "data.k0"' in answer[1]["message"]


def laughs(start: str, line: str) -> str:
    names = "abcdefghijklm"
    rows = [line.format(new=new, old=",".join([f"*{old}"] * 9)) for old, new in pairwise(names)]
    return "\n".join([f"a: &a {start}", *rows])


@pytest.mark.parametrize(
    "text",
    [
        laughs("{x: 1}", "{new}: &{new} {{<<: [{old}]}}"),
        laughs("[x]", "{new}: &{new} [{old}]"),
        "a: &a [*a]",
        "a: &a {<<: *a}",
        "[" * 100_000,
        "a: " + "{a: " * 5_000,
        "- " * 50_000,
        "a: " + "9" * 100_000,
        "a: !!binary aGk=",
        "? [1]\n: 2",
        "\x00",
    ],
    ids=["merges", "lists", "itself", "merges itself", "deep", "deep map", "dashes", "digits", "bytes", "key", "nul"],
)
async def test_yaml_that_grows_or_nests_without_end_is_refused(cluster: EmbeddedCluster, text: str) -> None:
    status, answer = await send(cluster, "PATCH", f"{MAPS}/a", text.encode(), APPLY, fieldManager="m")
    assert (status, answer["reason"]) == (400, "BadRequest")
    assert "error parsing YAML" in answer["message"]


async def test_yaml_has_the_numbers_of_the_api(cluster: EmbeddedCluster) -> None:
    text = """
apiVersion: operator.tinysystems.io/v1alpha1
kind: TinyNode
metadata: {name: p.m.a, annotations: {time: 1:30, day: 2026-01-01}}
spec: {module: m, component: c, extra: {n: [1, -1, 0x1f, 1.5, .5, 1e3, yes, null], time: 1:30}}
"""
    status, made = await send(cluster, "PATCH", f"{NODES}/p.m.a", text.encode(), APPLY, fieldManager="m")
    assert status == 201, made
    assert made["metadata"]["annotations"] == {"time": "1:30", "day": "2026-01-01"}
    assert made["spec"]["extra"] == {"n": [1, -1, 31, 1.5, 0.5, 1000.0, True, None], "time": "1:30"}


async def test_a_column_shows_the_age_of_a_time_without_an_offset(cluster: EmbeddedCluster) -> None:
    schema = {"type": "object", "properties": {"at": {"type": "string"}}}
    column = {"name": "At", "type": "date", "jsonPath": ".at"}
    version = {"name": "v1", "served": True, "storage": True, "additionalPrinterColumns": [column]}
    definition = {
        "apiVersion": "apiextensions.k8s.io/v1",
        "kind": "CustomResourceDefinition",
        "metadata": {"name": "clocks.w.dev"},
        "spec": {
            "group": "w.dev",
            "scope": "Namespaced",
            "names": {"plural": "clocks", "kind": "Clock"},
            "versions": [{**version, "schema": {"openAPIV3Schema": schema}}],
        },
    }
    path = "/apis/apiextensions.k8s.io/v1/customresourcedefinitions"
    assert (await cluster.call("POST", path, None, definition))[0] == 201
    clocks = "/apis/w.dev/v1/namespaces/default/clocks"
    clock = {"apiVersion": "w.dev/v1", "kind": "Clock", "metadata": {"name": "a"}, "at": "2020-01-01T00:00:00"}
    assert (await cluster.call("POST", clocks, None, clock))[0] == 201
    asked = Request("GET", clocks, {}, "admin", accept="application/json;as=Table;g=meta.k8s.io;v=v1")
    [row] = orjson.loads(cluster.handle(asked).body)["rows"]
    assert row["cells"][1].endswith("d")
