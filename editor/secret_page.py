"""The page of a project's secrets: what they are called and where they are used. No value is ever on it."""

import uuid
from functools import partial
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods

from editor import project_secrets
from editor.process import from_thread
from projects.actions import do_delete_secret
from projects.errors import ProjectError
from projects.models import Project
from projects.permissions import can, require, visible_project
from projects.secret_uses import secret_rows
from projects.views.guard import page, person_of
from weirflow.kube.errors import ApiError

STORE_SECONDS = 20.0


@require_http_methods(["GET", "HEAD", "POST"])
@never_cache
@sensitive_post_parameters("value")
@page
def secrets_page(request: HttpRequest, project_id: uuid.UUID) -> HttpResponse:
    """The list, for everybody who sees the project; a POST adds, replaces or deletes one, for who may edit."""
    project, error, doomed = visible_project(request.user, project_id), None, ""
    if request.method == "POST":
        require(request.user, "edit", project)
        try:
            doomed = _change(request, project)
        except ProjectError as refused:
            if refused.status in (403, 404):
                raise
            error = refused
        except ApiError:
            message = "The cluster does not answer, so nothing was stored: try again in a moment."
            error = ProjectError("cluster_unavailable", message, 503)
        if error is None and not doomed:
            short = bool(request.POST.get("value")) and not project_secrets.is_hidden(request.POST["value"])
            return redirect(f"{request.path}?short" if short else request.path)
    rows = secret_rows(project)
    context = {
        **rows,
        "project": project,
        "may_edit": can(request.user, "edit", project),
        "doomed": next((row for row in rows["secrets"] if row["id"] == doomed), None),
        "error": error,
        "short": "short" in request.GET,
        # Names alone: what was typed as a value is typed again.
        "posted": {name: request.POST.get(name, "")[:100] for name in ("name", "key", "secret")} if error else {},
    }
    return render(request, "projects/secrets.html", context, status=error.status if error else 200)


def _change(request: HttpRequest, project: Project) -> str:
    """Does what was asked for. Returns the id of a secret whose deletion is to be confirmed first."""
    person, form = person_of(request), request.POST
    value = form.get("value", "")
    match form.get("do"):
        case "add":
            name, key = form.get("name", "").strip(), form.get("key", "").strip()
            _store(partial(project_secrets.add, name=name, key=key), person, project, value)
        case "replace":
            _store(partial(project_secrets.replace, secret_id=_id(form)), person, project, value)
        case "delete" if form.get("sure"):
            do_delete_secret(person, project, _id(form))
        case "delete":
            return str(_id(form))
    return ""


def _store(act: Any, person: Any, project: Project, value: str) -> None:
    from_thread(lambda hub: act(hub, person, project.pk, value=value), STORE_SECONDS)


def _id(form: Any) -> uuid.UUID:
    try:
        return uuid.UUID(form.get("secret", ""))
    except ValueError:
        raise ProjectError("not_found", "This secret is not there any more.", 404) from None
