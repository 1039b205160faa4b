"""Rows that are inserted by one statement are those that Django would have inserted."""

import json
import uuid
from typing import Any

import pytest
from django.contrib.auth.models import User
from django.db import IntegrityError, connection, transaction
from django.test.utils import CaptureQueriesContext

from projects.inserted import insert
from projects.models import Edge, Flow, Node

pytestmark = pytest.mark.both_databases

ODD: list[Any] = [{}, {"text": "ä\u2028\"'%s"}, {"deep": [1, 1.5, None, True, {"": "\U0001f409"}]}, {"big": 2**53}]


def _node(flow: Flow, pk: str, **fields: Any) -> Node:
    at = {"project_id": flow.project_id, "flow_id": flow.pk}
    return Node(id=pk, name=f"n.{pk}", module="common-v1", component="anything", **at, **fields)


def _edge(flow: Flow, source: str, target: str, **fields: Any) -> Edge:
    ends = {"source_id": source, "source_port": "out", "target_id": target, "target_port": "in"}
    return Edge(id=uuid.uuid4(), project_id=flow.project_id, flow_id=flow.pk, **ends, **fields)


def _stored(pk: Any, model: Any) -> dict[str, Any]:
    row = model.objects.get(pk=pk)
    return {field.attname: getattr(row, field.attname) for field in model._meta.concrete_fields}


def _nodes(flow: Flow, prefix: str) -> list[Node]:
    return [
        _node(flow, f"{prefix}{number}", settings=odd, last_state=odd or None, x=-number, label="%s ?", dirty=not odd)
        for number, odd in enumerate(ODD)
    ]


def test_every_field_is_stored_as_django_stores_it(owner: User, flow: Flow) -> None:
    insert(_nodes(flow, "ours"))
    Node.objects.bulk_create(_nodes(flow, "django"))
    for number in range(len(ODD)):
        ours, django = _stored(f"ours{number}", Node), _stored(f"django{number}", Node)
        assert {**ours, "id": "", "name": ""} == {**django, "id": "", "name": ""}
    with connection.cursor() as cursor:
        cursor.execute("SELECT settings, flow_id, dirty FROM projects_node ORDER BY x, id")
        # The same document, with whichever spaces between.
        pairs = [(json.loads(settings), *others) for settings, *others in cursor.fetchall()]
    assert pairs[::2] == pairs[1::2]


def test_keys_of_all_kinds_and_what_may_be_null(flow: Flow) -> None:
    insert([_node(flow, "a"), _node(flow, "b")])
    edge = _edge(flow, "a", "b", mapping={"value": "{{$.value}}"}, timeout_ms=5, retry_policy={"maxAttempts": 2})
    insert([edge, _edge(flow, "b", "a")])
    stored = Edge.objects.get(pk=edge.pk)
    assert (stored.source_id, stored.mapping, stored.timeout_ms) == ("a", {"value": "{{$.value}}"}, 5)
    assert Edge.objects.get(source="b").retry_policy is None


def test_a_key_that_is_taken_is_refused_and_nothing_stays(flow: Flow) -> None:
    insert([_node(flow, "a")])
    with pytest.raises(IntegrityError), transaction.atomic():
        insert([_node(flow, "b"), _node(flow, "a")])
    assert not Node.objects.filter(pk="b").exists()


def test_rows_know_that_they_are_stored(flow: Flow) -> None:
    node = _node(flow, "a")
    insert([node])
    node.label = "renamed"
    with CaptureQueriesContext(connection) as asked:
        node.save(update_fields=["label"])
    assert [query["sql"].split()[0] for query in asked if "projects_node" in query["sql"]] == ["UPDATE"]


def test_no_rows_are_no_statement(flow: Flow) -> None:
    with CaptureQueriesContext(connection) as asked:
        insert([])
    assert not asked.captured_queries
