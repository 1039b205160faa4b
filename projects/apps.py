from django.apps import AppConfig


class ProjectsConfig(AppConfig):
    """Connects the audit to what Django tells of people who sign in and out."""

    name = "projects"

    def ready(self) -> None:
        from django.contrib.auth import signals

        from projects import audit_sign_in

        signals.user_logged_in.connect(audit_sign_in.signed_in)
        signals.user_logged_out.connect(audit_sign_in.signed_out)
        signals.user_login_failed.connect(audit_sign_in.refused)
