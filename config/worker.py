"""The Celery worker: one process, one task at a time, no chatter with other workers."""

import os
import signal
import warnings
from types import FrameType
from typing import Any

from celery.exceptions import SecurityWarning, WorkerShutdown
from celery.signals import setup_logging, worker_ready
from celery.worker import state

from config.celery import app
from config.ready import say_ready


def run() -> int:
    """Works until SIGTERM or SIGINT; returns the exit code."""
    # The warning of a worker run by root is about pickled messages: ours are JSON.
    warnings.filterwarnings("ignore", category=SecurityWarning)
    # A receiver keeps Celery from replacing our logging with its own.
    setup_logging.connect(_keep_logging)
    worker_ready.connect(_ready)
    worker = app.Worker(
        pool_cls="solo",
        concurrency=1,
        without_gossip=True,
        without_mingle=True,
        without_heartbeat=True,
        quiet=True,
    )
    worker.start()
    return int(worker.exitcode or os.EX_OK)


def _keep_logging(**_: Any) -> None:
    return


def _ready(**_: Any) -> None:
    """Takes the signals over from Celery, whose warm shutdown sleeps up to two seconds on an idle broker."""
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, _stop)
    say_ready()


def _stop(number: int, frame: FrameType | None) -> None:
    """Ends an idle worker at once, and a busy one after its task; a task cut short is delivered again (late ack)."""
    if not state.active_requests:
        raise WorkerShutdown(os.EX_OK)
    state.should_stop = os.EX_OK
