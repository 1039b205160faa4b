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


VIEWED = "/apis/events.k8s.io/v1/namespaces/default/events"


async def test_events_are_written_and_read_under_either_names(cluster: EmbeddedCluster) -> None:
    body = {
        "apiVersion": "events.k8s.io/v1", "kind": "Event", "metadata": {"name": "e"}, "note": "hi", "type": "Normal",
        "eventTime": "2024-01-01T00:00:00.000000Z", "reportingController": "x.io/c", "reportingInstance": "c-1",
        "action": "Do", "reason": "Why", "regarding": {"kind": "TinyNode", "namespace": "default", "name": "p.m.a"},
    }  # fmt: skip
    status, made = await cluster.call("POST", VIEWED, None, body)
    assert (status, made["apiVersion"], made["note"], made["deprecatedSource"]) == (201, "events.k8s.io/v1", "hi", {})
    _, core = await cluster.call("GET", f"{EVENTS}/e")
    assert (core["apiVersion"], core["message"], core["involvedObject"]["name"]) == ("v1", "hi", "p.m.a")
    assert (core["reportingComponent"], "note" in core) == ("x.io/c", False)

    series = {"series": {"count": 2, "lastObservedTime": "2024-01-01T00:01:00.000000Z"}, "note": "again"}
    for form in ("application/strategic-merge-patch+json", "application/merge-patch+json"):
        status, changed = await cluster.call("PATCH", f"{VIEWED}/e", None, series, content_type=form)
        assert (status, changed["note"], changed["series"]["count"]) == (200, "again", 2)
    ops = [{"op": "replace", "path": "/note", "value": "by path"}]
    await cluster.call("PATCH", f"{VIEWED}/e", None, ops, content_type="application/json-patch+json")
    _, page = await cluster.call("GET", VIEWED, {"fieldSelector": "regarding.name=p.m.a"})
    assert [item["note"] for item in page["items"]] == ["by path"]
    assert (page["apiVersion"], page["kind"]) == ("events.k8s.io/v1", "EventList")
    status, changed = await cluster.call("PUT", f"{VIEWED}/e", None, {**page["items"][0], "note": "whole"})
    assert (status, changed["note"]) == (200, "whole")
    assert (await cluster.call("GET", f"{EVENTS}/e"))[1]["message"] == "whole"

    await cluster.call("POST", EVENTS, None, event("core", "2999-01-01T00:00:00Z"))
    watched = cluster.watch(VIEWED, {"resourceVersion": page["metadata"]["resourceVersion"]})
    seen = [(await anext(watched))["object"] for _ in range(2)]
    assert [one["apiVersion"] for one in seen] == ["events.k8s.io/v1"] * 2
    assert seen[1]["deprecatedLastTimestamp"] == "2999-01-01T00:00:00Z"

    status, gone = await cluster.call("DELETE", VIEWED)
    assert (status, sorted(item.get("note", "") for item in gone["items"])) == (200, ["", "whole"])
    assert (await cluster.call("GET", EVENTS))[1]["items"] == []


async def test_an_event_under_the_new_names_says_more(cluster: EmbeddedCluster) -> None:
    body = {"apiVersion": "events.k8s.io/v1", "kind": "Event", "metadata": {"name": "e"}, "type": "Odd"}
    status, refused = await cluster.call("POST", VIEWED, None, body)
    assert (status, [cause["field"] for cause in refused["details"]["causes"]]) == (422, ["eventTime", "type"])
    assert (await cluster.call("POST", VIEWED, None, {**body, "apiVersion": "v1"}))[0] == 400
