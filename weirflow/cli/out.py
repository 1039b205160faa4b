"""What a command says: its answer on stdout, for people or as JSON; how it goes on stderr, for people only."""

from __future__ import annotations

import json
import os
import sys
import time
from collections.abc import Sequence
from typing import Any, Literal

from weirflow.cli.failures import NobodyReads

Look = Literal["bold", "dim", "red", "green", "yellow"]

_CODES: dict[Look, str] = {"bold": "1", "dim": "2", "red": "31", "green": "32", "yellow": "33"}


class Out:
    """``as_json``: the answer is JSON, one document, or one on each line where there are several (``line``)."""

    def __init__(self, *, as_json: bool = False) -> None:
        self.as_json = as_json
        self._began = time.monotonic()
        self._moving = False

    def answer(self, document: Any, text: str) -> None:
        """Say the one answer of a command: ``document`` to programs, ``text`` to people."""
        self._print(json.dumps(document, indent=2, ensure_ascii=False) if self.as_json else text)

    def line(self, document: Any, text: str) -> None:
        """Say one of several answers, while more may come."""
        self._print(json.dumps(document, ensure_ascii=False, separators=(",", ":")) if self.as_json else text)

    def progress(self, text: str) -> None:
        """Say what is going on. On a terminal the newest such line replaces the one before."""
        if sys.stderr.isatty():
            sys.stderr.write(f"\r\x1b[K{styled(text, 'dim', sys.stderr)}")
            self._moving = True
        else:
            sys.stderr.write(text + "\n")
        sys.stderr.flush()

    def note(self, text: str) -> None:
        """Say something on stderr that stays."""
        self.rest()
        sys.stderr.write(text + "\n")
        sys.stderr.flush()

    def rest(self) -> None:
        """Take the moving line away."""
        if self._moving:
            sys.stderr.write("\r\x1b[K")
            sys.stderr.flush()
            self._moving = False

    def _print(self, text: str) -> None:
        self.rest()
        try:
            sys.stdout.write(text + "\n")
            sys.stdout.flush()
        except BrokenPipeError as error:
            raise NobodyReads from error


def styled(text: str, look: Look, stream: Any = None) -> str:
    """``text`` in a colour where ``stream`` (stdout) is a terminal: never piped, nor with ``NO_COLOR``."""
    stream = sys.stdout if stream is None else stream
    if os.environ.get("NO_COLOR") or os.environ.get("TERM") == "dumb" or not stream.isatty():
        return text
    return f"\x1b[{_CODES[look]}m{text}\x1b[0m"


def table(rows: Sequence[Sequence[str]], head: Sequence[str] = ()) -> str:
    """Columns, two spaces apart; the last is as wide as it likes."""
    lines = [tuple(head), *map(tuple, rows)] if head else [tuple(row) for row in rows]
    if not lines:
        return ""
    widths = [max(len(line[column]) for line in lines) for column in range(len(lines[0]))]
    texts = ["  ".join(cell.ljust(width) for cell, width in zip(line, widths, strict=True)).rstrip() for line in lines]
    if head:
        texts[0] = styled(texts[0], "bold")
    return "\n".join(texts)
