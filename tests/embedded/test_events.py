"""Events do not pile up."""

from __future__ import annotations

import pytest

from weirflow.embedded import EmbeddedCluster, removals

EVENTS = "/api/v1/namespaces/default/events"


def event(name: str, last: str) -> dict[str, object]:
    about = {"namespace": "default", "kind": "TinyNode", "name": "p.m.a"}
    return {"metadata": {"name": name}, "involvedObject": about, "lastTimestamp": last}


async def names(cluster: EmbeddedCluster) -> list[str]:
    cluster.expire_events()
    await cluster.call("POST", "/api/v1/namespaces/default/configmaps", None, {"metadata": {"generateName": "after-"}})
    _, page = await cluster.call("GET", EVENTS)
    return [item["metadata"]["name"] for item in page["items"]]


async def test_events_go_after_an_hour_without_news(cluster: EmbeddedCluster, monkeypatch: pytest.MonkeyPatch) -> None:
    await cluster.call("POST", EVENTS, None, event("old", "2024-01-01T00:00:00Z"))
    await cluster.call("POST", EVENTS, None, event("again", "2999-01-01T00:00:00Z"))
    assert await names(cluster) == ["again", "old"]
    monkeypatch.setattr(removals, "EVENT_AGE", -removals.EVENT_AGE)
    assert await names(cluster) == ["again"]


async def test_the_oldest_events_go_beyond_the_bound(cluster: EmbeddedCluster, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(removals, "MOST_EVENTS", 3)
    for number in range(5):
        await cluster.call("POST", EVENTS, None, event(f"e-{number}", "2999-01-01T00:00:00Z"))
    assert await names(cluster) == ["e-2", "e-3", "e-4"]
