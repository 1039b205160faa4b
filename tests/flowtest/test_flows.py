"""What flow tests see of flows: the host's own ways of messages, with everything around them in memory."""

from typing import Any

import pytest

from tests.flowtest.running import ran

VISITS = """
nodes:
  visits: {component: http-v1/http_server, settings: {path: /visits}}
  count: {component: common-v1/stateful_counter, settings: {initialValue: 10}}
  check: {component: common-v1/router, settings: {routes: [many]}}
  log: {component: common-v1/debug}
wires:
  - {from: visits.request, to: count.increment, mapping: {amount: "{{$.body.n}}"}}
  - from: count.value
    to: check.in
    mapping: {context: "{{$}}", conditions: [{route: many, condition: "{{$.value > 12}}"}]}
  - {from: check.many, to: log.in, mapping: {v: "{{$.value}}"}}
  - {from: check.default, to: visits.response, mapping: {status: 200, body: {count: "{{$.value}}"}}}
scenarios:
  busy: {visits.request: {body: {n: 5}}}
"""
ONE = "{at: visits.request, message: {body: {n: 1}}}"


@pytest.mark.parametrize(
    "test",
    [
        f"{{given: {ONE}, expect: [{{at: count.value, message: {{value: 11, previous: 10}}}}]}}",
        f"{{given: {ONE}, expect: [{{at: check.in, message: {{conditions: [{{route: many, condition: false}}]}}}}]}}",
        f"{{given: {ONE}, expect: [{{at: log.in, absent: true}}, {{reply: {{status: 200, body: {{count: 11}}}}}}]}}",
        f"{{given: [{ONE}, {ONE}], expect: [{{at: count.value, count: 2}}]}}",
        f"{{given: [{ONE}, {ONE}], expect: [{{at: count.value, nth: 2, message: {{value: 12}}}}]}}",
        f"{{given: [{ONE}, {ONE}], expect: [{{at: count.value, message: {{operation: increment}}, count: 2}}]}}",
        f"{{given: [{ONE}, {ONE}], expect: [{{at: count.value, message: {{value: 12}}, count: 1}}]}}",
        "{given: {at: count.increment, message: {amount: 5}}, expect: [{at: log.in, message: {v: 15}}]}",
        "{scenario: busy, given: {at: visits.request}, expect: [{at: log.in, message: {v: 15}}]}",
        f"{{state: {{count: {{value: 100}}}}, given: {ONE}, expect: [{{at: log.in, message: {{v: 101}}}}]}}",
        f"{{answers: {{count.value: {{value: 3}}}}, given: {ONE}, expect: [{{reply: {{body: {{count: 3}}}}}}]}}",
        f"{{now: '2030-05-01T10:00:00+02:00', given: {ONE}, "
        "expect: [{at: count.value, message: {timestamp: '2030-05-01T08:00:00Z'}}]}",
        "{given: {at: visits.request, message: {body: {n: x}}}, "
        "expect: [{at: count.increment, error: {code: message_rejected}}, {error: message_rejected}]}",
        "{given: {at: visits.request, message: {body: {n: x}}}, expect: [{at: count, error: true}]}",
        # A text in the place of the list: the expression cannot be worked out, on its own wire.
        "{given: {at: check.in, message: {context: 1, conditions: [{route: other, condition: true}]}}, "
        "expect: [{at: check, error: unknown_route}]}",
    ],
)
def test_what_is_expected_and_comes_passes(test: str) -> None:
    result = ran(VISITS, test)
    assert result["outcome"] == "passed", result


@pytest.mark.parametrize(
    ("expect", "text", "differences"),
    [
        (
            "{at: count.value, message: {value: 12, previous: 10, tag: new}}",
            "it came differently: /value is 11, expected 12",
            [{"pointer": "/value", "expected": 12, "came": 11}, {"pointer": "/tag", "expected": "new"}],
        ),
        ("{at: log.in, message: {v: 1}}", "no message came to log.in", None),
        ("{at: count.value, absent: true}", "1 messages came, 0 expected", None),
        ("{at: count.value, count: 3}", "1 messages came, 3 expected", None),
        ("{at: count.value, nth: 2, message: {}}", "1 message came, message 2 did not", None),
        ("{at: count, error: true}", "nothing failed there", None),
        ("{error: timeout}", "no error came back", None),
        (
            "{reply: {body: {count: 12}}}",
            "something else came back: /body/count is 11, expected 12",
            [{"pointer": "/body/count", "expected": 12, "came": 11}],
        ),
    ],
)
def test_what_does_not_come_is_told_with_what_came_instead(
    expect: str, text: str, differences: list[dict[str, Any]] | None
) -> None:
    result = ran(VISITS, f"{{given: {ONE}, expect: [{expect}]}}")
    assert result["outcome"] == "failed"
    (finding,) = result["findings"]
    assert (finding["held"], finding["text"], finding.get("differences")) == (False, text, differences)


def test_of_several_messages_the_nearest_is_told() -> None:
    result = ran(
        VISITS,
        f"{{given: [{ONE}, {ONE}], expect: [{{at: count.value, message: {{value: 12, previous: 11, source: x}}}}]}}",
    )
    (finding,) = result["findings"]
    assert finding["text"] == 'of 2 messages none is as expected: /source is "", expected "x"'
    assert (finding["came"]["value"], finding["count"]) == (12, 2)


def test_an_error_of_which_the_test_does_not_speak_fails_it_though_all_else_holds() -> None:
    result = ran(
        VISITS,
        "{given: {at: visits.request, message: {body: {n: x}}}, expect: [{at: count.value, absent: true}]}",
    )
    assert [finding["held"] for finding in result["findings"]] == [True]
    assert result["outcome"] == "failed"
    assert result["problem"]["code"] == "message_rejected"
    assert "of count does not take the message from visits" in result["problem"]["message"]


def test_the_way_of_the_message_is_told_step_by_step_and_the_wires_it_took() -> None:
    result = ran(VISITS, f"{{given: {ONE}, expect: []}}")
    places = [(step.get("from"), step.get("to")) for step in result["steps"]]
    assert places == [
        ("visits.request", None),
        ("visits.request", "count.increment"),
        ("count.value", "check.in"),
        ("check.default", "visits.response"),
    ]
    assert result["steps"][1]["message"] == {"amount": 1}
    assert result["wires"] == {
        "visits.request -> count.increment": 1,
        "count.value -> check.in": 1,
        "check.default -> visits.response": 1,
    }


def test_tests_know_nothing_of_each_other() -> None:
    first, second = (ran(VISITS, f"{{given: {ONE}, expect: []}}") for _ in range(2))
    assert first["steps"][2]["sent"]["value"] == second["steps"][2]["sent"]["value"] == 11


@pytest.mark.parametrize(
    ("test", "code", "text"),
    [
        ("{given: {at: nobody.out, message: 1}, expect: []}", "unknown_node", "the flow has no node 'nobody'"),
        ("{given: {at: count.nothing, message: 1}, expect: []}", "unknown_port", "count has no port 'nothing'; it has"),
        (f"{{given: {ONE}, expect: [{{at: log.out, count: 0}}]}}", "unknown_port", "log has no port 'out'"),
        (f"{{given: {ONE}, expect: [{{at: nobody, error: true}}]}}", "unknown_node", "no node 'nobody'"),
        ("{given: {at: visits.request}, expect: []}", "message_missing", "no message is given at visits.request"),
        (f"{{scenario: calm, given: {ONE}, expect: []}}", "unknown_scenario", "the flow has busy"),
        (f"{{answers: {{check.in: 1}}, given: {ONE}, expect: []}}", "unknown_port", "this is an input"),
        (f"{{state: {{log: {{}}}}, given: {ONE}, expect: []}}", "no_state", "log, whose component keeps none"),
        (f"{{state: {{count: {{value: x}}}}, given: {ONE}, expect: []}}", "state_invalid", "state/count/value"),
    ],
)
def test_a_test_of_what_the_flow_has_not_is_an_error_that_says_what_it_has(test: str, code: str, text: str) -> None:
    result = ran(VISITS, test)
    assert (result["outcome"], result["problem"]["code"]) == ("error", code)
    assert text in result["problem"]["message"]


def test_of_a_large_flow_only_what_the_test_can_reach_is_made() -> None:
    chain = [f"  n{index}: {{component: common-v1/transform}}" for index in range(3_000)]
    wires = [f"  - {{from: n{index}.out, to: n{index + 1}.in, mapping: {{}}}}" for index in range(2_999)]
    flow = "\n".join(["nodes:", *chain, "wires:", *wires])
    result = ran(
        flow, "{given: {at: n2990.in, message: {}}, expect: [{at: n2999.in, count: 1}, {at: n5.in, absent: true}]}"
    )
    assert result["outcome"] == "passed", result
    assert result["messages"] == 20
