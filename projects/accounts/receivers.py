"""What follows when somebody signs in or out, by whichever way."""

from typing import Any

from django.contrib.auth.models import User
from django.http import HttpRequest

from projects.accounts import seen
from projects.accounts.proof import note_proof
from projects.asking import asking
from projects.models import SignedIn


def signed_in(*, request: HttpRequest, user: User, **_: Any) -> None:
    note_proof(request)
    if not request.session.session_key:
        request.session.create()
    key = str(request.session.session_key)
    seen.note(key, user.pk, asking().address, request.headers.get("User-Agent", ""))


def signed_out(*, request: HttpRequest, **_: Any) -> None:
    SignedIn.objects.filter(session_key=request.session.session_key or "").delete()
