"""JSON as text, and back."""

from __future__ import annotations

import json
from typing import Any

import orjson

from modules.off_loop import off_loop
from weirflow import Component, Context, Fail, Field, Model, Result, input, output

#: The definition of what is passed on beside the value.
CONTEXT = "json-context"


class TextInput(Model):
    """Text to read."""

    text: str = Field(title="Text", description="JSON", configurable=True)
    context: Any = Field(None, title="Context", description="Passed on as it is", configurable=True, id=CONTEXT)


class ValueInput(Model):
    """A value to write."""

    value: Any = Field(None, title="Value", description="Any JSON", configurable=True)
    context: Any = Field(None, title="Context", description="Passed on as it is", configurable=True, id=CONTEXT)


class ValueOutput(Model):
    """What the text says."""

    value: Any = Field(None, title="Value", description="A list of them where the text holds one on each line")
    context: Any = Field(None, title="Context", description="What came with the message", configurable=True, id=CONTEXT)


class TextOutput(Model):
    """The value as text."""

    text: str = Field(title="Text", description="JSON")
    context: Any = Field(None, title="Context", description="What came with the message", configurable=True, id=CONTEXT)


class Json(Component):
    """Reads JSON from a text, and writes values as JSON.

    `parse` takes a text and sends its value from `parsed`; `write` takes a value and sends its text from `written`.
    With *One value on each line* the text is JSON Lines: `parse` makes a list of the lines, blank ones left out, and
    `write` puts each item of a list on a line of its own.

    JSON here is that of the standard: no comments, no NaN. Of a name that stands twice in an object the last one
    counts.

    Errors: `invalid_json` names the line and the column; `too_large` for a text above the largest size; `not_a_list`
    where lines are to be written and the value is no list. None of them is better the next time.
    """

    title = "JSON"
    category = "Data"
    icon = "json"
    tags = ("parse", "write", "serialize", "ndjson", "lines")

    class Settings(Model):
        lines: bool = Field(
            False, title="One value on each line", description="The text is JSON Lines; its value is a list"
        )
        indent: bool = Field(False, title="Indent", description="Write on many lines, for people to read")
        sort_keys: bool = Field(False, title="Sort names", description="Write the fields of objects in their order")
        max_size: int = Field(
            16_777_216, ge=1, le=67_108_864, title="Largest text", description="Bytes; a larger one is refused"
        )

    settings: Settings

    parsed = output("parsed", ValueOutput)
    written = output("written", TextOutput)

    @input("parse")
    async def parse(self, ctx: Context, message: TextInput) -> Result:
        limit = self.settings.max_size
        # A character has one byte at least, so that what is surely too large is not even counted.
        if len(message.text) > limit:
            raise _too_large(limit)
        value = await off_loop(len(message.text), _read, message.text, self.settings.lines, limit)
        return await self.parsed.emit(ctx, ValueOutput(value=value, context=message.context))

    @input("write")
    async def write(self, ctx: Context, message: ValueInput) -> Result:
        settings, value = self.settings, message.value
        if settings.lines and not isinstance(value, list):
            raise Fail(
                f"JSON Lines are written from a list, the value is {_kind(value)}; map a list to it, or switch "
                "'One value on each line' off",
                code="not_a_list",
                permanent=True,
                field="/value",
            )
        text = await off_loop(_weight(value), _write, value, settings)
        return await self.written.emit(ctx, TextOutput(text=text, context=message.context))


def _read(text: str, lines: bool, limit: int) -> Any:
    try:
        data = text.encode()
    except UnicodeEncodeError as error:
        raise _invalid(f"character {error.start + 1} is half of one (a lone surrogate)") from None
    if len(data) > limit:
        raise _too_large(limit)
    if not lines:
        return _value(data, 0)
    return [_value(line, number) for number, line in enumerate(data.split(b"\n"), 1) if line.strip()]


def _value(data: bytes, line: int) -> Any:
    try:
        return orjson.loads(data)
    except orjson.JSONDecodeError as error:
        where = f"line {line or error.lineno}, column {error.colno}"
        raise _invalid(f"{where}: {error.msg}") from None


def _write(value: Any, settings: Json.Settings) -> str:
    options = (orjson.OPT_INDENT_2 if settings.indent and not settings.lines else 0) | (
        orjson.OPT_SORT_KEYS if settings.sort_keys else 0
    )
    try:
        parts = [orjson.dumps(item, option=options) for item in (value if settings.lines else [value])]
    except (TypeError, ValueError):
        # Whole numbers past 64 bits, which messages may carry and the fast writer does not take.
        return _write_slowly(value, settings)
    size = sum(map(len, parts)) + len(parts) - 1
    if size > settings.max_size:
        raise _too_large(settings.max_size)
    return b"\n".join(parts).decode()


def _write_slowly(value: Any, settings: Json.Settings) -> str:
    indent = 2 if settings.indent and not settings.lines else None
    separators = None if indent else (",", ":")
    try:
        text = "\n".join(
            json.dumps(item, ensure_ascii=False, indent=indent, separators=separators, sort_keys=settings.sort_keys)
            for item in (value if settings.lines else [value])
        )
        size = len(text.encode())
    except (TypeError, ValueError, RecursionError) as error:
        raise Fail(
            f"the value cannot be written as JSON: {error}", code="invalid_json", permanent=True, field="/value"
        ) from None
    if size > settings.max_size:
        raise _too_large(settings.max_size)
    return text


def _weight(value: Any) -> int:
    """About how much there is to write, without looking at all of it."""
    if isinstance(value, str):
        return len(value)
    return len(value) * 1000 if isinstance(value, list | dict) else 0


def _kind(value: Any) -> str:
    names = {dict: "an object", str: "a text", bool: "true or false", int: "a number", float: "a number"}
    return names.get(type(value), "null")


def _invalid(why: str) -> Fail:
    return Fail(f"the text is not valid JSON: {why}; correct it", code="invalid_json", permanent=True, field="/text")


def _too_large(limit: int) -> Fail:
    return Fail(
        f"the text is larger than {limit:,} bytes; send less at a time, or raise 'Largest text'",
        code="too_large",
        permanent=True,
    )
