from django.apps import AppConfig


class ConfigConfig(AppConfig):
    """Makes the commands of this folder (`serve`, `work`) known to manage.py; it has no models."""

    name = "config"
