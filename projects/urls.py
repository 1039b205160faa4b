"""Addresses of the server-rendered pages."""

from django.urls import path
from django.views.generic import RedirectView

from projects.views import flows, invitations, mentions, projects, record, record_export, signin, theme
from projects.views.account import confirm, factor, oidc, passwords, security, tokens

urlpatterns = [
    path("", RedirectView.as_view(pattern_name="project_list"), name="home"),
    path("sign-in/", signin.sign_in, name="sign_in"),
    path("sign-in/code/", factor.sign_in_code, name="sign_in_code"),
    path("sign-in/oidc/", oidc.oidc_sign_in, name="oidc_sign_in"),
    path("sign-in/<str:provider_id>/callback/", oidc.oidc_callback, name="openid_connect_callback"),
    path("sign-in/forgotten/", passwords.password_forgotten, name="password_forgotten"),
    path("sign-in/new-password/<str:person_id>/<str:token>/", passwords.password_reset, name="password_reset"),
    path("sign-in/<str:token>/", signin.sign_in_link, name="sign_in_link"),
    path("sign-out/", signin.sign_out, name="sign_out"),
    path("theme/", theme.set_theme, name="set_theme"),
    path("account/", security.security, name="security"),
    path("account/confirm/", confirm.confirm, name="confirm"),
    path("account/password/", passwords.password, name="password"),
    path("account/second-factor/", factor.factor_add, name="factor_add"),
    path("account/second-factor/remove/", factor.factor_remove, name="factor_remove"),
    path("account/second-factor/codes/", factor.recovery_codes_renew, name="recovery_codes_renew"),
    path("account/oidc/connect/", oidc.oidc_connect, name="oidc_connect"),
    path("account/oidc/disconnect/", oidc.oidc_disconnect, name="oidc_disconnect"),
    path("account/sessions/end/", security.sessions_end, name="sessions_end"),
    path("account/tokens/", tokens.tokens, name="tokens"),
    path("account/tokens/<uuid:token_id>/revoke/", tokens.token_revoke, name="token_revoke"),
    path("people/join/<str:token>/", invitations.join, name="join"),
    path("people/invitations/<uuid:invitation_id>/revoke/", invitations.invitation_revoke, name="invitation_revoke"),
    path("mentions/", mentions.mentions, name="mentions"),
    path("mentions/read/", mentions.mentions_read, name="mentions_read"),
    path("audit/", record.audit_all, name="audit"),
    path("audit/export/", record_export.audit_export, name="audit_export"),
    path("audit/retention/", record.audit_retention, name="audit_retention"),
    path("projects/", projects.project_list, name="project_list"),
    path("projects/new/", projects.project_new, name="project_new"),
    path("projects/<uuid:project_id>/", projects.project_page, name="project_page"),
    path("projects/<uuid:project_id>/rename/", projects.project_rename, name="project_rename"),
    path("projects/<uuid:project_id>/delete/", projects.project_delete, name="project_delete"),
    path("projects/<uuid:project_id>/invitations/", invitations.project_invitations, name="project_invitations"),
    path("teams/<uuid:team_id>/invitations/", invitations.team_invitations, name="team_invitations"),
    path("projects/<uuid:project_id>/activity/", record.project_activity, name="project_activity"),
    path("projects/<uuid:project_id>/audit/", record.project_audit, name="project_audit"),
    path("projects/<uuid:project_id>/audit/export/", record_export.project_audit_export, name="project_audit_export"),
    path("projects/<uuid:project_id>/audit/retention/", record.audit_retention, name="project_audit_retention"),
    path("projects/<uuid:project_id>/flows/new/", flows.flow_new, name="flow_new"),
    path("projects/<uuid:project_id>/flows/<uuid:flow_id>/rename/", flows.flow_rename, name="flow_rename"),
    path("projects/<uuid:project_id>/flows/<uuid:flow_id>/delete/", flows.flow_delete, name="flow_delete"),
]
