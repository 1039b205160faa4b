"""Sets of fields: what is owned survives being written and read, and merging gives what was asked."""

from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from weirflow.embedded.apply.fields import FieldSet
from weirflow.embedded.apply.shapes import METADATA, Deduced, Map, Shape
from weirflow.embedded.apply.typed import compare, every_field, field_set, merge, remove
from weirflow.embedded.patches import same

NAMES = st.sampled_from(["f:a", "f:b", 'k:{"name":"p"}', 'v:"x"', "i:0"])
SETS = st.lists(st.lists(NAMES, min_size=1, max_size=4).map(tuple), max_size=6).map(lambda paths: FieldSet.of(*paths))
VALUES = st.recursive(
    st.none() | st.booleans() | st.integers(0, 3) | st.sampled_from(["", "x", "y"]),
    lambda inner: st.dictionaries(st.sampled_from(["a", "b", "c"]), inner, max_size=3) | st.lists(inner, max_size=3),
    max_leaves=8,
)
OBJECTS = st.dictionaries(st.sampled_from(["a", "b", "c"]), VALUES, max_size=3)
SHAPE = Map(element=Deduced())


@given(SETS)
def test_a_set_comes_back_from_its_json(fields: FieldSet) -> None:
    assert FieldSet.from_json(fields.as_json()) == fields


@given(SETS, SETS)
def test_sets_follow_the_laws_of_sets(one: FieldSet, two: FieldSet) -> None:
    assert set((one | two).paths()) == set(one.paths()) | set(two.paths())
    assert set((one & two).paths()) == set(one.paths()) & set(two.paths())
    assert set((one - two).paths()) == set(one.paths()) - set(two.paths())
    assert bool(one) == bool(list(one.paths()))
    below = {path for path in one.paths() if any(path[: len(gone)] == gone for gone in two.paths())}
    assert set(one.without(two).paths()) == set(one.paths()) - below


@given(OBJECTS, OBJECTS)
def test_what_is_applied_is_there_and_the_rest_stays(live: dict[str, Any], config: dict[str, Any]) -> None:
    merged = merge(SHAPE, live, config)
    assert same(merge(SHAPE, merged, config), merged)
    assert _holds(merged, config)
    changes = compare(SHAPE, live, merged)
    assert not changes.removed or any(True for _ in changes.removed.paths())
    assert bool(changes) != same(live, merged)


@given(OBJECTS)
def test_all_of_a_new_object_is_added(value: dict[str, Any]) -> None:
    assert every_field(SHAPE, value) == compare(SHAPE, {}, value).added


@given(OBJECTS)
def test_what_owns_nothing_takes_nothing(value: dict[str, Any]) -> None:
    assert same(remove(SHAPE, value, FieldSet()), value)
    left = remove(SHAPE, value, field_set(SHAPE, value).named())
    assert not left


def test_a_list_with_keys_keeps_the_order_that_is_applied() -> None:
    shape: Shape = METADATA.fields["ownerReferences"]
    live = [{"uid": uid} for uid in "abcd"]
    applied = [{"uid": uid} for uid in "dxb"]
    assert [item["uid"] for item in merge(shape, live, applied)] == ["a", "c", "d", "x", "b"]


def _holds(value: Any, part: Any) -> bool:
    if isinstance(part, dict) and isinstance(value, dict):
        return all(name in value and _holds(value[name], item) for name, item in part.items())
    return same(value, part)
