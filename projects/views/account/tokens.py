"""The page of a person's API tokens: make, see once, revoke."""

import uuid

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST

from projects.accounts.proof import is_fresh, to_confirm
from projects.actions.tokens import do_create_token, do_revoke_token
from projects.errors import ProjectError
from projects.models import ApiToken, Project
from projects.permissions import projects_of
from projects.views.guard import page, person_of

SCOPES = (
    ("view", "View", "read projects, flows, pages and their live values"),
    ("control", "Control", "press what stands on nodes and pages, send signals"),
    ("edit", "Edit", "change flows, pages and sample data"),
    ("code", "Write code", "edit, and add and change nodes that run code"),
    ("manage", "Manage", "rename and delete, say who is a member"),
)
DAYS = ((7, "7 days"), (30, "30 days"), (90, "90 days"), (365, "a year"))


@require_http_methods(["GET", "HEAD", "POST"])
@never_cache
@page
def tokens(request: HttpRequest) -> HttpResponse:
    """The list; a POST makes one and shows its text, this once."""
    made, text, error, status = None, "", None, 200
    if request.method == "POST" and not is_fresh(request):
        return to_confirm(request)
    if request.method == "POST":
        try:
            made, text = _make(request)
        except ProjectError as refused:
            error, status = refused, refused.status
    own = ApiToken.objects.filter(owner=person_of(request)).select_related("project")
    context = {
        "tokens": own.order_by("-created"),
        "made": made,
        "text": text,
        "error": error,
        "name": request.POST.get("name", "") if error else "",
        "scopes": SCOPES,
        "chosen": request.POST.getlist("scope") if error else ["view"],
        "days": DAYS,
        "projects": projects_of(person_of(request)).order_by("name", "created"),
    }
    return render(request, "account/tokens.html", context, status=status)


@require_POST
@page
def token_revoke(request: HttpRequest, token_id: uuid.UUID) -> HttpResponse:
    do_revoke_token(person_of(request), token_id)
    return redirect("tokens")


def _make(request: HttpRequest) -> tuple[ApiToken, str]:
    days = request.POST.get("days", "")
    return do_create_token(
        person_of(request),
        request.POST.get("name", ""),
        request.POST.getlist("scope"),
        int(days) if days.isdecimal() and len(days) < 5 else 0,
        _chosen_project(request),
    )


def _chosen_project(request: HttpRequest) -> Project | None:
    chosen = request.POST.get("project", "")
    if not chosen:
        return None
    try:
        return projects_of(person_of(request)).get(pk=uuid.UUID(chosen))
    except (ValueError, Project.DoesNotExist):
        raise ProjectError("not_found", "There is no such project, or it is not shared with you.", 404) from None
