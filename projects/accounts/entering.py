"""From a name and a password, or what else proves who somebody is, to a session."""

from allauth.account.adapter import get_adapter
from allauth.account.utils import perform_login
from django.conf import settings
from django.contrib.auth.models import User
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.http import url_has_allowed_host_and_scheme

from projects.errors import ProjectError

MAX_LOGIN = 254
MAX_PASSWORD = 1024
"""Characters: hashing more would only keep us busy."""


def person_by_password(request: HttpRequest, login: str, password: str) -> User:
    """Who has this name, or mail address, and password. Raises `ProjectError`: 422 when it is nobody, without saying
    which of the two was wrong, 429 when there were too many tries from one address or for one name."""
    login = login.strip()[:MAX_LOGIN]
    try:
        person = get_adapter(request).authenticate(request, username=login, password=password[:MAX_PASSWORD])
    except ValidationError:
        message = "Too many tries. Wait some minutes, or use a sign-in link."
        raise ProjectError("too_many_tries", message, 429) from None
    if not isinstance(person, User):
        raise ProjectError("wrong_password", "The name or the password is wrong.")
    return person


def enter(request: HttpRequest, person: User, after: str = "") -> HttpResponse:
    """Signs the person in, unless a second factor of theirs is asked for first; then on to `after`."""
    # Always said: django-allauth would take what the request says, and has another idea of what is ours.
    there = after or reverse(settings.LOGIN_REDIRECT_URL)
    answer: HttpResponse = perform_login(request, person, email_verification="none", redirect_url=there)
    return answer


def safe_next(request: HttpRequest) -> str:
    """Where the person was going, or came from, as the path of a page; empty unless it is one of our own pages."""
    wanted = request.POST.get("next") or request.GET.get("next") or ""
    # A word alone would be looked up as the name of a page.
    if not wanted.startswith("/"):
        return ""
    ours = url_has_allowed_host_and_scheme(wanted, {request.get_host()}, require_https=request.is_secure())
    return wanted if ours else ""
