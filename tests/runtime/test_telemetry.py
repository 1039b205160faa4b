"""What readers of the link see of a node, without a host."""

from types import SimpleNamespace
from typing import Any

from modules.common.stateful_counter import StatefulCounter
from weirflow.runtime.node import Node
from weirflow.runtime.shared import Shared
from weirflow.runtime.telemetry import Telemetry
from weirflow.services import Module


def counter() -> Any:
    lease = SimpleNamespace(is_leader=False, epoch=0, identity="a")
    shared = Shared(None, None, None, None, lambda _node: None, None)  # type: ignore[arg-type]
    made = Node("p.m.counter-n1", "u", Module("m", "1", [StatefulCounter]), lease, shared)  # type: ignore[arg-type]
    made.adopt_component("stateful_counter")
    return made


def test_who_watches_is_told_of_a_state_that_no_message_here_has_led_to() -> None:
    made, touched = counter(), []
    telemetry = Telemetry({made.name: made})
    telemetry.watch(frozenset({made.name}), touched.append)
    touched.clear()
    made.state.shown({"counter-value": "7", "state-epoch": "1", "state-version": "3"})
    assert touched == [made.name]
    live = telemetry.node_live(made.name)
    assert live is not None
    assert live["value"] == "7"
