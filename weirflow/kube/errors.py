"""What the API server answers when it does not do what was asked, as one exception class per cause."""

from typing import Any


class ApiError(Exception):
    """A request that failed. ``status`` is the HTTP code (0: no answer), ``reason`` the API's word for it.

    ``retry_after`` is how many seconds the server asks to wait before the next try; ``None`` if it does not say.
    """

    def __init__(self, message: str, *, status: int = 0, reason: str = "", details: dict[str, Any] | None = None):
        super().__init__(message)
        self.message = message
        self.status = status
        self.reason = reason
        self.details = details or {}
        self.retry_after: float | None = None


class NotFound(ApiError):
    """The object, its kind or its namespace does not exist."""


class AlreadyExists(ApiError):
    """A create of a name that is taken."""


class Conflict(ApiError):
    """The object changed since it was read, or a precondition did not hold."""


class Gone(ApiError):
    """The resourceVersion or the page token is too old: list again."""


class Unauthorized(ApiError):
    """The token is not known to the cluster."""


class Forbidden(ApiError):
    """The token is known and may not do this."""


class Invalid(ApiError):
    """The cluster refused the object or patch; a JSON Patch whose ``test`` failed ends here too."""


class TooManyRequests(ApiError):
    """The cluster asks to slow down; ``retry_after`` says for how long. Nothing was done."""


class Unavailable(ApiError):
    """No usable answer: refused, cut, timed out or an error of the server.

    ``sent`` tells whether the request may have reached the server: a write that was sent may have been applied.
    """

    def __init__(self, message: str, *, sent: bool = True, status: int = 0, details: dict[str, Any] | None = None):
        super().__init__(message, status=status, reason="Unavailable", details=details)
        self.sent = sent


class StorageFull(Unavailable):
    """The server has no space left for the write, and has kept nothing of it (507)."""


_BY_STATUS: dict[int, type[ApiError]] = {
    401: Unauthorized,
    403: Forbidden,
    404: NotFound,
    409: Conflict,
    410: Gone,
    422: Invalid,
    429: TooManyRequests,
}


def error_from(status: int, body: Any, doing: str, retry_after: str = "") -> ApiError:
    """The exception for an answer of ``status`` whose body is (normally) a ``Status`` object.

    ``doing`` names the request, as in ``get tinynodes/a``, so that the text says where it happened; ``retry_after`` is
    the answer's header of that name.
    """
    answer = body if isinstance(body, dict) else {}
    text = answer.get("message") or (body if isinstance(body, str) and body else f"HTTP {status}")
    message, reason = f"{doing}: {text}", str(answer.get("reason", ""))
    details = answer["details"] if isinstance(answer.get("details"), dict) else {}
    error: ApiError
    if reason == "AlreadyExists":
        error = AlreadyExists(message, status=status, reason=reason, details=details)
    elif status == 507:
        error = StorageFull(message, status=status, details=details)
    elif status >= 500:
        error = Unavailable(message, status=status, details=details)
    else:
        error = _BY_STATUS.get(status, ApiError)(message, status=status, reason=reason, details=details)
    error.retry_after = _seconds(retry_after) or _seconds(details.get("retryAfterSeconds"))
    return error


def _seconds(value: Any) -> float | None:
    """A positive number of seconds. The header may also be a date, which no API server sends."""
    try:
        seconds = float(value)
    except (TypeError, ValueError):
        return None
    return seconds if 0 < seconds < float("inf") else None
