"""Values that can be read from JSON but not be stored, sent on or pushed are refused, naming the operation."""

import uuid
from typing import Any

import pytest
from django.contrib.auth.models import User

from projects.errors import ProjectError
from projects.models import Change, Flow, Node
from projects.operations.limits import MAX_DEPTH
from projects.operations.shape import checked_size
from tests.projects.world import add, edit, wire

pytestmark = pytest.mark.both_databases

A, B = "aaaaaaaaaaaa", "bbbbbbbbbbbb"


def nested(levels: int) -> list[Any]:
    value: list[Any] = []
    for _ in range(levels - 1):
        value = [value]
    return value


@pytest.mark.parametrize("value", [2**70, -(2**64), nested(MAX_DEPTH + 1), nested(300), {"a": nested(MAX_DEPTH)}])
def test_a_value_that_could_not_be_sent_on_is_refused(owner: User, flow: Flow, value: Any) -> None:
    edit(owner, flow, add(A), add(B))
    for op in (
        wire(str(uuid.uuid4()), A, B, mapping={"x": value}),
        add("cccccccccccc", settings={"x": value}),
        {"op": "set_setting", "id": A, "path": ["x"], "value": value},
    ):
        with pytest.raises(ProjectError) as refused:
            edit(owner, flow, {"op": "set_node", "id": A, "fields": {"x": 1}}, op)
        assert (refused.value.code, refused.value.status, refused.value.op) == ("not_json", 400, 1)
    assert Change.objects.count() == 1


def test_a_value_at_the_limits_is_kept(owner: User, flow: Flow) -> None:
    value = {"deep": nested(MAX_DEPTH - 4), "large": 2**63 - 1, "small": -(2**63), "text": "\\u0000 and \\\\u0000"}
    edit(owner, flow, add(A, settings=value))
    assert Node.objects.get().settings == value


@pytest.mark.parametrize("text", ["\x00", "\\\x00", "\\\\\x00", "x\\\\\\\x00y"])
def test_nul_is_told_from_the_text_of_its_escape(text: str) -> None:
    with pytest.raises(ProjectError):
        checked_size(text, "value")
    assert checked_size(text.replace("\x00", "u0000"), "value") > 0


def test_the_operation_whose_id_is_taken_elsewhere_is_named(owner: User, flow: Flow) -> None:
    other = Flow.objects.create(project=flow.project, name="Other", resource_name="other-aaaaa")
    wired = str(uuid.uuid4())
    edit(owner, other, add(A), add(B), wire(wired, A, B))
    fresh = [add("cccccccccccc"), add("dddddddddddd")]
    for op in (add(A), wire(wired, "cccccccccccc", "dddddddddddd")):
        with pytest.raises(ProjectError) as refused:
            edit(owner, flow, *fresh, op)
        assert (refused.value.code, refused.value.op, refused.value.field) == ("id_taken", 2, "/id")
