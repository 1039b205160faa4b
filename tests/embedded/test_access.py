"""What even the administrator may not do here."""

from __future__ import annotations

from tests.embedded.process import NODES
from weirflow.embedded import EmbeddedCluster

CRDS = "/apis/apiextensions.k8s.io/v1/customresourcedefinitions"


async def test_the_products_own_definitions_cannot_be_deleted(cluster: EmbeddedCluster) -> None:
    assert (await cluster.call("DELETE", f"{CRDS}/tinynodes.operator.tinysystems.io"))[0] == 403
    assert (await cluster.call("DELETE", CRDS))[0] == 405
    assert (await cluster.call("GET", NODES))[0] == 200


async def test_who_has_no_token_sees_no_other_path(cluster: EmbeddedCluster) -> None:
    for method, path in (("GET", "/apis"), ("GET", "/metrics"), ("DELETE", "/api/v1/namespaces/other")):
        assert (await cluster.call(method, path, role="anonymous"))[0] == 403
