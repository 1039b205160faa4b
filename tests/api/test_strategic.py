"""Strategic merge patches of built-in kinds, on both servers."""

from typing import Any

import pytest

from tests.api.servers import STRATEGIC, ApiServer, JsonObject

MAPS = "configmaps"


async def patched(server: ApiServer, patch: JsonObject) -> tuple[int, JsonObject]:
    """An object with two of everything, after the patch. Owners are named `one` and `two` and stand for their uids."""
    uids = {}
    for name in ("one", "two", "three"):
        uids[name] = (await server.make({"metadata": {"name": name}}, MAPS))["metadata"]["uid"]

    def owner(name: str) -> JsonObject:
        return {"apiVersion": "v1", "kind": "ConfigMap", "name": name, "uid": uids[name]}

    metadata = {
        "name": "a",
        "labels": {"x": "1", "y": "2"},
        "finalizers": ["w.dev/a", "w.dev/b"],
        "ownerReferences": [owner("one"), owner("two")],
    }
    await server.make({"metadata": metadata, "data": {"k": "1", "l": "2"}}, MAPS)
    body = _with_owners(patch, uids)
    return await server.call("PATCH", server.path(MAPS, "a"), None, body, content_type=STRATEGIC)


def _with_owners(patch: Any, uids: dict[str, str]) -> Any:
    """`{"owner": "one"}` as the reference, `{"uid": "one"}` with the uid."""
    if isinstance(patch, list):
        return [_with_owners(item, uids) for item in patch]
    if not isinstance(patch, dict):
        return patch
    if "owner" in patch:
        return {"apiVersion": "v1", "kind": "ConfigMap", "name": patch["owner"], "uid": uids[patch["owner"]]}
    return {name: uids[item] if name == "uid" else _with_owners(item, uids) for name, item in patch.items()}


@pytest.mark.parametrize(
    ("patch", "data"),
    [
        ({"data": {"k": None, "m": "3"}}, {"l": "2", "m": "3"}),
        ({"data": {"$patch": "replace", "m": "3"}}, {"m": "3"}),
        ({"data": {"$patch": "delete"}}, None),
        ({"data": {"$retainKeys": ["k", "m"], "m": "3"}}, {"k": "1", "m": "3"}),
        ({"data": {"$deleteFromPrimitiveList/x": ["a"]}}, {"k": "1", "l": "2"}),
        ({"data": None}, None),
    ],
)
async def test_maps(patch: JsonObject, data: dict[str, str] | None, server: ApiServer) -> None:
    status, stored = await patched(server, patch)
    assert (status, stored.get("data")) == (200, data)


@pytest.mark.parametrize(
    ("patch", "finalizers"),
    [
        ({"finalizers": ["w.dev/c"]}, "cab"),
        ({"$deleteFromPrimitiveList/finalizers": ["w.dev/a"]}, "b"),
        ({"$setElementOrder/finalizers": ["w.dev/b", "w.dev/a"]}, "ba"),
        ({"$setElementOrder/finalizers": ["w.dev/b", "w.dev/c", "w.dev/a"], "finalizers": ["w.dev/c"]}, "bca"),
        ({"finalizers": None}, ""),
    ],
)
async def test_lists_of_texts(patch: JsonObject, finalizers: str, server: ApiServer) -> None:
    status, stored = await patched(server, {"metadata": patch})
    found = stored["metadata"].get("finalizers", [])
    assert (status, "".join(one.removeprefix("w.dev/") for one in found)) == (200, finalizers)


@pytest.mark.parametrize(
    ("patch", "owners"),
    [
        ([{"owner": "three"}], ["three", "one", "two"]),
        ([{"$patch": "delete", "uid": "one"}], ["two"]),
        ([{"$patch": "replace"}, {"owner": "three"}], ["three"]),
        ([{"owner": "two"}, {"$patch": "delete", "uid": "one"}], ["two"]),
    ],
)
async def test_lists_with_keys(patch: list[JsonObject], owners: list[str], server: ApiServer) -> None:
    status, stored = await patched(server, {"metadata": {"ownerReferences": patch}})
    found = sorted(one["name"] for one in stored["metadata"].get("ownerReferences", []))
    assert (status, found) == (200, sorted(owners))


@pytest.mark.parametrize(
    "patch",
    [
        {"data": {"$patch": "fly", "m": "3"}},
        {"metadata": {"$setElementOrder/finalizers": ["w.dev/a"], "finalizers": ["w.dev/c"]}},
        {"metadata": {"ownerReferences": [{"name": "n"}]}},
        {"data": {"$setElementOrder/x": ["a"]}},
        {"data": [1]},
        {"metadata": {"finalizers": "x"}},
    ],
)
async def test_what_cannot_be_merged_changes_nothing(patch: JsonObject, server: ApiServer) -> None:
    status, _ = await patched(server, patch)
    assert status in (422, server.differs("patch's mistake"))
    _, stored = await server.call("GET", server.path(MAPS, "a"))
    assert (stored["data"], stored["metadata"]["finalizers"]) == ({"k": "1", "l": "2"}, ["w.dev/a", "w.dev/b"])
