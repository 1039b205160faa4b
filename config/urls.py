"""All addresses of the web process. Pages belong to `projects`; the editor's page, API and sockets to `editor`."""

from django.http import HttpRequest, HttpResponse
from django.urls import include, path

from config.readiness import readyz


async def healthz(request: HttpRequest) -> HttpResponse:
    return HttpResponse("ok", content_type="text/plain")


urlpatterns = [
    # First what is asked most: addresses are tried in this order.
    path("", include("editor.urls")),
    path("healthz", healthz, name="healthz"),
    path("readyz", readyz, name="readyz"),
    path("", include("projects.urls")),
]

handler403 = "projects.views.errors.forbidden"
handler404 = "projects.views.errors.not_found"
