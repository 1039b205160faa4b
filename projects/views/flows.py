"""Pages of flows: new, rename, delete. The canvas itself belongs to the editor."""

import uuid

from django.contrib.auth.models import User
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods

from projects.actions import do_create_flow, do_delete_flow, do_import_flow, do_rename_flow
from projects.errors import ProjectError
from projects.exchange.gallery import NoComponents, gallery
from projects.exchange.templates import template
from projects.models import Flow, Project
from projects.permissions import visible_flow, visible_project
from projects.views.guard import must, page, person_of
from weirflow.flowfile import FileFlow, read_flow_file


@require_http_methods(["GET", "HEAD", "POST"])
@page
def flow_new(request: HttpRequest, project_id: uuid.UUID) -> HttpResponse:
    project = visible_project(request.user, project_id)
    must(request, "edit", project)
    name, error = request.POST.get("name", ""), None
    if request.method == "POST":
        try:
            return redirect(flow_from(person_of(request), project, name, request.POST.get("template", "")))
        except ProjectError as refused:
            if refused.status != 422:
                raise
            error = refused
    context = {"project": project, "name": name, "error": error, **gallery(request)}
    return render(request, "flows/new.html", context, status=422 if error else 200)


@require_http_methods(["GET", "HEAD", "POST"])
@page
def flow_rename(request: HttpRequest, project_id: uuid.UUID, flow_id: uuid.UUID) -> HttpResponse:
    flow = _editable(request, project_id, flow_id)
    name, error = request.POST.get("name", flow.name), None
    if request.method == "POST":
        try:
            do_rename_flow(request.user, flow, name)
            return redirect(flow.project)
        except ProjectError as refused:
            if refused.status != 422:
                raise
            error = refused
    context = {"project": flow.project, "flow": flow, "name": name, "error": error}
    return render(request, "flows/rename.html", context, status=422 if error else 200)


@require_http_methods(["GET", "HEAD", "POST"])
@page
def flow_delete(request: HttpRequest, project_id: uuid.UUID, flow_id: uuid.UUID) -> HttpResponse:
    """Deletes once the flow's name has been typed."""
    flow = _editable(request, project_id, flow_id)
    wrong = request.method == "POST" and request.POST.get("name", "").strip() != flow.name
    if request.method == "POST" and not wrong:
        do_delete_flow(request.user, flow)
        return redirect(flow.project)
    context = {"project": flow.project, "flow": flow, "wrong": wrong}
    return render(request, "flows/delete.html", context, status=422 if wrong else 200)


def flow_from(person: User, project: Project, name: str, template_id: str) -> Flow:
    """An empty flow, or one from a template, which is called as the template where no name is given."""
    if not template_id:
        return do_create_flow(person, project, name)
    file = read_flow_file(template(template_id).text)
    assert isinstance(file, FileFlow), f"the template {template_id} is more than a flow"
    return do_import_flow(person, project, file, NoComponents(), name.strip())


def _editable(request: HttpRequest, project_id: uuid.UUID, flow_id: uuid.UUID) -> Flow:
    flow = visible_flow(request.user, flow_id)
    if flow.project_id != project_id:
        raise Http404("no such flow in this project")
    must(request, "edit", flow)
    return flow
