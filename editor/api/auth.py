"""Who asks: the person of the session, whose unsafe requests must carry the CSRF token; that of an API token, or who
came by a share link, which no page of others can send."""

from typing import Any

from django.conf import settings
from django.contrib.auth.models import User
from django.http import HttpRequest
from ninja.security import APIKeyCookie, APIKeyHeader, HttpBearer

from editor.api.errors import refuse
from editor.database import in_database
from projects import tokens
from projects.asking import asking, came_by
from projects.limits import enter
from projects.share_links import SHARE_HEADER, visitor_with
from projects.visitor import Visitor


class ShareAuth(APIKeyHeader):
    """``X-Weirflow-Share`` and the token of a share link, which no page of others can send: a visitor."""

    param_name = SHARE_HEADER

    async def authenticate(self, request: HttpRequest, key: str | None) -> Any:
        """The visitor, also where somebody is signed in; nobody without the header. A token that is not good is refused
        with 401."""
        if not key:
            return None
        enter("anonymous")
        visitor = await in_database(visitor_with, key)
        if visitor is None:
            raise refuse(401, "bad_link", "This link was revoked, or its time is over: ask for a new one.")
        return visitor


class SessionAuth(APIKeyCookie):
    """Django's session cookie. An inactive person is nobody."""

    param_name = settings.SESSION_COOKIE_NAME

    def __init__(self) -> None:
        super().__init__(csrf=True)

    async def authenticate(self, request: HttpRequest, key: str | None) -> Any:
        """The person; a request without one is refused with 401."""
        person = await in_database(_person, request)
        if person is None:
            enter("anonymous")
            raise refuse(401, "not_signed_in", "Sign in first.")
        came_by("session", person.pk)
        enter("api", f"person {person.pk}")
        return person


class BearerAuth(HttpBearer):
    """``Authorization: Bearer`` and an API token: its owner, with ``grant`` saying what the token is for."""

    async def authenticate(self, request: HttpRequest, token: str) -> Any:
        """The person. A token that is not good is refused with 401, even where a session would do."""
        person = await in_database(_person_of_token, token.strip())
        if person is None:
            enter("anonymous")
            message = (
                "The token is unknown, was revoked, or its time is over: make a new one on the page of your tokens."
            )
            raise refuse(401, "bad_token", message)
        enter("api", f"token {asking().credential} of {person.pk}")
        return person


def person_of(request: HttpRequest) -> User:
    """Who asks, in a view behind one of these. Raises 403 for a visitor: what is open to these asks `reader_of`."""
    person = reader_of(request)
    if isinstance(person, Visitor):
        raise refuse(403, "forbidden", "A share link shows, and no more: sign in for the rest.")
    return person


def reader_of(request: HttpRequest) -> User | Visitor:
    """Who asks, in a view that visitors have too."""
    person: User | Visitor = request.auth  # type: ignore[attr-defined]
    return person


def _person(request: HttpRequest) -> User | None:
    user = request.user
    if not user.is_authenticated or not user.is_active:
        return None
    # The lazy wrapper would load the person again on another thread.
    return getattr(user, "_wrapped", user)


def _person_of_token(text: str) -> User | None:
    token = tokens.token_in_use(text)
    return tokens.person_of(token) if token is not None else None
