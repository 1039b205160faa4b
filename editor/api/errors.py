"""One shape for every error of the API: ``{"error": ErrorDetail}``."""

import logging
import math
from typing import Any

import orjson
from django.core.exceptions import RequestDataTooBig
from django.http import Http404, HttpRequest, HttpResponse
from ninja import NinjaAPI
from ninja.errors import AuthenticationError, HttpError, ValidationError

from editor.api.described import Schema
from projects.errors import ProjectError
from weirflow.flowfile.faults import FlowFileError, shown
from weirflow.kube.errors import ApiError

log = logging.getLogger(__name__)


class ErrorDetail(Schema):
    """What went wrong, where and what to do. ``op`` is an index into ``ops``, ``field`` a JSON pointer; ``by`` is
    whose work stands in the way, ``change`` the revision in which they did it, ``thing`` what is gone; ``ways`` are
    switches of the same request that would get past it, ``current`` what is there now (412)."""

    code: str
    message: str
    op: int | None = None
    field: str | None = None
    by: str | None = None
    change: int | None = None
    thing: str | None = None
    ways: list[str] | None = None
    current: dict[str, Any] | None = None
    faults: list["FaultOut"] | None = None


class FaultOut(Schema):
    """One of the things that are wrong with a file; ``line`` is 0 where it is not known, ``path`` names the place."""

    line: int
    path: str
    message: str


class ErrorOut(Schema):
    """The answer to every request that was refused."""

    error: ErrorDetail


ERRORS = dict.fromkeys((400, 401, 403, 404, 409, 413, 422, 429, 503), ErrorOut)
"""The refusals every request may meet, for the ``response`` of an operation."""


def refuse(status: int, code: str, message: str, **more: Any) -> ProjectError:
    """An error to raise from a view."""
    return ProjectError(code, message, status, **more)


def json_response(value: Any, status: int = 200) -> HttpResponse:
    """A JSON answer as it is, without a second validation."""
    return HttpResponse(orjson.dumps(value), status=status, content_type="application/json")


def no_such_address(_request: HttpRequest, rest: str) -> HttpResponse:
    """The view of every address below ``/api/`` that is none."""
    message = f"The API has nothing at /api/{rest}: see /api/openapi.json."
    return json_response({"error": {"code": "not_found", "message": message}}, 404)


#: In the framework's place, which says neither what is wrong nor what to do.
_HTTP_ERRORS = {
    400: "The body is not JSON that can be read: send UTF-8, not nested without end, with numbers of at most 64 bits.",
    403: "The X-CSRFToken header is missing or wrong: reload the page.",
}


def install_error_handlers(api: NinjaAPI) -> None:
    """Give every exception a view may raise its answer."""

    def answer(status: int, error: dict[str, Any]) -> HttpResponse:
        return json_response({"error": error}, status)

    @api.exception_handler(ProjectError)
    def refused(_request: HttpRequest, error: ProjectError) -> HttpResponse:
        response = answer(error.status, error.as_error())
        if error.status == 429:
            response["Retry-After"] = str(math.ceil(error.retry_after or 1))
        return response

    @api.exception_handler(Http404)
    def missing(_request: HttpRequest, _error: Http404) -> HttpResponse:
        return answer(404, {"code": "not_found", "message": "There is nothing here, or it is not shared with you."})

    @api.exception_handler(RequestDataTooBig)
    def too_big(_request: HttpRequest, _error: RequestDataTooBig) -> HttpResponse:
        return answer(
            413,
            {
                "code": "body_too_large",
                "message": "The request is larger than 4 MiB: send less at once; of a file, flow after flow.",
            },
        )

    @api.exception_handler(ValidationError)
    def malformed(_request: HttpRequest, error: ValidationError) -> HttpResponse:
        first = error.errors[0] if error.errors else {}
        place = [str(step) for step in first.get("loc", ())]
        field = "/" + "/".join(place[2:] if place[:1] == ["body"] else place[1:])
        message = f"{first.get('msg', 'The request cannot be read')}."
        return answer(400, {"code": "invalid_request", "message": message, "field": field})

    @api.exception_handler(FlowFileError)
    def file_refused(_request: HttpRequest, error: FlowFileError) -> HttpResponse:
        faults = [{"line": one.line, "path": shown(one.path), "message": one.message} for one in error.faults]
        count = "1 thing is" if len(faults) == 1 else f"{len(faults)} things are"
        message = f"{count} wrong with the file; the first: {error.faults[0]}."
        return answer(422, {"code": "file_invalid", "message": message, "faults": faults})

    @api.exception_handler(AuthenticationError)
    def stranger(_request: HttpRequest, _error: AuthenticationError) -> HttpResponse:
        return answer(401, {"code": "not_signed_in", "message": "Sign in first."})

    @api.exception_handler(HttpError)
    def http_error(_request: HttpRequest, error: HttpError) -> HttpResponse:
        code = "csrf_failed" if error.status_code == 403 else "invalid_request"
        return answer(error.status_code, {"code": code, "message": _HTTP_ERRORS.get(error.status_code, str(error))})

    @api.exception_handler(ApiError)
    def cluster_failed(_request: HttpRequest, error: ApiError) -> HttpResponse:
        log.warning("the cluster did not do what a request needed: %s", error.message)
        message = "The cluster does not answer or refuses: try again in a moment."
        return answer(503, {"code": "cluster_unavailable", "message": message})

    @api.exception_handler(Exception)
    def crashed(_request: HttpRequest, error: Exception) -> HttpResponse:
        log.error("a request failed", exc_info=error)
        return answer(500, {"code": "internal_error", "message": "Weirflow failed on this request; its log says why."})
