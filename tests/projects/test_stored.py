"""Rows written by kept statements are what Django would have written."""

import uuid

import pytest
from django.contrib.auth.models import User
from django.db import DatabaseError, connection
from django.test.utils import CaptureQueriesContext

from projects.models import Change, Flow, Project
from projects.stored import insert_row, update_row

pytestmark = [pytest.mark.django_db, pytest.mark.both_databases]


def change(flow: Flow, person: User, rev: int) -> Change:
    return Change(
        project=flow.project, flow=flow, rev=rev, prev_rev=rev - 1, actor=person, client_op_id=str(uuid.uuid4()),
        ops=[{"op": "set_node", "text": "ä'\"%s"}], before=[{"n": None}], size=1, undoes=None,
    )  # fmt: skip


def test_a_row_is_inserted_as_django_does(flow: Flow, owner: User) -> None:
    ours, theirs = change(flow, owner, 101), change(flow, owner, 102)
    insert_row(ours)
    theirs.save(force_insert=True)
    found = Change.objects.get(pk=ours.pk)
    assert (found.rev, found.ops, found.before, found.actor, found.undoes) == (101, ours.ops, ours.before, owner, None)
    assert abs((Change.objects.get(pk=theirs.pk).created - found.created).total_seconds()) < 60
    ours.rev = 103
    ours.save()
    assert Change.objects.get(pk=ours.pk).rev == 103


def test_only_the_named_fields_are_written(flow: Flow, project: Project) -> None:
    flow.name, flow.rev = "not written", 7
    with CaptureQueriesContext(
        connection,
    ) as asked:
        update_row(flow, "rev")
    assert len(asked) == 1
    stored = Flow.objects.get(pk=flow.pk)
    assert (stored.rev, stored.name) == (7, "Visit counter")


def test_a_row_that_is_gone_is_told_of(flow: Flow) -> None:
    kept = Flow(pk=uuid.uuid4(), rev=1)
    with pytest.raises(DatabaseError, match="there is no Flow"):
        update_row(kept, "rev")
