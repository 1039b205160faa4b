"""Logging of a host: one line per event, the node's name as a field."""

from __future__ import annotations

import logging
from collections.abc import Callable

from weirflow.json_log import JsonLines
from weirflow.log_format import log_format
from weirflow.runtime.redaction import redact_text


class _Concealing:
    """What takes secrets out of lines; set by the host once it knows any."""

    by: Callable[[str], str] = staticmethod(str)


def conceal_in_logs(conceal: Callable[[str], str]) -> None:
    """Have every line of this process go through ``conceal``."""
    _Concealing.by = staticmethod(conceal)


def _clean(text: str) -> str:
    return _Concealing.by(redact_text(text))


class LineFormatter(logging.Formatter):
    """``LEVEL message node=name``; a traceback is folded into the line."""

    def format(self, record: logging.LogRecord) -> str:
        text = f"{record.levelname} {record.getMessage()}"
        if node := getattr(record, "node", None):
            text += f" node={node}"
        if record.exc_info:
            text += " | " + self.formatException(record.exc_info)
        return _Concealing.by(text).replace("\n", " | ")


def set_up_logging(level: str) -> None:
    """Log to standard error from ``level`` on, as the environment says. Raises ``LogFormatError``."""
    handler = logging.StreamHandler()
    handler.setFormatter(JsonLines(clean=_clean) if log_format() == "json" else LineFormatter())
    logging.basicConfig(level=getattr(logging, level, logging.INFO), handlers=[handler], force=True)
    logging.getLogger("asyncio").setLevel(logging.WARNING)
