"""JSONata as expressions of ours, where both give the same; what differs in corners is told with the result.

Its syntax and functions: https://docs.jsonata.org. What is not read here raises Unsaid: predicates, lambdas, patterns,
wildcards, objects made of lists.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass, field
from functools import lru_cache

from weirflow.expressions import MappingError, compile_mapping
from weirflow.flowfile.nodered.jsonata_functions import FUNCTIONS
from weirflow.flowfile.nodered.jsonata_made import Made
from weirflow.flowfile.nodered.message import Expression, Filled, Sent, Unsaid, Worked, operand, plain, written

MAX_LENGTH = 4_000
MAX_DEPTH = 20
WITHIN = "JSONata takes the field of each item of a list: here a path through a list finds nothing"
MISSING = "where a property is missing it fails, there it gives nothing"
UNEQUAL = "what is missing is unlike anything, there it is neither"
EQUAL = "two that are missing are equal, there they are not"
ORDER = "where a property is missing it is false, there it gives nothing"
NULL = "null is written as nothing"
_TOKEN = re.compile(
    r"\s*(?:(?P<number>\d+(?:\.\d+)?(?:[eE][-+]?\d+)?)|(?P<text>\"(?:[^\"\\]|\\.)*\"|'(?:[^'\\]|\\.)*')"
    r"|(?P<name>\$?\$?[A-Za-z_]\w*|`[^`]+`|\$\$?)|(?P<sign>!=|<=|>=|:=|~>|\.\.|\*\*|[-+*/%&=<>?:.,()\[\]{}^@#|!;]))",
    re.DOTALL,
)
_COMMENT = re.compile(r"(\"(?:[^\"\\]|\\.)*\"|'(?:[^'\\]|\\.)*')|/\*.*?\*/", re.DOTALL)
_LEGACY = re.compile(r"(^|[^a-zA-Z0-9_'\".])msg([^a-zA-Z0-9_'\"]|$)")
_ESCAPE = re.compile(r"\\(u[0-9a-fA-F]{4}|.)", re.DOTALL)
_ESCAPED = {'"': '"', "\\": "\\", "/": "/", "n": "\n", "t": "\t", "r": "\r", "b": "\b", "f": "\f"}
_BINDS = {"or": 1, "and": 2, "=": 3, "!=": 3, "<": 3, "<=": 3, ">": 3, ">=": 3, "+": 4, "-": 4, "&": 4, "*": 5, "/": 5}
_BINDS["%"] = 5
_WRITTEN = {"or": "||", "and": "&&", "=": "=="}
_WORDS = {"true": "true", "false": "false", "null": "null"}


def translated(text: str, sent: Sent) -> Worked:
    """What a mapping has for it. Raises Unsaid."""
    if len(text) > MAX_LENGTH:
        raise Unsaid("its JSONata is too long")
    reader = _Reader(_tokens(text), sent, legacy=_LEGACY.search(text) is not None)
    made = reader.whole()
    differs = tuple(dict.fromkeys(reader.differs))
    if made.parts:
        found: Filled | Expression = Filled("".join(_part(part) for part in made.parts), differs)
    else:
        found = Expression(made.text, differs)
    if why := _refused(written(found)):
        raise Unsaid(f"its JSONata cannot be worked out ({why})")
    return found


@lru_cache(maxsize=256)
def _refused(text: str) -> str:
    """Why it never can be worked out, such as a text minus a number; empty where it can. Asked for each wire."""
    try:
        compile_mapping({"it": text})
    except MappingError as error:
        return error.reason
    return ""


def _part(made: Made) -> str:
    # An empty text has its braces: a text that is one expression and nothing else would be its value.
    return plain(made.literal) if made.literal else f"{{{{{made.text}}}}}"


def _tokens(text: str) -> list[tuple[str, str]]:
    found, at, text = [], 0, _COMMENT.sub(lambda comment: comment[1] or " ", text).rstrip()
    while at < len(text):
        match = _TOKEN.match(text, at)
        if match is None or match.lastgroup is None:
            raise Unsaid(f"its JSONata has something that is not read here ({text[at : at + 20].strip()})")
        found.append((match.lastgroup, match[match.lastgroup]))
        at = match.end()
    return found


@dataclass(slots=True)
class _Reader:
    tokens: list[tuple[str, str]]
    sent: Sent
    legacy: bool
    """Where `msg` stands anywhere, paths begin with it."""
    differs: list[str] = field(default_factory=list)
    _at: int = 0
    _depth: int = 0

    def whole(self) -> Made:
        made = self._expression(0)
        if self._at < len(self.tokens):
            raise self._refusal()
        return made

    def _peek(self) -> str:
        kind, text = self.tokens[self._at] if self._at < len(self.tokens) else ("", "")
        return text if kind in ("sign", "name") else f" {kind}"

    def _take(self, *signs: str) -> bool:
        if self._peek() not in signs:
            return False
        self._at += 1
        return True

    def _need(self, sign: str) -> None:
        if not self._take(sign):
            raise self._refusal()

    def _refusal(self) -> Unsaid:
        text = self.tokens[self._at][1] if self._at < len(self.tokens) else "its end"
        return Unsaid(f"its JSONata has something that is not read here ({text[:20]})")

    def _expression(self, least: int) -> Made:
        self._depth += 1
        if self._depth > MAX_DEPTH:
            raise Unsaid("its JSONata is nested too deeply")
        left = self._operand()
        while (binds := _BINDS.get(sign := self._peek(), 0)) > least:
            self._at += 1
            left = self._joined(left, sign, self._expression(binds))
        if least == 0 and self._take("?"):
            then = self._expression(0)
            other = self._expression(0) if self._take(":") else Made("null")
            left = Made(f"{left.within()} ? {then.within()} : {other.within()}", atomic=False)
        self._depth -= 1
        return left

    def _joined(self, left: Made, sign: str, right: Made) -> Made:
        if sign == "&":
            self.differs.append(NULL)
            parts = (*(left.parts or (left,)), *(right.parts or (right,)))
            return Made("", parts=parts)
        one, other = left.within(), right.within()
        if sign in "+-*/%" and not (left.is_number and right.is_number):
            if left.literal is not None or right.literal is not None:
                raise Unsaid("its JSONata reckons with a text")
            self.differs.append(MISSING)
        if sign == "!=":
            self.differs.append(UNEQUAL)
        elif sign == "=" and left.is_path and right.is_path:
            self.differs.append(EQUAL)
        elif sign[0] in "<>":
            self.differs.append(ORDER)
        return Made(f"{one} {_WRITTEN.get(sign, sign)} {other}", atomic=False)

    def _operand(self) -> Made:
        kind, text = self.tokens[self._at] if self._at < len(self.tokens) else ("", "")
        self._at += 1
        if kind == "number":
            return Made(text, is_number=True)
        if kind == "text":
            return _literal(text)
        if kind == "name":
            return self._named(text)
        if text == "(":
            made = self._expression(0)
            self._need(")")
            return made if made.parts or made.atomic else Made(f"({made.text})")
        if text == "-":
            return Made(f"-{self._expression(5).within()}", atomic=False)
        if text == "[":
            return Made("[" + ", ".join(one.within() for one in self._items("]")) + "]")
        if text == "{":
            return self._object()
        self._at -= 1
        raise self._refusal()

    def _items(self, end: str) -> list[Made]:
        found: list[Made] = []
        while not self._take(end):
            if found:
                self._need(",")
            found.append(self._expression(0))
        return found

    def _object(self) -> Made:
        entries: list[str] = []
        while not self._take("}"):
            if entries:
                self._need(",")
            kind, text = self.tokens[self._at] if self._at < len(self.tokens) else ("", "")
            if kind != "text":
                raise self._refusal()
            self._at += 1
            self._need(":")
            entries.append(f"{_literal(text).text}: {self._expression(0).within()}")
        return Made("{" + ", ".join(entries) + "}")

    def _named(self, name: str) -> Made:
        if name in _WORDS:
            return Made(_WORDS[name])
        if name in ("$", "$$"):
            self._need(".")
            name = self._field()
        elif name[0] == "$":
            return self._called(name)
        if self.legacy:
            if name != "msg":
                raise Unsaid(f"its JSONata has a name that is none of the message ({name[:20]})")
            self._need(".")
            name = self._field()
        return self._path(name.strip("`"))

    def _field(self) -> str:
        kind, text = self.tokens[self._at] if self._at < len(self.tokens) else ("", "")
        if kind != "name" or text[0] == "$":
            raise self._refusal()
        self._at += 1
        return text

    def _path(self, first: str) -> Made:
        found = self.sent.value(first)
        if found is None and first not in self.sent.known:
            raise Unsaid(f"msg.{first} is worked out while the flow runs")
        steps: list[str] = []
        while True:
            if self._take("."):
                name = self._field().strip("`")
                steps.append(f".{name}" if name.isidentifier() and name.isascii() else f"['{_quoted(name)}']")
            elif self._take("["):
                steps.append(f"[{self._index()}]")
            else:
                break
        if not steps:
            return Made(operand(found), literal=found if isinstance(found, str) else None, is_path=True)
        if not isinstance(found, Expression) or found.text[0] != "$":
            raise Unsaid(f"msg.{first} is worked out in the same step")
        self.differs.append(WITHIN)
        return Made(found.text + "".join(steps), is_path=True, parent=found.text + "".join(steps[:-1]), last=steps[-1])

    def _index(self) -> str:
        minus = "-" if self._take("-") else ""
        kind, text = self.tokens[self._at] if self._at < len(self.tokens) else ("", "")
        if kind != "number" or not text.isdecimal():
            raise self._refusal()
        self._at += 1
        self._need("]")
        return minus + text

    def _called(self, name: str) -> Made:
        function = FUNCTIONS.get(name)
        if function is None:
            if name in ("$flowContext", "$globalContext"):
                raise Unsaid("its JSONata reads a context: a Key-Value node can keep it")
            raise Unsaid(f"the function {name} of its JSONata has no counterpart")
        self._need("(")
        return _call(name, function, self._items(")"), self.differs)


def _call(name: str, function: Callable[..., tuple[Made, str]], given: list[Made], differs: list[str]) -> Made:
    try:
        made, told = function(*given)
    except TypeError:
        raise Unsaid(f"the function {name} of its JSONata is given something else here") from None
    if told:
        differs.append(told)
    return made


def _literal(token: str) -> Made:
    def escaped(found: re.Match[str]) -> str:
        said = found[1]
        if len(said) == 1 and said not in _ESCAPED:
            raise Unsaid(f"its JSONata has an escape that is none (\\{said})")
        return _ESCAPED[said] if len(said) == 1 else chr(int(said[1:], 16))

    text = _ESCAPE.sub(escaped, token[1:-1])
    if any(letter == "\0" or "\ud800" <= letter <= "\udfff" for letter in text):
        raise Unsaid("its JSONata has half a character in a text")
    return Made(operand(text), literal=text)


def _quoted(name: str) -> str:
    return name.replace("\\", "\\\\").replace("'", "\\'")
