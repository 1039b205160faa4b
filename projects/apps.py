from django.apps import AppConfig


class ProjectsConfig(AppConfig):
    """Hears who signs in and out, and seals second factors anew when the keys are replaced."""

    name = "projects"

    def ready(self) -> None:
        from django.contrib.auth import signals

        from projects import audit_sign_in
        from projects.accounts import factors, receivers
        from projects.secrets_at_rest import kept_by

        signals.user_logged_in.connect(audit_sign_in.signed_in)
        signals.user_logged_out.connect(audit_sign_in.signed_out)
        signals.user_login_failed.connect(audit_sign_in.refused)
        signals.user_logged_in.connect(receivers.signed_in)
        signals.user_logged_out.connect(receivers.signed_out)
        kept_by(factors.PURPOSE, factors.renew_sealed)
