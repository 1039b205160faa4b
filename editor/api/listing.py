"""Long lists in pages, the same way everywhere: `?after=&limit=`, and `next` in the answer.

By keyset: a page begins behind the last row of the one before, so the tenth costs as much as the first, and what is
added or deleted meanwhile neither doubles nor hides another row.
"""

from collections.abc import Callable
from typing import Any, TypeVar

from django.db.models import Model, QuerySet
from ninja import Query

M = TypeVar("M", bound=Model)

PAGE = 100
MAX_PAGE = 500


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
