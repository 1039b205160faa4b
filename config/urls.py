"""All addresses of the web process. Pages belong to `projects`; the editor's page, API and sockets to `editor`."""

from importlib.util import find_spec

from django.http import HttpRequest, HttpResponse
from django.urls import URLPattern, URLResolver, include, path


def healthz(request: HttpRequest) -> HttpResponse:
    return HttpResponse("ok", content_type="text/plain")


urlpatterns: list[URLPattern | URLResolver] = [path("healthz", healthz, name="healthz")]
if find_spec("projects.urls"):
    urlpatterns.append(path("", include("projects.urls")))
if find_spec("editor.urls"):
    urlpatterns.append(path("", include("editor.urls")))

handler403 = "projects.views.errors.forbidden"
handler404 = "projects.views.errors.not_found"
