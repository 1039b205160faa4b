"""What is said of a text that the YAML library cannot read, and what of JSON it could not."""

from __future__ import annotations

import re

import yaml

from weirflow.flowfile.faults import Fault, FlowFileError

#: A character beyond 16 bits as JSON escapes it: in halves, which YAML does not put together.
_HALVES = re.compile(r"(?<!\\)((?:\\\\)*)\\u(d[89ab][0-9a-f]{2})\\u(d[c-f][0-9a-f]{2})", re.IGNORECASE)
_UNTYPED = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\ud800-\udfff\ufffe\uffff]")


def with_whole_characters(text: str | bytes) -> str | bytes:
    """JSON with such characters as they are; all else is answered itself."""
    if isinstance(text, bytes) or "\\u" not in text or text.lstrip()[:1] != "{":
        return text
    return _HALVES.sub(_joined, text)


def _joined(found: re.Match[str]) -> str:
    high, low = int(found[2], 16), int(found[3], 16)
    return f"{found[1]}\\U{0x10000 + ((high - 0xD800) << 10) + low - 0xDC00:08x}"


def not_yaml(text: str | bytes, error: yaml.MarkedYAMLError) -> FlowFileError:
    """For what is no YAML, with its line."""
    mark = error.problem_mark or error.context_mark
    said = " ".join(part for part in (error.context, error.problem) if part)
    if mark is None:
        return FlowFileError([Fault(f"this is not YAML: {said}")])
    lines = _shown(text).splitlines()
    if "cannot start any token" in said and mark.line < len(lines) and "\t" in lines[mark.line][: mark.column + 1]:
        said = "lines are indented with blanks, not with tabs"
    return FlowFileError([Fault(f"this is not YAML: {said}", (), mark.line + 1)])


def not_text(text: str | bytes, error: Exception) -> FlowFileError:
    """For what is no UTF-8, or holds characters that no text has, with the line of the first."""
    if isinstance(text, bytes):
        try:
            text.decode()
        except UnicodeDecodeError as wrong:
            line = text.count(b"\n", 0, wrong.start) + 1
            return FlowFileError([Fault("this is no text in UTF-8: save it as such", (), line)])
    shown = _shown(text)
    found = _UNTYPED.search(shown)
    if found is None:
        return FlowFileError([Fault(f"this is not YAML: {' '.join(str(error).split())}")])
    message = f"a character that no text has stands here (U+{ord(found[0]):04X}): remove it"
    return FlowFileError([Fault(message, (), shown.count("\n", 0, found.start()) + 1)])


def _shown(text: str | bytes) -> str:
    return text.decode("utf-8", "replace") if isinstance(text, bytes) else text
