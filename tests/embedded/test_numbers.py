"""Numbers that no integer field of a resource can hold are refused, not stored."""

from __future__ import annotations

import pytest

from tests.embedded.process import NODES, node
from weirflow.embedded import EmbeddedCluster


@pytest.mark.parametrize(("number", "status"), [(1e300, 422), (-1e300, 422), (2.0**63, 422), (1.5, 422), (2.0, 201)])
async def test_an_integer_has_64_bits_however_it_is_written(
    cluster: EmbeddedCluster, number: float, status: int
) -> None:
    edge = {"id": "e", "port": "out", "to": "a:in", "timeoutMs": number}
    answered, body = await cluster.call("POST", NODES, None, node("p.m.a", edges=[edge]))
    assert answered == status, body
    if status == 422:
        assert "timeoutMs" in body["message"]
