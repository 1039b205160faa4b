"""Patches: RFC 7386 and RFC 6902 on stored objects, and when they conflict."""

from typing import Any

import pytest

from tests.api.servers import JSON_PATCH, STRATEGIC, ApiServer, node

PORTS = [{"port": "a"}, {"port": "b"}]


async def json_patch(server: ApiServer, *operations: dict[str, Any]) -> tuple[int, dict[str, Any]]:
    return await server.call("PATCH", server.path(name="p.m.a"), None, list(operations), content_type=JSON_PATCH)


async def test_a_merge_sets_replaces_lists_and_removes(server: ApiServer) -> None:
    await server.make(node("p.m.a", ports=PORTS, extra={"kept": 1, "gone": 2}))
    stored = await server.patch("p.m.a", {"spec": {"ports": [{"port": "c"}], "extra": {"gone": None, "new": 3}}})
    assert stored["spec"]["ports"] == [{"port": "c"}]
    assert stored["spec"]["extra"] == {"kept": 1, "new": 3}


async def test_a_merge_that_changes_nothing_leaves_the_version(server: ApiServer) -> None:
    made = await server.make(node("p.m.a"))
    assert await server.patch("p.m.a", {"spec": {"component": "ticker", "absent": None}}) == made


async def test_a_merge_conflicts_only_if_it_names_a_version(server: ApiServer) -> None:
    made = await server.make(node("p.m.a"))
    await server.patch("p.m.a", {"spec": {"component": "router"}})
    old = {"metadata": {"resourceVersion": made["metadata"]["resourceVersion"]}, "spec": {"component": "other"}}
    status, answer = await server.call("PATCH", server.path(name="p.m.a"), None, old)
    assert (status, answer["reason"]) == (409, "Conflict")
    assert (await server.patch("p.m.a", {"spec": {"component": "other"}}))["spec"]["component"] == "other"


@pytest.mark.parametrize(
    ("operations", "expected"),
    [
        ([{"op": "add", "path": "/spec/ports/1", "value": {"port": "c"}}], ["a", "c", "b"]),
        ([{"op": "add", "path": "/spec/ports/-", "value": {"port": "c"}}], ["a", "b", "c"]),
        ([{"op": "remove", "path": "/spec/ports/0"}], ["b"]),
        ([{"op": "replace", "path": "/spec/ports/0/port", "value": "c"}], ["c", "b"]),
        ([{"op": "move", "from": "/spec/ports/0", "path": "/spec/ports/1"}], ["b", "a"]),
        ([{"op": "copy", "from": "/spec/ports/0", "path": "/spec/ports/-"}], ["a", "b", "a"]),
        (
            [{"op": "test", "path": "/spec/ports/0/port", "value": "a"}, {"op": "remove", "path": "/spec/ports/1"}],
            ["a"],
        ),
        (
            [{"op": "test", "path": "/metadata/generation", "value": 1}, {"op": "remove", "path": "/spec/ports/1"}],
            ["a"],
        ),
    ],
)
async def test_json_patch_operations(operations: list[dict[str, Any]], expected: list[str], server: ApiServer) -> None:
    await server.make(node("p.m.a", ports=PORTS))
    status, stored = await json_patch(server, *operations)
    assert status == 200, stored
    assert [port["port"] for port in stored["spec"]["ports"]] == expected


@pytest.mark.parametrize(
    "operation",
    [
        {"op": "test", "path": "/spec/component", "value": "router"},
        {"op": "test", "path": "/metadata/generation", "value": 2},
        {"op": "test", "path": "/metadata/annotations/weirflow.io~1rev", "value": "1"},
        {"op": "remove", "path": "/spec/nowhere"},
        {"op": "replace", "path": "/spec/nowhere/deeper", "value": 1},
        {"op": "replace", "path": "/spec/ports/9", "value": {"port": "c"}},
        {"op": "test", "path": "/spec/component", "value": None},
        {"op": "test", "path": "/spec/nowhere/deeper", "value": None},
        {"op": "add", "path": "/spec/nowhere/deeper", "value": 1},
        {"op": "add", "path": "/spec/ports/9", "value": {"port": "c"}},
        {"op": "frob", "path": "/spec/component"},
    ],
)
async def test_a_json_patch_that_cannot_apply_changes_nothing(operation: dict[str, Any], server: ApiServer) -> None:
    made = await server.make(node("p.m.a", ports=PORTS))
    status, answer = await json_patch(
        server, {"op": "replace", "path": "/spec/component", "value": "ticker"}, operation
    )
    assert (status, answer["reason"]) == (422, "Invalid")
    assert (await server.call("GET", server.path(name="p.m.a")))[1] == made


async def test_a_field_that_is_missing_is_null_to_a_test_and_set_by_a_replace(server: ApiServer) -> None:
    await server.make(node("p.m.a"))
    absent = {"op": "test", "path": "/spec/nowhere", "value": None}
    status, stored = await json_patch(server, absent, {"op": "replace", "path": "/spec/nowhere", "value": 1})
    assert (status, stored["spec"]["nowhere"]) == (200, 1)
    assert (await json_patch(server, absent))[0] == 422


@pytest.mark.parametrize(
    "operation",
    [
        {"op": "replace", "path": "/spec/ports/-1", "value": {"port": "c"}},
        {"op": "add", "path": "/spec/ports/01", "value": {"port": "c"}},
        {"op": "add", "path": "/spec/nowhere"},
        {"op": "test", "path": "/spec/nowhere"},
    ],
)
async def test_operations_that_the_rfc_does_not_know(operation: dict[str, Any], server: ApiServer) -> None:
    await server.make(node("p.m.a", ports=PORTS))
    assert (await json_patch(server, operation))[0] == server.differs("loose patch")


async def test_numbers_are_compared(server: ApiServer) -> None:
    await server.make(node("p.m.a"))
    for value, expected in ((1, 200), (True, 422), ("1", 422), (1.0, server.differs("1.0 is 1"))):
        assert (await json_patch(server, {"op": "test", "path": "/metadata/generation", "value": value}))[0] == expected


async def test_an_annotation_can_be_tested_and_set(server: ApiServer) -> None:
    await server.make(node("p.m.a"))
    await server.patch("p.m.a", {"metadata": {"annotations": {"weirflow.io/rev": "7"}}})
    path = "/metadata/annotations/weirflow.io~1rev"
    status, stored = await json_patch(
        server, {"op": "test", "path": path, "value": "7"}, {"op": "replace", "path": path, "value": "8"}
    )
    assert (status, stored["metadata"]["annotations"]) == (200, {"weirflow.io/rev": "8"})


async def test_identity_cannot_be_patched(server: ApiServer) -> None:
    await server.make(node("p.m.a"))
    for patch, expected in (
        ({"metadata": {"name": "p.m.b"}}, 400),
        ({"metadata": {"uid": "00000000-0000-0000-0000-000000000001"}}, 422),
        ({"kind": "TinyFlow"}, 422),
    ):
        assert (await server.call("PATCH", server.path(name="p.m.a"), None, patch))[0] == expected, patch


async def test_forms_that_a_custom_resource_does_not_take(server: ApiServer) -> None:
    await server.make(node("p.m.a"))
    for form in (STRATEGIC, "application/json", "text/plain"):
        status, _ = await server.call("PATCH", server.path(name="p.m.a"), None, {}, content_type=form)
        assert status == 415, form


async def test_patches_that_cannot_be_read(server: ApiServer) -> None:
    await server.make(node("p.m.a"))
    path = server.path(name="p.m.a")
    assert (await server.call("PATCH", path, None, {"op": "add"}, content_type=JSON_PATCH))[0] == 400
    assert (await server.call("PATCH", path, None, ["add"], content_type=JSON_PATCH))[0] == 400
    assert (await server.call("PATCH", path, None, [1]))[0] == 400


async def test_builtin_kinds_join_lists_by_key(server: ApiServer) -> None:
    # Real owners: what names one that is not there is taken away by a control plane's garbage collector.
    made = [await server.make({"metadata": {"name": f"o{n}"}}, "configmaps") for n in (1, 2)]
    owners = [
        {"apiVersion": "v1", "kind": "ConfigMap", **{key: one["metadata"][key] for key in ("name", "uid")}}
        for one in made
    ]
    await server.make({"metadata": {"name": "c", "finalizers": ["x.io/a"]}}, "configmaps")
    path = server.path("configmaps", "c")
    for finalizer, owner in zip(("x.io/b", "x.io/c"), owners, strict=True):
        patch = {"metadata": {"finalizers": [finalizer], "ownerReferences": [owner]}}
        status, stored = await server.call("PATCH", path, None, patch, content_type=STRATEGIC)
        assert status == 200, stored
    assert sorted(stored["metadata"]["finalizers"]) == ["x.io/a", "x.io/b", "x.io/c"]
    assert len(stored["metadata"]["ownerReferences"]) == 2
