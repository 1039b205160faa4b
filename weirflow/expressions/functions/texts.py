"""Texts: counted in characters, never in bytes."""

from __future__ import annotations

import base64
import binascii

from weirflow.errors import JSON
from weirflow.expressions.functions.signature import ANY, BOOLEAN, LIST, NUMBER, TEXT, Function, Parameter
from weirflow.expressions.limits import Refusal, Work, spend, spend_text
from weirflow.expressions.numbers import whole
from weirflow.expressions.values import described, shown


def upper(text: str, work: Work) -> str:
    spend_text(work, len(text))
    return text.upper()


def lower(text: str, work: Work) -> str:
    spend_text(work, len(text))
    return text.lower()


def trim(text: str, work: Work) -> str:
    spend_text(work, len(text))
    return text.strip()


def reverse(text: str, work: Work) -> str:
    spend_text(work, len(text))
    return text[::-1]


def split(text: str, separator: str, work: Work) -> list[str]:
    spend_text(work, len(text))
    parts = text.count(separator) if separator else len(text)
    spend(work, parts)
    return text.split(separator) if separator else list(text)


def join(items: list[JSON], separator: str, work: Work) -> str:
    spend(work, len(items))
    length = len(separator) * len(items)
    for index, item in enumerate(items):
        if not isinstance(item, str):
            raise Refusal(f"join needs a list of texts, item {index} is {described(item)}")
        length += len(item)
    spend_text(work, length)
    return separator.join(items)


def contains(text: str, part: str, work: Work) -> bool:
    spend_text(work, len(text))
    return part in text


def hasprefix(text: str, prefix: str) -> bool:
    return text.startswith(prefix)


def hassuffix(text: str, suffix: str) -> bool:
    return text.endswith(suffix)


def replace(text: str, old: str, new: str, work: Work) -> str:
    spend_text(work, len(text))
    times = text.count(old)
    spend(work, times)
    spend_text(work, len(text) + times * (len(new) - len(old)))
    return text.replace(old, new)


def substr(text: str, start: JSON, *rest: JSON) -> str:
    *length, work = rest
    first = whole("substr", start)
    first = max(first + len(text), 0) if first < 0 else first
    count = whole("substr", length[0]) if length else len(text)
    if count < 0:
        raise Refusal("substr needs a length of 0 or more")
    part = text[first : first + count]
    spend_text(work, len(part))
    return part


def index(text: str, part: str, work: Work) -> int:
    spend_text(work, len(text))
    return text.find(part)


def string(value: JSON, work: Work) -> str:
    if value is None or isinstance(value, list):
        return "unknown"
    return shown(value, work)


def b64encode(text: str, work: Work) -> str:
    spend_text(work, 2 * len(text))
    try:
        return base64.b64encode(text.encode()).decode()
    except UnicodeEncodeError as error:
        raise Refusal("b64encode needs a text of whole characters; this one has half of a pair") from error


def b64encoden(text: str, work: Work) -> str:
    return b64encode(text, work).rstrip("=")


def b64decode(text: str, work: Work) -> str:
    spend_text(work, len(text))
    bare = text.rstrip("=")
    try:
        return base64.b64decode(bare + "=" * (-len(bare) % 4), validate=True).decode()
    except (binascii.Error, ValueError) as error:
        raise Refusal("b64decode needs the base64 of a UTF-8 text") from error


def _text(name: str) -> Parameter:
    return Parameter(name, TEXT)


_NULLABLE = Parameter("text", TEXT, nullable=True)
_START = (Parameter("start", NUMBER), Parameter("length", NUMBER, optional=True))

TEXTS = (
    Function("upper", (_NULLABLE,), TEXT, "In capital letters", upper, "upper('héllo')", costly=True),
    Function("lower", (_NULLABLE,), TEXT, "In small letters", lower, "lower('HÉLLO')", costly=True),
    Function("trim", (_NULLABLE,), TEXT, "Without blanks at both ends", trim, "trim('  a ')", costly=True),
    Function("reverse", (_NULLABLE,), TEXT, "Last character first", reverse, "reverse('héllo')", costly=True),
    Function(
        "split",
        (_text("text"), _text("separator")),
        LIST,
        "The parts between separators; with an empty separator the characters",
        split,
        "split('a,b,c', ',')",
        costly=True,
    ),
    Function(
        "join",
        (Parameter("list", LIST), _text("separator")),
        TEXT,
        "The texts of a list as one text",
        join,
        "join(['a', 'b'], '-')",
        costly=True,
        takes_matches=True,
    ),
    Function(
        "contains",
        (_text("text"), _text("part")),
        BOOLEAN,
        "Whether the part stands in the text",
        contains,
        "contains('hello', 'ell')",
        costly=True,
    ),
    Function(
        "hasprefix",
        (_text("text"), _text("prefix")),
        BOOLEAN,
        "Whether the text starts with the prefix",
        hasprefix,
        "hasprefix('hello', 'he')",
    ),
    Function(
        "hassuffix",
        (_text("text"), _text("suffix")),
        BOOLEAN,
        "Whether the text ends with the suffix",
        hassuffix,
        "hassuffix('hello', 'lo')",
    ),
    Function(
        "replace",
        (_text("text"), _text("old"), _text("new")),
        TEXT,
        "Every old part replaced by the new one",
        replace,
        "replace('foo foo', 'foo', 'bar')",
        costly=True,
    ),
    Function(
        "substr",
        (_text("text"), *_START),
        TEXT,
        "From a start (negative: from the end), of a length or to the end",
        substr,
        "substr('hello', 1, 3)",
        costly=True,
    ),
    Function(
        "index",
        (_text("text"), _text("part")),
        NUMBER,
        "Where the part first stands, -1 if nowhere",
        index,
        "index('hello', 'll')",
        costly=True,
    ),
    Function(
        "string",
        (Parameter("value", ANY),),
        TEXT,
        "As a text; an object as JSON, 'unknown' for a list or null",
        string,
        "string(45.67)",
        costly=True,
    ),
    Function("b64encode", (_NULLABLE,), TEXT, "Base64 of its UTF-8", b64encode, "b64encode('hi')", costly=True),
    Function("b64encoden", (_NULLABLE,), TEXT, "Base64 without padding", b64encoden, "b64encoden('hi')", costly=True),
    Function(
        "b64decode",
        (_NULLABLE,),
        TEXT,
        "The text of a base64, padded or not",
        b64decode,
        "b64decode('aGk=')",
        costly=True,
    ),
)
