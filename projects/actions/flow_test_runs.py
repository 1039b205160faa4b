"""Run tests of a flow: say that a run began, what came of it so far, and that it ended or is to end (ADR 114)."""

import uuid
from collections.abc import Mapping
from datetime import timedelta
from typing import Any, cast

import orjson
from django.contrib.auth.models import User
from django.db import transaction
from django.utils import timezone

from projects.actions.flow_tests import next_tests_rev
from projects.audit import audit
from projects.errors import ProjectError
from projects.models import Flow, FlowTest, FlowTestRun, Project
from projects.operations.limits import MAX_TEST_RESULT_BYTES
from projects.permissions import Person, require
from projects.testing.listed import listed
from projects.testing.request import TestRequest

STOPPING_SECONDS = 5
"""A run that was stopped is over after so long, even where nobody is left to say so."""


@transaction.atomic
def do_begin_flow_tests(person: Person, flow: Flow, run: uuid.UUID, tests: list[str], seconds: float) -> FlowTestRun:
    """A run of these tests begins, which will have ended in so many seconds. Raises ProjectError: another is under way
    (409, naming whose)."""
    fresh = _locked(person, flow)
    before = FlowTestRun.objects.select_related("by").filter(flow=fresh).first()
    if before is not None and before.under_way:
        by = before.by.get_username() if before.by else "Somebody"
        message = f"{by} is running tests of this flow: wait until they have ended, or stop them."
        raise ProjectError("tests_running", message, 409, by=by)
    now = timezone.now()
    FlowTestRun.objects.filter(flow=fresh).delete()
    begun = FlowTestRun.objects.create(
        flow=fresh, run=run, by=cast("User", person), began=now, until=now + timedelta(seconds=seconds), tests=tests
    )
    next_tests_rev(fresh)
    return begun


@transaction.atomic
def do_note_flow_tests(
    person: Person,
    flow: Flow,
    run: uuid.UUID,
    results: Mapping[str, dict[str, Any]],
    asked: TestRequest,
    *,
    test: str | None = None,
    seconds: float,
) -> bool:
    """Keeps what became of tests that this person has had run, by their ids, and which is run now; within `seconds`
    more comes, or the end. What is of an older revision than is kept changes nothing. False when the run is to end:
    somebody has stopped it."""
    fresh = _locked(person, flow)
    rev, now = next_tests_rev(fresh), timezone.now()
    for one in FlowTest.objects.select_for_update(of=("self",)).filter(flow=fresh, pk__in=list(results)):
        key = str(one.pk)
        if (asked.revs[key], asked.flow_rev) < (one.ran_rev, one.ran_flow_rev):
            continue
        one.result, one.ran_at, one.changed = _bounded(results[key]), now, rev
        one.in_list = listed(one.result)
        one.ran_rev, one.ran_flow_rev, one.ran_of = asked.revs[key], asked.flow_rev, asked.of[key]
        one.save(update_fields=["result", "in_list", "ran_at", "ran_rev", "ran_flow_rev", "ran_of", "changed"])
    going = FlowTestRun.objects.filter(flow=fresh, run=run, ended=None).first()
    if going is None:
        return False
    going.done += len(results)
    going.test = uuid.UUID(test) if test is not None else None
    if going.stopped_by_id is None:
        going.until = now + timedelta(seconds=seconds)
    going.save(update_fields=["done", "test", "until"])
    return going.stopped_by_id is None


@transaction.atomic
def do_end_flow_tests(
    person: Person, flow: Flow, run: uuid.UUID, counts: Mapping[str, int], problem: dict[str, Any] | None
) -> None:
    """The run has ended, with so many tests by their outcomes; `problem` says why not all were run."""
    fresh = _locked(person, flow)
    audit(person, "flow.test", fresh, after=dict(counts))
    going = FlowTestRun.objects.filter(flow=fresh, run=run, ended=None).first()
    if going is None:
        return
    going.ended, going.problem = timezone.now(), problem
    if problem is None and going.stopped_by_id is None:
        going.test = None
    going.save(update_fields=["ended", "problem", "test"])
    next_tests_rev(fresh)


@transaction.atomic
def do_stop_flow_tests(person: Person, flow: Flow) -> uuid.UUID | None:
    """The run that is under way is to end, whoever began it; its id, None where there is none."""
    fresh = _locked(person, flow)
    going = FlowTestRun.objects.filter(flow=fresh).first()
    if going is None or not going.under_way:
        return None
    going.stopped_by = cast("User", person)
    going.until = min(going.until, timezone.now() + timedelta(seconds=STOPPING_SECONDS))
    going.save(update_fields=["stopped_by", "until"])
    audit(person, "flow.test_stop", fresh)
    next_tests_rev(fresh)
    return going.run


def _locked(person: Person, flow: Flow) -> Flow:
    """The flow as it is now, its project under the lock, for somebody who may press what stands on nodes."""
    project = Project.objects.select_for_update().filter(pk=flow.project_id).first()
    locked = Flow.objects.filter(pk=flow.pk).first() if project else None
    require(person, "control", locked)
    assert locked is not None
    return locked


def _bounded(result: dict[str, Any]) -> dict[str, Any]:
    """A result that may be kept: of a large one the messages of its steps are not."""
    if len(orjson.dumps(result)) <= MAX_TEST_RESULT_BYTES:
        return result
    steps = [{key: value for key, value in step.items() if key not in ("sent", "message")} for step in result["steps"]]
    result = {**result, "steps": steps}
    if len(orjson.dumps(result)) <= MAX_TEST_RESULT_BYTES:
        return result
    bare = ("at", "held", "text", "count")
    findings = [{key: finding[key] for key in bare} for finding in result["findings"]]
    return {**result, "steps": steps[:50], "findings": findings}
