import os
from typing import Any

from django.core.management.base import BaseCommand

from config.leave import leave


class Command(BaseCommand):
    help = "Run background tasks (a Celery worker with one task at a time)."
    requires_system_checks: list[str] = []

    def handle(self, *args: Any, **options: Any) -> None:
        # Celery's own run of Django's checks would import every view, for nothing that a worker uses.
        os.environ["CELERY_SKIP_CHECKS"] = "1"
        from config.worker import run

        leave(run())
