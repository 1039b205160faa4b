"""Who asks: the person of the session. Unsafe requests must carry the CSRF token."""

from typing import Any

from django.conf import settings
from django.contrib.auth.models import User
from django.http import HttpRequest
from ninja.security import APIKeyCookie

from editor.api.errors import refuse
from editor.database import in_database
from projects.asking import came_by


class SessionAuth(APIKeyCookie):
    """Django's session cookie. An inactive person is nobody."""

    param_name = settings.SESSION_COOKIE_NAME

    def __init__(self) -> None:
        super().__init__(csrf=True)

    async def authenticate(self, request: HttpRequest, key: str | None) -> Any:
        """The person; a request without one is refused with 401."""
        person = await in_database(_person, request)
        if person is None:
            raise refuse(401, "not_signed_in", "Sign in first.")
        came_by("session", person.pk)
        return person


def person_of(request: HttpRequest) -> User:
    """Who asks, in a view behind ``SessionAuth``."""
    person: User = request.auth  # type: ignore[attr-defined]
    return person


def _person(request: HttpRequest) -> User | None:
    user = request.user
    if not user.is_authenticated or not user.is_active:
        return None
    # The lazy wrapper would load the person again on another thread.
    return getattr(user, "_wrapped", user)
