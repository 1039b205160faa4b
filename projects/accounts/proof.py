"""What guards the account itself asks again who is there, when the last proof is some time ago."""

import time
from collections.abc import Callable
from functools import wraps
from typing import Concatenate, ParamSpec
from urllib.parse import urlencode

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse

from projects.accounts.second_step import has_second_factor
from projects.views.guard import page, person_of

P = ParamSpec("P")
View = Callable[Concatenate[HttpRequest, P], HttpResponse]

FRESH_SECONDS = 15 * 60
_KEY = "proved_at"


def note_proof(request: HttpRequest) -> None:
    """The person of this session has just proved who they are."""
    request.session[_KEY] = int(time.time())


def is_fresh(request: HttpRequest) -> bool:
    """Whether they did within a quarter of an hour, or have nothing that we could ask them for."""
    proved = request.session.get(_KEY, 0)
    if time.time() - proved < FRESH_SECONDS:
        return True
    person = person_of(request)
    return not person.has_usable_password() and not has_second_factor(person)


def to_confirm(request: HttpRequest) -> HttpResponse:
    """To the page that asks, and from there to where the person was. What was being sent is not kept: it may be a
    secret."""
    back = request.path if request.method in ("GET", "HEAD") else reverse("security")
    return redirect(f"{reverse('confirm')}?{urlencode({'next': back})}")


def guarded_page(view: View[P]) -> View[P]:
    """A `page` that changes how somebody signs in: who has not proved of late who they are is asked first."""

    @wraps(view)
    def guarded(request: HttpRequest, *args: P.args, **kwargs: P.kwargs) -> HttpResponse:
        return view(request, *args, **kwargs) if is_fresh(request) else to_confirm(request)

    return page(guarded)
