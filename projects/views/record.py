"""Pages of the record: the audit of a project and of the installation, its export, and the activity of a project."""

import uuid
from typing import Any
from urllib.parse import urlencode

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_POST, require_safe

from projects.actions.retention import days_of, do_set_retention
from projects.append_only import FLOOR_DAYS
from projects.errors import ProjectError
from projects.models import Project
from projects.permissions import can, visible_project
from projects.record.activity import activity
from projects.record.filters import Filters, read_filters
from projects.record.pages import Found, find
from projects.record.readers import require_all
from projects.record.shown import shown
from projects.views.guard import must, page, person_of

_LONGEST_NUMBER = 18


@require_safe
@page
def project_audit(request: HttpRequest, project_id: uuid.UUID) -> HttpResponse:
    """What was done in a project, for its owners."""
    project = visible_project(request.user, project_id)
    must(request, "manage", project)
    return _audit(request, project)


@require_safe
@page
def audit_all(request: HttpRequest) -> HttpResponse:
    """What was done in this installation, for its owner."""
    require_all(request.user)
    return _audit(request, None)


@require_safe
@page
def project_activity(request: HttpRequest, project_id: uuid.UUID) -> HttpResponse:
    """What happened in a project, for everybody who sees it."""
    project = visible_project(request.user, project_id)
    sentences, older = activity(project, before_of(request))
    context = {
        "project": project,
        "sentences": sentences,
        "older": older,
        "first": "before" not in request.GET,
        "may_manage": can(request.user, "manage", project),
    }
    return render(request, "record/activity.html", context)


@require_POST
@page
def audit_retention(request: HttpRequest, project_id: uuid.UUID | None = None) -> HttpResponse:
    """Sets for how many days entries are kept: of a project, or of the installation."""
    person = person_of(request)
    project = visible_project(person, project_id) if project_id is not None else None
    days = request.POST.get("days", "")
    try:
        do_set_retention(person, project, int(days) if days.isdecimal() and len(days) < _LONGEST_NUMBER else 0)
    except ProjectError as refused:
        if refused.status != 422:
            raise
        return _audit(request, project, refused)
    return redirect("project_audit", project.pk) if project is not None else redirect("audit")


def before_of(request: HttpRequest) -> int | None:
    """The entry that the page goes on below."""
    text = request.GET.get("before", "")
    if not text:
        return None
    if not text.isdecimal() or len(text) > _LONGEST_NUMBER:
        raise Http404("no such page")
    return int(text)


def _audit(request: HttpRequest, project: Project | None, refused: ProjectError | None = None) -> HttpResponse:
    scope = project.pk if project is not None else None
    error = None
    try:
        filters = read_filters(request.GET, scope)
        found = find(filters, before_of(request))
    except ProjectError as wrong:
        filters, found, error = Filters(project=scope), Found([], None), wrong
    asked: dict[str, Any] = {name: request.GET.get(name, "") for name in _FIELDS}
    context = {
        "project": project,
        "rows": shown(found.entries),
        "found": found,
        "asked": asked,
        "filtered": any(asked.values()),
        "query": urlencode(filters.as_query()),
        "error": error,
        "first": "before" not in request.GET,
        "days": days_of(project),
        "least": FLOOR_DAYS,
        "refused": refused,
    }
    return render(request, "record/audit.html", context, status=422 if refused else 400 if error else 200)


_FIELDS = ("text", "person", "action", "object", "address", "since", "until")
