"""What is pasted comes in as it is, and what comes back under its old id goes on where it was."""

import uuid
from typing import Any

import pytest
from django.contrib.auth.models import User

from projects import last_state
from projects.errors import ProjectError
from projects.models import Edge, Flow, Node
from tests.projects.world import add, edit, frame, undo, wire

pytestmark = pytest.mark.both_databases

A, B = "aaaaaaaaaaaa", "bbbbbbbbbbbb"
E1 = str(uuid.UUID(int=1, version=4))


def test_an_unknown_component_and_its_wires_are_let_in(owner: User, flow: Flow) -> None:
    edit(owner, flow, add(A, "unheard_of", settings={"any": 1}), add(B), wire(E1, A, B), pasted=True)
    assert Node.objects.get(pk=A).settings == {"any": 1}
    assert Edge.objects.count() == 1


def test_a_port_that_is_not_there_yet_is_let_in(owner: User, flow: Flow) -> None:
    edit(owner, flow, add(A), add(B), wire(E1, A, B, source_port="out_big"), pasted=True)
    assert Edge.objects.get().source_port == "out_big"


def test_groups_come_along_with_their_nodes(owner: User, flow: Flow) -> None:
    edit(owner, flow, frame(E1, name="Orders"), add(A, group=E1), pasted=True)
    assert Node.objects.get(pk=A).group_id == uuid.UUID(E1)


def test_settings_that_do_not_fit_are_for_the_node_to_say(owner: User, flow: Flow) -> None:
    edit(owner, flow, add(A, "counter", settings={"max_history": "many"}), pasted=True)
    assert Node.objects.get(pk=A).settings == {"max_history": "many"}


@pytest.mark.parametrize(
    ("ops", "code"),
    [
        ([add(A, "counter", settings={"token": "hunter2"})], "secret_literal"),
        (
            [add(A), add(B, "counter"), wire(E1, A, B, target_port="increment", mapping={"password": "x"})],
            "secret_literal",
        ),
        ([add(A), add(B), wire(E1, A, B, source_port="in")], "wrong_direction"),
        ([add(A), add(B), wire(E1, A, B, target_port="_settings")], "unknown_port"),
        ([add(A), {"op": "set_node", "id": A, "fields": {"x": 1}}], "invalid_operation"),
        ([add(A, settings={"large": "x" * 600_000})], "settings_too_large"),
    ],
)
def test_what_would_do_harm_is_refused_as_ever(owner: User, flow: Flow, ops: list[dict[str, Any]], code: str) -> None:
    with pytest.raises(ProjectError) as refused:
        edit(owner, flow, *ops, pasted=True)
    assert refused.value.code == code
    assert not Node.objects.exists()


def test_what_was_cut_out_goes_on_where_it_was(owner: User, flow: Flow, monkeypatch: pytest.MonkeyPatch) -> None:
    edit(owner, flow, add(A, "counter"))
    name = Node.objects.get(pk=A).name
    monkeypatch.setattr(last_state, "_supplier", lambda names: {name: {"counter-value": "42"}} if name in names else {})
    cut = edit(owner, flow, {"op": "delete_node", "id": A})
    pasted = edit(owner, flow, add(A, "counter"), pasted=True)
    node = Node.objects.get(pk=A)
    assert (node.name, node.last_state) == (name, {"counter-value": "42"})
    undo(owner, flow, pasted)
    undo(owner, flow, cut)
    assert Node.objects.get(pk=A).last_state == {"counter-value": "42"}
