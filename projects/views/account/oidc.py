"""Signing in by the OpenID Connect provider, and connecting an account with it."""

import logging

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import Resolver404, resolve
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe

from config.oidc import PROVIDER
from projects.accounts.entering import safe_next
from projects.accounts.proof import guarded_page
from projects.actions.identities import do_disconnect
from projects.errors import ProjectError
from projects.views.guard import person_of

log = logging.getLogger(__name__)


@require_POST
@never_cache
def oidc_sign_in(request: HttpRequest) -> HttpResponse:
    """To the provider. A POST, so that no page of others signs anybody in."""
    _must_be_set()
    after = safe_next(request)
    _remember_invitation(request, after)
    return _leave(request, "login", after)


@require_POST
@never_cache
@guarded_page
def oidc_connect(request: HttpRequest) -> HttpResponse:
    """To the provider, and back to an account that it may sign in from then on."""
    _must_be_set()
    return _leave(request, "connect", "")


@require_POST
@guarded_page
def oidc_disconnect(request: HttpRequest) -> HttpResponse:
    _must_be_set()
    try:
        do_disconnect(person_of(request))
    except ProjectError:
        return redirect("password")
    return redirect("security")


@require_safe
@never_cache
def oidc_callback(request: HttpRequest, provider_id: str) -> HttpResponse:
    """Back from the provider; the state in the address is of this browser's session, or it is refused."""
    _must_be_set()
    from allauth.socialaccount.providers.openid_connect.views import callback

    from projects.accounts.oidc import INVITED, refused

    try:
        answer: HttpResponse = callback(request, provider_id)
    except (KeyError, TypeError, ValueError):
        log.warning("the provider's answer cannot be understood", exc_info=True)
        return refused(request, "The provider's answer cannot be understood.")
    if request.user.is_authenticated:
        request.session.pop(INVITED, None)
    return answer


def _leave(request: HttpRequest, process: str, after: str) -> HttpResponse:
    """A page that goes on to the provider by itself. A redirect would be part of the form, and the policy lets no form
    lead to another place."""
    from allauth.socialaccount.adapter import get_adapter
    from allauth.socialaccount.providers.oauth2.client import OAuth2Error
    from requests import RequestException

    from projects.accounts.oidc import refused

    try:
        provider = get_adapter(request).get_provider(request, PROVIDER)
        there = provider.redirect(request, process=process, next_url=after or None)
    except (OAuth2Error, RequestException, KeyError, ValueError) as error:
        log.warning("the OpenID provider cannot be reached: %s", type(error).__name__)
        return refused(request, f"{settings.OIDC_NAME} cannot be reached: try again in a moment.")
    context = {"address": there.headers["Location"], "provider": settings.OIDC_NAME}
    return render(request, "account/oidc_leave.html", context)


def _remember_invitation(request: HttpRequest, after: str) -> None:
    """Who comes from the page of an invitation may make an account by it."""
    from projects.accounts.oidc import INVITED

    try:
        match = resolve(after)
    except Resolver404:
        return
    if match.url_name == "join":
        request.session[INVITED] = match.kwargs["token"]


def _must_be_set() -> None:
    if not settings.OIDC_NAME:
        raise Http404("no OpenID provider is set")
