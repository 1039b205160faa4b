"""Pages of teams: all of a person's, and one."""

import uuid
from typing import Any

from django.contrib.auth.models import User
from django.db.models import Count
from django.db.models.functions import Lower
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from projects import actions
from projects.accounts.invitations import open_invitations
from projects.errors import ProjectError
from projects.models import Team, TeamRole
from projects.people import find_person
from projects.permissions import can, projects_of, require, teams_of, visible_team
from projects.views.guard import page, person_of

ROLES = ((TeamRole.MEMBER, "Member"), (TeamRole.MANAGER, "Manager"))


@require_http_methods(["GET", "HEAD", "POST"])
@never_cache
@page
def team_list(request: HttpRequest) -> HttpResponse:
    """The teams that the person is in; a POST makes one."""
    name, error = request.POST.get("name", ""), None
    if request.method == "POST":
        try:
            return redirect(actions.do_create_team(person_of(request), name))
        except ProjectError as refused:
            error = refused
    counted = {"people": Count("memberships", distinct=True), "projects": Count("access", distinct=True)}
    teams = teams_of(request.user).annotate(**counted).order_by("name", "created")
    context = {"teams": teams, "name": name, "error": error}
    return render(request, "teams/list.html", context, status=error.status if error else 200)


@require_http_methods(["GET", "HEAD", "POST"])
@never_cache
@page
def team_page(request: HttpRequest, team_id: uuid.UUID) -> HttpResponse:
    """Who is in the team and what it has, for its members; a POST changes it, for its managers."""
    team, error = visible_team(request.user, team_id), None
    if request.method == "POST":
        require(request.user, "manage", team)
        try:
            if _change(request, team):
                return redirect("team_list")
            return redirect(team if can(request.user, "view", team) else "team_list")
        except ProjectError as refused:
            if refused.status in (403, 404):
                raise
            error = refused
    context = {**_shown(request, team), "error": error, "posted": request.POST if error else {}}
    return render(request, "teams/team.html", context, status=error.status if error else 200)


@require_http_methods(["GET", "HEAD", "POST"])
@page
def team_leave(request: HttpRequest, team_id: uuid.UUID) -> HttpResponse:
    """Takes oneself out of a team, once that was confirmed."""
    team, error = visible_team(request.user, team_id), None
    if request.method == "POST" and request.POST.get("sure"):
        try:
            actions.do_remove_from_team(person_of(request), team, person_of(request))
            return redirect("team_list")
        except ProjectError as refused:
            error = refused
    context = {"thing": team, "back": "team_page", "what": "team", "error": error}
    return render(request, "leave.html", context, status=error.status if error else 200)


def _change(request: HttpRequest, team: Team) -> bool:
    """Does what was asked for. Returns whether the team is gone."""
    person, form = person_of(request), request.POST
    match form.get("do"):
        case "add":
            actions.do_add_to_team(person, team, find_person(form.get("person", "")), _role(form))
        case "role":
            actions.do_set_team_role(person, team, _member(team, form.get("user", "")), _role(form))
        case "remove":
            actions.do_remove_from_team(person, team, _member(team, form.get("user", "")))
        case "rename":
            actions.do_rename_team(person, team, form.get("name", ""))
        case "delete" if form.get("name", "").strip() == team.name:
            actions.do_delete_team(person, team)
            return True
        case "delete":
            raise ProjectError("wrong_name", "This is not the team's name. Nothing was deleted.", field="/name")
    return False


def _shown(request: HttpRequest, team: Team) -> dict[str, Any]:
    may_manage = can(request.user, "manage", team)
    return {
        "team": team,
        "may_manage": may_manage,
        "roles": ROLES,
        "members": team.memberships.select_related("user").order_by(Lower("user__username")),
        "access": team.access.filter(project__in=projects_of(request.user)).select_related("project"),
        "invitations": open_invitations().filter(team=team).count() if may_manage else 0,
    }


def _role(form: Any) -> TeamRole:
    role = form.get("role", TeamRole.MEMBER)
    if role not in TeamRole.values:
        raise ProjectError("unknown_role", f"A role is one of {', '.join(TeamRole.values)}.", field="/role")
    return TeamRole(role)


def _member(team: Team, text: str) -> User:
    membership = team.memberships.select_related("user").filter(user_id=text if text.isdecimal() else 0).first()
    if membership is None:
        raise ProjectError("not_a_member", "This person is not in the team any more.", 409)
    return membership.user
