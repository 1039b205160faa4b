from django.apps import AppConfig


class ProjectsConfig(AppConfig):
    """Hears who signs in and out and whose account ends, and seals second factors anew when the keys are replaced."""

    name = "projects"

    def ready(self) -> None:
        from django.contrib.auth import signals
        from django.contrib.auth.models import User
        from django.db.models.signals import post_save, pre_delete

        from projects import audit_sign_in
        from projects.accounts import factors, receivers
        from projects.secrets_at_rest import kept_by

        signals.user_logged_in.connect(audit_sign_in.signed_in)
        signals.user_logged_out.connect(audit_sign_in.signed_out)
        signals.user_login_failed.connect(audit_sign_in.refused)
        signals.user_logged_in.connect(receivers.signed_in)
        signals.user_logged_out.connect(receivers.signed_out)
        post_save.connect(receivers.saved, sender=User)
        pre_delete.connect(receivers.deleted, sender=User)
        kept_by(factors.PURPOSE, factors.renew_sealed)
