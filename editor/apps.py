from django.apps import AppConfig


class EditorConfig(AppConfig):
    """Connects the live side to what the actions tell after a commit."""

    name = "editor"

    def ready(self) -> None:
        from editor import receivers
        from projects import signals

        signals.flow_changed.connect(receivers.flow_changed)
        signals.project_changed.connect(receivers.project_changed)
        signals.access_changed.connect(receivers.access_changed)
