"""Label and field selectors: parsed once, then asked for each object."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from weirflow.embedded.errors import ApiError, bad_request
from weirflow.embedded.kinds import Kind
from weirflow.embedded.records import Record

Labels = dict[str, str]
Test = Callable[[Labels], bool]

TOKEN = re.compile(r"\s*(==|!=|[=!<>(),]|[^\s=!<>(),]+)")
LABEL_VALUE = re.compile(r"(([A-Za-z0-9][-A-Za-z0-9_.]*)?[A-Za-z0-9])?")
LABEL_NAME = re.compile(r"([A-Za-z0-9][-A-Za-z0-9_.]*)?[A-Za-z0-9]")
LABEL_PREFIX = re.compile(r"[a-z0-9]([-a-z0-9]*[a-z0-9])?(\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*")
OPERATORS = ("=", "==", "!=", "in", "notin", "<", ">")


@dataclass(frozen=True, slots=True)
class Selector:
    """Which objects a list or a watch shows."""

    namespace: str = ""
    labels: tuple[Test, ...] = ()
    fields: tuple[Callable[[Record], bool], ...] = ()

    @property
    def selects_all(self) -> bool:
        """True when nothing but the namespace narrows it."""
        return not self.labels and not self.fields

    def matches(self, record: Record) -> bool:
        if self.namespace and record.namespace != self.namespace:
            return False
        if self.labels:
            labels = record.labels
            if not all(test(labels) for test in self.labels):
                return False
        return all(test(record) for test in self.fields)


class _Tokens:
    def __init__(self, text: str) -> None:
        self._items: list[str] = []
        at = 0
        while at < len(text.rstrip()):
            found = TOKEN.match(text, at)
            if found is None:
                raise bad_request(f"unable to parse requirement: unexpected character at {at} in {text!r}")
            self._items.append(found[1])
            at = found.end()
        self._at = 0

    def peek(self) -> str:
        return self._items[self._at] if self._at < len(self._items) else ""

    def take(self) -> str:
        token = self.peek()
        self._at += 1
        return token

    def expect(self, wanted: str) -> None:
        found = self.take()
        if found != wanted:
            raise bad_request(f"unable to parse requirement: found '{found}' expected: '{wanted}'")


def parse_labels(text: str) -> tuple[Test, ...]:
    """A label selector: `a=b`, `a!=b`, `a in (b,c)`, `a notin (b)`, `a`, `!a`, `a>1`, `a<1`, joined by commas."""
    tokens = _Tokens(text)
    tests: list[Test] = []
    while tokens.peek():
        tests.append(_requirement(tokens))
        separator = tokens.take()
        if separator not in ("", ","):
            raise bad_request(f"found '{separator}', expected: ',' or 'end of string'")
        if separator == "," and not tokens.peek():
            raise bad_request("unable to parse requirement: found '', expected: identifier after ','")
    return tuple(tests)


def _requirement(tokens: _Tokens) -> Test:
    if tokens.peek() == "!":
        tokens.take()
        absent = _key(tokens)
        return lambda labels: absent not in labels
    key = _key(tokens)
    operator = tokens.peek()
    if operator in ("", ","):
        return lambda labels: key in labels
    if operator not in OPERATORS:
        raise bad_request(f"unable to parse requirement: found '{operator}', expected: in, notin, =, ==, !=, <, >")
    tokens.take()
    if operator in ("in", "notin"):
        values = _values(tokens)
        if operator == "in":
            return lambda labels: labels.get(key) in values
        return lambda labels: labels.get(key) not in values
    value = "" if tokens.peek() in ("", ",") else tokens.take()
    if operator in ("<", ">"):
        return _compare(key, operator, value)
    _check_value(value)
    if operator == "!=":
        return lambda labels: labels.get(key) != value
    return lambda labels: labels.get(key) == value


def _compare(key: str, operator: str, value: str) -> Test:
    try:
        bound = int(value)
    except ValueError:
        raise bad_request(f"unable to parse requirement: for '{operator}' the value must be an integer") from None

    def test(labels: Labels) -> bool:
        try:
            number = int(labels[key])
        except (KeyError, ValueError):
            return False
        return number > bound if operator == ">" else number < bound

    return test


def _key(tokens: _Tokens) -> str:
    key = tokens.take()
    prefix, slash, name = key.rpartition("/")
    if not LABEL_NAME.fullmatch(name) or len(name) > 63 or (slash and not LABEL_PREFIX.fullmatch(prefix)):
        raise bad_request(f"unable to parse requirement: invalid label key {key!r}")
    return key


def _values(tokens: _Tokens) -> frozenset[str]:
    tokens.expect("(")
    values = set[str]()
    while True:
        token = tokens.peek()
        if token in (",", ")"):
            values.add("")
        else:
            values.add(tokens.take())
            _check_value(token)
        if tokens.peek() == ",":
            tokens.take()
            continue
        tokens.expect(")")
        return frozenset(values)


def _check_value(value: str) -> None:
    if len(value) > 63 or not LABEL_VALUE.fullmatch(value):
        raise bad_request(f"unable to parse requirement: invalid label value {value!r}")


def parse_fields(kind: Kind, text: str) -> tuple[Callable[[Record], bool], ...]:
    """A field selector: `=`, `==` or `!=` on metadata.name, metadata.namespace and what the kind adds."""
    tests: list[Callable[[Record], bool]] = []
    for part in filter(None, text.split(",")):
        found = re.fullmatch(r"([^=!]+)(!=|==|=)(.*)", part)
        if found is None:
            raise bad_request(f"invalid selector: '{text}'; can't understand '{part}'")
        label, operator, value = found.groups()
        tests.append(_field_test(kind, label, value, wanted=operator != "!="))
    return tuple(tests)


def _field_test(kind: Kind, label: str, value: str, *, wanted: bool) -> Callable[[Record], bool]:
    if label == "metadata.name":
        return lambda record: (record.name == value) is wanted
    if label == "metadata.namespace":
        return lambda record: (record.namespace == value) is wanted
    path = kind.fields.get(label)
    if path is None:
        raise _unknown_field(kind, label)
    steps = path.split(".")
    return lambda record: (_text_at(record.parse(), steps) == value) is wanted


def _unknown_field(kind: Kind, label: str) -> ApiError:
    if not kind.builtin:
        return bad_request(f"field label not supported: {label}")
    known = ", ".join(f'"{name}"' for name in ("metadata.name", "metadata.namespace", *kind.fields))
    return bad_request(f'"{label}" is not a known field selector: only {known}')


def _text_at(value: Any, steps: list[str]) -> str:
    for step in steps:
        value = value.get(step) if isinstance(value, dict) else None
    return "" if value is None else str(value)
