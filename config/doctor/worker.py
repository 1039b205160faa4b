"""The Celery worker: a task is sent, and has to be done."""

import time
from collections.abc import Iterator

from django.conf import settings

from config.doctor.finding import Said, error, ok

SECONDS = 8.0


def look() -> Iterator[Said]:
    import config.celery  # noqa: F401  # tasks are sent by its broker
    from config.tasks import answer, answered, new_question

    question = new_question()
    try:
        answer.apply_async([question], expires=60, retry=False)
    except Exception as broken:
        yield error(f"No task can be sent ({type(broken).__name__}).", "See what is said of Redis, or of the broker.")
        return
    until = time.monotonic() + SECONDS
    while not answered(question):
        if time.monotonic() > until:
            yield error(
                f"No worker did a task within {SECONDS:g} s: mail waits, and old sessions and records stay.",
                "Start manage.py work with the settings of the web processes, or see what its log says.",
            )
            return
        time.sleep(0.1)
    yield ok("A worker does tasks." if settings.REDIS_URL else "The worker does tasks.")
