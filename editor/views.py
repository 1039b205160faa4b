"""The editor's page. Everything on it is drawn by the front end; here stand only where and for whom."""

import uuid

from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.middleware.csrf import get_token
from django.shortcuts import render
from django.views.decorators.http import require_safe

from editor.assets import editor_assets
from projects.permissions import can, visible_flow


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
