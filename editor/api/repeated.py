"""`Idempotency-Key` on every request that changes something: sent again, it is answered the same and does nothing."""

from collections.abc import Awaitable, Callable
from functools import wraps
from typing import Any

from django.contrib.auth.models import User
from django.http import HttpRequest, HttpResponse

from editor.database import in_database
from projects.answers import begin, finish, give_up

View = Callable[..., Awaitable[HttpResponse]]

KEPT_HEADERS = ("Content-Type", "ETag")


def answered_once(view: View) -> View:
    """Around the views of the API. Those that have the key as an argument use it for the signal they send."""

    @wraps(view)
    async def once(request: HttpRequest, **values: Any) -> HttpResponse:
        key, person = request.META.get("HTTP_IDEMPOTENCY_KEY"), request.auth  # type: ignore[attr-defined]
        if key is None or "key" in values or request.method == "GET" or not isinstance(person, User):
            return await view(request, **values)
        row = await in_database(begin, person, key, str(request.method), request.get_full_path(), request.body)
        if row.status is not None:
            return HttpResponse(bytes(row.body), status=row.status, headers=row.headers)
        try:
            response = await view(request, **values)
        except BaseException:
            await in_database(give_up, row)
            raise
        headers = {name: response[name] for name in KEPT_HEADERS if name in response}
        await in_database(finish, row, response.status_code, headers, response.content)
        return response

    return once
