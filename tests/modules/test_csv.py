"""CSV."""

from __future__ import annotations

from typing import Any

import pytest

from modules.data.csv import Csv
from weirflow import JSON, Fail
from weirflow.testing import run


@pytest.mark.parametrize(
    ("settings", "text", "rows"),
    [
        ({}, "a,b\r\n1,2\r\n", [{"a": "1", "b": "2"}]),
        ({}, '\ufeffa,b\n"x, y","say ""hi""\nthere"\n', [{"a": "x, y", "b": 'say "hi"\nthere'}]),
        ({}, " a , b \n\n1,\n\n", [{"a": "1", "b": ""}]),
        ({"delimiter": ";"}, "a;b\n1,5;2", [{"a": "1,5", "b": "2"}]),
        ({"delimiter": "\\t"}, "a\tb\n1\t2", [{"a": "1", "b": "2"}]),
        ({"quote": "'"}, "a,b\n'1,2',\"", [{"a": "1,2", "b": '"'}]),
        ({"header": False}, "1,2\n3\n", [["1", "2"], ["3"]]),
        ({"header": False, "columns": ["x", "y"]}, "1,2\n", [{"x": "1", "y": "2"}]),
        ({"columns": ["x", "y"]}, "a,b\n1,2\n", [{"x": "1", "y": "2"}]),
        (
            {"header": False, "numbers": True},
            "1,-2.5,1e3,007,1_0, 1,,9999999999999999999,1e999",
            [[1, -2.5, 1000.0, "007", "1_0", " 1", "", "9999999999999999999", "1e999"]],
        ),
        ({}, "a,b\n", []),
        ({}, "", []),
    ],
)
async def test_a_text_gives_its_rows(settings: dict[str, Any], text: str, rows: JSON) -> None:
    async with run(Csv, settings=settings) as node:
        await node.send("parse", {"text": text, "context": 5})
        value = node.emitted[0].value
        assert (node.emitted[0].port, value["rows"], value["count"], value["context"]) == ("parsed", rows, len(rows), 5)


@pytest.mark.parametrize(
    ("settings", "rows", "text"),
    [
        ({}, [{"a": 1, "b": "x, y"}, {"a": None, "c": True}], 'a,b,c\r\n1,"x, y",\r\n,,true\r\n'),
        ({"lineEnd": "lf"}, [{"a": 'say "hi"'}, {"a": {"n": [1]}}], 'a\n"say ""hi"""\n"{""n"":[1]}"\n'),
        ({"columns": ["b", "a"], "lineEnd": "lf"}, [{"a": 1, "b": 2, "z": 3}], "b,a\n2,1\n"),
        ({"header": False, "lineEnd": "lf"}, [[1, 2.5], ["x", None]], "1,2.5\nx,\n"),
        ({"delimiter": ";", "quoteAll": True, "lineEnd": "lf"}, [{"a": 1}], '"a"\n"1"\n'),
        ({"escapeFormulas": True, "lineEnd": "lf"}, [{"a": "=1+1"}, {"a": -1}, {"a": "@x"}], "a\n'=1+1\n-1\n'@x\n"),
        ({}, [], ""),
        ({"columns": ["a"]}, [], "a\r\n"),
    ],
)
async def test_rows_give_their_text(settings: dict[str, Any], rows: JSON, text: str) -> None:
    async with run(Csv, settings=settings) as node:
        await node.send("write", {"rows": rows})
        assert node.emitted[0].value == {"text": text, "context": None}


@pytest.mark.parametrize(
    ("settings", "text", "code", "says"),
    [
        ({}, "a,b\n1,2\n3\n", "csv_row", "row 2 .* line 3.* has 1 cell, and there are 2 columns"),
        ({}, 'a\n"x\ny"\n1,2\n', "csv_row", "row 2 .* line 4"),
        ({}, 'a,b\n1,"2"3\n', "csv_row", "row 1 .* line 2"),
        ({}, 'a\n"never closed', "csv_row", "row 1"),
        ({}, "a,,b\n", "csv_header", "no name for column 2"),
        ({}, "a,b,a\n", "csv_header", "'a' twice"),
        ({"maxRows": 1}, "a\n1\n2\n", "too_large", "more than 1 rows"),
        ({"maxSize": 3}, "a\nü", "too_large", "larger than 3 bytes"),
    ],
)
async def test_what_cannot_be_read_is_refused_by_its_row(
    settings: dict[str, Any], text: str, code: str, says: str
) -> None:
    async with run(Csv, settings=settings) as node:
        with pytest.raises(Fail, match=says) as refused:
            await node.send("parse", {"text": text})
        assert (refused.value.code, refused.value.permanent) == (code, True)
        assert node.emitted == []


@pytest.mark.parametrize(
    ("settings", "rows", "code", "field"),
    [
        ({}, [{"a": 1}, 5], "csv_row", "/rows/1"),
        ({"columns": ["a", "b"]}, [[1]], "csv_row", "/rows/0"),
        ({"maxRows": 1}, [[1], [2]], "too_large", "/rows"),
        ({"maxSize": 4}, [{"a": "12345"}], "too_large", None),
    ],
)
async def test_what_cannot_be_written_is_refused_by_its_row(
    settings: dict[str, Any], rows: JSON, code: str, field: str | None
) -> None:
    async with run(Csv, settings=settings) as node:
        with pytest.raises(Fail) as refused:
            await node.send("write", {"rows": rows})
        assert (refused.value.code, refused.value.problem.field) == (code, field)


async def test_rows_come_back_as_they_were_written() -> None:
    rows = [{"name": 'a "b", c', "text": "two\r\nlines"}, {"name": "", "text": " x "}]
    async with run(Csv) as node:
        await node.send("write", {"rows": rows})
        await node.send("parse", {"text": node.emitted[-1].value["text"]})
        assert node.emitted[-1].value["rows"] == rows


@pytest.mark.parametrize(
    ("changed", "field"),
    [
        ({"delimiter": ""}, "/delimiter"),
        ({"delimiter": ",,"}, "/delimiter"),
        ({"delimiter": '"'}, "/delimiter"),
        ({"columns": ["a", "a"]}, "/columns"),
        ({"columns": [""]}, "/columns/0"),
        ({"delimiter": "'", "quote": "'"}, "/quote"),
    ],
)
async def test_unfit_settings_are_refused(changed: dict[str, Any], field: str) -> None:
    async with run(Csv) as node:
        problem = await node.set(**changed)
        assert problem is not None
        assert problem.field == field
