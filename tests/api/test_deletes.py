"""Deleting: at once, held back by finalizers, by selection, and only what was meant."""

import uuid

from tests.api.servers import ApiServer, node
from tests.waiting import eventually

NOBODY = "00000000-0000-0000-0000-000000000001"


async def is_gone(server: ApiServer, path: str) -> bool:
    return (await server.call("GET", path))[0] == 404


async def test_a_delete_says_what_is_gone(server: ApiServer) -> None:
    made = await server.make(node("p.m.a"))
    status, answer = await server.call("DELETE", server.path(name="p.m.a"))
    assert (status, answer["status"]) == (200, "Success")
    assert answer["details"] == {
        "name": "p.m.a",
        "group": "operator.tinysystems.io",
        "kind": "tinynodes",
        "uid": made["metadata"]["uid"],
    }
    assert await is_gone(server, server.path(name="p.m.a"))


async def test_a_name_can_be_used_again_by_another_incarnation(server: ApiServer) -> None:
    first = await server.make(node("p.m.a"))
    await server.call("DELETE", server.path(name="p.m.a"))
    second = await server.make(node("p.m.a"))
    assert second["metadata"]["uid"] != first["metadata"]["uid"]
    assert int(second["metadata"]["resourceVersion"]) > int(first["metadata"]["resourceVersion"])


async def test_preconditions(server: ApiServer) -> None:
    made = (await server.make(node("p.m.a")))["metadata"]
    await server.patch("p.m.a", {"spec": {"component": "router"}})
    path = server.path(name="p.m.a")
    for wrong in ({"uid": NOBODY}, {"resourceVersion": made["resourceVersion"]}):
        status, answer = await server.call("DELETE", path, None, {"preconditions": wrong})
        assert (status, answer["reason"]) == (409, "Conflict"), wrong
        assert "in the precondition" in answer["message"]
    assert (await server.call("DELETE", path, None, {"preconditions": {"uid": made["uid"]}}))[0] == 200


async def test_a_dry_run_deletes_nothing(server: ApiServer) -> None:
    await server.make(node("p.m.a"))
    for query, body in (({"dryRun": "All"}, None), (None, {"dryRun": ["All"]})):
        assert (await server.call("DELETE", server.path(name="p.m.a"), query, body))[0] == 200
    assert await server.names() == ["p.m.a"]


async def test_finalizers_hold_an_object(server: ApiServer) -> None:
    await server.make(node("p.m.a", finalizers=["x.io/hold", "x.io/other"]))
    path = server.path(name="p.m.a")
    status, held = await server.call("DELETE", path)
    metadata = held["metadata"]
    assert (status, held["kind"], metadata["generation"], metadata["deletionGracePeriodSeconds"]) == (
        200, "TinyNode", 2, 0,
    )  # fmt: skip
    assert (await server.call("DELETE", path))[1]["metadata"]["resourceVersion"] == metadata["resourceVersion"]
    changed = await server.patch("p.m.a", {"spec": {"component": "router"}, "metadata": {"deletionTimestamp": None}})
    assert changed["metadata"]["deletionTimestamp"] == metadata["deletionTimestamp"]
    added = {"metadata": {"finalizers": ["x.io/hold", "x.io/other", "x.io/new"]}}
    assert (await server.call("PATCH", path, None, added))[0] == 422
    status, answer = await server.call("POST", server.path(), None, node("p.m.a"))
    assert (status, answer["message"].startswith("object is being deleted: ")) == (409, True)
    await server.patch("p.m.a", {"metadata": {"finalizers": ["x.io/other"]}})
    assert not await is_gone(server, path)
    await server.patch("p.m.a", {"metadata": {"finalizers": None}})
    assert await is_gone(server, path)


async def test_a_client_cannot_say_that_an_object_is_being_deleted(server: ApiServer) -> None:
    await server.make(node("p.m.a", finalizers=["x.io/hold"]))
    patch = {"metadata": {"deletionTimestamp": "2024-01-01T00:00:00Z"}}
    assert (await server.call("PATCH", server.path(name="p.m.a"), None, patch))[0] == 422


async def test_a_selection_is_deleted_together(server: ApiServer) -> None:
    for name, labels in (("p.m.a", {"a": "1"}), ("p.m.b", {"a": "1"}), ("p.m.c", {"a": "2"})):
        await server.make(node(name, labels=labels))
    await server.patch("p.m.b", {"metadata": {"finalizers": ["x.io/hold"]}})
    status, answer = await server.call("DELETE", server.path(), {"labelSelector": "a=1"})
    assert status == 200
    assert sorted(item["metadata"]["name"] for item in answer["items"]) == ["p.m.a", "p.m.b"]
    assert await server.names() == ["p.m.b", "p.m.c"]
    await server.patch("p.m.b", {"metadata": {"finalizers": None}})
    assert await server.names() == ["p.m.c"]


async def test_options_that_are_none(server: ApiServer) -> None:
    await server.make(node("p.m.a"))
    path = server.path(name="p.m.a")
    assert (await server.call("DELETE", path, {"propagationPolicy": "Sideways"}))[0] == 422
    both = {"propagationPolicy": "Foreground", "orphanDependents": True}
    assert (await server.call("DELETE", path, None, both))[0] == 422


async def test_foreground_and_orphan_deletes_come_to_an_end(server: ApiServer) -> None:
    for policy in ("Foreground", "Orphan", "Background"):
        name = policy.lower()
        await server.make({"metadata": {"name": name}}, "configmaps")
        path = server.path("configmaps", name)
        assert (await server.call("DELETE", path, None, {"propagationPolicy": policy}))[0] == 200

        async def gone(path: str = path) -> bool:
            return await is_gone(server, path)

        await eventually(gone, 60.0, f"the end of a {policy} delete")


async def test_a_namespace_goes_when_its_last_object_has_gone(server: ApiServer) -> None:
    name = f"{server.namespace}-aside"
    path = f"/api/v1/namespaces/{name}"
    status, made = await server.call("POST", "/api/v1/namespaces", None, {"metadata": {"name": name}})
    assert (status, made["status"]["phase"], made["spec"]["finalizers"]) == (201, "Active", ["kubernetes"])
    inside = server.path().replace(server.namespace, name)
    for body in (node("p.m.free"), node("p.m.held", finalizers=["x.io/hold"])):
        assert (await server.call("POST", inside, None, body))[0] == 201
    status, answer = await server.call("DELETE", path)
    assert (status, answer["status"]["phase"]) == (200, "Terminating")
    status, answer = await server.call("POST", inside, None, node("p.m.late"))
    assert (status, answer["details"]["causes"][0]["reason"]) == (403, "NamespaceTerminating")

    async def only_held() -> bool:
        _, page = await server.call("GET", inside)
        return [item["metadata"]["name"] for item in page["items"]] == ["p.m.held"]

    await eventually(only_held, 60.0, "the end of what nothing holds")
    release = {"metadata": {"finalizers": None}}

    async def released() -> bool:
        # The server marks the held one for deletion in its own time; before that, a released one is only an object.
        await server.call("PATCH", f"{inside}/p.m.held", None, release)
        return await is_gone(server, path)

    await eventually(released, 90.0, "the end of the namespace")


async def test_the_namespaces_that_every_cluster_has_stay(server: ApiServer) -> None:
    assert (await server.call("DELETE", "/api/v1/namespaces/default"))[0] == 403
    assert (await server.call("DELETE", "/api/v1/namespaces"))[0] == 405


async def test_a_namespace_waits_for_who_has_to_finalize_it(server: ApiServer) -> None:
    name = f"f{uuid.uuid4().hex[:10]}"
    path, finalize = f"/api/v1/namespaces/{name}", f"/api/v1/namespaces/{name}/finalize"
    assert (await server.call("PUT", finalize, None, {"metadata": {"name": name}}))[0] == 404
    status, made = await server.call("POST", "/api/v1/namespaces", None, {"metadata": {"name": name}})
    assert (status, made["spec"]) == (201, {"finalizers": ["kubernetes"]})
    made["spec"]["finalizers"].append("x.io/hold")
    status, held = await server.call("PUT", finalize, None, made)
    assert (status, held["spec"]["finalizers"]) == (200, ["kubernetes", "x.io/hold"])
    assert (await server.call("PUT", finalize, None, made))[0] == 409, "it was read before the last change"
    assert (await server.call("PATCH", finalize, None, {"spec": {}}))[0] == 405
    assert (await server.call("PUT", path, None, {**held, "spec": {}}))[1]["spec"] == held["spec"]
    await server.call("DELETE", path)
    status, going = await server.call("GET", path)
    assert (status, going["status"]["phase"]) == (200, "Terminating")

    # Without its version: who waits beside may have written meanwhile.
    body = {"apiVersion": "v1", "kind": "Namespace", "metadata": {"name": name}, "spec": {}}
    assert (await server.call("PUT", finalize, None, body))[0] == 200

    async def gone() -> bool:
        return await is_gone(server, path)

    await eventually(gone, 60.0, "the namespace goes")
