"""The pages of the editor and of dashboards. Everything on them is drawn by the front end; here stand only where and
for whom."""

import uuid

from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.middleware.csrf import get_token
from django.shortcuts import render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from editor.assets import dashboard_assets, editor_assets
from projects.models import Project
from projects.permissions import can, visible_flow, visible_page, visible_project
from projects.share_links import visitor_with


@require_safe
@login_required
def flow_page(request: HttpRequest, project_id: uuid.UUID, flow_id: uuid.UUID) -> HttpResponse:
    """The canvas of a flow; 404 for those who may not see it."""
    flow = visible_flow(request.user, flow_id)
    if flow.project_id != project_id:
        raise Http404("no such flow in this project")
    context = {
        "flow": flow,
        "project": flow.project,
        "can_edit": can(request.user, "edit", flow),
        "can_control": can(request.user, "control", flow),
        "csrf": get_token(request),
        "assets": editor_assets(),
    }
    return render(request, "editor/flow.html", context)


@require_safe
@login_required
def dashboard_start(request: HttpRequest, project_id: uuid.UUID) -> HttpResponse:
    """The dashboard of a project; its first page is shown."""
    return _dashboard(request, visible_project(request.user, project_id), "")


@require_safe
@login_required
def dashboard_page(request: HttpRequest, project_id: uuid.UUID, page_id: uuid.UUID) -> HttpResponse:
    """One page of a dashboard; 404 for those who may not see it."""
    page = visible_page(request.user, page_id)
    if page.project_id != project_id:
        raise Http404("no such page in this project")
    return _dashboard(request, page.project, str(page.pk))


@require_safe
@never_cache
def shared_page(request: HttpRequest, share: str) -> HttpResponse:
    """What a share link shows, for whoever has it; 410 where the link has ended."""
    visitor = visitor_with(share)
    if visitor is None:
        return render(request, "shared_ended.html", status=410)
    if visitor.flow is not None:
        flow = visible_flow(visitor, visitor.flow)
        context = {"flow": flow, "project": flow.project, "share": share, "assets": editor_assets()}
        response = render(request, "editor/flow.html", context)
    else:
        assert visitor.page is not None
        response = _dashboard(request, visible_page(visitor, visitor.page).project, str(visitor.page), share)
    response["X-Robots-Tag"] = "noindex"
    # Whoever has the address may look: it goes to nobody else.
    response["Referrer-Policy"] = "no-referrer"
    return response


def _dashboard(request: HttpRequest, project: Project, page: str, share: str = "") -> HttpResponse:
    context = {"project": project, "page": page, "share": share, "assets": dashboard_assets()}
    if not share:
        context["csrf"] = get_token(request)
    return render(request, "editor/dashboard.html", context)
