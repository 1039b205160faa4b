"""Answers that are kept by the Idempotency-Key of their request: sent again, it is answered the same (ADR 89)."""

import hashlib
import hmac
from datetime import timedelta
from typing import Any

from django.conf import settings
from django.contrib.auth.models import User
from django.utils import timezone

from projects.asking import asking
from projects.errors import ProjectError
from projects.models import Answered

KEPT = timedelta(hours=24)
UNDER_WAY = timedelta(minutes=2)
"""After that a request that was not answered has died with its process, and may be made again."""
MOST_OF_A_PERSON = 1_000
MAX_KEY = 255
MAX_BODY = 64 * 1024
"""Bytes of an answer that is kept. No request that changes something answers with more but those that have ids of their
own."""


def begin(person: User, key: str, method: str, address: str, body: bytes) -> Answered:
    """The row of this request: with a status, it was answered before. Raises ProjectError: another request under the
    same key (422), the same one still under way (409), a key that is none (400)."""
    if not 0 < len(key) <= MAX_KEY:
        raise ProjectError("invalid_request", f"An Idempotency-Key has 1 to {MAX_KEY} characters.", 400)
    asks = asking()
    key_hash = _hash(str(person.pk), asks.way, asks.credential, key)
    request_hash = _sealed(settings.SECRET_KEY, method, address, body)
    now = timezone.now()
    Answered.objects.filter(key_hash=key_hash, created__lt=now - KEPT).delete()
    Answered.objects.filter(key_hash=key_hash, status=None, created__lt=now - UNDER_WAY).delete()
    row, made = Answered.objects.get_or_create(
        key_hash=key_hash, defaults={"person": person, "request_hash": request_hash}
    )
    if made:
        _forget_oldest(person)
        return row
    if row.request_hash not in {_sealed(key, method, address, body) for key in _signing_keys()}:
        message = "This Idempotency-Key was sent with another request: make a new one for each."
        raise ProjectError("idempotency_key_reused", message, 422)
    if row.status is None:
        message = "The same request is under way: send it again in a moment to have its answer."
        raise ProjectError("under_way", message, 409)
    return row


def finish(row: Answered, status: int, headers: dict[str, str], body: bytes) -> None:
    """Keeps the answer; one that is too large is not kept, and the request is made anew when it comes again."""
    if len(body) > MAX_BODY:
        give_up(row)
        return
    Answered.objects.filter(pk=row.pk).update(status=status, headers=headers, body=body)


def give_up(row: Answered) -> None:
    """The request was refused and did nothing: it may be sent again under the same key."""
    Answered.objects.filter(pk=row.pk).delete()


def forget_old() -> None:
    """Deletes what is no longer kept."""
    Answered.objects.filter(created__lt=timezone.now() - KEPT).delete()


def _forget_oldest(person: User) -> None:
    ids = Answered.objects.filter(person=person).order_by("-created", "-pk").values_list("pk", flat=True)
    if beyond := list(ids[MOST_OF_A_PERSON : MOST_OF_A_PERSON + 100]):
        Answered.objects.filter(pk__in=beyond).delete()


def _signing_keys() -> list[str]:
    return [settings.SECRET_KEY, *settings.SECRET_KEY_FALLBACKS]


def _sealed(key: str, method: str, address: str, body: bytes) -> str:
    """What tells two requests apart. Under a key that is not in the database: a body may hold a secret, and a plain
    hash would let whoever reads the database try values out."""
    request = b"\0".join((method.encode(), address.encode(), body))
    return hmac.new(key.encode(), b"weirflow answered\0" + request, hashlib.sha256).hexdigest()


def _hash(*parts: Any) -> str:
    return hashlib.sha256("\0".join(parts).encode()).hexdigest()
