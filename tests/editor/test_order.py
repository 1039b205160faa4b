"""In what order a round writes the nodes of a project."""

from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from editor.push.order import SHARE, shares, targets_first

NAMES = [f"n{number}" for number in range(30)]


@given(st.dictionaries(st.sampled_from(NAMES), st.lists(st.sampled_from(NAMES), max_size=4)))
def test_every_name_comes_once_and_behind_its_targets_unless_there_is_a_loop(wires: dict[str, list[str]]) -> None:
    ordered = targets_first(NAMES, lambda name: wires.get(name, []))
    assert sorted(ordered) == sorted(NAMES)
    place = {name: at for at, name in enumerate(ordered)}
    for source, targets in wires.items():
        for target in targets:
            if source not in reached(wires, target):
                assert place[target] < place[source]


def reached(wires: dict[str, list[str]], start: str) -> set[str]:
    found, left = {start}, [start]
    while left:
        new = set(wires.get(left.pop(), [])) - found
        found |= new
        left += new
    return found


def test_a_chain_of_thousands_is_walked_from_its_end() -> None:
    names = [f"n{number:05d}" for number in range(20_000)]
    after = dict(pairwise(names))
    ordered = targets_first(names, lambda name: [after[name]] if name in after else [])
    assert ordered == names[::-1]


@pytest.mark.parametrize("count", [0, 1, 2, SHARE, 5 * SHARE, 1_003])
def test_shares_keep_the_order_and_are_about_as_long_as_each_other(count: int) -> None:
    names = [str(number) for number in range(count)]
    found = shares(names, 16)
    assert [name for share in found for name in share] == names
    assert len(found) <= 16
    assert not found or max(map(len, found)) - min(map(len, found)) <= 1
