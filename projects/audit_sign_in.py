"""Signing in, out, and in vain, by whatever way: Django tells of all of them."""

import threading
import time
from typing import Any

from django.contrib.auth.models import User
from django.http import HttpRequest

from projects.asking import asking, came_by
from projects.audit import Subject, audit

REFUSALS_PER_MINUTE = 20
"""Of one address: who tries passwords by the thousand must not fill the record."""
MOST_ADDRESSES = 1_000


class Refusals:
    """Counts failed sign-ins of the minute by address, in this process."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._minute = 0
        self._counts: dict[str, int] = {}

    def recorded(self, address: str) -> bool:
        """Whether one more from there is worth an entry: the first ones of a minute are, those of too many addresses
        together count as one address."""
        minute = int(time.monotonic() // 60)
        with self._lock:
            if minute != self._minute:
                self._minute, self._counts = minute, {}
            key = address if address in self._counts or len(self._counts) < MOST_ADDRESSES else ""
            self._counts[key] = count = self._counts.get(key, 0) + 1
        return count <= REFUSALS_PER_MINUTE


_refusals = Refusals()


def signed_in(sender: Any, request: HttpRequest | None, user: User, **_: Any) -> None:
    """Receives `user_logged_in`."""
    came_by("session", user.pk)
    match = getattr(request, "resolver_match", None)
    audit(user, "session.start", user, after={"by": match.view_name} if match is not None else None)


def signed_out(sender: Any, request: HttpRequest | None, user: User | None, **_: Any) -> None:
    """Receives `user_logged_out`."""
    if user is not None:
        audit(user, "session.end", user)


def refused(sender: Any, credentials: dict[str, Any] | None = None, **_: Any) -> None:
    """Receives `user_login_failed`. The name is kept only where it is somebody's: people type passwords there."""
    name = str((credentials or {}).get("username") or "")[:150]
    audit_refused(User.objects.filter(username=name).first() if name else None, "password")


def audit_refused(whom: User | None, why: str) -> None:
    """Somebody failed to sign in: as `whom`, if that is known. Of many tries a minute only the first are recorded."""
    if _refusals.recorded(asking().address):
        subject = Subject("user", str(whom.pk), whom.get_username()) if whom is not None else Subject("user")
        audit(None, "session.refuse", subject, after={"why": why})
