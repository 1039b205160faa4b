"""Work that the worker does instead of this process."""

import logging

log = logging.getLogger(__name__)


def in_background(task: str, *arguments: str) -> None:
    """Has the worker do a task of `projects.tasks`. A broker that takes nothing is logged: nobody waits for it."""
    # Imported with the first task: most processes never send one, and Celery is large.
    from config.celery import app

    try:
        app.send_task(f"projects.tasks.{task}", arguments)
    except Exception:
        log.exception("the task %r could not be handed to the worker: its broker does not take messages", task)
