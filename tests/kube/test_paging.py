"""Whole collections, read in pages of one snapshot."""

import pytest

from tests.kube.scripted import Answer, Request, Scripted, obj
from weirflow.kube.client import list_all
from weirflow.kube.errors import Gone
from weirflow.kube.http import HttpCluster
from weirflow.kube.resources import TINY_NODE


def page(name: str, *, rv: str = "7", more: str = "") -> Answer:
    async def answer(request: Request) -> None:
        await request.page(obj(name, "1"), rv=rv, more=more)

    return answer


async def expired(request: Request) -> None:
    await request.json(
        410,
        {
            "kind": "Status",
            "code": 410,
            "reason": "Expired",
            "message": "the continue token is too old",
            "metadata": {"continue": "a token to go on with, inconsistently"},
        },
    )


async def test_a_collection_is_read_in_pages_and_never_from_version_zero() -> None:
    async def first(request: Request) -> None:
        await request.page(obj("a", "1"), rv="7", more="next")

    async def second(request: Request) -> None:
        await request.page(obj("b", "2"), rv="7")

    async with Scripted([first, second]) as server, HttpCluster(server.config) as cluster:
        objects, version = await list_all(cluster, TINY_NODE, label_selector="x=y")
    assert ([o["metadata"]["name"] for o in objects], version) == (["a", "b"], "7")
    assert [request.query for request in server.seen] == [
        {"limit": "500", "labelSelector": "x=y"},
        {"limit": "500", "labelSelector": "x=y", "continue": "next"},
    ]


async def test_a_snapshot_that_expires_between_pages_is_left_for_a_new_one() -> None:
    answers = [page("old", more="next"), expired, page("a", rv="9", more="then"), page("b", rv="9")]
    async with Scripted(answers) as server, HttpCluster(server.config) as cluster:
        objects, version = await list_all(cluster, TINY_NODE)
    assert ([o["metadata"]["name"] for o in objects], version) == (["a", "b"], "9")
    assert [request.query.get("continue") for request in server.seen] == [None, "next", None, "then"]


async def test_a_collection_whose_snapshots_always_expire_is_given_up() -> None:
    async with Scripted([page("a", more="next"), expired] * 3) as server, HttpCluster(server.config) as cluster:
        with pytest.raises(Gone):
            await list_all(cluster, TINY_NODE)
    assert len(server.seen) == 6


async def test_objects_are_slimmed_page_by_page_and_may_be_left_out() -> None:
    async with Scripted([page("a", more="next"), page("b")]) as server, HttpCluster(server.config) as cluster:
        objects, _ = await list_all(
            cluster, TINY_NODE, keep=lambda o: {"only": o["metadata"]["name"]} if o["metadata"]["name"] == "b" else None
        )
    assert objects == [{"only": "b"}]
