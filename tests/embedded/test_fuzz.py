"""Whatever a client sends, the answer is an answer: never an exception, never a broken state."""

from __future__ import annotations

import asyncio
import copy
from pathlib import Path
from typing import Any

import orjson
import pytest
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from tests.embedded.process import NODES, node
from weirflow.embedded import EmbeddedCluster
from weirflow.embedded.direct import settled
from weirflow.embedded.messages import Request
from weirflow.kube.definitions import tiny_definitions

PATHS = [
    NODES,
    f"{NODES}/p.m.a",
    f"{NODES}/p.m.a/status",
    "/apis/coordination.k8s.io/v1/namespaces/default/leases",
    "/apis/coordination.k8s.io/v1/namespaces/default/leases/l",
    "/apis/apiextensions.k8s.io/v1/customresourcedefinitions",
    "/apis/authorization.k8s.io/v1/selfsubjectaccessreviews",
    *(f"/api/v1/namespaces/default/{plural}" for plural in ("configmaps", "secrets", "events")),
    *(f"/api/v1/namespaces/default/{plural}/x" for plural in ("configmaps", "secrets", "events")),
    "/api/v1/namespaces",
    "/api/v1/namespaces/other",
    "/api/v1/namespaces/other/status",
]
PLACES = st.text("ab/~-0", max_size=4).map(lambda text: f"/{text}")
SCALARS = st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | st.text(max_size=4)
NAMES = st.sampled_from(
    [
        "apiVersion", "kind", "metadata", "name", "namespace", "generateName", "labels", "annotations",
        "finalizers", "ownerReferences", "uid", "spec", "status", "resourceVersion", "data", "stringData",
        "binaryData", "type", "involvedObject", "lastTimestamp", "ports", "edges", "port", "id", "module",
        "component", "preconditions", "dryRun", "propagationPolicy", "group", "names", "plural", "versions",
        "scope", "schema", "openAPIV3Schema", "properties", "items", "resourceAttributes", "holderIdentity",
        "renewTime", "leaseDurationSeconds", "deletionTimestamp",
    ]
)  # fmt: skip
VALUES = st.recursive(
    SCALARS | st.sampled_from(["x", "default", "v1", "TinyNode", "operator.tinysystems.io/v1alpha1", "l", "Lease"]),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(NAMES, inner, max_size=5),
    max_leaves=20,
)
VALID: list[dict[str, Any]] = [
    node("p.m.a", ports=[{"port": "_settings"}], edges=[{"id": "e", "port": "out", "to": "p.m.b:in"}]),
    {"metadata": {"name": "l"}, "spec": {"holderIdentity": "a", "leaseDurationSeconds": 5}},
    {"metadata": {"name": "x", "labels": {"a": "b"}}, "data": {"k": "YQ=="}, "stringData": {"s": "t"}},
    {"metadata": {"name": "x"}, "involvedObject": {"namespace": "default", "name": "n"}, "lastTimestamp": None},
    {"metadata": {"name": "other", "finalizers": ["x.io/hold"]}},
    {"spec": {"resourceAttributes": {"verb": "get", "resource": "tinynodes"}}},
    {"preconditions": {"uid": "u"}, "propagationPolicy": "Background"},
    *tiny_definitions()[:3],
]


@st.composite
def damaged(draw: st.DrawFn) -> dict[str, Any]:
    """A body that was right before one or two of its values were replaced."""
    body = copy.deepcopy(draw(st.sampled_from(VALID)))
    for _ in range(draw(st.integers(0, 2))):
        holder = body
        while True:
            name = draw(st.sampled_from(sorted(holder)) if holder else NAMES)
            below = holder.get(name)
            if isinstance(below, list) and below:
                below = below[0]
            if not isinstance(below, dict) or not below or draw(st.booleans()):
                break
            holder = below
        holder[name] = draw(VALUES)
    return body


OPERATIONS = st.lists(
    st.fixed_dictionaries(
        {
            "op": st.sampled_from(["add", "remove", "replace", "move", "copy", "test"]),
            "path": PLACES | NAMES.map("/{}".format),
        },
        optional={"value": VALUES, "from": PLACES | NAMES.map("/{}".format)},
    ),
    max_size=3,
)
USUAL = "usual"
"""Stands for the content type that goes with the method."""
FORMS = [
    *[USUAL] * 8,
    "",
    "application/json",
    "application/merge-patch+json",
    "application/json-patch+json",
    "text/plain",
]
ACCEPTS = [
    *[""] * 6,
    "application/json",
    "application/json;as=Table;v=v1;g=meta.k8s.io",
    "text/html",
    ";;,=",
    "application/json;as",
]
QUERIES = st.dictionaries(
    st.sampled_from(
        [
            "watch",
            "labelSelector",
            "fieldSelector",
            "limit",
            "continue",
            "resourceVersion",
            "resourceVersionMatch",
            "dryRun",
            "timeoutSeconds",
            "propagationPolicy",
            "includeObject",
            "force",
        ]
    ),
    st.sampled_from(["", "0", "1", "-1", "true", "All", "a=b", "metadata.name=x", "Exact", "eyJ2Ijoi", "é", "9" * 30]),
    max_size=3,
)


@pytest.fixture(scope="module")
def directory(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("fuzz")


@settings(
    max_examples=80,
    deadline=None,
    phases=[Phase.explicit, Phase.generate],
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
@given(
    requests=st.lists(
        st.tuples(
            st.sampled_from([*["POST", "PUT", "PATCH"] * 4, "DELETE", "GET", "HEAD", "BREW"]),
            st.sampled_from([*PATHS * 8, "/", "/api//", "/apis/x/v1/y", "/nope", "/apis/apps", "/openapi/v3/apis/x"]),
            damaged() | OPERATIONS | VALUES | st.binary(max_size=8),
            st.sampled_from(FORMS),
            st.sampled_from(ACCEPTS),
            st.just({}) | st.just({}) | QUERIES,
        ),
        min_size=5,
        max_size=25,
    )
)
def test_every_request_gets_an_answer(directory: Path, requests: list[tuple[Any, ...]]) -> None:
    asyncio.run(send_all(directory, requests))


async def send_all(directory: Path, requests: list[tuple[Any, ...]]) -> None:
    cluster = await EmbeddedCluster.open(directory)
    try:
        await cluster.call("POST", NODES, None, node("p.m.a"))
        for method, path, value, form, accept, query in requests:
            await send(cluster, method, path, value, form, accept, query)
        status, page = await cluster.call("GET", NODES)
        assert status == 200
        assert all(item["metadata"]["name"] and item["metadata"]["uid"] for item in page["items"])
    finally:
        await cluster.close()


async def send(
    cluster: EmbeddedCluster, method: str, path: str, value: Any, form: str, accept: str, query: dict[str, str]
) -> None:
    if form == USUAL:
        patch = "application/json-patch+json" if isinstance(value, list) else "application/merge-patch+json"
        form = patch if method == "PATCH" else ""
    body = value if isinstance(value, bytes) else as_json(value)
    answer = cluster.handle(Request(method, path, query, "admin", body, form, accept))
    if answer.open is not None:
        answer.open(lambda: None).close()
        return
    answer = await asyncio.wait_for(settled(answer), 40)
    assert answer.status in {200, 201, 400, 403, 404, 405, 406, 409, 410, 413, 415, 422, 504}
    if answer.content_type == "application/json":
        assert isinstance(orjson.loads(answer.body), dict)


def as_json(value: Any) -> bytes:
    try:
        return orjson.dumps(value)
    except (TypeError, orjson.JSONEncodeError):
        return b"{}"
