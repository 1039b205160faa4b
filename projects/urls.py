"""Addresses of the server-rendered pages."""

from django.urls import path
from django.views.generic import RedirectView

from projects.views import flows, mentions, projects, signin, theme
from projects.views.account import tokens

urlpatterns = [
    path("", RedirectView.as_view(pattern_name="project_list"), name="home"),
    path("sign-in/", signin.sign_in, name="sign_in"),
    path("sign-in/<str:token>/", signin.sign_in_link, name="sign_in_link"),
    path("sign-out/", signin.sign_out, name="sign_out"),
    path("theme/", theme.set_theme, name="set_theme"),
    path("account/tokens/", tokens.tokens, name="tokens"),
    path("account/tokens/<uuid:token_id>/revoke/", tokens.token_revoke, name="token_revoke"),
    path("mentions/", mentions.mentions, name="mentions"),
    path("mentions/read/", mentions.mentions_read, name="mentions_read"),
    path("projects/", projects.project_list, name="project_list"),
    path("projects/new/", projects.project_new, name="project_new"),
    path("projects/<uuid:project_id>/", projects.project_page, name="project_page"),
    path("projects/<uuid:project_id>/rename/", projects.project_rename, name="project_rename"),
    path("projects/<uuid:project_id>/delete/", projects.project_delete, name="project_delete"),
    path("projects/<uuid:project_id>/flows/new/", flows.flow_new, name="flow_new"),
    path("projects/<uuid:project_id>/flows/<uuid:flow_id>/rename/", flows.flow_rename, name="flow_rename"),
    path("projects/<uuid:project_id>/flows/<uuid:flow_id>/delete/", flows.flow_delete, name="flow_delete"),
]
