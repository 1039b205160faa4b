"""How a person signs in, and where they are signed in."""

import hashlib

from django.conf import settings
from django.contrib.auth.models import User
from django.contrib.sessions.models import Session
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe

from projects.accounts.devices import device
from projects.accounts.factors import recovery_codes
from projects.accounts.second_step import has_second_factor
from projects.actions.sessions import do_end_sessions
from projects.models import SignedIn
from projects.views.guard import page, person_of

MOST_SHOWN = 100


@require_safe
@never_cache
@page
def security(request: HttpRequest) -> HttpResponse:
    """Password, second factor, sessions."""
    person = person_of(request)
    has_factor = has_second_factor(person)
    context = {
        "provider": settings.OIDC_NAME,
        "is_connected": bool(settings.OIDC_NAME) and _is_connected(person),
        "has_factor": has_factor,
        "codes_left": len(recovery_codes(person)) if has_factor else 0,
        "sessions": [
            {
                "id": _public(session.session_key),
                "device": device(session.agent),
                "address": session.address,
                "last_seen": session.last_seen,
                "created": session.created,
                "is_this": session.session_key == request.session.session_key,
            }
            for session in _living(request)
        ],
    }
    return render(request, "account/security.html", context)


@require_POST
@page
def sessions_end(request: HttpRequest) -> HttpResponse:
    """Ends the one that is named, or all others."""
    person, here = person_of(request), str(request.session.session_key)
    named = request.POST.get("session", "")
    keys = [one.session_key for one in _living(request) if named in ("others", _public(one.session_key))]
    do_end_sessions(person, keys, keep=here)
    return redirect("security")


def _is_connected(person: User) -> bool:
    from projects.accounts.oidc import identities_of

    return bool(identities_of(person))


def _living(request: HttpRequest) -> list[SignedIn]:
    """The person's sessions, this one first, then the one that was used last."""
    living = Session.objects.filter(expire_date__gt=timezone.now()).values("session_key")
    own = SignedIn.objects.filter(user=person_of(request), session_key__in=living).order_by("-last_seen")
    return sorted(own[:MOST_SHOWN], key=lambda one: one.session_key != request.session.session_key)


def _public(session_key: str) -> str:
    """By what a page names a session: its key would sign whoever reads it in."""
    return hashlib.sha256(f"session:{session_key}".encode()).hexdigest()[:32]
