"""Failures in the API's own form: a Status object with reason, details and one cause per field."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from weirflow.embedded.kinds import Kind


@dataclass(frozen=True, slots=True)
class Cause:
    """One field that is wrong: where, which sort of wrong, and the text that says what to do."""

    field: str
    reason: str
    message: str

    def as_dict(self) -> dict[str, str]:
        return {"reason": self.reason, "message": self.message, "field": self.field}


class ApiError(Exception):
    """An answer other than success. `status` is the HTTP status, `body` the Status object (or plain `text`)."""

    def __init__(
        self,
        status: int,
        reason: str,
        message: str,
        details: dict[str, Any] | None = None,
        metadata: dict[str, Any] | None = None,
    ) -> None:
        super().__init__(message)
        self.status = status
        self.body: dict[str, Any] = {
            "kind": "Status",
            "apiVersion": "v1",
            "metadata": metadata or {},
            "status": "Failure",
            "message": message,
        }
        if reason:
            self.body["reason"] = reason
        if details is not None:
            self.body["details"] = details
        self.body["code"] = status


class PageNotFound(ApiError):
    """A path that no custom resource answers to: a real server says so in plain text, not as a Status."""

    text = b"404 page not found\n"

    def __init__(self) -> None:
        super().__init__(404, "NotFound", "404 page not found")


def details_of(kind: Kind, name: str = "", *, singular: bool = False, **more: Any) -> dict[str, Any]:
    """`details` of a Status: the plural resource, or the Kind where the API names the Kind (validation)."""
    details: dict[str, Any] = {}
    if name:
        details["name"] = name
    if kind.group:
        details["group"] = kind.group
    details["kind"] = kind.kind if singular else kind.plural
    details.update(more)
    return details


def bad_request(message: str) -> ApiError:
    return ApiError(400, "BadRequest", message)


def not_found(kind: Kind, name: str) -> ApiError:
    return ApiError(404, "NotFound", f'{kind.qualified} "{name}" not found', details_of(kind, name))


def no_such_path() -> ApiError:
    return ApiError(404, "NotFound", "the server could not find the requested resource", {})


def already_exists(kind: Kind, name: str, *, terminating: bool = False) -> ApiError:
    prefix = "object is being deleted: " if terminating else ""
    message = f'{prefix}{kind.qualified} "{name}" already exists'
    return ApiError(409, "AlreadyExists", message, details_of(kind, name))


def conflict(kind: Kind, name: str, text: str = "") -> ApiError:
    text = text or ("the object has been modified; please apply your changes to the latest version and try again")
    message = f'Operation cannot be fulfilled on {kind.qualified} "{name}": {text}'
    return ApiError(409, "Conflict", message, details_of(kind, name))


def precondition_failed(kind: Kind, name: str, text: str) -> ApiError:
    """A delete whose precondition does not hold; here the API names the Kind instead of the resource."""
    message = f'Operation cannot be fulfilled on {kind.qualified_kind} "{name}": {text}'
    return ApiError(409, "Conflict", message, details_of(kind, name, singular=True))


def _joined(causes: list[Cause]) -> str:
    texts = [f"{cause.field}: {cause.message}" for cause in causes]
    return texts[0] if len(texts) == 1 else f"[{', '.join(texts)}]"


def invalid(kind: Kind, name: str, causes: list[Cause], *, as_kind: str = "") -> ApiError:
    """422 for an object that breaks its kind's rules; `as_kind` is the (wrong) kind the client wrote."""
    subject = as_kind or kind.kind
    qualified = f"{subject}.{kind.group}" if kind.group else subject
    details = details_of(kind, name, singular=True)
    details["kind"] = subject
    details["causes"] = [cause.as_dict() for cause in causes]
    return ApiError(422, "Invalid", f'{qualified} "{name}" is invalid: {_joined(causes)}', details)


def version_required(kind: Kind, name: str) -> ApiError:
    """An update that does not say which version it was made from."""
    cause = Cause(
        "metadata.resourceVersion", "FieldValueInvalid", "Invalid value: 0x0: must be specified for an update"
    )
    details = details_of(kind, name, causes=[cause.as_dict()])
    return ApiError(422, "Invalid", f'{kind.qualified} "{name}" is invalid: {_joined([cause])}', details)


def invalid_options(options: str, cause: Cause) -> ApiError:
    """422 about the query or delete options; `options` is the API's name for them, such as `ListOptions`."""
    details = {"group": "meta.k8s.io", "kind": options, "causes": [cause.as_dict()]}
    return ApiError(422, "Invalid", f'{options}.meta.k8s.io "" is invalid: {_joined([cause])}', details)


def unsupported_media_type(accepted: list[str]) -> ApiError:
    message = f"the body of the request was in an unknown format - accepted media types include: {', '.join(accepted)}"
    return ApiError(415, "UnsupportedMediaType", message)


def not_acceptable(accepted: list[str]) -> ApiError:
    return ApiError(406, "NotAcceptable", f"only the following media types are accepted: {', '.join(accepted)}")


def too_large(limit: int) -> ApiError:
    return ApiError(413, "RequestEntityTooLarge", f"Request entity too large: limit is {limit}")


def verb_not_supported(kind: Kind, verb: str) -> ApiError:
    if kind.builtin:
        return ApiError(405, "MethodNotAllowed", "the server does not allow this method on the requested resource", {})
    message = f'{verb} is not supported on resources of kind "{kind.qualified}"'
    return ApiError(405, "MethodNotAllowed", message, details_of(kind))


def unauthorized() -> ApiError:
    return ApiError(401, "Unauthorized", "Unauthorized")


def expired(message: str, *, continue_token: str = "") -> ApiError:
    return ApiError(410, "Expired", message, metadata={"continue": continue_token} if continue_token else None)


def version_in_future(asked: int, current: int) -> ApiError:
    details = {
        "causes": [{"reason": "ResourceVersionTooLarge", "message": "Too large resource version"}],
        "retryAfterSeconds": 1,
    }
    return ApiError(504, "Timeout", f"Timeout: Too large resource version: {asked}, current: {current}", details)


def storage_full(path: str) -> ApiError:
    message = (
        f"the embedded cluster could not store this write: no space left for {path}. "
        "Nothing of it was kept; free some disk space and send it again"
    )
    return ApiError(507, "InsufficientStorage", message)


def storage_failed(path: str, problem: str) -> ApiError:
    message = f"the embedded cluster could not store this write in {path}: {problem}. Nothing of it was kept"
    return ApiError(500, "InternalError", message)
