"""The one error that actions raise."""

from collections.abc import Sequence
from typing import Any


class ProjectError(Exception):
    """Why something was refused: what, where and what to do.

    `code` is snake_case and stable; `status` the HTTP status it becomes; `op` the index of the operation in its batch;
    `field` a JSON pointer into it; `by` the name of the person whose work stands in the way, `change` the revision in
    which they did it, and `thing` the id of what is gone; `ways` what may be asked for instead, by the names of the
    request's own switches; `retry_after` the seconds after which it may be tried again; `current` what the thing is
    like now, where the request was about another state of it.
    """

    def __init__(
        self,
        code: str,
        message: str,
        status: int = 422,
        *,
        op: int | None = None,
        field: str | None = None,
        by: str | None = None,
        change: int | None = None,
        thing: str | None = None,
        ways: Sequence[str] = (),
        retry_after: float | None = None,
        current: dict[str, Any] | None = None,
    ) -> None:
        super().__init__(message)
        self.code = code
        self.message = message
        self.status = status
        self.op = op
        self.field = field
        self.by = by
        self.change = change
        self.thing = thing
        self.ways = list(ways)
        self.retry_after = retry_after
        self.current = current

    def as_error(self) -> dict[str, Any]:
        """The inner object of the API's error answer, without keys that say nothing."""
        error: dict[str, Any] = {"code": self.code, "message": self.message}
        for key in ("op", "field", "by", "change", "thing"):
            value = getattr(self, key)
            if value is not None:
                error[key] = value
        if self.ways:
            error["ways"] = self.ways
        if self.current is not None:
            error["current"] = self.current
        return error
