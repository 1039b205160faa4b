"""Signing in by link, and out."""

from django.contrib.auth import login, logout
from django.contrib.auth.models import User
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from projects.actions.signin import do_spend_signin_link, is_open
from projects.actions.told import tell_access


@require_safe
def sign_in(request: HttpRequest) -> HttpResponse:
    if request.user.is_authenticated:
        return redirect("project_list")
    return render(request, "sign_in.html")


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
    login(request, user)
    return redirect("project_list")


@require_POST
def sign_out(request: HttpRequest) -> HttpResponse:
    user = request.user
    logout(request)
    if isinstance(user, User):
        tell_access(user.pk, None)
    return redirect("sign_in")
