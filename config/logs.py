"""How the web process and the worker log: lines for people, or JSON with the request that a line belongs to."""

from collections.abc import Mapping
from typing import Any

from django.core.exceptions import ImproperlyConfigured

from weirflow.json_log import JsonLines
from weirflow.log_format import LogFormatError, log_format
from weirflow.runtime.redaction import redact_text


def formatter() -> dict[str, Any]:
    """For the settings of `logging`. Raises ImproperlyConfigured for a format that there is not."""
    try:
        asked = log_format()
    except LogFormatError as error:
        raise ImproperlyConfigured(str(error)) from None
    if asked == "json":
        return {"()": RequestLines}
    return {"format": "{levelname} {name}: {message}", "style": "{"}


class RequestLines(JsonLines):
    """With the id of the request, and of the person once that is known."""

    def __init__(self) -> None:
        super().__init__(_asking, redact_text)


def _asking() -> Mapping[str, object]:
    # Not before a line is written: settings are read before anything else can be imported.
    from projects.asking import NOBODY, asking

    now = asking()
    if now is NOBODY:
        return {}
    told: dict[str, object] = {"request_id": now.request_id}
    if now.person is not None:
        told["person"] = now.person
    return told
