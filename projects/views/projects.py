"""Pages of projects: list, one, new, rename, delete."""

import uuid

from django.db.models import Count, Sum
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods, require_safe

from projects.actions import do_create_project, do_delete_project, do_rename_project
from projects.errors import ProjectError
from projects.permissions import can, projects_of, visible_project
from projects.preview import previews
from projects.views.guard import must, page


@require_safe
@page
def project_list(request: HttpRequest) -> HttpResponse:
    projects = projects_of(request.user).annotate(flow_total=Count("flows"), node_total=Sum("flows__node_count"))
    shown = list(projects.order_by("name", "created"))
    drawn = previews(shown)
    return render(request, "projects/list.html", {"cards": [(project, drawn.get(project.pk)) for project in shown]})


@require_safe
@page
def project_page(request: HttpRequest, project_id: uuid.UUID) -> HttpResponse:
    project = visible_project(request.user, project_id)
    context = {
        "project": project,
        "flows": project.flows.order_by("name", "created"),
        "may_edit": can(request.user, "edit", project),
        "may_manage": can(request.user, "manage", project),
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
