"""The audit as a file, in pieces: CSV for spreadsheets, JSON lines for programs."""

import csv
import io
from collections.abc import Iterable
from typing import Literal

import orjson

from projects.models import AuditEntry
from projects.record.rows import COLUMNS, as_row

Format = Literal["csv", "jsonl"]
PIECE = 1_000
MAX_ENTRIES = 100_000
"""Of one file; older entries are in the file of an earlier time."""
TYPES: dict[str, str] = {"csv": "text/csv; charset=utf-8", "jsonl": "application/x-ndjson"}
_FORMULA = ("=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠")


def head(form: Format) -> bytes:
    """What stands before all entries."""
    return _line(COLUMNS) if form == "csv" else b""


def piece(form: Format, entries: Iterable[AuditEntry]) -> bytes:
    """These entries, each a line."""
    if form == "jsonl":
        return b"".join(orjson.dumps(as_row(entry), option=orjson.OPT_APPEND_NEWLINE) for entry in entries)
    return b"".join(_line(_cell(value) for value in as_row(entry).values()) for entry in entries)


def _cell(value: object) -> str:
    """A spreadsheet runs what begins like a formula: a name that somebody chose must not."""
    if value is None:
        return ""
    if isinstance(value, int):
        return str(value)
    text = value if isinstance(value, str) else orjson.dumps(value).decode()
    return f"'{text}" if text.startswith(_FORMULA) else text


def _line(cells: Iterable[str]) -> bytes:
    line = io.StringIO()
    csv.writer(line).writerow(cells)
    return line.getvalue().encode()
