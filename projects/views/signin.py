"""Signing in by password or link, and out."""

from django.conf import settings
from django.contrib.auth import login, logout
from django.contrib.auth.models import User
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods, require_POST

from projects.accounts.entering import enter, person_by_password, safe_next
from projects.actions.signin import do_spend_signin_link, is_open
from projects.actions.told import tell_access
from projects.errors import ProjectError


@require_http_methods(["GET", "HEAD", "POST"])
@sensitive_post_parameters("password")
@never_cache
def sign_in(request: HttpRequest) -> HttpResponse:
    """The form for name and password; how to get a link stands below it."""
    after, error = safe_next(request), None
    if request.user.is_authenticated:
        return redirect(after or "project_list")
    name = request.POST.get("name", "")
    if request.method == "POST":
        try:
            return enter(request, person_by_password(request, name, request.POST.get("password", "")), after)
        except ProjectError as refused:
            error = refused
    context = {"name": name, "next": after, "error": error, "provider": settings.OIDC_NAME}
    return render(request, "sign_in.html", context, status=error.status if error else 200)


@require_http_methods(["GET", "HEAD", "POST"])
@never_cache
def sign_in_link(request: HttpRequest, token: str) -> HttpResponse:
    """GET shows a button, POST spends the link: what previews or prefetches links cannot use it up."""
    if request.method != "POST":
        template = "sign_in_link.html" if is_open(token) else "sign_in_link_spent.html"
        return render(request, template, status=200 if template == "sign_in_link.html" else 410)
    user = do_spend_signin_link(token)
    if user is None:
        return render(request, "sign_in_link_spent.html", status=410)
    # No second factor: who can make such a link holds the machine, and it is the way back for who lost theirs.
    login(request, user)
    return redirect("project_list")


@require_POST
def sign_out(request: HttpRequest) -> HttpResponse:
    """Ends the session, and its editors; then on to `next`, where a page sent one along."""
    user = request.user
    logout(request)
    if isinstance(user, User):
        tell_access(user.pk, None)
    return redirect(safe_next(request) or "sign_in")
