"""YAML as JSON values: the part of YAML that JSON can say, in bounds, quickly.

Of the scalars only JSON's are numbers, `true`, `false` and `null`: everything else is text, also `yes`, `on`, dates and
`012`. Anchors, tags, merges and a second document are refused, and so is a key that stands twice.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Collection, Iterator
from typing import Any

import yaml

from weirflow.flowfile.faults import Fault, FlowFileError, Path
from weirflow.flowfile.limits import MAX_BYTES, MAX_DEPTH, MAX_VALUES
from weirflow.flowfile.unreadable import not_text, not_yaml, with_whole_characters

_NUMBER = re.compile(r"^-?(?:0|[1-9][0-9]*)(\.[0-9]+)?([eE][-+]?[0-9]+)?$")
_WORDS: dict[str, Any] = {"true": True, "false": False, "null": None, "~": None, "": None}
_Scalar = yaml.ScalarEvent
_MOST_DIGITS = 400


def read_values(text: str | bytes) -> Any:
    """The one document of the text. Raises FlowFileError with the line."""
    return _Reader().read(text)


def lines_of(text: str | bytes, paths: Collection[Path]) -> dict[Path, int]:
    """The line of the value at each path, or of the nearest one above it that is there; 0 where nobody knows."""
    wanted = {path[:depth] for path in paths for depth in range(len(path) + 1)}
    known = {place: line for place, line in _places(text) if place in wanted}
    return {
        path: next((known[path[:depth]] for depth in range(len(path), -1, -1) if path[:depth] in known), 0)
        for path in paths
    }


class _Reader:
    _next: Callable[[], Any]

    def __init__(self) -> None:
        self._left = MAX_VALUES

    def read(self, text: str | bytes) -> Any:
        if len(text) > MAX_BYTES:
            raise _refused(f"the file has more than {MAX_BYTES // 1024 // 1024} MiB: split it into several flows")
        try:
            return self._read(text)
        except yaml.MarkedYAMLError as error:
            raise not_yaml(text, error) from None
        except (yaml.YAMLError, UnicodeError) as error:
            raise not_text(text, error) from None

    def _read(self, text: str | bytes) -> Any:
        loader = yaml.CSafeLoader(with_whole_characters(text))
        self._next = loader.get_event
        try:
            return self._document()
        finally:
            loader.dispose()

    def _document(self) -> Any:
        self._next()  # the stream's start
        if not isinstance(self._next(), yaml.DocumentStartEvent):
            raise _refused("the file is empty")
        value = self._value(self._next(), 0)
        self._next()  # the document's end
        second = self._next()
        if isinstance(second, yaml.DocumentStartEvent):
            raise _at(second, "a second document begins here: a file has one")
        return value

    def _value(self, event: Any, depth: int) -> Any:
        kind = type(event)
        self._left -= 1
        if self._left < 0:
            raise _at(event, f"the file has more than {MAX_VALUES:,} values")
        if kind is _Scalar:
            if event.anchor is None and event.tag is None:
                return _scalar(event)
        elif kind is yaml.AliasEvent:
            raise _at(event, f"references to other parts (*{event.anchor}) are not read: write it out")
        _refuse_marks(event)
        if kind is _Scalar:
            return _text(event)
        if depth >= MAX_DEPTH:
            raise _at(event, f"lists and objects are nested deeper than {MAX_DEPTH} levels")
        return self._mapping(depth + 1) if kind is yaml.MappingStartEvent else self._list(depth + 1)

    def _mapping(self, depth: int) -> dict[str, Any]:
        values: dict[str, Any] = {}
        take, value = self._next, self._value
        while type(event := take()) is not yaml.MappingEndEvent:
            if type(event) is not _Scalar:
                raise _at(event, "a key has to be a text")
            if event.anchor is not None or event.tag is not None:
                _refuse_marks(event)
            key = _text(event)
            if key in values:
                raise _at(event, f"the key {key!r} stands here a second time: keep one of the two")
            if key == "<<" and not event.style:
                raise _at(event, "merges (<<) are not read: write the keys out")
            values[key] = value(take(), depth)
        return values

    def _list(self, depth: int) -> list[Any]:
        values: list[Any] = []
        take = self._next
        while type(event := take()) is not yaml.SequenceEndEvent:
            values.append(self._value(event, depth))
        return values


def _refuse_marks(event: Any) -> None:
    if event.anchor is not None:
        raise _at(event, f"anchors (&{event.anchor}) are not read: leave it out")
    if event.tag is not None and event.tag != "!":
        raise _at(event, f"tags ({event.tag}) are not read: leave it out")


def _scalar(event: Any) -> Any:
    value = event.value
    # Quoted and block texts are texts.
    if event.style:
        return _text(event)
    if value in _WORDS:
        return _WORDS[value]
    if value[0] in "-0123456789" and (found := _NUMBER.match(value)):
        return _number(event, whole=found[1] is None and found[2] is None)
    return _text(event)


def _number(event: Any, *, whole: bool) -> int | float:
    text = event.value
    if whole:
        number = int(text) if len(text) <= _MOST_DIGITS else 2**64
        if not -(2**63) <= number < 2**64:
            raise _at(event, "whole numbers have at most 64 bits: write it as a text")
        return number
    real = float(text)
    if real in (float("inf"), float("-inf")):
        raise _at(event, "the number is too large: write it as a text")
    return real


def _text(event: Any) -> str:
    text: str = event.value
    if "\0" in text:
        raise _at(event, "the text holds a NUL character: remove it")
    return text


def _places(text: str | bytes) -> Iterator[tuple[Path, int]]:
    """Each value's way and line, up to where the file cannot be read any further."""
    at: list[Any] = []  # of each open list the next place, of each open object the key that waits for its value
    lists: list[bool] = []
    try:
        for event in yaml.parse(text, yaml.CSafeLoader):
            kind = type(event)
            if kind in (yaml.SequenceEndEvent, yaml.MappingEndEvent):
                at.pop()
                lists.pop()
            elif kind not in (yaml.ScalarEvent, yaml.AliasEvent, yaml.SequenceStartEvent, yaml.MappingStartEvent):
                continue
            elif lists and not lists[-1] and at[-1] is None:
                at[-1] = getattr(event, "value", "")
                # The key's line: its value may begin below.
                yield tuple(at), _line(event)
                continue
            else:
                if not lists or lists[-1]:
                    yield tuple(at), _line(event)
                if kind in (yaml.SequenceStartEvent, yaml.MappingStartEvent):
                    lists.append(kind is yaml.SequenceStartEvent)
                    at.append(0 if lists[-1] else None)
                    continue
            if lists:
                at[-1] = at[-1] + 1 if lists[-1] else None
    except yaml.YAMLError:
        return


def _line(event: Any) -> int:
    line: int = event.start_mark.line
    return line + 1


def _refused(message: str, line: int = 0) -> FlowFileError:
    return FlowFileError([Fault(message, (), line)])


def _at(event: Any, message: str) -> FlowFileError:
    return _refused(message, _line(event))
