"""Pages of projects: list, one, new, rename, delete."""

import uuid

from django.core.paginator import Paginator
from django.db.models import Count, Sum
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods, require_safe

from projects.actions import do_create_project, do_delete_project, do_rename_project
from projects.errors import ProjectError
from projects.permissions import can, projects_of, visible_project
from projects.preview import cards
from projects.record.activity import activity
from projects.record.readers import may_read_all
from projects.views.guard import must, page

CARDS = 24
"""Projects on one page of the list."""
MAX_SEARCH = 100
LATEST = 5
"""Sentences of the activity on the page of a project."""


@require_safe
@page
def project_list(request: HttpRequest) -> HttpResponse:
    """A page of the projects, or of those whose names hold what was looked for."""
    search = request.GET.get("q", "").strip()[:MAX_SEARCH]
    known = projects_of(request.user)
    found = known.filter(name__icontains=search) if search else known
    pages = Paginator(found.order_by("name", "created", "pk"), CARDS)
    here = pages.get_page(request.GET.get("page"))
    context = {
        "cards": cards(list(here)),
        "here": here,
        "search": search,
        "searchable": bool(search) or pages.num_pages > 1,
        "may_read_all": may_read_all(request.user),
    }
    return render(request, "projects/list.html", context)


@require_safe
@page
def project_page(request: HttpRequest, project_id: uuid.UUID) -> HttpResponse:
    project = visible_project(request.user, project_id)
    context = {
        "project": project,
        "flows": project.flows.order_by("name", "created"),
        "may_edit": can(request.user, "edit", project),
        "may_manage": can(request.user, "manage", project),
        "sentences": activity(project)[0][:LATEST],
    }
    return render(request, "projects/project.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@page
def project_new(request: HttpRequest) -> HttpResponse:
    name, error = request.POST.get("name", ""), None
    if request.method == "POST":
        try:
            return redirect(do_create_project(request.user, name))
        except ProjectError as refused:
            error = refused
    return render(request, "projects/new.html", {"name": name, "error": error}, status=422 if error else 200)


@require_http_methods(["GET", "HEAD", "POST"])
@page
def project_rename(request: HttpRequest, project_id: uuid.UUID) -> HttpResponse:
    project = visible_project(request.user, project_id)
    must(request, "manage", project)
    name, error = request.POST.get("name", project.name), None
    if request.method == "POST":
        try:
            return redirect(do_rename_project(request.user, project, name))
        except ProjectError as refused:
            if refused.status != 422:
                raise
            error = refused
    context = {"project": project, "name": name, "error": error}
    return render(request, "projects/rename.html", context, status=422 if error else 200)


@require_http_methods(["GET", "HEAD", "POST"])
@page
def project_delete(request: HttpRequest, project_id: uuid.UUID) -> HttpResponse:
    """Deletes once the project's name has been typed."""
    project = visible_project(request.user, project_id)
    must(request, "manage", project)
    wrong = request.method == "POST" and request.POST.get("name", "").strip() != project.name
    if request.method == "POST" and not wrong:
        do_delete_project(request.user, project)
        return redirect("project_list")
    totals = project.flows.aggregate(flows=Count("pk"), nodes=Sum("node_count"))
    context = {"project": project, "totals": totals, "wrong": wrong}
    return render(request, "projects/delete.html", context, status=422 if wrong else 200)
