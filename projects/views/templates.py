"""The page of a template: what it does and needs, before a flow is made of it."""

import uuid
from typing import Any

from django.contrib.auth.models import User
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods

from projects.exchange.gallery import picture
from projects.exchange.templates import Template, template
from projects.models import Flow, Project
from projects.permissions import can, projects_of, roles_in, verbs_with, visible_project
from projects.preview import HEIGHT, WIDTH
from projects.views.flows import flow_from
from projects.views.guard import must, page, person_of
from projects.views.projects import project_from

MAX_OFFERED = 50
"""Projects that it is offered for; the page of each project has all templates too."""


@require_http_methods(["GET", "HEAD", "POST"])
@page
def template_page(request: HttpRequest, folder: str, name: str) -> HttpResponse:
    """Shows the template; a POST makes a flow of it, in the project that `project` names, or in a new one."""
    shown = template(f"{folder}/{name}")
    if request.method == "POST":
        return redirect(_used(request, shown))
    chosen = request.GET.get("project", "")
    context = {
        "about": shown,
        "preview": picture(shown),
        "nodes": [_drawn(*node) for node in shown.nodes],
        "projects": _offered(person_of(request)),
        "chosen": chosen,
        "may_create": can(request.user, "create_project", None),
    }
    return render(request, "flows/template.html", context)


def _drawn(x: int, y: int, title: str, of: str) -> dict[str, Any]:
    """A node of the picture, with where its title stands."""
    middle = {"middle_x": x + WIDTH // 2, "middle_y": y + HEIGHT // 2}
    return {"x": x, "y": y, "title": title or of.partition("/")[2], "of": of, **middle}


def _used(request: HttpRequest, shown: Template) -> Project | Flow:
    chosen = request.POST.get("project", "")
    if not chosen:
        return project_from(person_of(request), "", shown.id)
    try:
        project_id = uuid.UUID(chosen)
    except ValueError:
        raise Http404("no such project") from None
    project = visible_project(request.user, project_id)
    must(request, "edit", project)
    return flow_from(person_of(request), project, "", shown.id)


def _offered(person: User) -> list[Project]:
    """The first of the projects that the person may edit."""
    known = list(projects_of(person).order_by("name")[:MAX_OFFERED])
    roles = roles_in([person.pk], [one.pk for one in known])
    return [one for one in known if "edit" in verbs_with(person, roles.get((person.pk, one.pk)), one.pk)]
