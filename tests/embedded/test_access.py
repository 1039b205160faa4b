"""What each role may do; the rest is 403 in the API's form."""

from __future__ import annotations

import pytest

from tests.embedded.process import NODES, node
from weirflow.embedded import EmbeddedCluster

GROUP = "/apis/operator.tinysystems.io/v1alpha1/namespaces/default"
LEASES = "/apis/coordination.k8s.io/v1/namespaces/default/leases"
CORE = "/api/v1/namespaces/default"
LEASE = {"metadata": {"name": "m-lock"}, "spec": {"holderIdentity": "a"}}
STATUS = {"status": {"status": "OK"}}


def tiny(kind: str, name: str, **spec: object) -> dict[str, object]:
    version = "operator.tinysystems.io/v1alpha1"
    return {"apiVersion": version, "kind": kind, "metadata": {"name": name}, "spec": spec}


SIGNAL = tiny("TinySignal", "s", node="p.m.a", port="_control")
EVENT = {"metadata": {"name": "e"}, "involvedObject": {"namespace": "default", "kind": "TinyNode", "name": "p.m.a"}}
CASES = [
    ("web", "POST", NODES, node("p.m.new"), 201),
    ("web", "PATCH", f"{NODES}/p.m.a", {"spec": {"component": "router"}}, 200),
    ("web", "DELETE", f"{NODES}/p.m.a", None, 200),
    ("web", "PATCH", f"{NODES}/p.m.a/status", STATUS, 403),
    ("web", "PATCH", f"{NODES}/p.m.restored/status", STATUS, 200),
    ("web", "PATCH", f"{GROUP}/tinysignals/s/status", {"status": {"error": "x"}}, 200),
    ("web", "GET", LEASES, None, 200),
    ("web", "POST", LEASES, LEASE, 403),
    ("web", "GET", f"{CORE}/secrets/weirflow-link", None, 200),
    ("modules", "GET", NODES, None, 200),
    ("modules", "POST", NODES, node("p.m.new"), 403),
    ("modules", "PATCH", f"{NODES}/p.m.a", {"spec": {"component": "router"}}, 403),
    ("modules", "PATCH", f"{NODES}/p.m.a/status", STATUS, 200),
    ("modules", "DELETE", f"{NODES}/p.m.a", None, 403),
    ("modules", "DELETE", NODES, None, 403),
    ("modules", "POST", f"{GROUP}/tinymodules", tiny("TinyModule", "m"), 201),
    ("modules", "DELETE", f"{GROUP}/tinysignals/s", None, 200),
    ("modules", "PATCH", f"{GROUP}/tinysignals/s/status", {"status": {"error": "x"}}, 200),
    ("modules", "PATCH", f"{GROUP}/tinysignals/s", {"spec": {"port": "x"}}, 403),
    ("modules", "POST", LEASES, LEASE, 201),
    ("modules", "POST", f"{CORE}/events", EVENT, 201),
    ("modules", "GET", f"{CORE}/secrets/weirflow-link", None, 200),
    ("modules", "POST", f"{CORE}/configmaps", {"metadata": {"name": "c"}}, 403),
    ("modules", "DELETE", "/api/v1/namespaces/other", None, 403),
    ("anonymous", "GET", NODES, None, 403),
    ("anonymous", "GET", "/apis", None, 403),
    ("anonymous", "GET", "/version", None, 200),
    ("anonymous", "GET", "/readyz", None, 200),
    ("admin", "POST", LEASES, LEASE, 201),
    ("admin", "PATCH", f"{NODES}/p.m.a/status", STATUS, 200),
]


@pytest.mark.parametrize(("role", "method", "path", "body", "expected"), CASES)
async def test_roles(
    role: str, method: str, path: str, body: dict[str, object] | None, expected: int, cluster: EmbeddedCluster
) -> None:
    restored = node("p.m.restored")
    restored["metadata"]["annotations"] = {"weirflow.io/restore": "{}"}
    for made in (node("p.m.a"), restored):
        assert (await cluster.call("POST", NODES, None, made))[0] == 201
    assert (await cluster.call("POST", f"{GROUP}/tinysignals", None, SIGNAL))[0] == 201
    status, answer = await cluster.call(method, path, None, body, role)
    assert status == expected, answer
    if expected == 403:
        assert answer["reason"] == "Forbidden"
        assert f'User "{"system:anonymous" if role == "anonymous" else "weirflow:" + role}"' in answer["message"]


CRDS = "/apis/apiextensions.k8s.io/v1/customresourcedefinitions"


async def test_the_products_own_definitions_cannot_be_deleted(cluster: EmbeddedCluster) -> None:
    assert (await cluster.call("DELETE", f"{CRDS}/tinynodes.operator.tinysystems.io"))[0] == 403
    assert (await cluster.call("DELETE", CRDS))[0] == 405
    assert (await cluster.call("GET", NODES))[0] == 200


@pytest.mark.parametrize(("role", "allowed"), [("admin", True), ("web", True), ("modules", False)])
async def test_a_role_can_ask_what_it_may_do(role: str, allowed: bool, cluster: EmbeddedCluster) -> None:
    asked = {"namespace": "default", "verb": "create", "group": "operator.tinysystems.io", "resource": "tinynodes"}
    path = "/apis/authorization.k8s.io/v1/selfsubjectaccessreviews"
    status, answer = await cluster.call("POST", path, None, {"spec": {"resourceAttributes": asked}}, role)
    assert (status, answer["status"]) == (201, {"allowed": allowed})
