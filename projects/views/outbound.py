"""The page of what a project's flows may call."""

import uuid
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from projects.actions import do_set_outbound
from projects.errors import ProjectError
from projects.models import Project
from projects.outbound import MAX_ENTRIES, outbound_of
from projects.permissions import can, visible_project
from projects.views.guard import must, page, person_of
from weirflow.outbound.entries import LONGEST, BadEntry, read_entry


@require_http_methods(["GET", "HEAD", "POST"])
@never_cache
@page
def project_outbound(request: HttpRequest, project_id: uuid.UUID) -> HttpResponse:
    """The list, for everybody who sees the project; a POST changes it, for its owners. `?allow=` is what a node was
    denied: it is one press away."""
    project, error = visible_project(request.user, project_id), None
    if request.method == "POST":
        must(request, "manage", project)
        try:
            _change(request, project)
            return redirect("project_outbound", project.pk)
        except ProjectError as refused:
            if refused.status != 422:
                raise
            error = refused
    rules = outbound_of(project)
    context = {
        "project": project,
        "may_manage": can(request.user, "manage", project),
        "entries": rules["allow"],
        "only": rules["only"],
        "asked": _asked(request.GET.get("allow", ""), rules["allow"]),
        "entry": request.POST.get("entry", ""),
        "error": error,
        "most": MAX_ENTRIES,
        "longest": LONGEST,
    }
    return render(request, "projects/outbound.html", context, status=422 if error else 200)


def _change(request: HttpRequest, project: Project) -> None:
    rules, form = outbound_of(project), request.POST
    allow: list[str] = rules["allow"]
    only: bool = rules["only"]
    entry = form.get("entry", "")
    match form.get("do"):
        case "add":
            allow = [*allow, entry]
        case "remove":
            allow = [one for one in allow if one != entry]
        case "only":
            only = True
        case "all":
            only = False
    do_set_outbound(person_of(request), project, allow, only=only)


def _asked(line: str, allow: list[str]) -> Any:
    """What the page was opened for, if it can be listed and is not yet."""
    try:
        entry = read_entry(line).text.lower()
    except BadEntry:
        return None
    return entry if entry not in allow else None
