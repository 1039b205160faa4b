"""Where people are signed in: noted when they sign in, and at most every five minutes while they are there."""

import time
from collections import OrderedDict

from django.contrib.sessions.models import Session
from django.utils import timezone

from projects.models import SignedIn

EVERY_SECONDS = 300.0
MOST_REMEMBERED = 10_000
MAX_AGENT = 200

_noted: OrderedDict[str, float] = OrderedDict()


def due(session_key: str) -> bool:
    """Whether it is time to note this session again. Asked with every request: a look into memory, no more."""
    now = time.monotonic()
    before = _noted.get(session_key)
    if before is not None and now - before < EVERY_SECONDS:
        return False
    _noted[session_key] = now
    _noted.move_to_end(session_key)
    if len(_noted) > MOST_REMEMBERED:
        _noted.popitem(last=False)
    return True


def note(session_key: str, user_id: int, address: str, agent: str) -> None:
    """The session is in use, from this address by this browser."""
    now = timezone.now()
    seen = {"last_seen": now, "address": address or None, "agent": agent[:MAX_AGENT]}
    if SignedIn.objects.filter(session_key=session_key).update(**seen):
        return
    # One that ended while its last request was answered does not come back.
    if Session.objects.filter(session_key=session_key).exists():
        SignedIn.objects.get_or_create(session_key=session_key, defaults={"user_id": user_id, "created": now, **seen})


def forget_ended() -> None:
    """Delete what is known about sessions that are over."""
    living = Session.objects.filter(expire_date__gt=timezone.now()).values("session_key")
    SignedIn.objects.exclude(session_key__in=living).delete()
