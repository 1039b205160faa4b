"""Whatever a document holds, its text says, and says the same each time."""

import random
import string

import pytest

from weirflow.flowfile import (
    FileFlow,
    FileGroup,
    FileNode,
    FileNote,
    FilePage,
    FileProject,
    FileShown,
    FileWidget,
    FileWire,
    print_flow_file,
    read_flow_file,
)
from weirflow.flowfile.scalars import block, scalar
from weirflow.flowfile.values import read_values
from weirflow.flowfile.writer import Writer

HARD = [
    "",
    " ",
    "a ",
    " a",
    "yes",
    "No",
    "null",
    "~",
    "0x1F",
    "012",
    "1e5",
    "1:30",
    "2026-01-01",
    "- a",
    "a: b",
    "a #b",
    "#",
    "{{$.a}}",
    "[[secret:a/b]]",
    "a\nb",
    "a\nb\n",
    "a\n\n",
    "\n",
    "\n\na",
    " a\nb",
    "\ta\nb",
    "a\n \nb",
    "a\r\nb",
    "a\tb",
    "'",
    '"',
    "\\",
    'it\'s "so"',
    "é\u0085\u2028\ufeff\x7f",
    "😀",
    "<<",
    "=",
    "*a",
    "&a",
    "!a",
    "%a",
    "@a",
    "`a",
    "|",
    ">",
    "? a",
    "a?",
    "a:",
    ":a",
    "...",
    "---",
    ".inf",
    ".nan",
    "-",
    "-a",
    "/visits",
    "$.a",
    "x" * 3_000,
    "key\nof lines",
    "trailing \n",
    "a  \n b",
    "\x01",
    "a\n\x01",
    "a\n" + "b" * 300,
    "true",
    "12",
    "1.5",
    "-0",
    "0 9 * * 1-5",
    "a, b",
    "a]",
]


@pytest.mark.parametrize("text", HARD, ids=repr)
def test_texts_come_back_as_they_were_wherever_they_stand(text: str) -> None:
    value = {"a": text, "list": [text, [text], {"in": text}], "deep": {"x": {text or "e": text}}, "wide": [text] * 40}
    writer = Writer()
    writer.entry("top", value, 0)
    assert read_values("\n".join(writer.lines) + "\n") == {"top": value}


def test_any_json_comes_back_as_it_was() -> None:
    chance = random.Random(9)
    for _ in range(400):
        value = some_json(chance, 4)
        writer = Writer()
        writer.entry("top", value, 0)
        writer.lines.append("next: 1")
        text = "\n".join(writer.lines) + "\n"
        back = read_values(text)
        assert back == {"top": value, "next": 1}
        assert scalar_kinds(back["top"]) == scalar_kinds(value)


def test_short_things_stand_on_one_line_and_long_texts_on_several() -> None:
    writer = Writer()
    writer.entry("settings", {"b": 1, "a": ["x", True]}, 0)
    writer.entry("code", "def f():\n    return 1\n", 0)
    assert writer.lines[0] == "settings: {a: [x, true], b: 1}"
    assert writer.lines[1:] == ["code: |", "  def f():", "      return 1"]


def test_a_text_without_lines_is_no_block() -> None:
    assert block("one", "") is None
    assert scalar("plain words") == "plain words"


def test_everything_that_a_document_has_is_in_its_text() -> None:
    project = FileProject("Shop", "All of it.\nIn two lines.", {"orders": full_flow(), "other": FileFlow("Other")})
    project.flows["other"].shown["count"] = FileShown("orders", "counter", (1, 2))
    project.flows["other"].nodes["debug"] = FileNode("common-v1", "debug")
    project.flows["other"].wires = [FileWire("count", "value", "debug", "in")]
    patch = [{"op": "remove", "path": "/properties/a"}]
    widget = FileWidget("orders", "counter", (1, 0), (2, 3), "Today", patch)
    project.pages = [FilePage("Two", "everyone", [widget]), FilePage("One")]
    text = print_flow_file(project)
    assert read_flow_file(text) == project
    assert print_flow_file(read_flow_file(text)) == text


def test_the_order_in_which_a_document_was_made_does_not_matter() -> None:
    one, other = full_flow(), full_flow()
    other.nodes = dict(reversed(other.nodes.items()))
    other.wires.reverse()
    other.notes.reverse()
    assert print_flow_file(one) == print_flow_file(other)


def test_needs_name_secrets_and_modules() -> None:
    assert "needs: {modules: [common-v1], secrets: [bank/key, slack/url]}\n" in print_flow_file(full_flow())


def full_flow() -> FileFlow:
    return FileFlow(
        "Orders",
        "What comes in.",
        {
            "counter": FileNode(
                "common-v1",
                "stateful_counter",
                (0, 0),
                "Counter",
                "Why.\n",
                "frame",
                {"url": "[[secret:slack/url]]", "n": 1.5},
                {"in": {"a-b": {"type": "object"}}},
            ),
            "debug": FileNode("common-v1", "debug", (-320, 5), ""),
            "debug-2": FileNode("common-v1", "debug", (320, 5), "Debug 2"),
        },
        {},
        [
            FileWire("counter", "value", "debug", "in", {"k": "[[secret:bank/key]]"}, 5_000, {"maxAttempts": 3}),
            FileWire("counter", "value", "debug-2", "in"),
        ],
        {
            "frame": FileGroup(
                (0, 0), (500, 300), "Frame", "blue", True, {"counter.increment": "G"}, {"counter.value": "N"}
            )
        },
        [FileNote((0, 0), (100, 100), "# Hello\n\n- a", "red", "frame"), FileNote((5, 5), (48, 48))],
        {"Normal": {"counter.increment": {"amount": 1}}},
        [{"name": "counts", "given": {"at": "counter.increment", "message": {}}}],
    )


def some_json(chance: random.Random, depth: int) -> object:
    kind = chance.randrange(9 if depth else 5)
    if kind < 2:
        letters = string.printable + "äß–😀\u2028" if chance.random() < 0.4 else string.ascii_letters + " "
        return (
            chance.choice(HARD) if chance.random() < 0.3 else "".join(chance.choices(letters, k=chance.randrange(60)))
        )
    if kind == 2:
        return chance.choice([0, -1, 2**63, 1.0, -0.5, 1e16, 1e-7, 12345678901234567])
    if kind < 5:
        return chance.choice([None, True, False])
    if kind < 7:
        return [some_json(chance, depth - 1) for _ in range(chance.randrange(6))]
    return {str(some_json(chance, 0)): some_json(chance, depth - 1) for _ in range(chance.randrange(6))}


def scalar_kinds(value: object) -> object:
    if isinstance(value, dict):
        return {key: scalar_kinds(item) for key, item in value.items()}
    return [scalar_kinds(item) for item in value] if isinstance(value, list) else type(value)
