"""What every page behind the sign-in shares."""

from collections.abc import Callable
from functools import wraps
from typing import Concatenate, ParamSpec

from django.contrib.auth.decorators import login_required
from django.contrib.auth.models import User
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse

from projects.asking import came_by
from projects.errors import ProjectError
from projects.models import Flow, Project
from projects.permissions import Verb, can

P = ParamSpec("P")
View = Callable[Concatenate[HttpRequest, P], HttpResponse]


def page(view: View[P]) -> View[P]:
    """A view for people who are signed in; an action's 403 and 404 become the pages of that name."""

    @wraps(view)
    def guarded(request: HttpRequest, *args: P.args, **kwargs: P.kwargs) -> HttpResponse:
        came_by("session", request.user.pk)
        try:
            return view(request, *args, **kwargs)
        except ProjectError as error:
            if error.status == 404:
                raise Http404(error.message) from None
            if error.status == 403:
                raise PermissionDenied(error.message) from None
            raise

    return login_required(guarded)


def must(request: HttpRequest, verb: Verb, thing: Project | Flow) -> None:
    """Raises PermissionDenied for a thing that may be seen but not `verb`-ed."""
    if not can(request.user, verb, thing):
        raise PermissionDenied("Your role in this project does not allow this: ask an owner for it.")


def person_of(request: HttpRequest) -> User:
    """Who asks, in a view behind `page`."""
    assert isinstance(request.user, User)
    return request.user
