"""The page of who may see a project: people, teams, share links."""

import uuid
from typing import Any

from django.core.paginator import Paginator
from django.db.models import BooleanField, ExpressionWrapper, Q, QuerySet
from django.db.models.functions import Lower
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from projects import actions
from projects.accounts.invitations import open_invitations
from projects.errors import ProjectError
from projects.models import Flow, Membership, Project, Role, Team, WidgetPage
from projects.people import find_person
from projects.permissions import can, require, teams_of, visible_project
from projects.share_links import is_upheld
from projects.views.guard import page, person_of

ROLES = (
    (Role.VIEWER, "Viewer", "looks"),
    (Role.OPERATOR, "Operator", "presses controls and sends signals as well"),
    (Role.EDITOR, "Editor", "changes flows and pages as well"),
    (Role.OWNER, "Owner", "says who is a member as well"),
)
PEOPLE = 50
"""Members on one page."""
DAYS = ((1, "a day"), (7, "7 days"), (30, "30 days"), (90, "90 days"), (365, "a year"))


@require_http_methods(["GET", "HEAD", "POST"])
@never_cache
@page
def project_members(request: HttpRequest, project_id: uuid.UUID) -> HttpResponse:
    """The lists, for everybody who sees the project; a POST changes one of them, for who may."""
    project, link, error = visible_project(request.user, project_id), "", None
    if request.method == "POST":
        require(request.user, "manage", project)
        try:
            link = _change(request, project)
        except ProjectError as refused:
            if refused.status in (403, 404):
                raise
            error = refused
        if not link and error is None:
            # Who took their own role away may not see the page any more.
            return redirect(request.get_full_path() if can(request.user, "view", project) else "project_list")
    context = {**_shown(request, project), "link": link, "error": error, "posted": request.POST if error else {}}
    return render(request, "projects/members.html", context, status=error.status if error else 200)


@require_http_methods(["GET", "HEAD", "POST"])
@page
def project_leave(request: HttpRequest, project_id: uuid.UUID) -> HttpResponse:
    """Gives one's own role in a project back, once that was confirmed."""
    project, error = visible_project(request.user, project_id), None
    if request.method == "POST" and request.POST.get("sure"):
        try:
            actions.do_remove_member(person_of(request), project, person_of(request))
            return redirect("project_list")
        except ProjectError as refused:
            error = refused
    context = {"thing": project, "back": "project_members", "what": "project", "error": error}
    return render(request, "leave.html", context, status=error.status if error else 200)


def _change(request: HttpRequest, project: Project) -> str:
    """Does what was asked for. Returns the address of a share link that was made, to be shown this once."""
    person, form = person_of(request), request.POST
    match form.get("do"):
        case "add":
            actions.do_add_member(person, project, find_person(form.get("person", "")), role_in_form(form))
        case "role":
            actions.do_set_role(person, project, _member(project, form.get("user", "")), role_in_form(form))
        case "remove":
            actions.do_remove_member(person, project, _member(project, form.get("user", "")))
        case "share":
            actions.do_share_with_team(person, project, _team(form.get("team", "")), role_in_form(form))
        case "unshare":
            actions.do_unshare_with_team(person, project, _team(form.get("team", "")))
        case "code":
            actions.do_set_code_right(person, project, owners_only=form.get("owners") == "1")
        case "link":
            days = form.get("days", "")
            number = int(days) if days.isdecimal() and len(days) < 4 else 0
            _, token = actions.do_create_share_link(person, _linked(project, form.get("thing", "")), number)
            return request.build_absolute_uri(reverse("shared_page", args=[token]))
        case "revoke":
            actions.do_revoke_share_link(person, project, _uuid(form.get("link", "")))
    return ""


def role_in_form(form: Any) -> Role:
    """The role that was chosen. Raises ProjectError for none."""
    role = form.get("role", "")
    if role not in Role.values:
        raise ProjectError("unknown_role", f"A role is one of {', '.join(Role.values)}.", field="/role")
    return Role(role)


def _shown(request: HttpRequest, project: Project) -> dict[str, Any]:
    may_manage = can(request.user, "manage", project)
    shared = list(project.team_access.select_related("team").order_by("team__name"))
    search = request.GET.get("q", "").strip()[:100]
    here = Paginator(_members(project, search, may_manage), PEOPLE).get_page(request.GET.get("page"))
    context = {
        "project": project,
        "may_manage": may_manage,
        "roles": ROLES,
        "here": here,
        "members": here.object_list,
        "search": search,
        "shared": shared,
        "own_teams": set(teams_of(request.user).values_list("pk", flat=True)),
    }
    if not may_manage:
        return context
    links = project.share_links.filter(expires__gt=timezone.now()).select_related("flow", "page", "created_by")
    return {
        **context,
        "teams": teams_of(request.user).exclude(pk__in=[access.team_id for access in shared]).order_by("name"),
        "links": links.annotate(upheld=ExpressionWrapper(is_upheld(), BooleanField())).order_by("-created"),
        "flows": project.flows.order_by("name").only("name"),
        "pages": project.pages.order_by("position").only("name"),
        "invitations": open_invitations().filter(project=project).count(),
        "days": DAYS,
    }


def _members(project: Project, search: str, with_mail: bool) -> QuerySet[Membership]:
    """Those with `search` in their name, by name; in their mail address too for who is shown it."""
    members = project.memberships.select_related("user").order_by(Lower("user__username"))
    if not search:
        return members
    named = Q(user__username__icontains=search)
    return members.filter(named | Q(user__email__icontains=search) if with_mail else named)


def _member(project: Project, text: str) -> Any:
    membership = project.memberships.select_related("user").filter(user_id=text if text.isdecimal() else 0).first()
    if membership is None:
        raise ProjectError("not_a_member", "This person is not a member any more.", 409)
    return membership.user


def _team(text: str) -> Team:
    team = Team.objects.filter(pk=_uuid(text)).first()
    if team is None:
        raise ProjectError("no_such_team", "Choose a team that you are in.", field="/team")
    return team


def _linked(project: Project, text: str) -> Flow | WidgetPage:
    kind, _, key = text.partition(":")
    found: Flow | WidgetPage | None = None
    if kind == "flow":
        found = project.flows.filter(pk=_uuid(key)).first()
    elif kind == "page":
        found = project.pages.filter(pk=_uuid(key)).first()
    if found is None:
        raise ProjectError("nothing_chosen", "Choose a flow or a page of the dashboard.", field="/thing")
    return found


def _uuid(text: str) -> uuid.UUID:
    try:
        return uuid.UUID(text)
    except ValueError:
        return uuid.UUID(int=0)
