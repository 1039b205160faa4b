"""An edit costs the same in a flow of 10 or 10,000 nodes, and many at once neither collide nor get lost."""

import itertools
import threading
import uuid
from typing import Any

import pytest
from django.contrib.auth.models import User
from django.db import connection
from django.test.utils import CaptureQueriesContext

from projects.actions import do_create_flow, do_create_project, do_delete_flow
from projects.models import Change, Edge, Flow, Node, Removed
from tests.projects.test_undo import moved, setting
from tests.projects.world import add, edit, undo, wire


def _fill(flow: Flow, prefix: str, count: int) -> list[str]:
    ids = [f"{prefix}{number:011d}" for number in range(count)]
    Node.objects.bulk_create(
        [
            Node(id=pk, project=flow.project, flow=flow, name=f"n.{pk}", module="common-v1", component="anything")
            for pk in ids
        ],
        batch_size=500,
    )
    Edge.objects.bulk_create(
        [
            Edge(
                id=uuid.uuid4(),
                project=flow.project,
                flow=flow,
                source_id=one,
                source_port="out",
                target_id=other,
                target_port="in",
            )
            for one, other in itertools.pairwise(ids)
        ],
        batch_size=500,
    )
    Flow.objects.filter(pk=flow.pk).update(node_count=count, edge_count=count - 1)
    return ids


def _edits(ids: list[str]) -> list[dict[str, Any]]:
    return [
        moved(ids[3], x=1),
        setting(ids[3], "k", value=1),
        wire(str(uuid.uuid4()), ids[3], ids[7]),
        {"op": "delete_node", "id": ids[5]},
        add("z" * 12),
    ]


def _queries(owner: User, flow: Flow, ids: list[str]) -> list[list[str]]:
    """The statements of each edit and its undo, without the values."""
    seen = []
    for op in _edits(ids):
        with CaptureQueriesContext(
            connection,
        ) as captured:
            change = edit(owner, flow, op)
            undo(owner, flow, change)
        seen.append([query["sql"].split(" ")[0] for query in captured.captured_queries])
    return seen


def test_an_edit_costs_the_same_in_a_large_flow(owner: User, flow: Flow) -> None:
    small, large = flow, do_create_flow(owner, flow.project, "Large")
    few, many = _fill(small, "s", 10), _fill(large, "l", 10_000)
    assert _queries(owner, small, few) == _queries(owner, large, many)


def test_no_statement_of_an_edit_scans_a_table(owner: User, flow: Flow) -> None:
    # The plans are read in the words of SQLite, which the tests run on.
    assert connection.vendor == "sqlite"
    ids = _fill(flow, "s", 50)
    with CaptureQueriesContext(connection) as captured:
        for op in _edits(ids):
            undo(owner, flow, edit(owner, flow, op))
    for query in captured.captured_queries:
        if query["sql"].startswith(("SELECT", "UPDATE", "DELETE")):
            with connection.cursor() as cursor:
                cursor.execute("EXPLAIN QUERY PLAN " + query["sql"].replace("%", "%%"))
                plan = [row[3] for row in cursor.fetchall()]
            assert not [step for step in plan if step.startswith("SCAN projects")], (query["sql"], plan)


@pytest.mark.django_db(transaction=True)
def test_people_who_edit_at_the_same_moment_lose_nothing() -> None:
    owner = User.objects.create_user("owner")
    flow = do_create_flow(owner, do_create_project(owner, "Busy"), "Busy")
    node = "aaaaaaaaaaaa"
    edit(owner, flow, add(node))
    people, rounds = 4, 15
    failures: list[BaseException] = []
    together = threading.Barrier(people)

    def work(number: int) -> None:
        try:
            together.wait(40)
            for turn in range(rounds):
                edit(owner, flow, setting(node, f"field_{number}", value=turn), base_rev=0)
        except BaseException as error:
            failures.append(error)
        finally:
            connection.close()

    threads = [threading.Thread(target=work, args=(number,)) for number in range(people)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)
    assert not failures
    assert Node.objects.get().settings == {f"field_{number}": rounds - 1 for number in range(people)}
    changes = list(Change.objects.order_by("rev"))
    assert len(changes) == people * rounds + 1
    assert [change.prev_rev for change in changes[1:]] == [change.rev for change in changes[:-1]]


@pytest.mark.django_db(transaction=True)
def test_the_same_edit_sent_twice_at_the_same_moment_happens_once() -> None:
    from projects.actions import do_apply_changes
    from tests.projects.world import CATALOGUE

    owner = User.objects.create_user("owner")
    flow = do_create_flow(owner, do_create_project(owner, "Busy"), "Busy")
    together = threading.Barrier(2)
    revs: list[int] = []

    def work() -> None:
        together.wait(40)
        try:
            revs.append(do_apply_changes(owner, flow, flow.rev, [add("a" * 12)], "once", CATALOGUE).rev)
        finally:
            connection.close()

    threads = [threading.Thread(target=work) for _ in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(30)
    assert len(revs) == 2
    assert len(set(revs)) == 1


def test_deleting_a_flow_leaves_its_resources_to_the_pusher(owner: User, flow: Flow) -> None:
    ids = _fill(flow, "s", 30)
    do_delete_flow(owner, flow)
    assert not Node.objects.exists()
    assert not Edge.objects.exists()
    assert Removed.objects.filter(kind="TinyNode").count() == len(ids)
    assert Removed.objects.get(kind="TinyFlow").resource_name == flow.resource_name
