"""Values that a command is given: JSON as an argument, from a file, or from standard input."""

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import Any

from weirflow.cli.failures import Exit, Failure

DATA_HELP = "JSON; @FILE reads a file, - standard input."
MAX_BYTES = 4 << 20


def read_value(text: str, option: str) -> Any:
    """The JSON that ``text`` is or names. Raises ``Failure`` that says where it is wrong."""
    source = option
    if text == "-":
        text, source = sys.stdin.read(MAX_BYTES + 1), "standard input"
    elif text.startswith("@"):
        source = text[1:]
        try:
            text = Path(source).expanduser().read_text("utf-8")
        except OSError as error:
            text = f"{source} cannot be read: {error.strerror}"
            raise Failure(text, code="no_file", exit=Exit.MISSING) from error
        except UnicodeDecodeError as error:
            raise Failure(f"{source} is not UTF-8 text", code="not_json", exit=Exit.USAGE) from error
    if len(text.encode()) > MAX_BYTES:
        raise Failure(f"{source} has more than {MAX_BYTES >> 20} MiB", code="too_large", exit=Exit.USAGE)
    try:
        return json.loads(text)
    except ValueError as error:
        hint = f"""; a text needs quotes: '"{text}"'""" if text[:1].isalpha() and len(text) < 40 else ""
        raise Failure(f"{source} is not JSON: {error}{hint}", code="not_json", exit=Exit.USAGE) from error
