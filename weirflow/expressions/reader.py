"""Reading an expression's characters: blanks, symbols, names, numbers, quoted texts."""

from __future__ import annotations

import re
from typing import NoReturn

from weirflow.expressions.errors import ParseError
from weirflow.expressions.limits import DEEPEST_NESTING

_BLANKS = re.compile(r"[ \t\r\n]*")
_NUMBER = re.compile(r"(0|[1-9][0-9]*)(\.[0-9]+)?([eE][+-]?[0-9]+)?")
_WORD = re.compile(r"[^\W\d]\w*")
#: A dash with a letter after it belongs to the name: `$.user-id` is one field, `$.a-1` and `$.a - b` are not.
_FIELD = re.compile(r"\w+(?:-+[^\W\d]\w*)*")
_PLAIN = {quote: re.compile(rf"[^\\{quote}]*") for quote in "'\""}
_ESCAPES = {"b": "\b", "f": "\f", "n": "\n", "r": "\r", "t": "\t", "/": "/", "\\": "\\", "'": "'", '"': '"'}
_FOUND = re.compile(r"[^\W\d]\w*|[0-9][\w.]*")
_HEX = re.compile(r"[0-9A-Fa-f]{4}")


class Reader:
    """A place in a text. What a method does not find it leaves unread."""

    __slots__ = ("at", "nesting", "text")

    def __init__(self, text: str) -> None:
        self.text = text
        self.at = 0
        self.nesting = 0

    def skip_blanks(self) -> None:
        match = _BLANKS.match(self.text, self.at)
        assert match is not None
        self.at = match.end()

    def sees(self, symbol: str) -> bool:
        return self.text.startswith(symbol, self.at)

    def take(self, symbol: str) -> bool:
        """Read `symbol` if it is next, blanks before it included."""
        before = self.at
        self.skip_blanks()
        if self.sees(symbol):
            self.at += len(symbol)
            return True
        self.at = before
        return False

    def need(self, symbol: str, hint: str = "") -> None:
        if not self.take(symbol):
            self.skip_blanks()
            self.fail(f"a {symbol}", hint=hint)

    @property
    def next(self) -> str:
        """The next character, empty at the end."""
        return self.text[self.at : self.at + 1]

    def word(self) -> str:
        return self._match(_WORD)

    def field(self) -> str:
        """A name after a dot."""
        return self._match(_FIELD)

    def number(self) -> int | float | None:
        match = _NUMBER.match(self.text, self.at)
        if match is None:
            return None
        start, self.at = self.at, match.end()
        if re.match(r"[\w.]", self.next):
            self.at = start
            self.fail("a number", hint="numbers are written like 12, 0.5 or 1e3; texts stand in quotes")
        whole = match[2] is None and match[3] is None
        if whole and len(match[0]) <= 20 and (value := int(match[0])) < 2**64:
            return value
        number = float(match[0])
        if number == float("inf"):
            self.at = start
            self.fail("a number", hint="this one is too large")
        return number

    def quoted(self) -> str:
        """The text in quotes that starts here."""
        start = self.at
        quote = self.next
        self.at += 1
        pieces: list[str] = []
        while True:
            match = _PLAIN[quote].match(self.text, self.at)
            assert match is not None
            pieces.append(match[0])
            self.at = match.end()
            if self.next == quote:
                self.at += 1
                return "".join(pieces)
            if not self.next:
                raise ParseError(start, f"a closing {quote}", "the end", "the text in quotes that starts here is open")
            pieces.append(self._escape())

    def _escape(self) -> str:
        start = self.at
        letter = self.text[self.at + 1 : self.at + 2]
        self.at += 2
        if letter in _ESCAPES:
            return _ESCAPES[letter]
        if letter == "u" and (code := self._hex()) is not None:
            if 0xD800 <= code < 0xDC00 and self.text.startswith("\\u", self.at):
                back = self.at
                self.at += 2
                low = self._hex()
                if low is not None and 0xDC00 <= low < 0xE000:
                    return chr(0x10000 + ((code - 0xD800) << 10) + low - 0xDC00)
                self.at = back
            if not 0xD800 <= code < 0xE000:
                return chr(code)
        self.at = start
        return self.fail("an escape such as \\n, \\' or \\u00e9", hint="write \\\\ for a backslash")

    def _hex(self) -> int | None:
        match = _HEX.match(self.text, self.at)
        if match is None:
            return None
        self.at = match.end()
        return int(match[0], 16)

    def _match(self, pattern: re.Pattern[str]) -> str:
        match = pattern.match(self.text, self.at)
        if match is None:
            return ""
        self.at = match.end()
        return match[0]

    def enter(self) -> None:
        """One level deeper; raises `ParseError` past the limit. `leave` goes back."""
        self.nesting += 1
        if self.nesting > DEEPEST_NESTING:
            self.fail("less nesting", hint=f"brackets, calls and conditions go {DEEPEST_NESTING} levels deep at most")

    def leave(self) -> None:
        self.nesting -= 1

    def fail(self, expected: str, *, hint: str = "") -> NoReturn:
        """Raises `ParseError` for what stands here."""
        raise ParseError(self.at, expected, self._found(), hint)

    def _found(self) -> str:
        rest = self.text[self.at :]
        if not rest.strip():
            return "the end"
        word = _FOUND.match(rest)
        shown = word[0] if word else rest[0]
        return shown if len(shown) <= 40 else f"{shown[:40]}…"
