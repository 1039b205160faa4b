"""The audit as a file, sent while it is read: neither we nor the database hold more than a piece of it."""

import asyncio
import uuid
from collections.abc import AsyncIterator
from datetime import UTC, datetime
from typing import Any

from asgiref.sync import sync_to_async
from django.http import HttpRequest, HttpResponse, HttpResponseBase, StreamingHttpResponse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from projects.audit import Subject, audit
from projects.errors import ProjectError
from projects.models import Project
from projects.permissions import visible_project
from projects.record.export import MAX_ENTRIES, PIECE, TYPES, Format, head, piece
from projects.record.filters import Filters, read_filters
from projects.record.pages import find
from projects.record.readers import require_all
from projects.views.guard import must, page, person_of

SLOW_READER_SECONDS = 30.0
"""For so long a browser may take nothing in before the file ends."""


@require_safe
@never_cache
async def project_audit_export(request: HttpRequest, project_id: uuid.UUID) -> HttpResponseBase:
    """Of a project, for its owners."""
    return await _answer(request, await sync_to_async(_of_project)(request, project_id))


@require_safe
@never_cache
async def audit_export(request: HttpRequest) -> HttpResponseBase:
    """Of everything, for the installation's owner."""
    return await _answer(request, await sync_to_async(_of_all)(request))


class _Export(HttpResponse):
    """What was asked for, by somebody who may have it. An answer by type alone, for the guard of pages."""

    def __init__(self, form: Format, filters: Filters, name: str) -> None:
        super().__init__()
        self.form, self.filters, self.name = form, filters, name


@page
def _of_project(request: HttpRequest, project_id: uuid.UUID) -> HttpResponse:
    project = visible_project(request.user, project_id)
    must(request, "manage", project)
    return _export(request, project)


@page
def _of_all(request: HttpRequest) -> HttpResponse:
    require_all(request.user)
    return _export(request, None)


def _export(request: HttpRequest, project: Project | None) -> HttpResponse:
    try:
        filters = read_filters(request.GET, project.pk if project is not None else None)
    except ProjectError as wrong:
        return HttpResponse(wrong.message, status=400, content_type="text/plain; charset=utf-8")
    form: Format = "jsonl" if request.GET.get("format") == "jsonl" else "csv"
    if request.method == "GET":
        thing: Any = project if project is not None else Subject("installation", name="installation")
        audit(person_of(request), "audit.export", thing, after={"format": form, **filters.as_query()})
    return _Export(form, filters, project.resource_name if project is not None else "all")


async def _answer(request: HttpRequest, export: HttpResponse) -> HttpResponseBase:
    if not isinstance(export, _Export):
        return export
    scope = getattr(request, "scope", {})
    response = StreamingHttpResponse(_pieces(export, scope), content_type=TYPES[export.form])
    day = datetime.now(UTC).date().isoformat()
    response["Content-Disposition"] = f'attachment; filename="audit-{export.name}-{day}.{export.form}"'
    return response


async def _pieces(export: _Export, scope: dict[str, Any]) -> AsyncIterator[bytes]:
    before, left = None, MAX_ENTRIES
    yield head(export.form)
    while left > 0:
        text, before, count = await sync_to_async(_piece)(export, before, min(PIECE, left))
        left -= count
        if text:
            yield text
        if before is None or not await _taken_in(scope):
            return


def _piece(export: _Export, before: int | None, size: int) -> tuple[bytes, int | None, int]:
    found = find(export.filters, before, size)
    return piece(export.form, found.entries), found.older, len(found.entries)


async def _taken_in(scope: dict[str, Any]) -> bool:
    """Waits until what was sent has left; the server would keep the whole file for a browser that does not read."""
    writable = scope.get("weirflow.writable", lambda: True)
    loop = asyncio.get_running_loop()
    end = loop.time() + SLOW_READER_SECONDS
    while not writable():
        if loop.time() > end:
            return False
        await asyncio.sleep(0.02)
    return True
