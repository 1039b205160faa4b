"""Pages of projects: list, one, new, rename, delete."""

import uuid

from django.contrib.auth.models import User
from django.core.paginator import Paginator
from django.db.models import Count, Sum
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods, require_safe

from projects.actions import do_create_project, do_delete_project, do_import_project, do_rename_project
from projects.errors import ProjectError
from projects.exchange.gallery import NoComponents, gallery
from projects.exchange.templates import template
from projects.models import Flow, Project
from projects.permissions import can, projects_of, visible_project
from projects.preview import cards
from projects.record.activity import activity
from projects.record.readers import may_read_all
from projects.views.guard import must, page, person_of
from weirflow.flowfile import FileFlow, FileProject, read_flow_file

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
            return redirect(project_from(person_of(request), name, request.POST.get("template", "")))
        except ProjectError as refused:
            error = refused
    context = {"name": name, "error": error, **gallery(request)}
    return render(request, "projects/new.html", context, status=422 if error else 200)


def project_from(person: User, name: str, template_id: str) -> Project | Flow:
    """A project, or the flow of a template in a new one, which is called as the template where no name is given."""
    if not template_id:
        return do_create_project(person, name)
    file = read_flow_file(template(template_id).text)
    if isinstance(file, FileFlow):
        file = FileProject(file.name, "", {"flow": file})
    project = do_import_project(person, file, NoComponents(), name.strip())
    return project.flows.get() if project.flows.count() == 1 else project


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
