"""Creating, reading, replacing: what the server sets, what it keeps, and what it refuses."""

import re
from typing import Any

import pytest

from tests.api.servers import ApiServer, node


async def test_a_created_object_is_what_was_sent_and_what_the_server_sets(server: ApiServer) -> None:
    made = await server.make(node("p.m.a", labels={"tier": "1"}))
    metadata = made["metadata"]
    assert (metadata["name"], metadata["namespace"], metadata["generation"]) == ("p.m.a", server.namespace, 1)
    assert re.fullmatch(r"[0-9a-f-]{36}", metadata["uid"])
    assert re.fullmatch(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ", metadata["creationTimestamp"])
    assert metadata["resourceVersion"].isdigit()
    assert made["spec"] == {"module": "common-v1", "component": "ticker"}
    assert "status" not in made
    assert (await server.call("GET", server.path(name="p.m.a")))[1] == made


async def test_what_only_the_server_sets_is_not_taken_from_a_body(server: ApiServer) -> None:
    body = node("p.m.a")
    body["metadata"].update(
        uid="00000000-0000-0000-0000-000000000001", generation=9, creationTimestamp="2001-01-01T00:00:00Z"
    )
    made = await server.make(body)
    assert made["metadata"]["uid"] != body["metadata"]["uid"]
    assert made["metadata"]["generation"] == 1
    assert made["metadata"]["creationTimestamp"] > "2020"


async def test_a_status_in_a_create_is_dropped(server: ApiServer) -> None:
    assert "status" not in await server.make({**node("p.m.a"), "status": {"status": "OK"}})


async def test_a_name_that_is_taken(server: ApiServer) -> None:
    await server.make(node("p.m.a"))
    status, answer = await server.call("POST", server.path(), None, node("p.m.a"))
    assert (status, answer["reason"]) == (409, "AlreadyExists")
    assert answer["details"]["name"] == "p.m.a"


async def test_generated_names_differ(server: ApiServer) -> None:
    body = node("")
    body["metadata"] = {"generateName": "p.m.made-"}
    names = {(await server.make(body))["metadata"]["name"] for _ in range(5)}
    assert len(names) == 5
    assert all(re.fullmatch(r"p\.m\.made-[bcdfghjklmnpqrstvwxz2456789]{5}", name) for name in names)


@pytest.mark.parametrize("name", ["", "Upper", "under_score", "-dash", "a" * 254])
async def test_names_that_are_none(name: str, server: ApiServer) -> None:
    status, answer = await server.call("POST", server.path(), None, node(name))
    assert (status, answer["reason"]) == (422, "Invalid")
    assert answer["details"]["causes"][0]["field"].startswith("metadata")


@pytest.mark.parametrize(
    ("change", "expected"),
    [
        ({"kind": "TinyFlow"}, 422),
        ({"kind": ""}, 400),
        ({"apiVersion": "operator.tinysystems.io/v2"}, 400),
        ({"metadata": {"name": "p.m.a", "namespace": "elsewhere"}}, 400),
        ({"metadata": {"name": "p.m.a", "labels": {"a": 1}}}, 400),
        ({"metadata": {"name": "p.m.a", "labels": {"a": "not a value"}}}, 422),
        ({"metadata": {"name": "p.m.a", "labels": {"not/a/key": "v"}}}, 422),
        ({"metadata": {"name": "p.m.a", "ownerReferences": [{"kind": "TinyFlow", "name": "f"}]}}, 422),
    ],
)
async def test_bodies_that_are_refused(change: dict[str, Any], expected: int, server: ApiServer) -> None:
    status, answer = await server.call("POST", server.path(), None, {**node("p.m.a"), **change})
    assert (status, answer["kind"], answer["status"]) == (expected, "Status", "Failure")


async def test_a_version_in_a_create(server: ApiServer) -> None:
    body = node("p.m.a")
    body["metadata"]["resourceVersion"] = "5"
    assert (await server.call("POST", server.path(), None, body))[0] == server.differs("mistake")


async def test_a_body_that_is_no_object(server: ApiServer) -> None:
    assert (await server.call("POST", server.path(), None, [1]))[0] == 400


async def test_what_is_not_there(server: ApiServer) -> None:
    for method, body in (("GET", None), ("DELETE", None), ("PATCH", {}), ("PUT", node("p.m.a"))):
        status, answer = await server.call(method, server.path(name="p.m.a"), None, body)
        assert (status, answer["reason"]) == (404, "NotFound"), method
        assert answer["message"] == 'tinynodes.operator.tinysystems.io "p.m.a" not found'


async def test_a_namespace_that_is_not_there(server: ApiServer) -> None:
    path = server.path().replace(server.namespace, "nowhere")
    status, answer = await server.call("POST", path, None, node("p.m.a"))
    assert (status, answer["message"]) == (404, 'namespaces "nowhere" not found')
    status, page = await server.call("GET", path)
    assert (status, page["items"]) == (200, [])


async def test_a_dry_run_stores_nothing(server: ApiServer) -> None:
    status, answer = await server.call("POST", server.path(), {"dryRun": "All"}, node("p.m.a"))
    assert status == 201
    assert "resourceVersion" not in answer["metadata"]
    assert await server.names() == []
    assert (await server.call("POST", server.path(), {"dryRun": "Some"}, node("p.m.a")))[0] == 422


async def test_a_replacement_needs_the_version_that_it_replaces(server: ApiServer) -> None:
    made = await server.make(node("p.m.a"))
    path = server.path(name="p.m.a")
    assert (await server.call("PUT", path, None, node("p.m.a")))[0] == 422
    changed = {**made, "spec": {**made["spec"], "component": "router"}}
    status, stored = await server.call("PUT", path, None, changed)
    assert (status, stored["spec"]["component"], stored["metadata"]["generation"]) == (200, "router", 2)
    status, answer = await server.call("PUT", path, None, changed)
    assert (status, answer["reason"]) == (409, "Conflict")
    assert "the object has been modified" in answer["message"]


async def test_a_replacement_of_another_incarnation_is_a_conflict(server: ApiServer) -> None:
    made = await server.make(node("p.m.a"))
    made["metadata"]["uid"] = "00000000-0000-0000-0000-000000000001"
    assert (await server.call("PUT", server.path(name="p.m.a"), None, made))[0] == 409


async def test_a_name_cannot_be_changed(server: ApiServer) -> None:
    made = await server.make(node("p.m.a"))
    made["metadata"]["name"] = "p.m.b"
    assert (await server.call("PUT", server.path(name="p.m.a"), None, made))[0] == 400


async def test_a_write_that_changes_nothing_leaves_the_version(server: ApiServer) -> None:
    made = await server.make(node("p.m.a"))
    status, stored = await server.call("PUT", server.path(name="p.m.a"), None, made)
    assert (status, stored) == (200, made)


async def test_the_generation_counts_changes_of_what_should_be(server: ApiServer) -> None:
    await server.make(node("p.m.a"))
    assert (await server.patch("p.m.a", {"metadata": {"labels": {"a": "1"}}}))["metadata"]["generation"] == 1
    assert (await server.patch("p.m.a", {"status": {"status": "OK"}}, "status"))["metadata"]["generation"] == 1
    assert (await server.patch("p.m.a", {"spec": {"component": "router"}}))["metadata"]["generation"] == 2


async def test_versions_of_all_kinds_grow_together(server: ApiServer) -> None:
    first = await server.make(node("p.m.a"))
    second = await server.make({"metadata": {"name": "c"}}, "configmaps")
    third = await server.patch("p.m.a", {"spec": {"component": "router"}})
    versions = [int(one["metadata"]["resourceVersion"]) for one in (first, second, third)]
    assert versions == sorted(set(versions))
