"""Functions that only give properties of the message other values: `msg.topic = "a " + msg.payload.b; return msg;`.

JavaScript is not run here. What such a function does a mapping does, too; any other stays a placeholder.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Any

from weirflow.flowfile.nodered.cleaned import Node
from weirflow.flowfile.nodered.converted import Converted, Properties, number_of, text_of
from weirflow.flowfile.nodered.message import (
    PASSED,
    Expression,
    Filled,
    Room,
    Sent,
    Unsaid,
    Worked,
    differences,
    operand,
    plain,
    written,
)
from weirflow.flowfile.nodered.typed import typed

KEPT = "its JavaScript is kept here: write it again as a Code component, or as mappings"
JOINED = "what is missing is put in as nothing, there as undefined, and objects as their JSON"
RECKONED = "only numbers are reckoned with, there also texts that look like one"
MAX_LENGTH = 4_000
_TOKEN = re.compile(
    r"\s*(?:(?P<number>\d+(?:\.\d+)?)(?![\w.])"
    r"|(?P<text>\"(?:[^\"\\\n]|\\[\"'\\nrt])*\"|'(?:[^'\\\n]|\\[\"'\\nrt])*')"
    r"|(?P<path>msg(?:\.[A-Za-z_]\w*|\[\d+\])+)|(?P<word>return|msg|true|false|null)\b|(?P<sign>[-+*/%=;])(?!=))"
)
_COMMENT = re.compile(r"(\"(?:[^\"\\\n]|\\.)*\"|'(?:[^'\\\n]|\\.)*')|//[^\n]*|/\*.*?\*/", re.DOTALL)
_ESCAPED = {"n": "\n", "r": "\r", "t": "\t"}
_WORDS = {"true": True, "false": False, "null": None}
_SET = re.compile(r"\bmsg\.([A-Za-z_]\w*)\s*=(?!=)")

#: Operands with the signs between them.
Chain = list[tuple[str, str]]


@dataclass(frozen=True, slots=True)
class _Assignment:
    name: str
    chain: Chain


def names_set(node: Node) -> list[str]:
    """Properties that a function gives values to."""
    return _SET.findall(text_of(node, "func")[:100_000])


def function(node: Node, names: Properties) -> Converted | str:
    """A transform whose mapping does what the function does."""
    if number_of(node, "outputs") > 1 or text_of(node, "initialize").strip() or text_of(node, "finalize").strip():
        return KEPT
    try:
        assignments = _read(text_of(node, "func"))
        differs: list[str] = []
        _assigned(assignments, PASSED, names, differs)
    except Unsaid:
        return KEPT
    return Converted(
        "common-v1/transform",
        {},
        lambda sent: ("in", _assigned(assignments, sent, names, [])),
        [("out", PASSED)],
        list(dict.fromkeys(differs)),
    )


def _read(text: str) -> list[_Assignment]:
    """Raises Unsaid for what does more than to assign."""
    tokens = _tokens(text)
    if tokens[-1:] == [("sign", ";")]:
        tokens.pop()
    if [word for _, word in tokens[-2:]] != ["return", "msg"]:
        raise Unsaid(KEPT)
    found, left = [], tokens[:-2]
    while left:
        if len(left) < 3 or left[0][0] != "path" or left[1] != ("sign", "="):
            raise Unsaid(KEPT)
        name = left[0][1].removeprefix("msg.")
        if not name.isidentifier():
            raise Unsaid(KEPT)
        end = 3
        while end + 1 < len(left) and left[end][0] == "sign" and left[end][1] not in ";=":
            end += 2
        found.append(_Assignment(name, left[2:end]))
        left = left[end + 1 :] if left[end : end + 1] == [("sign", ";")] else left[end:]
    return found


def _tokens(text: str) -> Chain:
    found, at = [], 0
    if len(text) > MAX_LENGTH:
        raise Unsaid(KEPT)
    text = _COMMENT.sub(lambda comment: comment[1] or " ", text).rstrip()
    while at < len(text):
        match = _TOKEN.match(text, at)
        if match is None or match.lastgroup is None:
            raise Unsaid(KEPT)
        found.append((match.lastgroup, match[match.lastgroup]))
        at = match.end()
    return found


def _assigned(assignments: list[_Assignment], sent: Sent, names: Properties, differs: list[str]) -> dict[str, Any]:
    mapping = sent.all(names)
    now, room = dict(sent.known), Room()
    for one in assignments:
        found = now[one.name] = _worked(one.chain, Sent(now, sent.rest))
        room.take(found)
        mapping[one.name] = written(found)
        differs += [f"msg.{one.name}: {told}" for told in differences(found)]
    return mapping


def _worked(chain: Chain, sent: Sent) -> Worked:
    operands, signs = chain[::2], [sign for _, sign in chain[1::2]]
    if any(kind in ("sign", "word") and text not in _WORDS for kind, text in operands):
        raise Unsaid(KEPT)
    values = [_value(kind, text, sent) for kind, text in operands]
    if not signs:
        return values[0]
    if set(signs) == {"+"} and any(kind == "text" for kind, _ in operands[:2]):
        # From the first text on all are put together.
        return Filled("".join(map(_part, values)), (JOINED,))
    if len(signs) == 1 and signs[0] in "-*/%" and all(kind in ("number", "path") for kind, _ in operands):
        one, other = map(operand, values)
        return Expression(f"{one} {signs[0]} {other}", (RECKONED,))
    raise Unsaid(KEPT)


def _value(kind: str, text: str, sent: Sent) -> Worked:
    if kind == "number":
        return typed(text, "num", sent)
    if kind == "text":
        return re.sub(r"\\(.)", lambda found: _ESCAPED.get(found[1], found[1]), text[1:-1])
    if kind == "word":
        return _WORDS[text]
    path = text.removeprefix("msg.")
    found = sent.value(path)
    if path.endswith(".length") or (found is None and path not in sent.known):
        raise Unsaid(KEPT)
    return found


def _part(value: Worked) -> str:
    if isinstance(value, Filled):
        return value.text
    if isinstance(value, str):
        return plain(value) or "{{ '' }}"
    if isinstance(value, Expression):
        return f"{{{{{value.text}}}}}"
    return plain(operand(value))
