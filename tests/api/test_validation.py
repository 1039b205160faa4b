"""Definitions: what they ask for is checked, named by field, and what they do not know at the top is dropped."""

import pytest

from tests.api.servers import ApiServer, JsonObject, node


@pytest.mark.parametrize(
    ("spec", "field"),
    [
        ({"module": None}, "spec.module"),
        ({"module": 7}, "spec.module"),
        ({"ports": {}}, "spec.ports"),
        ({"ports": [{"configuration": "e30="}]}, "spec.ports[0].port"),
        ({"ports": [{"port": "in", "configuration": 7}]}, "spec.ports[0].configuration"),
        ({"edges": [{"id": "e", "port": "out"}]}, "spec.edges[0].to"),
        ({"edges": [{"id": "e", "port": "out", "to": "a:in", "timeoutMs": 1.5}]}, "spec.edges[0].timeoutMs"),
    ],
)
async def test_a_spec_that_is_refused_says_where(spec: JsonObject, field: str, server: ApiServer) -> None:
    status, answer = await server.call("POST", server.path(), None, node("p.m.a", **spec))
    assert (status, answer["reason"]) == (422, "Invalid")
    fields = [cause["field"].replace("spec.validation.", "") for cause in answer["details"]["causes"]]
    assert field in fields, answer


async def test_a_namespace_has_a_name(server: ApiServer) -> None:
    status, answer = await server.call("POST", "/api/v1/namespaces", None, {"kind": "Namespace", "apiVersion": "v1"})
    assert (status, [cause["field"] for cause in answer["details"]["causes"]]) == (422, ["metadata.name"])


async def test_a_spec_that_is_missing_is_fine(server: ApiServer) -> None:
    body = node("p.m.a")
    del body["spec"]
    assert "spec" not in await server.make(body)


async def test_what_the_definition_does_not_know_is_dropped(server: ApiServer) -> None:
    assert "extra" not in await server.make({**node("p.m.a"), "extra": {"a": 1}})


async def test_whole_numbers_may_be_written_with_a_point(server: ApiServer) -> None:
    edge = {"id": "e", "port": "out", "to": "a:in", "timeoutMs": 2.0}
    assert (await server.make(node("p.m.a", edges=[edge])))["spec"]["edges"][0]["timeoutMs"] == 2


async def test_an_object_beyond_the_limit(server: ApiServer) -> None:
    big = node("p.m.a", ports=[{"port": "_settings", "configuration": "x" * 3_200_000}])
    status, answer = await server.call("POST", server.path(), None, big)
    assert (status, answer["reason"]) == (413, "RequestEntityTooLarge")


async def test_leases_are_checked(server: ApiServer) -> None:
    lease = {"metadata": {"name": "m-lock"}, "spec": {"holderIdentity": "a", "leaseDurationSeconds": 15}}
    times = {"acquireTime": "2024-01-01T00:00:00.000000Z", "renewTime": "2024-01-01T00:00:01.500000Z"}
    made = await server.make({**lease, "spec": {**lease["spec"], **times}}, "leases")
    assert made["spec"] == {**lease["spec"], **times}
    for wrong, expected in (
        ({"leaseDurationSeconds": 0}, 422),
        ({"leaseTransitions": -1}, 422),
        ({"renewTime": "now"}, 400),
        ({"holderIdentity": 7}, 400),
    ):
        body = {"metadata": {"name": "other"}, "spec": {**lease["spec"], **wrong}}
        assert (await server.call("POST", server.path("leases"), None, body))[0] == expected, wrong


async def test_secrets_take_text_and_give_base64(server: ApiServer) -> None:
    body = {"metadata": {"name": "s"}, "data": {"a": "YQ=="}, "stringData": {"b": "text"}}
    made = await server.make(body, "secrets")
    assert (made["data"], made["type"]) == ({"a": "YQ==", "b": "dGV4dA=="}, "Opaque")
    assert "stringData" not in made
    wrong = {"metadata": {"name": "t"}, "data": {"a": "not base64!"}}
    assert (await server.call("POST", server.path("secrets"), None, wrong))[0] == 400


async def test_what_is_immutable_stays(server: ApiServer) -> None:
    await server.make({"metadata": {"name": "c"}, "data": {"a": "1"}, "immutable": True}, "configmaps")
    path = server.path("configmaps", "c")
    assert (await server.call("PATCH", path, None, {"data": {"a": "2"}}))[0] == 422
    assert (await server.call("PATCH", path, None, {"metadata": {"labels": {"a": "2"}}}))[0] == 200


async def test_events_belong_to_the_namespace_of_their_object(server: ApiServer) -> None:
    about = {"namespace": server.namespace, "kind": "TinyNode", "name": "p.m.a"}
    body = {"metadata": {"name": "e"}, "involvedObject": about, "reason": "Started", "message": "it ticks"}
    made = await server.make({**body, "type": "Normal"}, "events")
    assert (made["involvedObject"], made["reason"], made["message"]) == (about, "Started", "it ticks")
    wrong = {**body, "metadata": {"name": "f"}, "involvedObject": {**about, "namespace": "elsewhere"}}
    assert (await server.call("POST", server.path("events"), None, wrong))[0] == 422
