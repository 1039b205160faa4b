"""Addresses of the editor: its page and its API."""

from django.urls import path

from editor.api import api
from editor.api.errors import no_such_address
from editor.expression_page import expression_page
from editor.import_page import import_page, project_import_page
from editor.secret_page import secrets_page
from editor.views import dashboard_page, dashboard_start, flow_page, shared_page

urlpatterns = [
    path("api/", api.urls),
    path("api/<path:rest>", no_such_address),
    path("expressions/", expression_page, name="expressions"),
    path("projects/import/", import_page, name="import"),
    path("projects/<uuid:project_id>/import/", project_import_page, name="project_import"),
    path("projects/<uuid:project_id>/flows/<uuid:flow_id>/", flow_page, name="flow"),
    path("projects/<uuid:project_id>/dashboards/", dashboard_start, name="dashboard"),
    path("projects/<uuid:project_id>/dashboards/<uuid:page_id>/", dashboard_page, name="dashboard_page"),
    path("projects/<uuid:project_id>/secrets/", secrets_page, name="project_secrets"),
    path("share/<str:share>/", shared_page, name="shared_page"),
]
