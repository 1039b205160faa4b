"""Log lines as JSON objects, for programs that collect them: ``WEIRFLOW_LOG_FORMAT=json``."""

from __future__ import annotations

import logging
from collections.abc import Callable, Mapping
from datetime import UTC, datetime

from weirflow.json_bytes import json_bytes

MAX_MESSAGE = 8 * 1024
"""Characters; of a stack the end is worth more than the beginning."""

Fields = Callable[[], Mapping[str, object]]


class JsonLines(logging.Formatter):
    """``{"at", "level", "logger", "message", ...}``: one object on one line, times in UTC.

    ``fields`` answers what else is known where the line is written; ``clean`` takes secrets out of running text.
    """

    def __init__(self, fields: Fields = dict, clean: Callable[[str], str] = str) -> None:
        super().__init__()
        self._fields, self._clean = fields, clean

    def format(self, record: logging.LogRecord) -> str:
        line: dict[str, object] = {
            "at": datetime.fromtimestamp(record.created, UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z"),
            "level": record.levelname.lower(),
            "logger": record.name,
            "message": self._clean(record.getMessage())[:MAX_MESSAGE],
            **self._fields(),
        }
        if node := getattr(record, "node", None):
            line["node"] = str(node)
        if record.exc_info:
            line["stack"] = self._clean(self.formatException(record.exc_info))[-MAX_MESSAGE:]
        return json_bytes(line).decode()
