"""What follows when somebody signs in or out, or an account ends, by whichever way."""

import logging
from collections.abc import Collection
from typing import Any

from django.contrib.auth.models import User
from django.http import HttpRequest

from projects.accounts import seen
from projects.accounts.proof import note_proof
from projects.asking import asking
from projects.models import SignedIn
from projects.ownership import owned_by_none_but

log = logging.getLogger(__name__)
NAMED = 5


def signed_in(*, request: HttpRequest, user: User, **_: Any) -> None:
    note_proof(request)
    if not request.session.session_key:
        request.session.create()
    key = str(request.session.session_key)
    seen.note(key, user.pk, asking().address, request.headers.get("User-Agent", ""))


def signed_out(*, request: HttpRequest, **_: Any) -> None:
    SignedIn.objects.filter(session_key=request.session.session_key or "").delete()


def saved(*, instance: User, update_fields: Collection[str] | None = None, **_: Any) -> None:
    """Says whose projects nobody owns any more when an account is closed past the page that hands them over."""
    if not instance.is_active and (update_fields is None or "is_active" in update_fields):
        _tell_ownerless(instance)


def deleted(*, instance: User, **_: Any) -> None:
    """The same of an account that is about to be deleted."""
    _tell_ownerless(instance)


def _tell_ownerless(user: User) -> None:
    found = list(owned_by_none_but(user).order_by("name").values_list("name", flat=True)[: NAMED + 1])
    if found:
        names = ", ".join(found[:NAMED]) + (" and more" if len(found) > NAMED else "")
        log.warning(
            "the account %s has ended, and nobody owns %s any more: give them to somebody on the page People",
            user.username,
            names,
        )
