"""Two people change two flows of one project at the same moments, each reaching into the other's flow."""

import threading

import pytest
from django.contrib.auth.models import User
from django.db import connection

from projects.models import Change, Flow
from tests.projects.world import add, edit

pytestmark = [pytest.mark.both_databases, pytest.mark.django_db(transaction=True)]

TIMES = 12
A, B = "a" * 12, "b" * 12


def test_neither_waits_for_the_other_for_ever(owner: User, colleague: User, flow: Flow, other_flow: Flow) -> None:
    edit(owner, flow, add(A))
    edit(colleague, other_flow, add(B))
    together, broken = threading.Barrier(2), []

    def share_and_unshare(person: User, here: Flow, there: Flow, node: str) -> None:
        try:
            for number in range(TIMES):
                together.wait(20)
                op = "unshare_node" if number % 2 else "share_node"
                edit(person, here, {"op": op, "id": node, "flow": str(there.pk)})
        except Exception as error:
            broken.append(error)
            together.abort()
        finally:
            connection.close()

    people = [(owner, flow, other_flow, A), (colleague, other_flow, flow, B)]
    threads = [threading.Thread(target=share_and_unshare, args=one) for one in people]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)
    assert not broken
    for one in (flow, other_flow):
        changes = Change.objects.filter(flow=one).order_by("rev").values_list("prev_rev", "rev")
        assert [prev for prev, _ in changes][1:] == [rev for _, rev in changes][:-1], "a change follows each other one"
