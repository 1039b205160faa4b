from django.apps import AppConfig


class EditorConfig(AppConfig):
    """Connects the live side to what the actions tell after a commit, and to the start and stop of the web process."""

    name = "editor"

    def ready(self) -> None:
        from config import lifecycle
        from editor import process, receivers
        from projects import signals

        signals.flow_changed.connect(receivers.flow_changed)
        signals.pages_changed.connect(receivers.pages_changed)
        signals.project_changed.connect(receivers.project_changed)
        signals.comments_changed.connect(receivers.comments_changed)
        signals.tests_changed.connect(receivers.tests_changed)
        signals.access_changed.connect(receivers.access_changed)
        signals.link_revoked.connect(receivers.link_revoked)
        lifecycle.on_start(process.start_live_side)
        lifecycle.on_stop(process.stop_live_side)
