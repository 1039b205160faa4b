"""A prepared query answers what its queryset answers."""

import uuid

import pytest
from django.contrib.auth.models import User
from django.db import connection
from django.db.models import Q
from django.test.utils import CaptureQueriesContext

from projects.models import Edge, Flow, Node
from projects.prepared import Prepared
from tests.projects.world import add, edit, wire

pytestmark = pytest.mark.both_databases


@pytest.fixture
def drawn(owner: User, flow: Flow) -> Flow:
    edit(owner, flow, add("aaaaaaaaaaaa", settings={"deep": {"list": [1, True, None]}}), add("bbbbbbbbbbbb"))
    edit(owner, flow, wire(str(uuid.uuid4()), "aaaaaaaaaaaa", "bbbbbbbbbbbb"))
    return flow


def test_rows_come_back_as_the_field_types_say(drawn: Flow) -> None:
    query = Prepared(lambda flow, node: Node.objects.filter(flow_id=flow, pk=node))
    (node,) = query(drawn.pk, "aaaaaaaaaaaa")
    plain = Node.objects.get(pk="aaaaaaaaaaaa")
    assert vars(node).keys() == vars(plain).keys()
    assert [getattr(node, field.attname) for field in Node._meta.concrete_fields] == [
        getattr(plain, field.attname) for field in Node._meta.concrete_fields
    ]
    assert node._state.db == "default"
    assert not node._state.adding
    assert query(uuid.uuid4(), "aaaaaaaaaaaa") == []


def test_each_call_has_its_own_values(drawn: Flow) -> None:
    query = Prepared(lambda node: Node.objects.filter(pk=node))
    assert [query(pk)[0].pk for pk in ("aaaaaaaaaaaa", "bbbbbbbbbbbb")] == ["aaaaaaaaaaaa", "bbbbbbbbbbbb"]
    assert query.first("cccccccccccc") is None


def test_related_rows_and_deferred_fields(drawn: Flow) -> None:
    wires = Edge.objects.select_related("source", "target").only("id", "mapping", "source__name", "target__label")
    query = Prepared(lambda node: wires.filter(Q(source_id=node) | Q(target_id=node)))
    with CaptureQueriesContext(connection) as asked:
        (edge,) = query("bbbbbbbbbbbb")
        assert (edge.source.name, edge.target.label) == (Node.objects.get(pk="aaaaaaaaaaaa").name, "")
    assert len(asked) == 2
    assert edge.get_deferred_fields() >= {"source_port", "target_port"}
    assert edge.source_port == Edge.objects.get().source_port
