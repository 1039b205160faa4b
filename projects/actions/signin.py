"""One-time sign-in links: made on the machine's own terminal, spent by a POST."""

import hashlib
import secrets
from datetime import timedelta

from django.contrib.auth.models import User
from django.db import transaction
from django.urls import reverse
from django.utils import timezone

from projects.audit import audit
from projects.audit_sign_in import audit_refused
from projects.models import SignInLink

LIFETIME = timedelta(minutes=10)


@transaction.atomic
def do_create_signin_link(user: User) -> str:
    """The path of a new link for `user`, good once within ten minutes. Links out of date are swept away."""
    token = secrets.token_urlsafe(32)
    now = timezone.now()
    SignInLink.objects.filter(expires__lt=now).delete()
    SignInLink.objects.create(user=user, token_hash=_hash(token), expires=now + LIFETIME)
    audit(None, "signin_link.create", user)
    return reverse("sign_in_link", args=[token])


def is_open(token: str) -> bool:
    """Whether the link can still be spent."""
    return SignInLink.objects.filter(
        token_hash=_hash(token), used=None, expires__gt=timezone.now(), user__is_active=True
    ).exists()


def do_spend_signin_link(token: str) -> User | None:
    """The link's person, once; None for a link that is unknown, spent or out of date.

    One UPDATE decides, so that of two requests at the same moment one wins.
    """
    now = timezone.now()
    mine = SignInLink.objects.filter(token_hash=_hash(token))
    if not mine.filter(used=None, expires__gt=now, user__is_active=True).update(used=now):
        audit_refused(None, "link")
        return None
    return mine.select_related("user").get().user


def _hash(token: str) -> str:
    """A plain hash will do: the token has 256 random bits."""
    return hashlib.sha256(token.encode()).hexdigest()
