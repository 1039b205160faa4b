import sys
from typing import Any

from django.core.management.base import BaseCommand


class Command(BaseCommand):
    help = "Run background tasks (a Celery worker with one task at a time)."
    requires_system_checks: list[str] = []

    def handle(self, *args: Any, **options: Any) -> None:
        from celery.signals import setup_logging, worker_ready

        from config.celery import app
        from config.ready import say_ready

        # Connecting a receiver keeps Celery from replacing our logging with its own.
        setup_logging.connect(lambda **_: None, weak=False)
        worker_ready.connect(lambda **_: say_ready(), weak=False)
        worker = app.Worker(
            pool_cls="solo",
            concurrency=1,
            without_gossip=True,
            without_mingle=True,
            without_heartbeat=True,
            quiet=True,
            optimization="fair",
        )
        worker.start()
        sys.exit(worker.exitcode or 0)
