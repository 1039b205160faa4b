"""What each role may do; the rest is 403 in the API's form. The same rights come from code here and from RBAC there."""

from __future__ import annotations

import base64
from typing import Any

import pytest

from tests.api.servers import TINY, ApiServer, node

LEASE = {"metadata": {"name": "m-lock"}, "spec": {"holderIdentity": "a"}}
STATUS = {"status": {"status": "OK"}}


def tiny(kind: str, name: str, **spec: object) -> dict[str, Any]:
    return {"apiVersion": TINY, "kind": kind, "metadata": {"name": name}, "spec": spec}


SIGNAL = tiny("TinySignal", "s", node="p.m.a", port="_control")
HELD = {"metadata": {"name": "s"}, "stringData": {"key": "hunter2"}}
CASES: list[tuple[str, str, tuple[str, ...], dict[str, Any] | None, int | str]] = [
    ("web", "POST", ("tinynodes",), node("p.m.new"), 201),
    ("web", "PATCH", ("tinynodes", "p.m.a"), {"spec": {"component": "router"}}, 200),
    ("web", "DELETE", ("tinynodes", "p.m.a"), None, 200),
    ("web", "PATCH", ("tinynodes", "p.m.a", "status"), STATUS, "web's status write"),
    ("web", "PATCH", ("tinynodes", "p.m.restored", "status"), STATUS, 200),
    ("web", "PATCH", ("tinysignals", "s", "status"), {"status": {"error": "x"}}, 200),
    ("web", "POST", ("tinyprojects",), tiny("TinyProject", "p"), 201),
    ("web", "POST", ("tinyflows",), tiny("TinyFlow", "f"), 201),
    ("web", "GET", ("tinymodules",), None, 200),
    ("web", "GET", ("leases",), None, 200),
    ("web", "POST", ("leases",), LEASE, 403),
    ("web", "GET", ("secrets", "weirflow-link"), None, 200),
    ("web", "GET", ("secrets", "weirflow-state-keys"), None, 403),
    ("web", "GET", ("secrets", "s"), None, 403),
    ("web", "GET", ("secrets",), None, 403),
    ("web", "POST", ("secrets",), {"metadata": {"name": "t"}, "stringData": {"key": "x"}}, 201),
    ("web", "PUT", ("secrets", "s"), {"metadata": {"name": "s"}, "stringData": {"key": "x"}}, 200),
    ("web", "PATCH", ("secrets", "s"), {}, 403),
    ("web", "PATCH", ("secrets", "s"), {"metadata": {"labels": {"weirflow.io/project": "mine"}}}, 403),
    ("web", "DELETE", ("secrets", "s"), None, 200),
    ("web", "DELETE", ("secrets",), None, 403),
    ("web", "GET", ("events",), None, 200),
    ("modules", "GET", ("tinynodes",), None, 200),
    ("modules", "POST", ("tinynodes",), node("p.m.new"), 403),
    ("modules", "PATCH", ("tinynodes", "p.m.a"), {"spec": {"component": "router"}}, 403),
    ("modules", "PATCH", ("tinynodes", "p.m.a", "status"), STATUS, 200),
    ("modules", "DELETE", ("tinynodes", "p.m.a"), None, 403),
    ("modules", "DELETE", ("tinynodes",), None, 403),
    ("modules", "POST", ("tinymodules",), tiny("TinyModule", "m"), 201),
    ("modules", "DELETE", ("tinysignals", "s"), None, 200),
    ("modules", "PATCH", ("tinysignals", "s", "status"), {"status": {"error": "x"}}, 200),
    ("modules", "PATCH", ("tinysignals", "s"), {"spec": {"port": "x"}}, 403),
    ("modules", "POST", ("tinysignals",), tiny("TinySignal", "t", node="p.m.a", port="_control"), 403),
    ("modules", "POST", ("tinybatches",), tiny("TinyBatch", "b", node="p.m.a", data="e30="), 201),
    ("modules", "PATCH", ("tinybatches", "b"), {"spec": {"data": "e30="}}, 403),
    ("modules", "POST", ("leases",), LEASE, 201),
    ("modules", "GET", ("secrets", "weirflow-link"), None, 200),
    ("modules", "GET", ("configmaps",), None, 200),
    ("modules", "POST", ("configmaps",), {"metadata": {"name": "c"}}, 403),
    ("modules", "POST", ("secrets",), {"metadata": {"name": "c"}}, 403),
    ("anonymous", "GET", ("tinynodes",), None, 403),
    ("admin", "POST", ("leases",), LEASE, 201),
    ("admin", "PATCH", ("tinynodes", "p.m.a", "status"), STATUS, 200),
]


@pytest.mark.parametrize(("role", "method", "target", "body", "expected"), CASES)
async def test_roles(
    role: str,
    method: str,
    target: tuple[str, ...],
    body: dict[str, Any] | None,
    expected: int | str,
    server: ApiServer,
) -> None:
    restored = node("p.m.restored")
    restored["metadata"]["annotations"] = {"weirflow.io/restore": "{}"}
    for made in (node("p.m.a"), restored):
        await server.make(made)
    await server.make(SIGNAL, "tinysignals")
    await server.make(HELD, "secrets")
    wanted = server.differs(expected) if isinstance(expected, str) else expected
    status, answer = await server.call(method, server.path(*target), None, body, role)
    assert status == wanted, answer
    if role == "web":
        assert base64.b64encode(b"hunter2").decode() not in str(answer)
    if wanted == 403:
        assert answer["reason"] == "Forbidden"
        assert f'User "{server.user(role)}" cannot' in answer["message"]


async def test_modules_write_events(server: ApiServer) -> None:
    about = {"namespace": server.namespace, "kind": "TinyNode", "name": "p.m.a"}
    event = {"metadata": {"name": "e"}, "involvedObject": about}
    assert (await server.call("POST", server.path("events"), None, event, "modules"))[0] == 201
    again = {"count": 2}
    assert (await server.call("PATCH", server.path("events", "e"), None, again, "modules"))[0] == 200


@pytest.mark.parametrize(
    ("path", "expected"), [("/version", 200), ("/readyz", 200), ("/healthz", 200), ("/livez", 200), ("/apis", 403)]
)
async def test_what_needs_no_token(path: str, expected: int, server: ApiServer) -> None:
    assert (await server.call("GET", path, None, None, "anonymous"))[0] == expected


async def test_web_replaces_the_whole_of_a_secret_whose_value_it_does_not_see(server: ApiServer) -> None:
    await server.make(HELD, "secrets")
    other = {"metadata": {"name": "s"}, "stringData": {"other": "x"}}
    status, answer = await server.call("PUT", server.path("secrets", "s"), None, other, "web")
    assert (status, answer["data"]) == (200, {"other": "eA=="})


REVIEWED = [
    ("web", "create", "secrets", "", True),
    ("web", "get", "secrets", "", False),
    ("web", "list", "secrets", "", False),
    ("web", "watch", "secrets", "", False),
    ("web", "patch", "secrets", "", False),
    ("modules", "watch", "secrets", "", True),
    ("modules", "update", "secrets", "", False),
    ("admin", "create", "tinynodes", "", True),
    ("web", "create", "tinynodes", "", True),
    ("web", "create", "leases", "", False),
    ("modules", "create", "tinynodes", "", False),
    ("modules", "patch", "tinynodes", "status", True),
    ("modules", "update", "leases", "", True),
    ("modules", "delete", "tinysignals", "", True),
]


@pytest.mark.parametrize(("role", "verb", "plural", "part", "allowed"), REVIEWED)
async def test_a_role_can_ask_what_it_may_do(
    role: str, verb: str, plural: str, part: str, allowed: bool, server: ApiServer
) -> None:
    group = {"leases": "coordination.k8s.io", "secrets": ""}.get(plural, "operator.tinysystems.io")
    asked = {"namespace": server.namespace, "verb": verb, "group": group, "resource": plural, "subresource": part}
    path = "/apis/authorization.k8s.io/v1/selfsubjectaccessreviews"
    status, answer = await server.call("POST", path, None, {"spec": {"resourceAttributes": asked}}, role)
    assert (status, answer["status"]["allowed"]) == (201, allowed)
