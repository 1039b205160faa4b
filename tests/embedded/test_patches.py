"""Patches: the RFCs' own examples, and what must hold for any document."""

from __future__ import annotations

import copy
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from weirflow.embedded.errors import ApiError
from weirflow.embedded.patches import apply_json_patch, merge, same
from weirflow.embedded.strategic import strategic_merge

SCALARS = st.none() | st.booleans() | st.integers(-5, 5) | st.text("ab/~", max_size=3)
KEYS = st.text("ab/~01", max_size=3)
DOCUMENTS = st.recursive(
    SCALARS, lambda inner: st.lists(inner, max_size=3) | st.dictionaries(KEYS, inner, max_size=3), max_leaves=12
)
OBJECTS = st.dictionaries(KEYS, DOCUMENTS, max_size=4)

MERGES = [
    ({"a": "b"}, {"a": "c"}, {"a": "c"}),
    ({"a": "b"}, {"b": "c"}, {"a": "b", "b": "c"}),
    ({"a": "b"}, {"a": None}, {}),
    ({"a": ["b"]}, {"a": "c"}, {"a": "c"}),
    ({"a": {"b": "c"}}, {"a": {"b": "d", "c": None}}, {"a": {"b": "d"}}),
    ({"a": [{"b": "c"}]}, {"a": [1]}, {"a": [1]}),
    (["a", "b"], ["c", "d"], ["c", "d"]),
    ({"e": None}, {"a": 1}, {"e": None, "a": 1}),
    ([1, 2], {"a": "b", "c": None}, {"a": "b"}),
    ({}, {"a": {"bb": {"ccc": None}}}, {"a": {"bb": {}}}),
]
"""RFC 7386, appendix A."""

PATCHED = [
    ({"foo": "bar"}, [{"op": "add", "path": "/baz", "value": "qux"}], {"foo": "bar", "baz": "qux"}),
    ({"foo": ["bar"]}, [{"op": "add", "path": "/foo/0", "value": "qux"}], {"foo": ["qux", "bar"]}),
    ({"foo": ["bar"]}, [{"op": "add", "path": "/foo/-", "value": "qux"}], {"foo": ["bar", "qux"]}),
    ({"foo": ["a", "b"]}, [{"op": "remove", "path": "/foo/0"}], {"foo": ["b"]}),
    ({"foo": "bar"}, [{"op": "replace", "path": "/foo", "value": 1}], {"foo": 1}),
    ({"a": {"b": 1}, "c": {}}, [{"op": "move", "from": "/a/b", "path": "/c/d"}], {"a": {}, "c": {"d": 1}}),
    ({"a": [1, 2]}, [{"op": "move", "from": "/a/0", "path": "/a/1"}], {"a": [2, 1]}),
    ({"a": {"b": 1}}, [{"op": "copy", "from": "/a", "path": "/c"}], {"a": {"b": 1}, "c": {"b": 1}}),
    ({"a/b": 1, "m~n": 2}, [{"op": "test", "path": "/m~0n", "value": 2}], {"a/b": 1, "m~n": 2}),
    ({"a/b": 1}, [{"op": "remove", "path": "/a~1b"}], {}),
    ({"a": 1}, [{"op": "replace", "path": "", "value": {"b": 2}}], {"b": 2}),
    ({"a": 1}, [{"op": "replace", "path": "/b", "value": 2}], {"a": 1, "b": 2}),
    ({"a": 1}, [{"op": "test", "path": "/b", "value": None}], {"a": 1}),
]
"""RFC 6902's examples; the last two are the API's own: its library sets what is missing and tests it as null."""

REFUSED = [
    [{"op": "test", "path": "/a", "value": 2}],
    [{"op": "test", "path": "/a", "value": True}],
    [{"op": "remove", "path": "/nope"}],
    [{"op": "replace", "path": "/l/1", "value": 1}],
    [{"op": "add", "path": "/x/y", "value": 1}],
    [{"op": "add", "path": "/l/5", "value": 1}],
    [{"op": "add", "path": "/l/01", "value": 1}],
    [{"op": "add", "path": "a", "value": 1}],
    [{"op": "add", "path": "/b"}],
    [{"op": "move", "from": "/o", "path": "/o/inside"}],
    [{"op": "frob", "path": "/a"}],
    [{"op": "add", "path": "/b", "value": 1}, {"op": "remove", "path": "/nope"}],
]


@pytest.mark.parametrize(("target", "patch", "expected"), MERGES)
def test_merge_patch_examples(target: Any, patch: Any, expected: Any) -> None:
    assert merge(target, patch) == expected


@pytest.mark.parametrize(("target", "operations", "expected"), PATCHED)
def test_json_patch_examples(target: Any, operations: list[Any], expected: Any) -> None:
    assert apply_json_patch(target, operations) == expected


@pytest.mark.parametrize("operations", REFUSED)
def test_a_json_patch_that_cannot_apply_is_invalid(operations: list[Any]) -> None:
    with pytest.raises(ApiError) as caught:
        apply_json_patch({"a": 1, "l": [1], "o": {}}, operations)
    assert caught.value.status == 422
    assert f"operation {len(operations) - 1}:" in caught.value.body["details"]["causes"][0]["message"]


def difference(old: Any, new: Any) -> Any:
    """The merge patch from one object to another."""
    patch: dict[str, Any] = dict.fromkeys(old.keys() - new.keys())
    for name, value in new.items():
        if isinstance(value, dict) and isinstance(old.get(name), dict):
            patch[name] = difference(old[name], value)
        elif name not in old or not same(old[name], value):
            patch[name] = value
    return patch


def without_nulls(value: Any) -> Any:
    if isinstance(value, dict):
        return {name: without_nulls(item) for name, item in value.items() if item is not None}
    return value


@given(OBJECTS, OBJECTS)
def test_a_merge_patch_leads_from_any_object_to_any_other(old: Any, new: Any) -> None:
    old, new = without_nulls(old), without_nulls(new)
    before = copy.deepcopy(old)
    assert same(merge(old, difference(old, new)), new)
    assert same(old, before)


@given(OBJECTS, OBJECTS)
def test_a_merge_patch_applied_twice_changes_nothing_more(target: Any, patch: Any) -> None:
    once = merge(target, patch)
    assert same(merge(once, patch), once)


def pointers(value: Any, path: str = "") -> list[str]:
    found = [path] if path else []
    items = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    for name, item in items:
        found += pointers(item, f"{path}/{str(name).replace('~', '~0').replace('/', '~1')}")
    return found


@given(OBJECTS, st.data())
def test_what_is_moved_away_and_back_is_as_before(document: Any, data: st.DataObject) -> None:
    places = pointers(document)
    if not places:
        return
    place = data.draw(st.sampled_from(places))
    patched = apply_json_patch(
        copy.deepcopy(document),
        [
            {"op": "add", "path": "/kept aside", "value": 0},
            {"op": "move", "from": place, "path": "/kept aside"},
            {"op": "move", "from": "/kept aside", "path": place},
        ],
    )
    assert same(patched, document)


@given(OBJECTS, st.data())
def test_any_value_can_be_tested_and_replaced_by_itself(document: Any, data: st.DataObject) -> None:
    places = pointers(document)
    if not places:
        return
    place = data.draw(st.sampled_from(places))
    taken = apply_json_patch(copy.deepcopy(document), [{"op": "copy", "from": place, "path": "/kept aside"}])
    value = taken["kept aside"]
    operations = [{"op": "test", "path": place, "value": value}, {"op": "replace", "path": place, "value": value}]
    assert same(apply_json_patch(copy.deepcopy(document), operations), document)


def test_strategic_merge_joins_finalizers_and_owners() -> None:
    old = {"finalizers": ["a"], "ownerReferences": [{"uid": "1", "name": "x"}], "items": [1]}
    patch = {"finalizers": ["b"], "ownerReferences": [{"uid": "1", "name": "y"}, {"uid": "2"}], "items": [2]}
    assert strategic_merge(old, patch) == {
        "finalizers": ["b", "a"],
        "ownerReferences": [{"uid": "1", "name": "y"}, {"uid": "2"}],
        "items": [2],
    }
    taken = strategic_merge(
        old, {"$deleteFromPrimitiveList/finalizers": ["a"], "ownerReferences": [{"$patch": "delete", "uid": "1"}]}
    )
    assert (taken["finalizers"], taken["ownerReferences"]) == ([], [])
