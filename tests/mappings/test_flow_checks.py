"""All mappings of a flow, judged on data that is traced through it, and judged again only where an edit reaches."""

from __future__ import annotations

from typing import Any

from tests.mappings.flows import flow_of, node, outcomes, signal, wire
from weirflow.mappings.flow import FlowChecks
from weirflow.mappings.judge import Sample
from weirflow.schema.document import Document
from weirflow.schema.node import NodeSchemas, PortSchema, Wire

WHOLE = {"context": "{{ $ }}"}


def test_a_message_is_traced_back_through_mappings_to_where_it_is_known() -> None:
    flow = flow_of(
        {"s": signal(count=3), "t": node("transform"), "r": node("router"), "c": node("stateful_counter")},
        e1=wire("s", "t", {"order": {"number": "{{ $.count + 1 }}", "note": "no {{ $.count }}"}}),
        e2=wire("t", "r", {"context": "{{ $.order }}"}),
        e3=wire("r", "c", {"amount": "{{ $.number }}"}, out="a", into="increment"),
    )
    assert flow.sample("r", "a") == {"number": 4, "note": "no 3"}
    assert outcomes(flow) == {"e1": "valid", "e2": "valid", "e3": "valid"}

    flow.put_edge("e3", *wire("r", "c", {"amount": "{{ $.note }}"}, out="a", into="increment"))
    flow.settle()
    (finding,) = flow.verdicts()["e3"].findings
    assert (finding.code, finding.field) == ("wrong_target", "/amount")

    flow.put_edge("e3", *wire("r", "c", {"amount": "{{ $.nubmer }}"}, out="a", into="increment"))
    flow.settle()
    assert flow.verdicts()["e3"].outcome == "invalid"


def test_a_change_of_settings_is_felt_at_the_far_end() -> None:
    flow = flow_of(
        {"s": signal(count=3), "t": node("transform"), "c": node("stateful_counter")},
        e1=wire("s", "t", {"count": "{{ $.count }}"}),
        e2=wire("t", "c", {"amount": "{{ $.count }}"}, into="increment"),
    )
    flow.put_node("s", signal(count="three"))
    assert flow.settle() == {"e2"}
    assert outcomes(flow) == {"e1": "valid", "e2": "invalid"}
    # In JSON, 1 is not true.
    flow.put_node("s", signal(count=1))
    flow.settle()
    flow.put_node("s", signal(count=True))
    assert flow.settle() == {"e2"}


def test_what_several_wires_bring_counts_together() -> None:
    flow = flow_of(
        {"a": signal(x=1, both=1), "b": signal(y="1", both=2), "t": node("transform"), "d": node("stateful_counter")},
        e1=wire("a", "t", {"x": "{{ $.x }}", "both": "{{ $.both }}"}),
        e2=wire("b", "t", {"y": "{{ $.y }}", "both": "{{ $.both }}"}),
        e3=wire("t", "d", {"amount": "{{ $.both }}"}, into="increment"),
    )
    assert outcomes(flow)["e3"] == "valid"
    flow.put_edge("e3", *wire("t", "d", {"value": "{{ $.x }}"}, into="set"))
    flow.settle()
    assert [finding.code for finding in flow.verdicts()["e3"].findings] == ["may_be_missing"]


def test_what_a_person_defined_is_better_than_what_is_traced() -> None:
    said = {
        "$defs": {
            "TransformedMessage": {
                "x-id": "modules.common#transformed-message",
                "configurable": True,
                "type": "object",
                "properties": {"count": {"type": "string"}},
            }
        }
    }
    edited = NodeSchemas(node("transform").ports, {"in": Document(said)})
    flow = flow_of(
        {"s": signal(count=1), "t": edited, "c": node("stateful_counter")},
        e1=wire("s", "t", {"count": "{{ $.count }}"}),
        e2=wire("t", "c", {"amount": "{{ $.count }}"}, into="increment"),
    )
    assert outcomes(flow) == {"e1": "invalid", "e2": "invalid"}


def test_data_that_really_came_is_laid_over_what_is_made_up() -> None:
    flow = flow_of(
        {"h": node("http_server"), "c": node("stateful_counter")},
        e1=wire("h", "c", {"amount": "{{ $.body.amount }}"}, out="request", into="increment"),
    )
    assert outcomes(flow) == {"e1": "unverifiable"}
    came = {
        "method": "POST",
        "path": "/",
        "query": {},
        "headers": {},
        "body": {"amount": "x"},
        "encoding": "json",
        "params": {},
    }
    flow.put_data("h", "request", Sample(came, "the last request"))
    assert flow.settle() == {"e1"}
    assert outcomes(flow) == {"e1": "invalid"}
    sample: Any = flow.sample("h", "request")
    assert (sample["body"], sample["method"]) == ({"amount": "x"}, "POST")
    flow.put_data("h", "request", None)
    flow.settle()
    assert outcomes(flow) == {"e1": "unverifiable"}


def test_loops_end() -> None:
    flow = flow_of(
        {"t": node("transform"), "u": node("transform"), "c": node("stateful_counter")},
        e1=wire("t", "u", {"inner": "{{ $ }}", "n": 1}),
        e2=wire("u", "t", {"inner": "{{ $ }}", "n": "{{ $.n }}"}),
        e3=wire("u", "c", {"amount": "{{ $.n }}"}, into="increment"),
    )
    assert outcomes(flow)["e3"] == "valid"


def test_ports_that_nobody_knows_are_said() -> None:
    flow = flow_of({"s": signal(a=1)}, e1=wire("s", "gone", {"a": "{{ $.a }}"}))
    assert [finding.code for finding in flow.verdicts()["e1"].findings] == ["port_unknown"]
    flow.put_node("gone", NodeSchemas({"in": PortSchema(False)}))
    assert flow.settle() == {"e1"}
    assert outcomes(flow) == {"e1": "valid"}
    flow.drop_node("gone")
    flow.settle()
    assert outcomes(flow) == {}


def large(length: int) -> FlowChecks:
    """Chains of ten: a signal, then transforms that pass its count on, then a counter."""
    nodes: dict[str, NodeSchemas] = {}
    edges: dict[str, tuple[Wire, Any]] = {}
    for index in range(length):
        place = index % 10
        nodes[f"n{index:05}"] = (
            signal(count=index) if place == 0 else node("transform" if place < 9 else "stateful_counter")
        )
        if place == 9:
            edges[f"e{index:05}"] = wire(
                f"n{index - 1:05}", f"n{index:05}", {"amount": "{{ $.count }}"}, into="increment"
            )
        elif place:
            edges[f"e{index:05}"] = wire(f"n{index - 1:05}", f"n{index:05}", {"count": "{{ $.count }}"})
    return flow_of(nodes, **edges)


def test_one_edit_of_thousands_of_nodes_judges_only_what_it_reaches() -> None:
    flow = large(3_000)
    assert set(outcomes(flow).values()) == {"valid"}
    judged, traced = flow.judged, flow.traced
    schemas = flow.schemas.worked_out

    def since() -> tuple[int, int, int]:
        nonlocal judged, traced, schemas
        done = (flow.judged - judged, flow.traced - traced, flow.schemas.worked_out - schemas)
        judged, traced, schemas = flow.judged, flow.traced, flow.schemas.worked_out
        return done

    flow.put_node("n01000", signal(count=-1))
    assert flow.settle() == set()
    done = since()
    # The nine wires of its chain, and nobody else's.
    assert done[0] == 9
    assert done[1] <= 20
    assert done[2] <= 20

    flow.put_node("n01000", node("signal", {"message": {"count": -1}, "unknown": 1}))
    assert flow.settle() == set()
    assert since()[0] == 0

    flow.put_edge("e01005", *wire("n01004", "n01005", {"count": "{{ $.count }}", "more": "x"}))
    assert flow.settle() == set()
    # Its own wire, and the next, whose mapping leaves the new field behind.
    assert since()[0] == 2

    flow.put_edge("e01005", *wire("n01004", "n01005", {"cuont": "{{ $.count }}"}))
    assert flow.settle() == {"e01006", "e01009"}
    assert since()[0] == 5
    found = {edge: [one.code for one in flow.verdicts()[edge].findings] for edge in ("e01006", "e01009")}
    assert found == {"e01006": ["unknown_path"], "e01009": ["not_described"]}
