"""A fresh installation: an owner without a password, and a demo that stands on the grid."""

import pytest
from django.contrib.auth.models import User
from django.core.management import call_command

from projects.actions import do_delete_project
from projects.actions.owner import do_ensure_owner
from projects.demo import COLUMN
from projects.models import Edge, Flow, Node, Project

pytestmark = pytest.mark.both_databases


def test_the_owner_is_made_once_without_a_password(db: None) -> None:
    owner = do_ensure_owner()
    assert not owner.has_usable_password()
    assert do_ensure_owner() == owner
    assert Project.objects.count() == 1


def test_a_demo_that_was_deleted_stays_deleted(db: None) -> None:
    owner = do_ensure_owner()
    do_delete_project(owner, Project.objects.get())
    call_command("ensure_owner")
    assert not Project.objects.exists()


def test_the_demo_counts_visits_and_ticks(db: None) -> None:
    do_ensure_owner()
    assert Project.objects.get().name == "Visit counter"
    wires = {
        (edge.source.component, edge.source_port, edge.target.component, edge.target_port)
        for edge in Edge.objects.select_related("source", "target")
    }
    assert wires == {
        ("http_server", "request", "stateful_counter", "increment"),
        ("stateful_counter", "value", "http_server", "response"),
        ("ticker", "tick", "debug", "in"),
    }
    flow = Flow.objects.get()
    assert (flow.node_count, flow.edge_count) == (4, 3)
    assert all(node.comment and node.label and node.dirty for node in Node.objects.all())


def test_the_demo_stands_on_the_grid_with_room_between(db: None) -> None:
    do_ensure_owner()
    places = list(Node.objects.values_list("x", "y"))
    assert len(set(places)) == len(places)
    assert all(x % 24 == 0 and y % 24 == 0 for x, y in places)
    assert COLUMN >= 320


def test_the_demo_can_be_made_for_several_people(db: None) -> None:
    from projects.demo import create_demo_project

    for name in ("one", "two"):
        create_demo_project(User.objects.create_user(name))
    assert Project.objects.count() == 2
