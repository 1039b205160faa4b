"""Long lists in pages, the same way everywhere: `?after=&limit=`, and `next` in the answer.

By keyset: a page begins behind the last row of the one before, so the tenth costs as much as the first, and what is
added or deleted meanwhile neither doubles nor hides another row.
"""

import uuid
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any, TypeVar

from django.db.models import Model, Q, QuerySet
from ninja import Query

from editor.api.errors import refuse

M = TypeVar("M", bound=Model)

PAGE = 100
MAX_PAGE = 500
_BEGIN, _TICK = datetime(1970, 1, 1, tzinfo=UTC), timedelta(microseconds=1)


def limit_of_page() -> Any:
    """The query argument `limit` of a list."""
    return Query(PAGE, ge=1, le=MAX_PAGE, description="Rows of a page")


def page(
    rows: QuerySet[M], after: Any, limit: int, name: str, as_row: Callable[[M], dict[str, Any]], by: str = "pk"
) -> dict[str, Any]:
    """The answer `{name: rows, "next"}`: `limit` rows behind the one whose `by` is `after`, in its order. `next` is the
    `after` of the following page, null at the end. One query, whose `by` has an index."""
    if after is not None:
        rows = rows.filter(**{f"{by}__gt": after})
    found = list(rows.order_by(by)[: limit + 1])
    further = found[limit - 1] if len(found) > limit else None
    value = None if further is None else further.pk if by == "pk" else getattr(further, by)
    following = value if value is None or isinstance(value, int) else str(value)
    return {name: [as_row(row) for row in found[:limit]], "next": following}


def after_of_page() -> Any:
    """The query argument `after` of a list by `page_as_made`."""
    return Query(None, max_length=80, description="The `next` of the page before")


def page_as_made(
    rows: QuerySet[M], after: str | None, limit: int, name: str, as_row: Callable[[M], dict[str, Any]]
) -> dict[str, Any]:
    """The same for rows in the order in which they were made, which several may have been at the same time: `next` is
    the time and the key of the last row. One that is deleted meanwhile hides no other. Raises 400 for another text."""
    if after is not None:
        made, key = _place(after)
        rows = rows.filter(Q(created__gt=made) | Q(created=made, pk__gt=key))
    found: list[Any] = list(rows.order_by("created", "pk")[: limit + 1])
    last = found[limit - 1] if len(found) > limit else None
    following = None if last is None else f"{(last.created - _BEGIN) // _TICK}.{last.pk}"
    return {name: [as_row(row) for row in found[:limit]], "next": following}


def _place(after: str) -> tuple[datetime, uuid.UUID]:
    ticks, _, key = after.partition(".")
    try:
        return _BEGIN + int(ticks) * _TICK, uuid.UUID(key)
    except (ValueError, OverflowError):
        message = "This is the `next` of no page: begin without `after`."
        raise refuse(400, "invalid_request", message, field="/after") from None
