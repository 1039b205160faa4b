"""Taking secrets out by their value: the last door, for texts that no schema and no name says anything of.

A component may put a secret into an error, a header, an address or a message. What leaves the process is looked
through for the values that the project's Secrets have, in the forms that programs give them.
"""

from __future__ import annotations

import base64
import html
import json
import re
from collections import deque
from collections.abc import Iterable, Iterator
from typing import Any
from urllib.parse import quote, quote_plus

from weirflow.errors import JSON
from weirflow.runtime.redaction import REDACTED

#: Shorter values stand in too many texts by chance: only their fields' schemas hide them.
MIN_CHARACTERS = 6
#: A line of a longer value, such as a key in PEM, is hidden by itself too.
_LINE_CHARACTERS, _MAX_LINES = 20, 100
#: Values that were replaced or deleted are still in messages and runs that are remembered: so many stay hidden.
FORMER_LIMIT = 64
#: Forms of all values of a project; the shortest values go without first.
FORM_LIMIT = 4_000
#: Characters of a secret at the end of a text that was cut that are taken for its beginning.
_BEGINNING = 3
#: Characters of each form that one pattern looks for, and bytes that it may take.
_LOOKED_FOR, _PATTERN_BYTES = 12, 64 * 1024 * 1024
_MAX_DEPTH = 40
#: What is left as it is: everything but letters and digits encoded, a path of Python's, `encodeURIComponent`,
#: `encodeURI`, and what the HTTP client sends.
_LEFT_IN_URLS = ("", "/", "!'()*", "!#$&'()*+,/:;=?@", "!#$%&'()*+,/:;=?@[]~\"<>\\^`{|}")
_NUMBER = re.compile(r"-?[0-9]+(\.[0-9]+)?")
_ESCAPED = re.compile(r"\\u[0-9a-f]{4}")


class _Forms:
    """The forms of some values, and a pattern that tells whether any of them may stand in a text."""

    __slots__ = ("_by_beginning", "_pattern", "all", "longest", "numbers")

    def __init__(self, values: Iterable[str]) -> None:
        found = {form for value in sorted(values, key=len, reverse=True) for form in _forms(value)}
        # The longest first: a secret may be a part of another.
        self.all = tuple(sorted(found, key=lambda form: (-len(form), form))[:FORM_LIMIT])
        #: Those that a message may hold as a number.
        self.numbers = frozenset(form for form in self.all if _NUMBER.fullmatch(form))
        self.longest = len(self.all[0]) if self.all else 0
        self._by_beginning: dict[str, list[str]] = {}
        for form in self.all:
            self._by_beginning.setdefault(form[:_LOOKED_FOR], []).append(form)
        self._pattern = _any_of(self._by_beginning) if self.all else None

    def hide(self, text: str) -> str:
        """``text`` without them; in one pass where there is none."""
        if self._pattern is None:
            return text
        try:
            begun = set(self._pattern.findall(text))
            if not begun:
                return text
            likely = sorted((form for one in begun for form in self._by_beginning[one]), key=len, reverse=True)
            text = _replaced(text, likely)
            if self._pattern.search(text) is None:
                return text
        except (UnicodeEncodeError, KeyError):
            # Half of a pair of characters, which no pattern can look at.
            pass
        return _replaced(text, self.all)

    def hide_end(self, text: str) -> str:
        """``text``, which was cut, without what its end has of their beginnings."""
        body = text.removesuffix("…")
        for form in self.all:
            at = body.find(form[:_BEGINNING], max(0, len(body) - len(form)))
            while at >= 0:
                if form.startswith(body[at:]):
                    return f"{body[:at]}{REDACTED}…"
                at = body.find(form[:_BEGINNING], at + 1)
        return text


class Concealer:
    """Of one project on this host: what hides the values of its Secrets. False while there are none."""

    __slots__ = ("_by_source", "_former", "_known")

    def __init__(self) -> None:
        self._by_source: dict[str, frozenset[str]] = {}
        self._former: deque[str] = deque(maxlen=FORMER_LIMIT)
        self._known: _Forms | None = None

    def __bool__(self) -> bool:
        return bool(self._forms.all)

    @property
    def _forms(self) -> _Forms:
        """Made when they are needed: at the start many Secrets are learned, one after the other."""
        if self._known is None:
            self._known = _Forms({value for of_one in self._by_source.values() for value in of_one}.union(self._former))
        return self._known

    def know(self, source: str, values: Iterable[str]) -> None:
        """These are the secrets of ``source`` now, a Secret or a node; those it had before stay hidden for long."""
        new, before = frozenset(values), self._by_source.get(source, frozenset())
        if new == before:
            return
        if new:
            self._by_source[source] = new
        else:
            self._by_source.pop(source, None)
        self._former.extend(sorted(value for value in before - new if value not in self._former))
        self._known = None

    def text(self, text: str, *, cut: bool = False) -> str:
        """``text`` without them; of one that is ``cut``, or ends with the sign of it, without their beginnings at the
        end."""
        forms = self._forms
        if not forms.all:
            return text
        text = forms.hide(text)
        return forms.hide_end(text) if cut or text.endswith("…") else text

    def beginning(self, text: str, characters: int) -> str:
        """The beginning of ``text`` without them, of about so many characters; no more of it is looked through."""
        longest = self._forms.longest
        if len(text) <= characters + longest:
            return self.text(text)
        clean = self.text(text[: characters + longest])
        # What the cut has left of a secret at the end is no form of it.
        return clean[: max(0, min(characters, len(clean) - longest))]

    def value(self, value: JSON, depth: int = 0) -> JSON:
        """A copy of ``value`` without them, also in the names of its fields."""
        if not self:
            return value
        if isinstance(value, str):
            return self.text(value)
        if depth > _MAX_DEPTH:
            return "…" if isinstance(value, dict | list) else value
        if isinstance(value, dict):
            return {self.text(str(key)): self.value(item, depth + 1) for key, item in value.items()}
        if isinstance(value, list):
            return [self.value(item, depth + 1) for item in value]
        if isinstance(value, int | float) and self._forms.numbers and str(value) in self._forms.numbers:
            return REDACTED
        return value

    def problem(self, problem: dict[str, Any] | None) -> dict[str, Any] | None:
        """A Problem as JSON, its words without them."""
        if problem is None or not self:
            return problem
        return {
            name: self.text(text) if name in ("message", "field") and isinstance(text, str) else text
            for name, text in problem.items()
        }


class Concealers:
    """Of all projects of a host."""

    def __init__(self) -> None:
        self._by_project: dict[str, Concealer] = {}

    def of(self, node: str) -> Concealer:
        """What hides the secrets of a node's project; one that hides nothing while there are none."""
        return self._by_project.get(node.split(".", 1)[0], NOTHING)

    def know(self, project: str, source: str, values: Iterable[str]) -> None:
        """See ``Concealer.know``."""
        concealer = self._by_project.get(project)
        if concealer is None:
            if not (values := frozenset(values)):
                return
            concealer = self._by_project[project] = Concealer()
        concealer.know(source, values)

    def text(self, text: str) -> str:
        """``text`` without any secret of any project: for logs, which do not always say whose they are."""
        for concealer in self._by_project.values():
            text = concealer.text(text)
        return text


NOTHING = Concealer()
"""Knows no secrets, and is never told any."""


def _any_of(beginnings: Iterable[str]) -> Any:
    """RE2, whose time does not grow with their number. Loaded with the first secret."""
    import re2

    options = re2.Options()
    options.log_errors = False
    options.max_mem = _PATTERN_BYTES
    try:
        return re2.compile("|".join(map(re2.escape, beginnings)), options)
    except (re2.error, UnicodeEncodeError):
        return _Always


class _Always:
    """In the place of a pattern that cannot be: each text is looked through for each form."""

    @staticmethod
    def findall(_text: str) -> list[str]:
        return [""]

    @staticmethod
    def search(_text: str) -> bool:
        return True


def _replaced(text: str, forms: Iterable[str]) -> str:
    for form in forms:
        if form in text:
            text = text.replace(form, REDACTED)
    return text


def _forms(value: str) -> Iterator[str]:
    """The value as it may stand in a text."""
    if len(value.strip()) < MIN_CHARACTERS:
        return
    for plain in {value, value.strip()}:
        yield plain
        yield from _in_json(plain)
        yield from _in_html(plain)
        raw = plain.encode("utf-8", "surrogatepass")
        yield from (repr(plain)[1:-1], repr(raw)[2:-1])
        for quoted in (quote_plus(raw), *(quote(raw, safe=safe) for safe in _LEFT_IN_URLS)):
            yield from (quoted, _lower_escapes(quoted))
        yield from (raw.hex(), raw.hex().upper())
        yield from _in_base64(raw)
    lines = [line for line in value.splitlines() if len(line) >= _LINE_CHARACTERS]
    if lines != [value]:
        yield from lines[:_MAX_LINES]


def _in_json(plain: str) -> Iterator[str]:
    """As a text of JSON, and as one of JSON that is itself a text of JSON."""
    for ascii_only in (True, False):
        once = json.dumps(plain, ensure_ascii=ascii_only)[1:-1]
        twice = json.dumps(once, ensure_ascii=ascii_only)[1:-1]
        yield from (once, twice, once.replace("/", "\\/"))
        yield _ESCAPED.sub(lambda found: found[0][:2] + found[0][2:].upper(), once)


def _in_html(plain: str) -> Iterator[str]:
    escaped = html.escape(plain)
    yield from (escaped, html.escape(plain, quote=False))
    yield from (escaped.replace("&#x27;", other) for other in ("&#39;", "&apos;", "'"))


def _lower_escapes(quoted: str) -> str:
    parts = quoted.split("%")
    return "%".join([parts[0], *(part[:2].lower() + part[2:] for part in parts[1:])])


def _in_base64(raw: bytes) -> Iterator[str]:
    """What base64 makes of it wherever it stands in what is encoded, as a password does in ``name:password``."""
    for before in range(3):
        encoded = base64.b64encode(bytes(before) + raw).decode("ascii")
        # Without the characters at both ends that what stands beside it has a part in.
        inner = encoded[-(-before * 8 // 6) : (before + len(raw)) * 8 // 6]
        if len(inner) >= MIN_CHARACTERS:
            yield from (inner, inner.replace("+", "-").replace("/", "_"))
