"""The text template."""

from __future__ import annotations

from typing import Any

import pytest

from modules.data import template
from modules.data.text_template import TextTemplate
from weirflow import JSON, Fail
from weirflow.testing import run


async def _written(text: str, context: JSON, **settings: Any) -> str:
    async with run(TextTemplate, settings={"template": text, **settings}) as node:
        await node.send("in", {"context": context})
        (sent,) = node.emitted
        assert sent.value["context"] == context
        return str(sent.value["text"])


@pytest.mark.parametrize(
    ("text", "context", "written"),
    [
        ("no holes", None, "no holes"),
        ("{{ $.name }} is {{$.age + 1}}{{ $.gone }}", {"name": "Ann", "age": 1}, "Ann is 2"),
        ("{{ $.list }} {{ $.yes }} {{ 2.0 }}", {"list": [1, "ü"], "yes": True}, '[1,"ü"] true 2'),
        ("{{#if $.a > 1}}big{{#else}}small{{/if}}", {"a": 2}, "big"),
        ("{{#if $.a > 1}}big{{#else}}small{{/if}}", {"a": 1}, "small"),
        ("{{#if $.a}}x{{/if}}", {"a": []}, ""),
        ("{{#each $.a}}{{ $.index }}:{{ $.item }} {{/each}}", {"a": ["x", "y"]}, "0:x 1:y "),
        ("{{#each $.a}}x{{#else}}none{{/each}}", {"a": []}, "none"),
        ("{{#each $.a[*]}}{{ $.item }}{{/each}}", {"a": ["one"]}, "one"),
        (
            "{{#each $.a}}{{#each $.item.b}}{{ $.outer.outer.n }}{{ $.outer.item.c }}{{ $.item }};{{/each}}{{/each}}",
            {"n": 7, "a": [{"c": "p", "b": [1, 2]}, {"c": "q", "b": [3]}]},
            "7p1;7p2;7q3;",
        ),
        ("a\n  {{#if $.x}}  \nb\n{{/if}}\nc", {"x": 1}, "a\nb\nc"),
        ("a {{#if $.x}}b{{/if}}\nc", {"x": 1}, "a b\nc"),
        ("{{#if $.x}}b{{/if}}\nc", {"x": 1}, "b\nc"),
        ("{{ '{{#if}}' }} {{ never closed", {}, "{{#if}} {{ never closed"),
    ],
)
async def test_a_template_and_what_it_gives(text: str, context: JSON, written: str) -> None:
    assert await _written(text, context) == written


async def test_values_are_escaped_for_html_and_the_template_is_not() -> None:
    assert await _written("<p>{{ $.a }}</p>", {"a": '<b> & "c"'}, escape="html") == (
        "<p>&lt;b&gt; &amp; &quot;c&quot;</p>"
    )


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("{{ $. }}", "expected"),
        ("{{#if $.a}}", "never ended"),
        ("{{/if}}", "ends no section"),
        ("{{#each $.a}}{{/if}}", "ends no section"),
        ("{{#else}}", "in no section"),
        ("{{#if 1}}{{#else}}{{#else}}{{/if}}", "its second"),
        ("{{#each}}{{/each}}", "#each"),
        ("{{#if 1}}" * 11 + "{{/if}}" * 11, "inside each other"),
        ("{{ __import__('os') }}", "__import__"),
    ],
)
async def test_what_is_no_template_is_refused_with_the_settings(text: str, says: str) -> None:
    async with run(TextTemplate) as node:
        problem = await node.set(template=text)
        assert problem is not None
        assert problem.field == "/template"
        assert says in problem.message


async def test_an_expression_that_fails_is_named() -> None:
    async with run(TextTemplate, settings={"template": "{{ $.a + $.b }}"}) as node:
        with pytest.raises(Fail, match=r"\$\.a \+ \$\.b") as refused:
            await node.send("in", {"context": {"a": 1, "b": "x"}})
        assert (refused.value.code, refused.value.permanent) == ("template_failed", True)


async def test_a_text_has_its_length(monkeypatch: pytest.MonkeyPatch) -> None:
    for text in ("{{ $.a }}", "{{#each $.b}}xx{{/each}}"):
        with pytest.raises(Fail) as refused:
            await _written(text, {"a": "x" * 11, "b": [1] * 6}, maxLength=10)
        assert refused.value.code == "template_too_long"
    monkeypatch.setattr(template, "MOST_PASSES", 5)
    with pytest.raises(Fail) as refused:
        await _written("{{#each $.b}}{{/each}}", {"b": [1] * 6})
    assert refused.value.code == "template_too_long"
