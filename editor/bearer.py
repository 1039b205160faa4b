"""Websockets of programs: signed in by an API token in the header `Authorization`, which no page can send."""

from collections.abc import Awaitable, Callable, Iterable
from typing import Any

from django.contrib.auth.models import AnonymousUser

from editor.database import in_database
from projects.tokens import person_of, token_in_use

Scope = dict[str, Any]
Application = Callable[[Scope, Any, Any], Awaitable[None]]

KEY = "token:"
"""Before a token's id, in the place of the key of a session."""


class BearerSockets:
    """Sends sockets that carry a token to `routes` as its person, and all others to `pages`, which ask for origin and
    session."""

    def __init__(self, routes: Application, pages: Application) -> None:
        self._routes, self._pages = routes, pages

    async def __call__(self, scope: Scope, receive: Any, send: Any) -> None:
        text = bearer_of(scope["headers"])
        if text is None:
            await self._pages(scope, receive, send)
            return
        token = await in_database(token_in_use, text)
        person = person_of(token) if token is not None else AnonymousUser()
        key = f"{KEY}{token.pk}" if token is not None else ""
        await self._routes({**scope, "user": person, "weirflow.token": key}, receive, send)


def bearer_of(headers: Iterable[tuple[bytes, bytes]]) -> str | None:
    """What stands behind `Bearer`; None without such a header."""
    sent = next((value for name, value in headers if name == b"authorization"), b"")
    scheme, _, text = sent.decode("latin-1").partition(" ")
    return text.strip() if scheme.lower() == "bearer" else None
