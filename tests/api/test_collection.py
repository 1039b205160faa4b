"""Garbage collection by owner references, on both servers."""

from typing import Any

import pytest

from tests.api.servers import ApiServer, JsonObject
from tests.waiting import eventually

SECONDS = 60.0


def reference(owner: JsonObject, *, blocks: bool = False) -> JsonObject:
    found = {
        "apiVersion": "v1",
        "kind": "ConfigMap",
        "name": owner["metadata"]["name"],
        "uid": owner["metadata"]["uid"],
    }
    return {**found, "blockOwnerDeletion": True} if blocks else found


async def make(server: ApiServer, name: str, *owners: JsonObject, **metadata: Any) -> JsonObject:
    owned = {"ownerReferences": list(owners)} if owners else {}
    return await server.make({"metadata": {"name": name, **owned, **metadata}}, "configmaps")


async def delete(server: ApiServer, name: str, policy: str = "") -> JsonObject:
    query = {"propagationPolicy": policy} if policy else None
    status, answer = await server.call("DELETE", server.path("configmaps", name), query)
    assert status == 200, answer
    return answer


async def left(server: ApiServer) -> list[str]:
    return [name for name in await server.names(None, "configmaps") if name.startswith("own")]


async def until(server: ApiServer, *names: str) -> None:
    async def so() -> bool:
        return await left(server) == list(names)

    await eventually(so, SECONDS, f"only {names} left")


async def read(server: ApiServer, name: str) -> JsonObject:
    status, found = await server.call("GET", server.path("configmaps", name))
    assert status == 200, found
    return found


async def test_what_is_owned_goes_after_its_owner(server: ApiServer) -> None:
    owner = await make(server, "own-a")
    child = await make(server, "own-b", reference(owner))
    await make(server, "own-c", reference(child))
    await make(server, "own-z")
    await delete(server, "own-a")
    await until(server, "own-z")


async def test_what_has_another_owner_stays_and_forgets_the_one_that_went(server: ApiServer) -> None:
    one, two = await make(server, "own-a"), await make(server, "own-b")
    await make(server, "own-c", reference(one), reference(two))
    await delete(server, "own-a")

    async def forgotten() -> bool:
        owners = (await read(server, "own-c"))["metadata"]["ownerReferences"]
        return [owner["name"] for owner in owners] == ["own-b"]

    await eventually(forgotten, SECONDS, "the reference to the owner that went")
    assert await left(server) == ["own-b", "own-c"]


async def test_orphans_are_let_go(server: ApiServer) -> None:
    owner = await make(server, "own-a")
    await make(server, "own-b", reference(owner))
    answer = await delete(server, "own-a", "Orphan")
    assert answer["metadata"]["finalizers"] == ["orphan"]
    await until(server, "own-b")
    assert "ownerReferences" not in (await read(server, "own-b"))["metadata"]


async def test_in_the_foreground_an_owner_waits_for_what_blocks_it(server: ApiServer) -> None:
    owner = await make(server, "own-a")
    await make(server, "own-b", reference(owner, blocks=True), finalizers=["x.io/hold"])
    await make(server, "own-c", reference(owner))
    answer = await delete(server, "own-a", "Foreground")
    assert answer["metadata"]["finalizers"] == ["foregroundDeletion"]
    await until(server, "own-a", "own-b")
    assert "deletionTimestamp" in (await read(server, "own-b"))["metadata"]
    await server.call("PATCH", server.path("configmaps", "own-b"), None, {"metadata": {"finalizers": None}})
    await until(server)


@pytest.mark.parametrize("policy", ["Background", "Orphan"])
async def test_a_deletion_can_be_asked_for_otherwise(policy: str, server: ApiServer) -> None:
    owner = await make(server, "own-a")
    await make(server, "own-b", reference(owner, blocks=True), finalizers=["x.io/hold"])
    await delete(server, "own-a", "Foreground")
    await delete(server, "own-a", policy)

    async def owner_went() -> bool:
        return "own-a" not in await left(server)

    await eventually(owner_went, SECONDS, "the end of the owner")
    await server.call("PATCH", server.path("configmaps", "own-b"), None, {"metadata": {"finalizers": None}})


async def test_an_owner_that_never_was_takes_along_what_names_it(server: ApiServer) -> None:
    made_up = {
        "apiVersion": "v1",
        "kind": "ConfigMap",
        "name": "own-none",
        "uid": "00000000-0000-0000-0000-000000000000",
    }
    await make(server, "own-a", made_up)
    await until(server)


async def test_another_object_of_the_same_name_is_not_the_owner(server: ApiServer) -> None:
    owner = await make(server, "own-a")
    await make(server, "own-b", reference(owner))
    await delete(server, "own-a", "Orphan")
    await until(server, "own-b")
    await make(server, "own-a")
    old = {"metadata": {"ownerReferences": [reference(owner)]}}
    await server.call("PATCH", server.path("configmaps", "own-b"), None, old)
    await until(server, "own-a")


async def test_a_selection_takes_along_what_it_owns(server: ApiServer) -> None:
    owner = await make(server, "own-a", labels={"a": "1"})
    await make(server, "own-b", reference(owner))
    status, _ = await server.call("DELETE", server.path("configmaps"), {"labelSelector": "a=1"})
    assert status == 200
    await until(server)


async def test_a_cluster_wide_object_cannot_belong_to_a_namespace(server: ApiServer) -> None:
    owner = await make(server, "own-a")
    name = f"{server.namespace}-owned"
    body = {"metadata": {"name": name, "ownerReferences": [reference(owner)]}}
    assert (await server.call("POST", "/api/v1/namespaces", None, body))[0] == 201
    status, _ = await server.call("DELETE", f"/api/v1/namespaces/{name}")
    assert status == 200
    assert await left(server) == ["own-a"]
