"""The pages on which files are brought in: choose one, see what it would do, say what secrets it needs, do it."""

import uuid
from typing import Any

from asgiref.sync import async_to_sync
from django.contrib.auth.models import User
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from editor import project_secrets
from editor.api.changes import FIRST_LIST_SECONDS
from editor.process import live_side
from projects.actions import do_import_flow, do_import_flows, do_import_project
from projects.catalogue import Catalogue
from projects.errors import ProjectError
from projects.exchange.checking import check_file
from projects.exchange.flow_export import schemas_of
from projects.exchange.gallery import NoComponents
from projects.exchange.limits import IMPORT_BYTES
from projects.exchange.plan import plan_of
from projects.exchange.reading import SPLIT, Read, located, read_import
from projects.models import Flow, Project
from projects.permissions import require, visible_project
from projects.views.guard import must, page, person_of
from weirflow.flowfile import FileFlow, FileProject, FlowFileError
from weirflow.flowfile.faults import shown

SHOWN_NOTES = 40


@require_http_methods(["GET", "HEAD", "POST"])
@never_cache
@page
def import_page(request: HttpRequest) -> HttpResponse:
    """A file as a new project."""
    require(request.user, "create_project", None)
    return _page(request, None)


@require_http_methods(["GET", "HEAD", "POST"])
@never_cache
@page
def project_import_page(request: HttpRequest, project_id: uuid.UUID) -> HttpResponse:
    """A file into a project: its flows beside those that there are."""
    project = visible_project(request.user, project_id)
    must(request, "edit", project)
    return _page(request, project)


def _page(request: HttpRequest, project: Project | None) -> HttpResponse:
    context: dict[str, Any] = {"project": project, "text": "", "most": IMPORT_BYTES // 1024 // 1024}
    if request.method != "POST":
        return render(request, "editor/import.html", context)
    try:
        text = _text(request)
        context["text"] = text
        read = read_import(text)
        catalogue = _catalogue()
        with located(read):
            check_file(read.file, schemas_of(catalogue))
        context["plan"] = plan_of(read, None if isinstance(catalogue, NoComponents) else catalogue, project)
        context["notes"] = context["plan"]["notes"][:SHOWN_NOTES]
        if request.POST.get("do") == "import":
            return redirect(_bring_in(request, person_of(request), project, read, catalogue))
    except FlowFileError as error:
        faults = [{"line": one.line, "path": shown(one.path), "message": one.message} for one in error.faults]
        context |= {"plan": None, "faults": faults}
    except ProjectError as refused:
        if refused.status in (403, 404):
            raise
        context["error"] = refused
    refused_at_all = "faults" in context or "error" in context
    return render(request, "editor/import.html", context, status=422 if refused_at_all else 200)


def _text(request: HttpRequest) -> str:
    upload = request.FILES.get("file")
    if upload is None:
        text = request.POST.get("text", "")
        if not text.strip():
            raise ProjectError("file_missing", "Choose a file, or paste its text.", field="/text")
        # Forms send line ends as two characters.
        return text.replace("\r\n", "\n")
    if (upload.size or 0) > IMPORT_BYTES:
        message = f"A file that is imported has at most {IMPORT_BYTES // 1024 // 1024} MiB: {SPLIT}."
        raise ProjectError("file_too_large", message, field="/text")
    try:
        raw: bytes = upload.read()
        return raw.decode("utf-8-sig")
    except UnicodeDecodeError:
        raise ProjectError("file_invalid", "The file is no text in UTF-8: choose another one.", field="/text") from None


def _catalogue() -> Catalogue:
    return async_to_sync(_known)() or NoComponents()


async def _known() -> Catalogue | None:
    hub = live_side().hub
    return hub.catalogue() if await hub.ready(FIRST_LIST_SECONDS) else None


def _bring_in(
    request: HttpRequest, person: User, project: Project | None, read: Read, catalogue: Catalogue
) -> Flow | Project:
    """Where to go then: the flow, where there is one."""
    name = request.POST.get("name", "").strip()
    file = read.file
    with located(read):
        if project is None:
            if isinstance(file, FileFlow):
                file = FileProject(file.name, "", {"flow": file})
            made = do_import_project(person, file, catalogue, name)
            flows = list(made.flows.all()[:2])
        elif isinstance(file, FileFlow):
            made, flows = project, [do_import_flow(person, project, file, catalogue, name)]
        else:
            made, flows = project, do_import_flows(person, project, file, catalogue)
    _add_secrets(request, person, made)
    return flows[0] if len(flows) == 1 else made


def _add_secrets(request: HttpRequest, person: User, project: Project) -> None:
    """Those whose value was typed in. One that cannot be stored now is missed by its nodes, which say so."""
    for field, value in request.POST.items():
        if not field.startswith("secret:") or not value:
            continue
        name, _, key = str(field).removeprefix("secret:").partition("/")
        try:
            async_to_sync(_add_secret)(person, project.pk, name, key, str(value))
        except ProjectError:
            continue


async def _add_secret(person: User, project: uuid.UUID, name: str, key: str, value: str) -> None:
    await project_secrets.add(live_side().hub, person, project, name, key, value)
