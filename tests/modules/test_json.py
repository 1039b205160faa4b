"""JSON."""

from __future__ import annotations

from typing import Any

import pytest

from modules.data.json import Json
from weirflow import JSON, Fail
from weirflow.testing import run


@pytest.mark.parametrize(
    ("settings", "text", "value"),
    [
        ({}, '{"a": [1, 2.5, null, "ü"]}', {"a": [1, 2.5, None, "ü"]}),
        ({}, "17", 17),
        ({}, '{"a": 1, "a": 2}', {"a": 2}),
        ({"lines": True}, '{"a": 1}\r\n\n[2]\n', [{"a": 1}, [2]]),
        ({"lines": True}, "", []),
    ],
)
async def test_a_text_gives_its_value(settings: dict[str, Any], text: str, value: JSON) -> None:
    async with run(Json, settings=settings) as node:
        await node.send("parse", {"text": text, "context": {"order": 7}})
        assert [(each.port, each.value) for each in node.emitted] == [
            ("parsed", {"value": value, "context": {"order": 7}})
        ]


@pytest.mark.parametrize(
    ("settings", "value", "text"),
    [
        ({}, {"b": [1, None], "a": "ü"}, '{"b":[1,null],"a":"ü"}'),
        ({"sortKeys": True}, {"b": 1, "a": {"d": 1, "c": 2}}, '{"a":{"c":2,"d":1},"b":1}'),
        ({"indent": True}, {"a": [1]}, '{\n  "a": [\n    1\n  ]\n}'),
        ({"lines": True, "indent": True}, [{"a": 1}, 2], '{"a":1}\n2'),
        ({}, None, "null"),
        ({}, 2**70, str(2**70)),
        ({"lines": True}, [], ""),
    ],
)
async def test_a_value_gives_its_text(settings: dict[str, Any], value: JSON, text: str) -> None:
    async with run(Json, settings=settings) as node:
        await node.send("write", {"value": value})
        assert node.emitted[0].value == {"text": text, "context": None}


@pytest.mark.parametrize(
    ("settings", "text", "where"),
    [
        ({}, '{"a": 1,\n "b" 2}', "line 2, column 6"),
        ({}, "NaN", "line 1, column 1"),
        ({}, "", "line 1, column 1"),
        ({"lines": True}, '{}\n{}\n{"a"}', "line 3, column 5"),
        ({}, '"\ud800"', "character 2"),
    ],
)
async def test_what_is_no_json_is_refused_where_it_is_wrong(settings: dict[str, Any], text: str, where: str) -> None:
    async with run(Json, settings=settings) as node:
        with pytest.raises(Fail, match=where) as refused:
            await node.send("parse", {"text": text})
        problem = refused.value.problem
        assert (problem.code, problem.field, refused.value.permanent) == ("invalid_json", "/text", True)


async def test_texts_above_the_largest_size_are_refused_both_ways() -> None:
    async with run(Json, settings={"maxSize": 6}) as node:
        await node.send("parse", {"text": '"1234"'})
        for port, message in (
            ("parse", {"text": '"üü"' + " "}),
            ("parse", {"text": "1" * 7}),
            ("write", {"value": "12345"}),
        ):
            with pytest.raises(Fail) as refused:
                await node.send(port, message)
            assert refused.value.code == "too_large"


async def test_lines_are_written_from_a_list_only() -> None:
    async with run(Json, settings={"lines": True}) as node:
        with pytest.raises(Fail, match="an object") as refused:
            await node.send("write", {"value": {"a": 1}})
        assert refused.value.code == "not_a_list"


async def test_ten_megabytes_there_and_back() -> None:
    value = [{"name": f"item {n}", "n": n} for n in range(300_000)]
    async with run(Json) as node:
        node.replies["written"] = lambda message: message
        written = await node.send("write", {"value": value})
        assert len(written["text"]) > 8_000_000
        await node.send("parse", {"text": written["text"]})
        assert node.emitted[-1].value["value"] == value
