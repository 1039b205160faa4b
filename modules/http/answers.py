"""Answers of other servers as messages."""

from __future__ import annotations

import base64
from http import HTTPStatus
from typing import Any, Literal
from urllib.parse import urlsplit

import orjson

from modules.off_loop import off_loop
from weirflow import JSON, Fail, Field, Model
from weirflow.outbound import OutboundResponse

#: The definition of what is passed on beside the answer.
CONTEXT = "http-client-context"

ReadAs = Literal["auto", "text", "base64"]
Encoding = Literal["none", "json", "text", "base64"]
#: Statuses that a later attempt may not meet (RFC 9110 and RFC 6585).
_PASSING = frozenset((408, 425, 429, 500, 502, 503, 504))


class ResponseOutput(Model):
    """An answer."""

    status: int = Field(title="Status", description="Such as 200", examples=[200])
    headers: dict[str, str] = Field(
        title="Headers", description="By lower-case name; several of one name with commas, cookies with line breaks"
    )
    body: Any = Field(None, title="Body", description="JSON where the answer says so, else text; null without a body")
    encoding: Encoding = Field(
        title="Encoding", description="How the body is to be read; base64: it is neither JSON nor UTF-8 text"
    )
    url: str = Field(title="URL", description="Where it came from, after redirects")
    milliseconds: float = Field(title="Milliseconds", description="From sending to the whole answer")
    context: Any = Field(None, title="Context", description="What came with the message", configurable=True, id=CONTEXT)


async def body_of(answer: OutboundResponse, form: ReadAs) -> tuple[JSON, Encoding]:
    """The body as JSON. One that says it is JSON and is not is a text."""
    if not answer.body:
        return None, "none"
    return await off_loop(len(answer.body), _read, answer.body, answer.headers.get("content-type", ""), form)


def failure_of(method: str, answer: OutboundResponse) -> Fail:
    """For a status from 400 on. It names the server alone: paths, queries and answers may hold secrets."""
    status = answer.status
    phrase = HTTPStatus(status).phrase if status in HTTPStatus._value2member_map_ else ""
    retryable = status in _PASSING
    what = {
        401: "the credentials are missing or wrong; fill them in",
        403: "these credentials may not do that",
        404: "there is nothing at that path; correct the URL",
        429: "too many requests; send fewer",
    }.get(status, "try again later" if retryable else "correct the request")
    parts = urlsplit(answer.url)
    return Fail(
        f"{parts.scheme}://{parts.netloc} answered {method} with {status} {phrase}".rstrip() + f": {what}",
        code=f"http_{status}",
        retryable=retryable,
        permanent=not retryable,
    )


def _read(body: bytes, content_type: str, form: ReadAs) -> tuple[JSON, Encoding]:
    kind = content_type.partition(";")[0].strip().lower()
    if form == "auto" and (kind == "application/json" or kind.endswith("+json")):
        try:
            return orjson.loads(body), "json"
        except orjson.JSONDecodeError:
            pass
    if form != "base64":
        try:
            return body.decode(_charset(content_type)), "text"
        except (UnicodeDecodeError, LookupError):
            pass
    return base64.b64encode(body).decode(), "base64"


def _charset(content_type: str) -> str:
    for part in content_type.split(";")[1:]:
        name, _, value = part.partition("=")
        if name.strip().lower() == "charset" and value.strip().strip('"').lower() in _CHARSETS:
            return value.strip().strip('"')
    return "utf-8"


_CHARSETS = frozenset(("utf-8", "us-ascii", "ascii", "iso-8859-1", "latin-1", "iso-8859-15", "windows-1252"))
