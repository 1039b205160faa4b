"""Whether log lines are for people or for programs: ``WEIRFLOW_LOG_FORMAT``."""

from __future__ import annotations

import os

FORMATS = ("text", "json")


class LogFormatError(ValueError):
    """The environment asks for a format that there is not."""


def log_format() -> str:
    """``text`` or ``json``, as the environment says. Raises ``LogFormatError``."""
    text = os.environ.get("WEIRFLOW_LOG_FORMAT", "text").strip().lower() or "text"
    if text not in FORMATS:
        raise LogFormatError(f"WEIRFLOW_LOG_FORMAT={text!r} is neither text nor json.")
    return text
