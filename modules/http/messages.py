"""HTTP requests as messages, and results as HTTP responses."""

from __future__ import annotations

import base64
import re
from typing import Any, Literal

from pydantic import ValidationError
from pydantic_core import to_json as dump_json

from modules.http.bodies import Encoding, read_body
from weirflow import JSON, Fail, Field, HttpRequest, HttpResponse, Model

_FIELDS = {"status", "headers", "body", "contentType", "encoding"}
_NAME = re.compile(r"[!#$%&'*+.^_`|~0-9A-Za-z-]+")
_FORBIDDEN = re.compile(r"[\x00-\x08\x0a-\x1f\x7f]")
#: The listener's own; a flow may not set them.
_FRAMING = {"content-length", "transfer-encoding", "connection", "keep-alive", "upgrade", "trailer", "te"}


class RequestOutput(Model):
    """A request."""

    method: str = Field(title="Method", description="Upper case")
    path: str = Field(title="Path", description="Without the query")
    query: dict[str, Any] = Field(
        title="Query", description="Text by name; a list of texts where a name comes more than once"
    )
    headers: dict[str, str] = Field(title="Headers", description="By lower-case name")
    body: Any = Field(
        title="Body",
        description="JSON as its value, a form as its fields, text, else Base64; null without a body",
    )
    encoding: Encoding = Field(title="Encoding", description="How the body is to be read")
    params: dict[str, str] = Field(title="Parameters", description="The {name} parts of the path")
    raw: str | None = Field(
        None, title="Raw body", description="Base64 of the bytes that came, where the settings ask for it"
    )


class ResponseInput(Model):
    """A response."""

    status: int = Field(200, ge=200, le=599, title="Status", description="HTTP status code", configurable=True)
    headers: dict[str, str] = Field(
        default_factory=dict, title="Headers", description="By name, in any case", configurable=True
    )
    body: Any = Field(None, title="Body", description="Text as it is, anything else as JSON", configurable=True)
    content_type: str = Field("", title="Content type", description="Chosen by the body when empty", configurable=True)
    encoding: Literal["", "base64"] = Field(
        "", title="Encoding", description="base64: the body is Base64 of what is sent", configurable=True
    )


def request_of(request: HttpRequest, *, raw: bool = False) -> RequestOutput:
    """The message for a request, `raw` with its bytes too. Raises `BadBody` if they are not what they say."""
    body, encoding = read_body(request.body, request.headers.get("content-type", ""))
    return RequestOutput(
        method=request.method,
        path=request.path,
        query=request.query,
        headers=request.headers,
        body=body,
        encoding=encoding,
        params=request.params,
        raw=base64.b64encode(request.body).decode() if raw else None,
    )


def response_of(result: JSON) -> HttpResponse:
    """The response for what came back through the flow. Raises `Fail` if it has the shape of one but cannot be sent."""
    if result is None:
        return HttpResponse(204)
    if not (isinstance(result, dict) and result.keys() <= _FIELDS and _is_status(result.get("status", ""))):
        return _response(200, {}, result, "")
    try:
        response = ResponseInput.model_validate({key: value for key, value in result.items() if value is not None})
    except ValidationError as error:
        problem = error.errors(include_url=False, include_context=False, include_input=False)[0]
        field = "/" + "/".join(map(str, problem["loc"]))
        raise Fail(
            f"the flow's response cannot be sent: {field}: {problem['msg']}", code="invalid_response", field=field
        ) from None
    body: JSON | bytes = response.body if response.encoding == "" else _bytes(response.body)
    return _response(response.status, response.headers, body, response.content_type)


def _is_status(status: JSON) -> bool:
    """Not of `{"status": "ok"}`, which is somebody's answer; one out of range is meant as one."""
    return status.isdecimal() if isinstance(status, str) else not isinstance(status, bool | dict | list)


def failure(status: int, code: str, message: str, *, error_id: str | None = None) -> HttpResponse:
    """An error in the form `{"error": {"code", "message", "id"?}}`."""
    error = {"code": code, "message": message, **({"id": error_id} if error_id else {})}
    headers = {"content-type": "application/json", "cache-control": "no-store"}
    if status == 503:
        headers["retry-after"] = "1"
    return HttpResponse(status, headers, dump_json({"error": error}))


def _bytes(body: JSON) -> bytes:
    try:
        return base64.b64decode(body, validate=True)
    except (TypeError, ValueError):
        text = "the flow's response cannot be sent: its body should be Base64 and is not; map Base64 to it"
        raise Fail(text, code="invalid_response", field="/body") from None


def _response(status: int, headers: dict[str, str], body: JSON | bytes, content_type: str) -> HttpResponse:
    sent = {name.lower(): value for name, value in headers.items() if name.lower() not in _FRAMING}
    if content_type:
        sent["content-type"] = content_type
    for name, value in sent.items():
        if not _NAME.fullmatch(name) or _FORBIDDEN.search(value):
            raise Fail(
                f"the flow's response cannot be sent: HTTP does not allow the name or the value of the header {name!r}",
                code="invalid_response",
                field="/headers",
            )
    if body is None or status in (204, 304):
        return HttpResponse(status, sent)
    if isinstance(body, bytes):
        sent.setdefault("content-type", "application/octet-stream")
        return HttpResponse(status, sent, body)
    if isinstance(body, str):
        sent.setdefault("content-type", "text/plain; charset=utf-8")
        return HttpResponse(status, sent, _text(body))
    sent.setdefault("content-type", "application/json")
    try:
        return HttpResponse(status, sent, dump_json(body, inf_nan_mode="null"))
    except ValueError as error:
        text = f"the flow's response cannot be sent: its body cannot be written as JSON: {error}"
        raise Fail(text, code="invalid_response", field="/body") from None


def _text(body: str) -> bytes:
    try:
        return body.encode()
    except UnicodeEncodeError:
        text = "the flow's response cannot be sent: its body holds half a character (a lone surrogate); take it out"
        raise Fail(text, code="invalid_response", field="/body") from None
