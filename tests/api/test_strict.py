"""Unknown fields are refused where a client asks for that, on both servers."""

from pathlib import Path
from typing import Any

import pytest

from tests.api.servers import ApiServer, node
from weirflow.embedded import EmbeddedCluster
from weirflow.embedded.http import quoted
from weirflow.embedded.messages import Request

STRICT = {"fieldValidation": "Strict"}


def config(**more: Any) -> dict[str, Any]:
    return {"apiVersion": "v1", "kind": "ConfigMap", "metadata": {"name": "c"}, **more}


@pytest.mark.parametrize(
    ("body", "field"),
    [
        (config(dat={"a": "1"}), "dat"),
        ({**config(), "metadata": {"name": "c", "label": {"a": "1"}}}, "metadata.label"),
    ],
)
async def test_an_unknown_field_is_refused(body: dict[str, Any], field: str, server: ApiServer) -> None:
    status, answer = await server.call("POST", server.path("configmaps"), STRICT, body)
    assert (status, answer["reason"]) == (400, "BadRequest")
    said = f'cannot be handled as a ConfigMap: strict decoding error: unknown field "{field}"'
    assert answer["message"] == f'ConfigMap in version "v1" {said}'


async def test_what_is_known_passes(server: ApiServer) -> None:
    status, made = await server.call("POST", server.path("configmaps"), STRICT, config(data={"a": "1"}, immutable=True))
    assert status == 201, made
    body = node("p.m.a", ports=[{"port": "x"}], labels={"a": "1"}, anything="goes")
    status, made = await server.call("POST", server.path(), STRICT, body)
    assert status == 201, made
    assert (await server.call("PUT", server.path(name="p.m.a"), STRICT, made))[0] == 200


async def test_a_patch_is_looked_at_too(server: ApiServer) -> None:
    await server.make(config(), "configmaps")
    status, answer = await server.call("PATCH", server.path("configmaps", "c"), STRICT, {"dat": {"a": "1"}})
    [cause] = answer["details"]["causes"]
    assert (status, cause["field"]) == (422, "patch")
    assert cause["message"].endswith('strict decoding error: unknown field "dat"')
    status, _ = await server.call("PATCH", server.path("configmaps", "c"), {"fieldValidation": "Ignore"}, {"dat": {}})
    assert status == 200


async def test_another_word_is_refused(server: ApiServer) -> None:
    query = {"fieldValidation": "Maybe"}
    assert (await server.call("POST", server.path("configmaps"), query, config()))[0] == 422


async def test_a_field_that_stands_there_twice_is_refused(tmp_path: Path) -> None:
    cluster = await EmbeddedCluster.open(tmp_path)
    raw = b'{"metadata":{"name":"c"},"data":{"a":"1","a":"2"}}'
    path = "/api/v1/namespaces/default/configmaps"
    answer = cluster.handle(Request("POST", path, STRICT, "admin", raw))
    assert (answer.status, b'duplicate field \\"data.a\\"' in answer.body) == (400, True)
    answer = cluster.handle(Request("POST", path, {}, "admin", raw))
    assert (answer.status, answer.warnings) == (201, ('duplicate field "data.a"',))
    await cluster.close()


@pytest.mark.parametrize(
    ("text", "wanted"),
    [('unknown field "a"', 'unknown field \\"a\\"'), ("a\r\nSet-Cookie: b", "a??Set-Cookie: b"), ("ä\\", "?\\\\")],
)
def test_a_warning_ends_no_header(text: str, wanted: str) -> None:
    assert quoted(text) == wanted
