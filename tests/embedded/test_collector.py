"""Garbage collection beyond what a control plane shows: after a restart, of many, and on a full disk."""

from __future__ import annotations

import asyncio
from pathlib import Path
from typing import Any

from tests.waiting import eventually
from weirflow.embedded import EmbeddedCluster

MAPS = "/api/v1/namespaces/default/configmaps"


async def make(cluster: EmbeddedCluster, name: str, *owners: dict[str, Any]) -> dict[str, Any]:
    references = [
        {"apiVersion": "v1", "kind": "ConfigMap", "name": one["metadata"]["name"], "uid": one["metadata"]["uid"]}
        for one in owners
    ]
    body = {"metadata": {"name": name, **({"ownerReferences": references} if references else {})}}
    status, made = await cluster.call("POST", MAPS, None, body)
    assert status == 201, made
    return made


async def names(cluster: EmbeddedCluster) -> list[str]:
    return [item["metadata"]["name"] for item in (await cluster.call("GET", MAPS))[1]["items"]]


async def test_what_a_crash_left_is_collected_at_the_next_start(tmp_path: Path) -> None:
    cluster = await EmbeddedCluster.open(tmp_path, collect=False)
    owner = await make(cluster, "a")
    await make(cluster, "b", owner)
    foreground = await make(cluster, "c")
    await make(cluster, "d", foreground)
    await cluster.call("DELETE", f"{MAPS}/a")
    await cluster.call("DELETE", f"{MAPS}/c", {"propagationPolicy": "Foreground"})
    assert await names(cluster) == ["b", "c", "d"]
    await cluster.close()

    cluster = await EmbeddedCluster.open(tmp_path)

    async def gone() -> bool:
        return await names(cluster) == []

    await eventually(gone, what="the end of what nobody owns")
    await cluster.close()


async def test_a_thousand_dependents_go_while_others_are_answered(tmp_path: Path) -> None:
    cluster = await EmbeddedCluster.open(tmp_path)
    owner = await make(cluster, "owner")
    await asyncio.gather(*(make(cluster, f"owned-{number:04}", owner) for number in range(1_000)))
    await cluster.call("DELETE", f"{MAPS}/owner")
    await make(cluster, "meanwhile")

    async def gone() -> bool:
        return await names(cluster) == ["meanwhile"]

    await eventually(gone, what="the end of a thousand")
    await cluster.close()


async def test_what_owns_each_other_stays(tmp_path: Path) -> None:
    cluster = await EmbeddedCluster.open(tmp_path)
    one = await make(cluster, "a")
    two = await make(cluster, "b", one)
    reference = {"apiVersion": "v1", "kind": "ConfigMap", "name": "b", "uid": two["metadata"]["uid"]}
    await cluster.call("PATCH", f"{MAPS}/a", None, {"metadata": {"ownerReferences": [reference]}})
    await make(cluster, "c")
    assert await names(cluster) == ["a", "b", "c"]
    await cluster.call("DELETE", f"{MAPS}/a")

    async def gone() -> bool:
        return await names(cluster) == ["c"]

    await eventually(gone, what="the end of both")
    await cluster.close()


async def test_deletions_that_the_disk_refuses_are_tried_again(tmp_path: Path, monkeypatch: Any) -> None:
    monkeypatch.setattr("weirflow.embedded.collector.RETRY_SECONDS", 0.05)
    cluster = await EmbeddedCluster.open(tmp_path)
    owner = await make(cluster, "a")
    for number in range(20):
        await make(cluster, f"b-{number}", owner)
    await cluster.call("DELETE", f"{MAPS}/a")
    cluster.store.limit_pages(1)  # the owner's end is stored; that of what it owned does not fit
    await asyncio.sleep(0)
    cluster.store.limit_pages(1 << 30)

    async def gone() -> bool:
        return await names(cluster) == []

    await eventually(gone, what="the end of all, once there is space")
    await cluster.close()
