"""Server-side apply and who owns which field, on both servers."""

from typing import Any

import pytest

from tests.api.servers import APPLY, STRATEGIC, ApiServer, JsonObject, node


async def apply(
    server: ApiServer, manager: str, body: JsonObject, *, part: str = "", **query: str
) -> tuple[int, JsonObject]:
    path = server.path(body["kind"].lower() + "s", body["metadata"]["name"], part)
    return await server.call("PATCH", path, {"fieldManager": manager, **query}, body, content_type=APPLY)


def owners(stored: JsonObject) -> dict[str, Any]:
    """`<manager> <operation>[ <part>]` -> what it owns, of the managers that a case names."""
    found = {}
    for entry in stored["metadata"].get("managedFields", ()):
        part = f" {entry['subresource']}" if "subresource" in entry else ""
        found[f"{entry['manager']} {entry['operation']}{part}"] = entry["fieldsV1"]
    return found


def config(name: str, **data: str) -> JsonObject:
    body = {"apiVersion": "v1", "kind": "ConfigMap", "metadata": {"name": name}}
    return {**body, "data": data} if data else body


async def test_an_apply_makes_and_owns_what_it_names(server: ApiServer) -> None:
    status, stored = await apply(server, "a", node("p.m.a", ports=[{"port": "x"}]))
    assert status == 201
    assert owners(stored)["a Apply"]["f:spec"].keys() >= {"f:component", "f:ports"}
    status, again = await apply(server, "a", node("p.m.a", ports=[{"port": "x"}]))
    assert (status, again) == (200, stored)


async def test_what_another_owns_is_not_changed_without_force(server: ApiServer) -> None:
    await apply(server, "a", config("c", one="1", two="2"))
    status, answer = await apply(server, "b", config("c", one="9"))
    assert (status, answer["reason"]) == (409, "Conflict")
    assert answer["message"] == 'Apply failed with 1 conflict: conflict with "a": .data.one'
    assert answer["details"]["causes"] == [
        {"reason": "FieldManagerConflict", "message": 'conflict with "a"', "field": ".data.one"}
    ]
    status, stored = await apply(server, "b", config("c", one="9"), force="true")
    assert (status, stored["data"]) == (200, {"one": "9", "two": "2"})
    assert owners(stored) == {"a Apply": {"f:data": {"f:two": {}}}, "b Apply": {"f:data": {"f:one": {}}}}


async def test_the_same_value_is_shared(server: ApiServer) -> None:
    await apply(server, "a", config("c", one="1"))
    status, stored = await apply(server, "b", config("c", one="1"))
    assert status == 200
    assert owners(stored) == {"a Apply": {"f:data": {"f:one": {}}}, "b Apply": {"f:data": {"f:one": {}}}}
    status, stored = await apply(server, "a", config("c"))
    assert (status, stored["data"]) == (200, {"one": "1"})


async def test_what_is_applied_no_more_goes_unless_somebody_else_wants_it(server: ApiServer) -> None:
    await apply(server, "a", config("c", one="1", two="2"))
    await apply(server, "b", config("c", two="2"))
    _, stored = await apply(server, "a", config("c"))
    assert stored["data"] == {"two": "2"}
    assert owners(stored) == {"b Apply": {"f:data": {"f:two": {}}}}


async def test_an_update_takes_fields_without_asking(server: ApiServer) -> None:
    await apply(server, "a", config("c", one="1", two="2"))
    status, stored = await server.call(
        "PATCH", server.path("configmaps", "c"), {"fieldManager": "hand"}, {"data": {"one": "9", "three": "3"}}
    )
    assert status == 200
    assert owners(stored) == {
        "a Apply": {"f:data": {"f:two": {}}},
        "hand Update": {"f:data": {"f:one": {}, "f:three": {}}},
    }
    status, answer = await apply(server, "a", config("c", one="1"))
    assert status == 409
    assert answer["message"] == 'Apply failed with 1 conflict: conflict with "hand" using v1: .data.one'


async def test_a_create_owns_all_it_made(server: ApiServer) -> None:
    body = config("c", one="1") | {"metadata": {"name": "c", "labels": {"l": "1"}, "finalizers": ["weirflow.dev/hold"]}}
    status, stored = await server.call("POST", server.path("configmaps"), {"fieldManager": "hand"}, body)
    assert status == 201
    assert owners(stored) == {
        "hand Update": {
            "f:data": {".": {}, "f:one": {}},
            "f:metadata": {
                "f:finalizers": {".": {}, 'v:"weirflow.dev/hold"': {}},
                "f:labels": {".": {}, "f:l": {}},
            },
        }
    }


async def test_the_status_is_applied_on_its_own(server: ApiServer) -> None:
    await apply(server, "a", node("p.m.a"))
    status_of = {**node("p.m.a"), "status": {"status": "fine"}}
    status, stored = await apply(server, "a", status_of)
    assert (status, "status" in stored) == (200, False)
    status, stored = await apply(server, "b", status_of, part="status")
    assert (status, stored["status"]) == (200, {"status": "fine"})
    assert owners(stored)["b Apply status"] == {"f:status": {"f:status": {}}}


@pytest.mark.parametrize("part", ["", "status"])
async def test_nobody_owns_what_the_server_writes(part: str, server: ApiServer) -> None:
    await apply(server, "a", node("p.m.a"))
    _, stored = await apply(server, "b", {**node("p.m.a"), "status": {"status": "fine"}}, part=part)
    for fields in owners(stored).values():
        assert not fields.get("f:metadata", {}).keys() & {"f:name", "f:namespace", "f:uid", "f:generation"}
        assert not fields.keys() & {"f:kind", "f:apiVersion"}


async def test_a_list_with_keys_is_joined_item_by_item(server: ApiServer) -> None:
    uids = {name: (await server.make(config(name), "configmaps"))["metadata"]["uid"] for name in ("x", "y")}

    def owned(name: str, hold: str) -> JsonObject:
        owner = {"apiVersion": "v1", "kind": "ConfigMap", "name": name, "uid": uids[name]}
        return {**config("c"), "metadata": {"name": "c", "ownerReferences": [owner], "finalizers": [hold]}}

    await apply(server, "a", owned("x", "w.dev/one"))
    status, stored = await apply(server, "b", owned("y", "w.dev/two"))
    assert status == 200, stored
    assert [one["name"] for one in stored["metadata"]["ownerReferences"]] == ["x", "y"]
    assert stored["metadata"]["finalizers"] == ["w.dev/one", "w.dev/two"]
    assert owners(stored)["b Apply"]["f:metadata"] == {
        "f:finalizers": {'v:"w.dev/two"': {}},
        "f:ownerReferences": {f'k:{{"uid":"{uids["y"]}"}}': {}},
    }
    _, stored = await apply(server, "a", config("c"))
    assert [one["name"] for one in stored["metadata"]["ownerReferences"]] == ["y"]
    assert stored["metadata"]["finalizers"] == ["w.dev/two"]


async def test_owners_can_be_forgotten_and_all_is_somebodys_then(server: ApiServer) -> None:
    await apply(server, "a", config("c", one="1"))
    status, stored = await server.call(
        "PATCH", server.path("configmaps", "c"), None, {"metadata": {"managedFields": [{}]}}
    )
    assert (status, owners(stored)) == (200, {})
    status, answer = await apply(server, "a", config("c", one="9"))
    assert status == 409
    assert '"before-first-apply" using v1: .data.one' in answer["message"]


async def test_owners_are_rewritten_by_who_says_so(server: ApiServer) -> None:
    await apply(server, "a", config("c", one="1"))
    _, stored = await server.call("GET", server.path("configmaps", "c"))
    entry = {**stored["metadata"]["managedFields"][0], "manager": "b"}
    operation = {"op": "replace", "path": "/metadata/managedFields", "value": [entry]}
    status, stored = await server.call(
        "PATCH", server.path("configmaps", "c"), None, [operation], content_type="application/json-patch+json"
    )
    assert (status, owners(stored)) == (200, {"b Apply": {"f:data": {"f:one": {}}}})


async def test_a_strategic_patch_has_an_owner_too(server: ApiServer) -> None:
    await apply(server, "a", config("c", one="1"))
    _, stored = await server.call(
        "PATCH", server.path("configmaps", "c"), {"fieldManager": "s"}, {"data": {"two": "2"}}, content_type=STRATEGIC
    )
    assert owners(stored)["s Update"] == {"f:data": {"f:two": {}}}


async def test_an_apply_that_is_rehearsed_leaves_nothing(server: ApiServer) -> None:
    status, made = await apply(server, "a", config("c", one="1"), dryRun="All")
    assert (status, made["data"]) == (201, {"one": "1"})
    assert (await server.call("GET", server.path("configmaps", "c")))[0] == 404
    await apply(server, "a", config("c", one="1"))
    status, stored = await apply(server, "a", config("c", one="2"), dryRun="All")
    assert (status, stored["data"]) == (200, {"one": "2"})
    assert (await server.call("GET", server.path("configmaps", "c")))[1]["data"] == {"one": "1"}


@pytest.mark.parametrize(
    ("query", "body", "status"),
    [
        ({}, config("c"), 422),
        ({"fieldManager": "m" * 129}, config("c"), 422),
        ({"fieldManager": "a\tb"}, config("c"), 422),
        ({"fieldManager": "a"}, config("other"), 400),
        ({"fieldManager": "a"}, {**config("c"), "apiVersion": "v2"}, 400),
        ({"fieldManager": "a"}, {"metadata": {"name": "c"}}, 400),
        ({"fieldManager": "a"}, {**config("c"), "metadata": {"name": "c", "managedFields": []}}, 400),
        ({"fieldManager": "a"}, [], 400),
    ],
)
async def test_what_cannot_be_applied(query: dict[str, str], body: Any, status: int, server: ApiServer) -> None:
    answer = await server.call("PATCH", server.path("configmaps", "c"), query, body, content_type=APPLY)
    assert answer[0] == status, answer


async def test_what_the_kind_does_not_know_cannot_be_applied(server: ApiServer) -> None:
    body = node("p.m.a")
    body["spec"]["component"] = 7
    status, answer = await apply(server, "a", body)
    assert status == server.differs("mistake"), answer
    assert ".spec.component: expected string" in answer["message"]


async def test_a_field_that_a_built_in_kind_does_not_have_cannot_be_applied(server: ApiServer) -> None:
    status, answer = await apply(server, "a", {**config("c", one="1"), "dat": {}})
    assert status == server.differs("mistake"), answer
    assert ".dat: field not declared in schema" in answer["message"]


async def test_a_stale_version_conflicts(server: ApiServer) -> None:
    _, made = await apply(server, "a", config("c", one="1"))
    await apply(server, "a", config("c", one="2"))
    old = config("c", one="3")
    old["metadata"]["resourceVersion"] = made["metadata"]["resourceVersion"]
    assert (await apply(server, "a", old))[0] == 409


@pytest.mark.parametrize(
    ("spec", "owned"), [({}, None), ({"holderIdentity": "a"}, {"f:spec": {"f:holderIdentity": {}}})]
)
async def test_the_spec_of_a_lease_as_such_is_nobodys(
    spec: dict[str, Any], owned: dict[str, Any] | None, server: ApiServer
) -> None:
    made = await server.make({"metadata": {"name": "a"}, "spec": spec}, "leases")
    entries = made["metadata"].get("managedFields")
    assert (entries[0]["fieldsV1"] if entries else None) == owned
