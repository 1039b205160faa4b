"""Grouping."""

from __future__ import annotations

from typing import Any

import pytest

from modules.common.group_by import GroupBy
from weirflow import JSON, Fail
from weirflow.testing import run

ORDERS = [
    {"id": 1, "customer": {"city": "Berlin"}},
    {"id": 2, "customer": {"city": "Paris"}},
    {"id": 3, "customer": {"city": "Berlin"}},
]


async def test_items_are_grouped_by_a_field_of_a_field() -> None:
    async with run(GroupBy, settings={"key": "customer.city"}) as node:
        node.replies["out"] = lambda message: message["count"]
        assert await node.send("in", {"items": ORDERS, "context": "today"}) == 2
        assert node.emitted[0].value == {
            "groups": [
                {"key": "Berlin", "items": [ORDERS[0], ORDERS[2]], "count": 2},
                {"key": "Paris", "items": [ORDERS[1]], "count": 1},
            ],
            "count": 2,
            "context": "today",
        }


@pytest.mark.parametrize(
    ("values", "keys"),
    [
        ([1, "1", True, 1.0, None], [1, "1", True, None]),
        ([0, False, "", []], [0, False, "", []]),
        ([{"a": 1, "b": 2}, {"b": 2, "a": 1}, {"a": True, "b": 2}], [{"a": 1, "b": 2}, {"a": True, "b": 2}]),
        ([[1, [2]], [1, [2]], [1, 2]], [[1, [2]], [1, 2]]),
    ],
)
async def test_values_are_told_apart_as_json_does(values: list[JSON], keys: list[JSON]) -> None:
    async with run(GroupBy, settings={"key": "k"}) as node:
        await node.send("in", {"items": [{"k": value} for value in values]})
        found = [group["key"] for group in node.emitted[0].value["groups"]]
        assert [(type(key), key) for key in found] == [(type(key), key) for key in keys]


async def test_a_path_leads_into_lists() -> None:
    async with run(GroupBy, settings={"key": "tags.0"}) as node:
        await node.send("in", {"items": [{"tags": ["a"]}, {"tags": []}, {"tags": ["a", "b"]}]})
        assert [(group["key"], group["count"]) for group in node.emitted[0].value["groups"]] == [("a", 2), (None, 1)]


@pytest.mark.parametrize(("missing", "keys"), [("group", ["x", None]), ("skip", ["x"])])
async def test_items_without_the_field(missing: str, keys: list[JSON]) -> None:
    async with run(GroupBy, settings={"key": "k", "missing": missing}) as node:
        await node.send("in", {"items": [{"k": "x"}, {}, 7]})
        assert [group["key"] for group in node.emitted[0].value["groups"]] == keys


@pytest.mark.parametrize(
    ("settings", "items", "code", "field"),
    [
        ({"missing": "refuse"}, [{"key": 1}, {"no": 1}], "key_missing", "/items/1"),
        ({"maxGroups": 2}, [{"key": n} for n in range(3)], "too_many_groups", "/items"),
        ({"maxItems": 2}, [1, 2, 3], "too_many_items", "/items"),
    ],
)
async def test_what_it_refuses(settings: Any, items: list[JSON], code: str, field: str) -> None:
    async with run(GroupBy, settings=settings) as node:
        with pytest.raises(Fail) as refused:
            await node.send("in", {"items": items})
        assert (refused.value.code, refused.value.problem.field) == (code, field)
        assert refused.value.permanent


async def test_an_empty_list_has_no_groups() -> None:
    async with run(GroupBy) as node:
        await node.send("in", {"items": []})
        assert node.emitted[0].value == {"groups": [], "count": 0, "context": None}
