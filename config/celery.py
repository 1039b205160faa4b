"""Celery's app: background tasks that wake up and sweep. The database holds the truth; a lost task is a delay.

Imported by the worker, and by the web process when it first sends a task; nothing imports it at start.
"""

import os

from celery import Celery

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")
app = Celery("weirflow")
app.config_from_object("django.conf:settings", namespace="CELERY")
app.autodiscover_tasks()
