"""Watches: order, selection, bookmarks, and readers that do not keep up."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import aclosing
from typing import Any

import orjson
import pytest

from tests.embedded.process import NODES, node
from weirflow.embedded import EmbeddedCluster, hub, watching
from weirflow.embedded.errors import ApiError
from weirflow.embedded.hub import Hub, Watcher
from weirflow.embedded.records import Change, Record
from weirflow.embedded.selectors import Selector

Events = AsyncIterator[dict[str, Any]]


async def following(stream: Events) -> dict[str, Any]:
    return await asyncio.wait_for(anext(stream), 30)


async def test_a_version_older_than_the_tail_is_expired(
    cluster: EmbeddedCluster, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(hub, "TAIL_CHANGES", 5)
    _, first = await cluster.call("POST", NODES, None, node("p.m.first"))
    for number in range(10):
        await cluster.call("POST", NODES, None, node(f"p.m.n-{number}"))
    old = {"resourceVersion": first["metadata"]["resourceVersion"]}
    events = [event async for event in cluster.watch(NODES, old)]
    assert [event["object"]["reason"] for event in events] == ["Expired"]
    status, answer = await cluster.call("GET", NODES, {**old, "resourceVersionMatch": "Exact"})
    assert (status, answer["reason"]) == (410, "Expired")


async def test_a_chain_of_pages_expires_with_the_tail(
    cluster: EmbeddedCluster, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(hub, "TAIL_CHANGES", 2)
    for number in range(4):
        await cluster.call("POST", NODES, None, node(f"p.m.n-{number}"))
    _, page = await cluster.call("GET", NODES, {"limit": "2"})
    for number in range(4, 9):
        await cluster.call("POST", NODES, None, node(f"p.m.n-{number}"))
    status, answer = await cluster.call("GET", NODES, {"continue": page["metadata"]["continue"]})
    assert (status, answer["reason"]) == (410, "Expired")
    _, rest = await cluster.call("GET", NODES, {"continue": answer["metadata"]["continue"]})
    assert [item["metadata"]["name"] for item in rest["items"]] == [f"p.m.n-{number}" for number in range(2, 9)]


async def test_bookmarks_carry_the_newest_version(cluster: EmbeddedCluster, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(watching, "BOOKMARK_SECONDS", 0.01)
    stream = cluster.watch(NODES, {"allowWatchBookmarks": "true"})
    mark = await following(stream)
    assert mark["type"] == "BOOKMARK"
    assert mark["object"]["kind"] == "TinyNode"
    assert mark["object"]["metadata"] == {"resourceVersion": str(cluster.store.version)}


async def test_closing_the_cluster_ends_its_watches(cluster: EmbeddedCluster) -> None:
    stream = cluster.watch(NODES)
    waiting = asyncio.create_task(anext(stream, None))
    await asyncio.sleep(0)
    await cluster.close()
    assert await asyncio.wait_for(waiting, 20) is None


async def test_a_bad_selector_is_an_error_before_the_watch(cluster: EmbeddedCluster) -> None:
    with pytest.raises(ApiError, match="unable to parse"):
        await following(cluster.watch(NODES, {"labelSelector": "!!"}))


def change(version: int, size: int = 10) -> Change:
    raw = orjson.dumps({"metadata": {"name": "n"}, "pad": "x" * size})
    return Change(version, None, Record("things", "default", f"n-{version}", version, raw))


@pytest.mark.parametrize(("bound", "value"), [("QUEUE_EVENTS", 5), ("QUEUE_BYTES", 200)])
def test_a_reader_that_does_not_keep_up_is_cut_with_410(
    bound: str, value: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(hub, bound, value)
    followed = Hub(0, 0)
    woken: list[bool] = []
    slow = Watcher("things", Selector(), None, lambda: woken.append(True))
    quick_lines: list[bytes] = []
    quick = Watcher("things", Selector(), None, lambda: quick_lines.extend(quick.take()))
    followed.add(slow, None, 0)
    followed.add(quick, None, 0)
    for version in range(1, 21):
        followed.publish([change(version)])
    assert len(quick_lines) == 20
    assert slow.cut
    (last,) = [orjson.loads(text) for text in slow.take()]
    assert (last["type"], last["object"]["code"]) == ("ERROR", 410)


def test_the_state_to_start_from_does_not_count_as_falling_behind(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(hub, "QUEUE_EVENTS", 3)
    followed = Hub(0, 0)
    reader = Watcher("things", Selector(), None, lambda: None)
    existing = [record for version in range(10) if (record := change(version).new)]
    followed.add(reader, existing, 0)
    followed.publish([change(11)])
    assert not reader.cut
    assert len(reader.take()) == 11


def test_the_tail_is_bounded_by_bytes(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(hub, "TAIL_BYTES", 1_000)
    followed = Hub(0, 0)
    for version in range(1, 101):
        followed.publish([change(version, 100)])
    kept = list(followed.after(followed.oldest, "things"))
    assert 0 < sum(step.change.size for step in kept) <= 1_000
    assert followed.oldest == 100 - len(kept)


async def test_the_state_at_the_start_ends_with_a_bookmark(cluster: EmbeddedCluster) -> None:
    """As informers ask since Kubernetes 1.32. A real server gives it up with an etcd as old as Debian's."""
    await cluster.call("POST", NODES, None, node("p.m.a"))
    whole = {"sendInitialEvents": "true", "resourceVersionMatch": "NotOlderThan", "allowWatchBookmarks": "true"}
    async with aclosing(cluster.watch(NODES, whole)) as stream:
        first, end = [await asyncio.wait_for(anext(stream), 40) for _ in range(2)]
        assert (first["type"], first["object"]["metadata"]["name"]) == ("ADDED", "p.m.a")
        assert end["object"]["metadata"]["annotations"] == {"k8s.io/initial-events-end": "true"}
        assert int(end["object"]["metadata"]["resourceVersion"]) >= int(first["object"]["metadata"]["resourceVersion"])
        _, later = await cluster.call("POST", NODES, None, node("p.m.b"))
        assert await asyncio.wait_for(anext(stream), 40) == {"type": "ADDED", "object": later}
