"""Files made to do harm, or changed by an editor: read as what they say, or refused with the line."""

from typing import Any

import pytest

from tests.flowfile.test_reading import flow, refusals
from weirflow.flowfile import print_flow_file, read_flow_file

HEAD = "weirflow: 1\nkind: Flow\nname: A\n"


def settings(text: str) -> str:
    return f"{HEAD}nodes:\n  a:\n    component: m/c\n    settings: {text}\n"


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("a: &a [x, x]\nb: &b [*a, *a]\nc: [*b, *b]\n" + HEAD, "line 1: anchors (&a) are not read"),
        (settings("{a: 1, 'a': 2}"), "line 7: the key 'a' stands here a second time"),
        (settings("{<<: {a: 1}}"), "line 7: merges (<<) are not read"),
        (settings("{a: !!str 1}"), "line 7: tags (tag:yaml.org,2002:str) are not read"),
        (settings("{? [a] : 1}"), "line 7: a key has to be a text"),
        (settings("{n: " + "9" * 100_000 + "}"), "line 7: whole numbers have at most 64 bits"),
        (settings("{" + "k" * 2_000 + ": 1}"), "line 7: this is not YAML"),
        (HEAD + "nodes:\n\ta: {component: m/c}\n", "line 5: this is not YAML: lines are indented with blanks"),
        (HEAD + "description: " + "[" * 100_000, "line 4: lists and objects are nested deeper than 110 levels"),
        (HEAD + "\n".join(" " * at + "a:" for at in range(300)), "nested deeper than 110 levels"),
        (HEAD + 'description: "' + "x" * 4 * 1024 * 1024 + '"', "line 4 (description): this has 4,194,304 characters"),
        (HEAD + "description: a\x07b\n", "line 4: a character that no text has stands here (U+0007)"),
        (HEAD + "description: a\x00b\n", "line 4: a character that no text has stands here (U+0000)"),
        (HEAD + "description: a\ud800b\n", "line 4: a character that no text has stands here (U+D800)"),
        (HEAD + 'nodes:\n  "a\u200d": {component: m/c}\n', "line 5 (nodes.a\u200d): names have small letters"),
        (HEAD + "description: a: b\n", "line 4: this is not YAML: mapping values are not allowed"),
        ('{"weirflow": 1, "kind": "Flow", "name": "\\ud83d"}', "line 1: this is not YAML"),
        ('{"weirflow": 1, "kind": "Flow", "name": "A", "name": "B"}', "line 1: the key 'name' stands here a second"),
    ],
)
def test_what_cannot_be_is_refused_with_its_line(text: str, told: str) -> None:
    assert told in refusals(text)[0]


def test_bytes_in_another_encoding_are_refused_with_their_line() -> None:
    with pytest.raises(Exception, match="line 3: this is no text in UTF-8"):
        read_flow_file(HEAD.replace("A", "Größe").encode("latin-1"))


@pytest.mark.parametrize(
    ("said", "means"),
    [
        ("{a: no, b: on, c: Yes, d: TRUE, e: Null, f: y}",
         {"a": "no", "b": "on", "c": "Yes", "d": "TRUE", "e": "Null", "f": "y"}),
        ("{a: 2024-01-01, b: 2024-01-01T12:00:00Z, c: 12:30:45}",
         {"a": "2024-01-01", "b": "2024-01-01T12:00:00Z", "c": "12:30:45"}),
        ("{a: .inf, b: .NaN, c: 0x1F, d: 0o7, e: 1_000, f: 012, g: +1, h: '1'}",
         {"a": ".inf", "b": ".NaN", "c": "0x1F", "d": "0o7", "e": "1_000", "f": "012", "g": "+1", "h": "1"}),
        ("{a: 18446744073709551615, b: -9223372036854775808}", {"a": 2**64 - 1, "b": -(2**63)}),
        ("{1: a, true: b, null: c, '': d}", {"1": "a", "true": "b", "null": "c", "": "d"}),
        ("{'<<': {a: 1}, '*a': '&b', '!x': '%y'}", {"<<": {"a": 1}, "*a": "&b", "!x": "%y"}),
        ('{"a\\u202Eb": "\\u200b\\u2066x\\u0085", "é": "e\\u0301"}', {"a\u202eb": "\u200b\u2066x\x85", "é": "e\u0301"}),
        ("{a: \"x\\r\\ny\\tz\"}", {"a": "x\r\ny\tz"}),
    ],
)  # fmt: skip
def test_what_looks_like_something_else_is_what_it_says(said: str, means: dict[str, Any]) -> None:
    file = flow(settings(said))
    assert file.nodes["a"].settings == means
    again = print_flow_file(file)
    assert flow(again).nodes["a"].settings == means
    assert print_flow_file(read_flow_file(again)) == again


@pytest.mark.parametrize(
    "changed",
    [
        lambda text: text.replace("\n", "\r\n"),
        lambda text: text.replace("\n", "\r"),
        lambda text: "\ufeff" + text,
        lambda text: text.encode("utf-8-sig"),
        lambda text: text.encode("utf-16"),
        lambda text: "%YAML 1.1\n---\n" + text + "...\n",
        lambda text: text + ("\n" + " " * 1_000) * 1_000,
    ],
)
def test_how_an_editor_saves_it_does_not_matter(changed: Any) -> None:
    assert read_flow_file(changed(settings("{a: [1, b]}"))) == read_flow_file(settings("{a: [1, b]}"))


def test_json_may_escape_characters_in_halves() -> None:
    text = '{"weirflow": 1, "kind": "Flow", "name": "\\ud83d\\ude00 \\\\ud83d\\\\ude00 \\u00e9"}'
    assert read_flow_file(text).name == "😀 \\ud83d\\ude00 é"
