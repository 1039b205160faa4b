"""The schemas in effect across a flow."""

from __future__ import annotations

from typing import Any

import pytest

from modules.common import module as common
from tests.schema.flows import fields, message, passing, snapshot, wired
from weirflow.schema.document import Document
from weirflow.schema.flow import FlowSchemas
from weirflow.schema.node import NodeSchemas, PortSchema, Wire

ANY: dict[str, Any] = {}


def flow_of(nodes: dict[str, NodeSchemas], **edges: Wire) -> FlowSchemas:
    flow = FlowSchemas()
    for name, schemas in nodes.items():
        flow.put_node(name, schemas)
    for edge, wire in edges.items():
        flow.put_edge(edge, wire)
    flow.settle()
    return flow


def test_what_one_port_says_all_ports_of_the_node_that_have_it_say() -> None:
    flow = flow_of({"a": passing("m", in_=message("m", total="integer"))})
    assert fields(flow.port("a", "out")) == {"total": "integer"}


def test_a_schema_with_a_reference_at_its_root_stands_in_the_place_of_the_components() -> None:
    edited = {"$ref": "#/$defs/Mine", "$defs": {"Mine": {"properties": {"a": {"type": "string"}}}}}
    flow = flow_of({"a": passing("m", in_=edited)})
    assert fields(flow.port("a", "in")) == {"a": "string"}
    assert fields(flow.port("a", "out")) == {}


def test_of_any_other_only_the_definitions_count() -> None:
    edited = {"type": "string", "$defs": message("m", total="integer")["$defs"]}
    flow = flow_of({"a": passing("m", in_=edited)})
    assert fields(flow.port("a", "in")) == {"total": "integer"}


def test_definitions_go_along_the_edges_to_all_that_have_the_same() -> None:
    nodes = {"a": passing("m", out=message("m", total="integer")), "b": passing("m"), "c": passing("m")}
    flow = flow_of(nodes, e1=wired("a", "b"), e2=wired("b", "c"))
    assert fields(flow.target("e1")) == fields(flow.port("c", "out")) == {"total": "integer"}


def test_another_identity_of_the_same_name_is_not_touched() -> None:
    nodes = {"a": passing("m", out=message("m", total="integer")), "b": passing("n")}
    flow = flow_of(nodes, e1=wired("a", "b"))
    assert fields(flow.target("e1")) == {}


def test_modules_without_identities_share_by_name() -> None:
    def without_ids(*schemas: dict[str, Any]) -> None:
        for schema in schemas:
            del schema["$defs"]["Message"]["x-id"]

    open_, rich = message("m"), message("m", total="integer")
    without_ids(open_, rich)
    one = NodeSchemas({"out": PortSchema(True, Document(open_))}, {"out": Document(rich)})
    two = NodeSchemas({"in": PortSchema(False, Document(open_)), "out": PortSchema(True, Document(open_))})
    flow = flow_of({"a": one, "b": two, "c": passing("ours")}, e1=wired("a", "b"), e2=wired("b", "c"))
    assert fields(flow.target("e1")) == {"total": "integer"}
    # Between a module without identities and one of ours the name has to do.
    assert fields(flow.target("e2")) == {"total": "integer"}


def test_what_is_defined_on_edges_is_what_its_target_has_from_all_of_them() -> None:
    flow = flow_of(
        {"a": passing("m"), "b": passing("m"), "c": passing("m")},
        e1=wired("a", "c", message("m", x="string", both="string")),
        e2=wired("b", "c", message("m", y="string", both="integer")),
    )
    assert fields(flow.port("c", "out")) == {"x": "string", "both": "string", "y": "string"}
    # Each edge shows its own.
    assert fields(flow.target("e1")) == {"x": "string", "both": "string"}
    assert fields(flow.target("e2")) == {"y": "string", "both": "integer"}


def test_an_output_has_what_its_targets_know() -> None:
    nodes = {"a": passing("m"), "b": passing("m", in_=message("m", x="string")), "c": passing("m")}
    flow = flow_of(nodes, e1=wired("a", "b"), e2=wired("c", "a"))
    assert fields(flow.port("a", "out")) == {"x": "string"}
    # It is told back one step: what `c` sends is not said by what somebody behind `a` would like.
    assert fields(flow.port("c", "out")) == fields(flow.port("a", "in")) == {}
    flow.drop_edge("e1")
    flow.settle()
    assert fields(flow.port("a", "out")) == {}


def test_settings_show_what_an_open_definition_is() -> None:
    ports = {port.name: PortSchema(port.source, Document.of(port.schema)) for port in common.components["signal"].ports}
    flow = flow_of({"a": NodeSchemas(ports, settings={"message": {"count": 1, "tags": ["x"]}})})
    assert fields(flow.port("a", "out")) == {"count": "integer", "tags": "array"}
    flow.put_node("a", NodeSchemas(ports, settings={"message": {"count": "many"}}))
    affected = flow.settle()
    assert ("a", "out") in affected.ports
    assert fields(flow.port("a", "out")) == {"count": "string"}


def test_what_is_shown_here_a_person_may_say_better() -> None:
    ports = {port.name: PortSchema(port.source, Document.of(port.schema)) for port in common.components["signal"].ports}
    edited = {"_settings": Document(message("modules.common#sent-message", count="number"))}
    flow = flow_of({"a": NodeSchemas(ports, edited, {"message": {"count": 1}})})
    assert fields(flow.port("a", "out")) == {"count": "number"}


def test_a_routers_outputs_have_what_was_defined_for_its_input() -> None:
    ports = {port.name: PortSchema(port.source, Document.of(port.schema)) for port in common.components["router"].ports}
    said = message("modules.common#routed-message", order="string")["$defs"]["Message"]
    edited = {"in": Document({"$defs": {"RoutedMessage": said}})}
    flow = flow_of({"r": NodeSchemas(ports, edited)})
    assert fields(flow.port("r", "a")) == fields(flow.port("r", "default")) == {"order": "string"}


def test_loops_come_to_rest() -> None:
    nodes = {name: passing("m") for name in "abc"} | {"d": passing("m", out=message("m", x="string"))}
    flow = flow_of(nodes, e1=wired("a", "b"), e2=wired("b", "c"), e3=wired("c", "a"), e4=wired("d", "b"))
    assert fields(flow.port("a", "out")) == {"x": "string"}
    assert flow.restless == {}
    flow.drop_edge("e4")
    flow.settle()
    assert fields(flow.port("a", "out")) == {}


def test_a_node_wired_to_itself_comes_to_rest() -> None:
    flow = flow_of({"a": passing("m", in_=message("m", x="string"))}, e1=wired("a", "a"))
    assert fields(flow.target("e1")) == {"x": "string"}


@pytest.mark.parametrize("kept", ["node", "edge"])
def test_ends_that_are_not_there_yet_are_waited_for(kept: str) -> None:
    flow = flow_of({"a": passing("m", out=message("m", x="string"))}, e1=wired("a", "b"))
    assert flow.target("e1") is None
    flow.put_node("b", passing("m"))
    assert flow.settle().edges == {"e1"}
    assert fields(flow.target("e1")) == {"x": "string"}
    flow.drop_node("b")
    flow.settle()
    assert (flow.target("e1"), flow.wires) == (None, {})


def large(length: int) -> FlowSchemas:
    nodes = {f"n{index:05}": passing("m" if index < length // 2 else "n") for index in range(length)}
    edges = {f"e{index:05}": wired(f"n{index - 1:05}", f"n{index:05}") for index in range(1, length)}
    return flow_of(nodes, **edges)


def test_one_edit_of_ten_thousand_nodes_works_out_only_what_it_reaches() -> None:
    flow = large(10_000)
    nodes, schemas = flow.nodes_worked_out, flow.worked_out

    def worked_out() -> tuple[int, int]:
        nonlocal nodes, schemas
        done = (flow.nodes_worked_out - nodes, flow.worked_out - schemas)
        nodes, schemas = flow.nodes_worked_out, flow.worked_out
        return done

    flow.put_node("n07000", NodeSchemas(flow.nodes["n07000"].ports, settings={"anything": 1}))
    assert flow.settle().ports == set()
    # Its definitions, its two ports and the edge that ends at it.
    assert worked_out() == (1, 3)

    flow.put_node("n04990", passing("m", out=message("m", x="string")))
    affected = flow.settle()
    # The ten nodes up to those that have another definition, and the output before that is told so.
    assert affected.ports == {(f"n{index:05}", port) for index in range(4_990, 5_000) for port in ("in", "out")} | {
        ("n04989", "out")
    }
    assert affected.edges == {f"e{index:05}" for index in range(4_990, 5_000)}
    done, shown = worked_out()
    assert done == 12
    assert shown < 40

    flow.put_edge("e00000", wired("n00100", "n07001"))
    assert flow.settle().edges == {"e00000"}
    assert worked_out() == (1, 3)


def test_what_does_not_change_is_no_edit() -> None:
    flow = large(10)
    before = snapshot(flow)
    flow.put_node("n00001", passing("m"))
    flow.put_edge("e00001", wired("n00000", "n00001"))
    nodes = flow.nodes_worked_out
    affected = flow.settle()
    assert (affected.ports, affected.edges, flow.nodes_worked_out) == (set(), set(), nodes)
    assert snapshot(flow) == before
