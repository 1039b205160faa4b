"""How many mentions a person has not read, for the bell on every page."""

from functools import partial
from typing import Any

from django.contrib.auth.models import User
from django.http import HttpRequest

from projects.comments.inbox import unread_count


def bell(request: HttpRequest) -> dict[str, Any]:
    """Context processor: `unread_mentions`, counted where a template asks for it, once for each time."""
    return {"unread_mentions": partial(_count, request)}


def _count(request: HttpRequest) -> int:
    user = getattr(request, "user", None)
    return unread_count(user) if isinstance(user, User) else 0
