"""Background chores of the editor. Each may run twice or not at all without harm: the next run does what was left."""

import logging
from datetime import UTC, datetime, timedelta
from typing import Any

from celery import shared_task
from celery.signals import worker_ready, worker_shutdown

log = logging.getLogger(__name__)

CHORES_SECONDS = 600.0
FIRST_SECONDS = 30.0
"""After the worker's start they are done for the first time: a laptop may be shut before the next."""
HISTORY_SECONDS = 120.0
"""From one look at the change logs to the next; in between the actions hold them to twice their length."""
SIGNALS_KEPT = timedelta(minutes=10)
"""How long a press that failed keeps its resource, for the one who asks what became of it."""


@shared_task
def sweep_signals() -> int:
    """Delete TinySignals that failed and are old. Returns how many."""
    import asyncio

    return asyncio.run(_sweep_signals())


@shared_task
def clear_sessions() -> None:
    """Delete sign-in links, share links, invitations, sessions, API tokens and kept answers that have run out."""
    from django.contrib.sessions.backends.db import SessionStore
    from django.utils import timezone

    from projects.accounts.invitations import forget_old
    from projects.accounts.seen import forget_ended
    from projects.answers import forget_old as forget_answers
    from projects.models import ApiToken, ShareLink, SignInLink

    SessionStore.clear_expired()
    forget_ended()
    forget_old()
    forget_answers()
    ApiToken.objects.filter(expires__lt=timezone.now() - timedelta(days=30)).delete()
    ShareLink.objects.filter(expires__lt=timezone.now()).delete()
    SignInLink.objects.filter(expires__lt=timezone.now() - timedelta(days=1)).delete()


@shared_task
def keep_history() -> int:
    """Take snapshots of flows and trim the change logs behind them. Returns how many changes went."""
    from projects.history.trim import keep_history

    return keep_history()


@shared_task
def trim_audit() -> int:
    """Delete entries of the audit that are older than they are kept. Returns how many."""
    from projects.actions.retention import trim_audit

    return trim_audit()


async def _sweep_signals() -> int:
    from editor.process import connect
    from weirflow.kube.client import list_all
    from weirflow.kube.config import ConfigError
    from weirflow.kube.errors import ApiError, NotFound
    from weirflow.kube.resources import TINY_SIGNAL

    try:
        cluster = connect()
    except ConfigError as error:
        log.info("old signals are left for now: %s", error)
        return 0
    swept = 0
    try:
        signals, _ = await list_all(cluster, TINY_SIGNAL)
        for signal in signals:
            created = datetime.fromisoformat(signal["metadata"]["creationTimestamp"].replace("Z", "+00:00"))
            failed = (signal.get("status") or {}).get("error")
            if failed and datetime.now(UTC) - created > SIGNALS_KEPT:
                try:
                    await cluster.delete(TINY_SIGNAL, signal["metadata"]["name"], uid=signal["metadata"]["uid"])
                except NotFound:
                    continue
                swept += 1
    except ApiError as error:
        log.info("old signals are left for now: %s", error.message)
    finally:
        await cluster.close()
    return swept


def schedule(now: datetime) -> dict[str, dict[str, Any]]:
    """The chores of a worker that starts now, as beat takes them."""
    chores = {
        sweep_signals: CHORES_SECONDS,
        clear_sessions: CHORES_SECONDS,
        trim_audit: CHORES_SECONDS,
        keep_history: HISTORY_SECONDS,
    }
    return {
        task.name: {
            "task": task.name,
            "schedule": seconds,
            "last_run_at": now - timedelta(seconds=seconds - FIRST_SECONDS),
        }
        for task, seconds in chores.items()
    }


class Clock:
    """Sends the chores at their times from inside the worker, so that no further process is needed."""

    def __init__(self) -> None:
        self._service: Any = None

    def start(self, sender: Any = None, **_: Any) -> None:
        """The worker is ready."""
        from celery import current_app
        from celery.beat import EmbeddedService, Scheduler

        current_app.conf.beat_schedule = schedule(current_app.now())
        self._service = EmbeddedService(current_app, max_interval=60, thread=True, scheduler_cls=Scheduler)
        self._service.daemon = True
        self._service.start()

    def stop(self, **_: Any) -> None:
        """The worker ends."""
        if self._service is not None:
            self._service.stop()
            self._service = None


_clock = Clock()
worker_ready.connect(_clock.start)
worker_shutdown.connect(_clock.stop)
