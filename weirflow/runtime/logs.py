"""Logging of a host: one line per event, the node's name as a field."""

from __future__ import annotations

import logging

from weirflow.json_log import JsonLines, log_format
from weirflow.runtime.redaction import redact_text


class LineFormatter(logging.Formatter):
    """``LEVEL message node=name``; a traceback is folded into the line."""

    def format(self, record: logging.LogRecord) -> str:
        text = f"{record.levelname} {record.getMessage()}"
        if node := getattr(record, "node", None):
            text += f" node={node}"
        if record.exc_info:
            text += " | " + self.formatException(record.exc_info)
        return text.replace("\n", " | ")


def set_up_logging(level: str) -> None:
    """Log to standard error from ``level`` on, as the environment says. Raises ``LogFormatError``."""
    handler = logging.StreamHandler()
    handler.setFormatter(JsonLines(clean=redact_text) if log_format() == "json" else LineFormatter())
    logging.basicConfig(level=getattr(logging, level, logging.INFO), handlers=[handler], force=True)
    logging.getLogger("asyncio").setLevel(logging.WARNING)
