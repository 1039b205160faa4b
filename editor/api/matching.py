"""`ETag` of what is updated whole, and `If-Match`: who changes it says which state they saw.

Compared under the lock that the change is made under: of two who saw the same, one changes it.
"""

import hashlib
from typing import Any

import orjson
from django.http import HttpRequest, HttpResponse

from editor.api.errors import json_response, refuse


def etag_of(row: dict[str, Any]) -> str:
    """The tag of this state: that of its `rev` where it has one, else of all that is in it."""
    if "rev" in row:
        return f'"{row["rev"]}"'
    return f'"{hashlib.sha256(orjson.dumps(row, option=orjson.OPT_SORT_KEYS)).hexdigest()[:24]}"'


def tagged(row: dict[str, Any], status: int = 200) -> HttpResponse:
    """The row as an answer, with its tag."""
    response = json_response(row, status)
    response["ETag"] = etag_of(row)
    return response


def if_match(request: HttpRequest) -> str | None:
    """What the request says that it has seen; None where it says nothing."""
    return request.headers.get("If-Match")


def require_match(seen: str | None, row: dict[str, Any]) -> None:
    """Raises ProjectError (412) with `row` as `current` unless this state is among those that were `seen`."""
    if seen is None or seen.strip() == "*":
        return
    if etag_of(row) not in [tag.strip() for tag in seen.split(",")]:
        message = (
            "Somebody has changed this since you read it: look at `current`, then repeat your change with its ETag."
        )
        raise refuse(412, "changed_meanwhile", message, current=row)
