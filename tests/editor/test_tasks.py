"""The worker's chores."""

from collections.abc import Callable
from datetime import timedelta
from pathlib import Path

import pytest
from django.contrib.auth.models import User
from django.utils import timezone

from editor import tasks
from editor.database import in_database
from projects.models import Change, Flow, SignInLink
from tests.editor.cluster import ClusterProcess
from tests.projects.world import add, edit
from weirflow.kube.client import list_all
from weirflow.kube.http import HttpCluster
from weirflow.kube.resources import TINY_SIGNAL, encode_json


@pytest.mark.server
@pytest.mark.django_db(transaction=True)
async def test_failed_signals_go_after_their_time_and_others_stay(
    admin: HttpCluster, shared_cluster: ClusterProcess, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("KUBECONFIG", str(shared_cluster.kubeconfig()))
    for name in ("f" * 32, "a" * 32):
        spec = {"node": "a.b.c", "port": "_control", "data": encode_json({})}
        await admin.create(TINY_SIGNAL, TINY_SIGNAL.new(name, spec=spec))
    await admin.patch_status(TINY_SIGNAL, "f" * 32, {"status": {"error": "no such button"}})
    sweep: Callable[[], int] = tasks.sweep_signals.run
    assert await in_database(sweep) == 0
    monkeypatch.setattr(tasks, "SIGNALS_KEPT", timedelta(0))
    assert await in_database(sweep) >= 1
    left, _ = await list_all(admin, TINY_SIGNAL)
    names = {signal["metadata"]["name"] for signal in left}
    assert ("a" * 32 in names, "f" * 32 in names) == (True, False)
    await admin.delete(TINY_SIGNAL, "a" * 32)


def test_a_cluster_that_is_not_configured_is_no_error(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("KUBECONFIG", str(tmp_path / "nothing"))
    assert tasks.sweep_signals.run() == 0


@pytest.mark.django_db
def test_links_that_ran_out_are_deleted(owner: User) -> None:
    for number, age in enumerate((timedelta(days=2), timedelta(minutes=-5))):
        SignInLink.objects.create(user=owner, token_hash=str(number) * 64, expires=timezone.now() - age)
    tasks.clear_sessions.run()
    assert [link.token_hash[0] for link in SignInLink.objects.all()] == ["1"]


@pytest.mark.django_db
def test_histories_are_kept_by_the_worker(owner: User, flow: Flow, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("projects.history.trim.KEPT_CHANGES", 2)
    for letter in "abcd":
        edit(owner, flow, add(letter * 12))
    assert tasks.keep_history.run() == 2
    assert Change.objects.count() == 2


def test_the_worker_does_all_chores_soon_after_its_start() -> None:
    """Of the one command on a laptop too, which may not run for as long as it is from one sweep to the next."""
    from celery.beat import ScheduleEntry

    from config.celery import app

    entries = [ScheduleEntry(**entry, name=name, app=app) for name, entry in tasks.schedule(app.now()).items()]
    assert {entry.task.rpartition(".")[2] for entry in entries} == {
        "sweep_signals", "clear_sessions", "keep_history", "trim_audit",
    }  # fmt: skip
    for entry in entries:
        assert entry.task in app.tasks
        is_due, wait = entry.is_due()
        assert not is_due
        assert 0 < wait <= tasks.FIRST_SECONDS
        assert next(entry).is_due().next <= tasks.CHORES_SECONDS
