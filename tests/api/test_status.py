"""The status is written apart from the rest, and neither touches the other."""

from tests.api.servers import JSON_PATCH, ApiServer, node


async def test_a_status_write_takes_the_status_alone(server: ApiServer) -> None:
    made = await server.make(node("p.m.a"))
    patch = {"status": {"status": "OK"}, "spec": {"component": "router"}, "metadata": {"labels": {"a": "1"}}}
    stored = await server.patch("p.m.a", patch, "status")
    assert stored["status"] == {"status": "OK"}
    assert stored["spec"] == made["spec"]
    assert "labels" not in stored["metadata"]


async def test_a_write_of_the_rest_leaves_the_status(server: ApiServer) -> None:
    await server.make(node("p.m.a"))
    await server.patch("p.m.a", {"status": {"status": "OK"}}, "status")
    stored = await server.patch("p.m.a", {"status": {"status": "other"}, "spec": {"component": "router"}})
    assert (stored["status"], stored["spec"]["component"]) == ({"status": "OK"}, "router")


async def test_a_status_is_replaced_whole_with_put(server: ApiServer) -> None:
    await server.make(node("p.m.a"))
    stored = await server.patch("p.m.a", {"status": {"status": "OK", "error": False}}, "status")
    stored["status"] = {"error": True}
    status, answer = await server.call("PUT", server.path(name="p.m.a", part="status"), None, stored)
    assert (status, answer["status"]) == (200, {"error": True})
    status, answer = await server.call("PUT", server.path(name="p.m.a", part="status"), None, stored)
    assert (status, answer["reason"]) == (409, "Conflict")


async def test_a_status_can_be_read_and_neither_made_nor_deleted(server: ApiServer) -> None:
    made = await server.make(node("p.m.a"))
    path = server.path(name="p.m.a", part="status")
    assert await server.call("GET", path) == (200, made)
    assert (await server.call("POST", path, None, made))[0] == 405
    assert (await server.call("DELETE", path))[0] == 405


async def test_fields_are_fenced_by_tests(server: ApiServer) -> None:
    await server.make(node("p.m.a"))
    path = server.path(name="p.m.a", part="status")
    await server.patch("p.m.a", {"status": {"metadata": {"state-epoch": "3", "counter-value": "7"}}}, "status")
    write = {"op": "replace", "path": "/status/metadata/counter-value", "value": "8"}
    late = [{"op": "test", "path": "/status/metadata/state-epoch", "value": "2"}, write]
    status, answer = await server.call("PATCH", path, None, late, content_type=JSON_PATCH)
    assert (status, answer["reason"]) == (422, "Invalid")
    mine = [{"op": "test", "path": "/status/metadata/state-epoch", "value": "3"}, write]
    status, stored = await server.call("PATCH", path, None, mine, content_type=JSON_PATCH)
    assert (status, stored["status"]["metadata"]["counter-value"]) == (200, "8")


async def test_empty_strings_are_values(server: ApiServer) -> None:
    await server.make(node("p.m.a"))
    stored = await server.patch("p.m.a", {"status": {"status": "", "metadata": {"k": ""}}}, "status")
    assert stored["status"] == {"status": "", "metadata": {"k": ""}}


async def test_what_the_schema_does_not_know_is_kept(server: ApiServer) -> None:
    await server.make(node("p.m.a", custom={"deep": [1, {"a": None}]}))
    stored = await server.patch("p.m.a", {"status": {"later": {"a": 1}}}, "status")
    assert (stored["status"], stored["spec"]["custom"]["deep"][0]) == ({"later": {"a": 1}}, 1)


async def test_a_status_of_the_wrong_type(server: ApiServer) -> None:
    await server.make(node("p.m.a"))
    for wrong in ({"status": 7}, {"error": "yes"}, {"metadata": {"counter-value": 5}}, {"ports": [{"position": 4}]}):
        path = server.path(name="p.m.a", part="status")
        status, answer = await server.call("PATCH", path, None, {"status": wrong})
        assert (status, answer["reason"]) == (422, "Invalid"), wrong
        assert answer["details"]["causes"][0]["field"].startswith("status."), wrong
