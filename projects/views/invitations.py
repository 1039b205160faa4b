"""Inviting people, and accepting it."""

import math
import uuid
from urllib.parse import urljoin

from django.conf import settings
from django.contrib.auth.models import User
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods, require_POST

from projects.accounts.entering import enter
from projects.accounts.invitations import is_upheld, open_invitation, open_invitations, thing_of
from projects.accounts.limits import limited
from projects.actions.invitations import (
    do_accept_invitation,
    do_invite,
    do_join_with_new_account,
    do_revoke_invitation,
)
from projects.errors import ProjectError
from projects.mail import mail_is_set, send_mail
from projects.models import Invitation, Project, Role, Team, TeamRole
from projects.origin import origin_of
from projects.permissions import require, visible_project, visible_team
from projects.views.guard import page, person_of

DAYS = ((1, "a day"), (7, "7 days"), (30, "30 days"))
ROLES = (
    (Role.VIEWER, "Viewer: looks"),
    (Role.OPERATOR, "Operator: presses controls and sends signals as well"),
    (Role.EDITOR, "Editor: changes flows and pages as well"),
    (Role.OWNER, "Owner: says who is a member as well"),
)
TEAM_ROLES = ((TeamRole.MEMBER, "Member"), (TeamRole.MANAGER, "Manager: says who is in the team as well"))


@require_http_methods(["GET", "HEAD", "POST"])
@never_cache
@page
def project_invitations(request: HttpRequest, project_id: uuid.UUID) -> HttpResponse:
    return _invitations(request, visible_project(request.user, project_id))


@require_http_methods(["GET", "HEAD", "POST"])
@never_cache
@page
def team_invitations(request: HttpRequest, team_id: uuid.UUID) -> HttpResponse:
    return _invitations(request, visible_team(request.user, team_id))


@require_POST
@page
def invitation_revoke(request: HttpRequest, invitation_id: uuid.UUID) -> HttpResponse:
    return redirect(_list_of(do_revoke_invitation(request.user, invitation_id)))


@require_http_methods(["GET", "HEAD", "POST"])
@sensitive_post_parameters("password", "again")
@never_cache
def join(request: HttpRequest, token: str) -> HttpResponse:
    """The link of an invitation: GET shows what it is, POST accepts it, as who is signed in or as somebody new."""
    invitation, error = open_invitation(token), None
    if invitation is None:
        return render(request, "invitations/spent.html", status=410)
    if request.method == "POST":
        try:
            return _accept(request, token)
        except ProjectError as refused:
            if refused.status == 410:
                return render(request, "invitations/spent.html", status=410)
            error = refused
    context = {
        "invitation": invitation,
        "thing": thing_of(invitation),
        "name": request.POST.get("name", ""),
        "provider": settings.OIDC_NAME,
        "error": error,
    }
    return render(request, "invitations/join.html", context, status=error.status if error else 200)


def _accept(request: HttpRequest, token: str) -> HttpResponse:
    if limited(request, "accept_invitation", ""):
        raise ProjectError("too_many_tries", "Too many tries: wait some minutes.", 429)
    if isinstance(request.user, User):
        return redirect(do_accept_invitation(request.user, token))
    password = request.POST.get("password", "")
    if password != request.POST.get("again", ""):
        raise ProjectError("passwords_differ", "The two passwords are not the same: type them once more.")
    person, thing = do_join_with_new_account(token, request.POST.get("name", ""), password)
    return enter(request, person, thing.get_absolute_url())


def _invitations(request: HttpRequest, thing: Project | Team) -> HttpResponse:
    require(request.user, "manage", thing)
    made, link, error = None, "", None
    if request.method == "POST":
        try:
            made, link = _invite(request, thing)
        except ProjectError as refused:
            error = refused
    of_project = isinstance(thing, Project)
    where = {"project": thing} if of_project else {"team": thing}
    invitations = list(open_invitations().filter(**where).select_related("invited_by").order_by("-created"))
    senders = {one.invited_by_id: one for one in invitations}
    context = {
        "thing": thing,
        "of_project": of_project,
        "invitations": invitations,
        "upheld": {sender for sender, one in senders.items() if is_upheld(one)},
        "made": made,
        "link": link,
        "error": error,
        "roles": ROLES if of_project else TEAM_ROLES,
        "days": DAYS,
        "mail_is_set": mail_is_set(),
        "posted": request.POST if error else {},
    }
    answer = render(request, "invitations/list.html", context, status=error.status if error else 200)
    if error is not None and error.retry_after is not None:
        answer["Retry-After"] = str(math.ceil(error.retry_after))
    return answer


def _invite(request: HttpRequest, thing: Project | Team) -> tuple[Invitation, str]:
    """The invitation, and its link where it is to be shown: what went by mail is not."""
    person, days = person_of(request), request.POST.get("days", "")
    number = int(days) if days.isdecimal() and len(days) < 4 else 0
    made, token = do_invite(person, thing, request.POST.get("role", ""), number, request.POST.get("email", ""))
    path = reverse("join", args=[token])
    if not (made.email and mail_is_set()):
        return made, request.build_absolute_uri(path)
    link = urljoin(origin_of(request), path)
    send_mail(made.email, "invitation", {"invitation": made, "thing": thing, "person": person, "link": link})
    return made, ""


def _list_of(thing: Project | Team) -> str:
    return reverse("project_invitations" if isinstance(thing, Project) else "team_invitations", args=[thing.pk])
