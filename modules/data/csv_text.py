"""Rows from CSV text, and CSV text from rows, without the component around it."""

from __future__ import annotations

import csv
import io
import math
import re
from dataclasses import dataclass
from typing import Any

import orjson

from weirflow import JSON, Fail

#: A number as spreadsheets and programs write it. A leading zero is a code of some kind, not a number.
_NUMBER = re.compile(r"-?(0|[1-9][0-9]{0,17})(\.[0-9]{1,17})?([eE][+-]?[0-9]{1,3})?")
_CRLF = "\r\n"
#: What spreadsheets take for the start of a formula.
_FORMULA = ("=", "+", "-", "@", "\t", "\r")

# The reader's own limit, for the whole process, would refuse a long text in a cell; that of the whole text is ours.
csv.field_size_limit(67_108_864)


@dataclass(frozen=True, slots=True)
class Dialect:
    """How the text is written. `columns` names them where the text does not, or chooses some of them when writing."""

    delimiter: str
    quote: str
    header: bool
    columns: tuple[str, ...]
    numbers: bool
    quote_all: bool
    escape_formulas: bool
    line_end: str
    max_rows: int
    max_size: int


def read_rows(text: str, dialect: Dialect) -> tuple[list[str], list[JSON]]:
    """The columns and the rows: objects by column, or lists of cells where there are no names for them.

    Blank lines are left out, and so is the mark that some programs put before the first character. Raises `Fail`.
    """
    if len(text) > dialect.max_size or len(text.encode("utf-8", "replace")) > dialect.max_size:
        raise too_large(dialect.max_size)
    lines = csv.reader(
        io.StringIO(text.removeprefix("\ufeff"), newline=""),
        delimiter=dialect.delimiter,
        quotechar=dialect.quote,
        strict=True,
    )
    columns: list[str] = list(dialect.columns)
    named = bool(columns)
    rows: list[JSON] = []
    pending_header = dialect.header
    try:
        for cells in lines:
            if not cells:
                continue
            if pending_header:
                pending_header = False
                if not named:
                    columns, named = _header(cells), True
                continue
            if len(rows) >= dialect.max_rows:
                raise Fail(
                    f"the text has more than {dialect.max_rows:,} rows; send less at a time, or raise 'Most rows'",
                    code="too_large",
                    permanent=True,
                    field="/text",
                )
            values = [_number(cell) for cell in cells] if dialect.numbers else cells
            rows.append(_named(columns, values, len(rows) + 1, lines.line_num) if named else values)
    except csv.Error as error:
        raise _wrong_row(len(rows) + 1, lines.line_num, f"{error}; look at its quotes") from None
    return columns, rows


def write_rows(rows: list[JSON], dialect: Dialect) -> str:
    """The text of rows that are objects, or lists of cells. Raises `Fail` naming the row at fault."""
    if len(rows) > dialect.max_rows:
        text = f"there are more than {dialect.max_rows:,} rows; send less at a time, or raise 'Most rows'"
        raise Fail(text, code="too_large", permanent=True, field="/rows")
    columns = list(dialect.columns) or _columns_of(rows)
    lines = _Lines(dialect.line_end, dialect.max_size)
    writer = csv.writer(
        lines,
        delimiter=dialect.delimiter,
        quotechar=dialect.quote,
        quoting=csv.QUOTE_ALL if dialect.quote_all else csv.QUOTE_MINIMAL,
        lineterminator=_CRLF,
    )
    if dialect.header and columns:
        writer.writerow(columns)
    for number, row in enumerate(rows, 1):
        writer.writerow([_cell(value, dialect) for value in _cells_of(row, columns, number)])
    text = "".join(lines.parts)
    if len(text.encode("utf-8", "replace")) > dialect.max_size:
        raise too_large(dialect.max_size)
    return text


class _Lines:
    """What is written, line by line. The writer puts quotes around a cell for the sake of its line end alone: with both
    characters in it, neither is ever taken for the end of a row."""

    def __init__(self, end: str, limit: int) -> None:
        self.parts: list[str] = []
        self._end, self._limit, self._left = end, limit, limit

    def write(self, line: str) -> None:
        self._left -= len(line)
        if self._left < -len(_CRLF):
            raise too_large(self._limit)
        self.parts.append(line.removesuffix(_CRLF) + self._end)


def too_large(limit: int) -> Fail:
    """A text above the largest size."""
    text = f"the text is larger than {limit:,} bytes; send less at a time, or raise 'Largest text'"
    return Fail(text, code="too_large", permanent=True)


def _header(cells: list[str]) -> list[str]:
    columns = [cell.strip() for cell in cells]
    for place, column in enumerate(columns, 1):
        if not column or column in columns[: place - 1]:
            what = f"the name {column!r} twice" if column else f"no name for column {place}"
            raise Fail(
                f"the header has {what}; correct it, or name the columns in the settings",
                code="csv_header",
                permanent=True,
                field="/text",
            )
    return columns


def _named(columns: list[str], values: list[Any], row: int, line: int) -> dict[str, Any]:
    if len(values) != len(columns):
        raise _wrong_row(row, line, _other_than(values, columns))
    return dict(zip(columns, values, strict=True))


def _number(cell: str) -> Any:
    if not _NUMBER.fullmatch(cell):
        return cell
    number = int(cell) if cell.lstrip("-").isdigit() else float(cell)
    return number if math.isfinite(number) else cell


def _wrong_row(row: int, line: int, why: str) -> Fail:
    return Fail(
        f"row {row} of the text, which ends on line {line}, cannot be read: {why}; correct it, or check the delimiter",
        code="csv_row",
        permanent=True,
        field="/text",
    )


def _columns_of(rows: list[JSON]) -> list[str]:
    """The names in all objects, in the order in which they come up."""
    return list(dict.fromkeys(name for row in rows if isinstance(row, dict) for name in row))


def _other_than(row: list[Any], columns: list[str]) -> str:
    cells = "1 cell" if len(row) == 1 else f"{len(row)} cells"
    return f"it has {cells}, and there are {len(columns)} columns"


def _cells_of(row: JSON, columns: list[str], number: int) -> list[JSON]:
    if isinstance(row, dict):
        return [row.get(column) for column in columns]
    if isinstance(row, list):
        if columns and len(row) != len(columns):
            raise _cannot_write(number, _other_than(row, columns))
        return row
    raise _cannot_write(number, "it is neither an object nor a list of cells")


def _cannot_write(row: int, why: str) -> Fail:
    return Fail(
        f"row {row} cannot be written: {why}; map rows of one kind",
        code="csv_row",
        permanent=True,
        field=f"/rows/{row - 1}",
    )


def _cell(value: JSON, dialect: Dialect) -> Any:
    if value is None:
        return ""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, str):
        return f"'{value}" if dialect.escape_formulas and value.startswith(_FORMULA) else value
    return value if isinstance(value, int | float) else orjson.dumps(value).decode()
