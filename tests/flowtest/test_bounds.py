"""Time, the outside, and what never ends, under a flow test."""

import pytest

from tests.flowtest.running import ran


def chain(component: str, settings: str = "{}", options: str = "", port: str = "in", out: str = "out") -> str:
    """``start`` leads to one node, which leads to ``end``."""
    return f"""
nodes:
  start: {{component: common-v1/signal}}
  it: {{component: parts-v1/{component}, settings: {settings}}}
  end: {{component: common-v1/debug}}
wires:
  - {{from: start.out, to: it.{port}, mapping: {{url: "{{{{$.url}}}}"}}{options}}}
  - {{from: it.{out}, to: end.in, mapping: {{got: "{{{{$}}}}"}}}}
scenarios:
  recorded: {{it.{out}: {{status: 201}}}}
"""


GIVEN = "given: {at: start.out, message: {url: 'http://example.com/'}}"


def test_a_pause_of_a_minute_passes_at_once_and_on_the_flows_clock() -> None:
    result = ran(chain("pause"), f"{{{GIVEN}, expect: [{{at: end.in, message: {{got: {{at: 1767225660.0}}}}}}]}}")
    assert result["outcome"] == "passed", result
    assert result["passed"] >= 60 > 5 > result["seconds"]


def test_a_pause_past_the_messages_deadline_fails_as_it_would_on_a_host() -> None:
    result = ran(chain("pause", "{seconds: 400}"), f"{{{GIVEN}, expect: [{{error: timeout}}]}}")
    assert result["outcome"] == "passed", result


def test_what_is_sent_later_by_itself_counts_if_the_test_waits_for_it() -> None:
    late = ran(chain("later"), f"{{{GIVEN}, within: 7200, expect: [{{at: end.in, count: 1}}]}}")
    early = ran(chain("later"), f"{{{GIVEN}, expect: [{{at: end.in, absent: true}}]}}")
    assert [late["outcome"], early["outcome"]] == ["passed", "passed"], (late, early)


def test_an_edge_tries_again_with_its_pauses() -> None:
    options = ", retryPolicy: {maxAttempts: 3, initialDelayMs: 20000}"
    result = ran(
        chain("flaky", options=options), f"{{{GIVEN}, expect: [{{at: end.in, message: {{got: {{after: 2}}}}}}]}}"
    )
    assert result["outcome"] == "passed", result
    assert result["passed"] >= 50  # 20 and 30: no pause is longer


def test_an_edges_timeout_is_kept() -> None:
    result = ran(chain("pause", options=", timeoutMs: 1000"), f"{{{GIVEN}, expect: [{{at: it, error: timeout}}]}}")
    assert result["outcome"] == "passed", result


def test_the_error_port_takes_what_failed() -> None:
    flow = chain("flaky", "{times: 9, enableErrorPort: true}").replace("it.out, to", "it.error, to")
    result = ran(flow, f"{{{GIVEN}, expect: [{{at: it.error, message: {{code: busy}}}}, {{at: end.in, count: 1}}]}}")
    assert result["outcome"] == "passed", result


def test_what_runs_in_a_thread_has_its_time() -> None:
    result = ran(chain("threaded"), f"{{{GIVEN}, expect: [{{at: end.in, message: {{got: {{sum: 4999950000}}}}}}]}}")
    assert result["outcome"] == "passed", result


def test_nothing_is_called_outside_unless_the_test_says_what_would_come() -> None:
    asks = chain("caller", port="ask", out="answered")
    denied = ran(asks, f"{{{GIVEN}, expect: [{{at: it, error: outbound_denied}}]}}")
    assert denied["outcome"] == "passed", denied
    assert "example.com/ is not called in a test" in denied["findings"][0]["text"]
    said = ran(asks, f"{{{GIVEN}, answers: {{it.answered: {{status: 200}}}}, expect: [{{at: end.in, count: 1}}]}}")
    assert said["outcome"] == "passed", said
    sampled = ran(asks, f"{{{GIVEN}, scenario: recorded, expect: [{{at: end.in, message: {{got: {{status: 201}}}}}}]}}")
    assert sampled["outcome"] == "passed", sampled


def test_an_answer_is_given_only_to_a_message_that_the_node_would_have_taken() -> None:
    flow = chain("caller", port="ask", out="answered").replace("url: ", "uri: ")
    result = ran(
        flow, f"{{{GIVEN}, answers: {{it.answered: {{}}}}, expect: [{{at: it.ask, error: message_rejected}}]}}"
    )
    assert result["outcome"] == "passed", result


def test_a_samples_node_is_run_where_it_can_be() -> None:
    result = ran(
        chain("pause"), f"{{{GIVEN}, scenario: recorded, expect: [{{at: end.in, message: {{got: {{was: {{}}}}}}}}]}}"
    )
    assert result["outcome"] == "passed", result


def test_sources_do_not_start() -> None:
    flow = "{nodes: {it: {component: parts-v1/source}, end: {component: common-v1/debug}}, wires: " \
        "[{from: it.out, to: end.in}]}"  # fmt: skip
    result = ran(flow, "{given: {at: end.in, message: 1}, expect: [{at: it.out, absent: true}]}")
    assert result["outcome"] == "passed", result


def test_secrets_are_made_up() -> None:
    flow = "{nodes: {it: {component: parts-v1/fussy, settings: {token: '[[secret:slack/token]]'}}}}"
    result = ran(flow, "{given: {at: it.in, message: 1}, expect: [{at: it.out, message: {token: secret-slack-token}}]}")
    assert result["outcome"] == "passed", result


def test_settings_that_are_refused_are_noted_and_fail_who_meets_them() -> None:
    flow = "{nodes: {it: {component: parts-v1/fussy, settings: {token: x}}}}"
    result = ran(flow, "{given: {at: it.in, message: 1}, expect: []}")
    assert result["outcome"] == "failed"
    assert result["problem"]["code"] == "settings_rejected"
    assert result["notes"]


def test_a_module_that_is_elsewhere_is_said_to_be_by_whoever_needs_it() -> None:
    flow = (
        "{nodes: {start: {component: common-v1/signal}, it: {component: laptop-v1/thing}}, "
        "wires: [{from: start.out, to: it.in}]}"
    )
    at_it = ran(flow, "{given: {at: it.in, message: 1}, expect: []}")
    assert (at_it["outcome"], at_it["problem"]["code"]) == ("error", "module_elsewhere")
    past_it = ran(flow, "{given: {at: start.out, message: 1}, expect: []}")
    assert (past_it["outcome"], past_it["problem"]["code"]) == ("failed", "module_elsewhere")
    assert "laptop-v1 is not installed" in past_it["problem"]["message"]


@pytest.mark.parametrize(
    ("port", "code"),
    [("sleep", "timeout"), ("turn", "too_long")],
)
def test_a_component_that_never_ends_does_not_hold_the_test_up(port: str, code: str) -> None:
    flow = "{nodes: {it: {component: parts-v1/endless}}}"
    result = ran(flow, f"{{given: {{at: it.{port}, message: 1}}, expect: []}}", seconds=0.5)
    assert result["outcome"] == "failed"
    assert result["problem"]["code"] in (code, "not_finished"), result


def test_a_loop_of_messages_ends() -> None:
    flow = """
nodes: {a: {component: common-v1/router, settings: {routes: [again]}}}
wires:
  - {from: a.again, to: a.in, mapping: {context: "{{$}}", conditions: [{route: again, condition: true}]}}
"""
    given = "{at: a.in, message: {context: 1, conditions: [{route: again, condition: true}]}}"
    result = ran(flow, f"{{given: {given}, expect: [{{error: depth_limit}}]}}")
    assert result["outcome"] == "passed", result


def test_what_came_is_told_only_as_far_as_it_can_be_read() -> None:
    flow = "{nodes: {end: {component: common-v1/debug}}}"
    long = "x" * 100_000
    given = f"{{at: end.in, message: {{text: {long}, n: 1}}}}"
    result = ran(flow, f"{{given: {given}, expect: [{{at: end.in, message: {{text: short, n: 2}}}}]}}")
    (finding,) = result["findings"]
    assert finding["came"] == "… 100,017 bytes of JSON"
    assert finding["differences"] == [
        {"pointer": "/text", "expected": "short", "came": "… 100,002 bytes of JSON"},
        {"pointer": "/n", "expected": 2, "came": 1},
    ]
    expects = ", ".join(f"{{at: end.in, message: {{n: {n}}}}}" for n in range(200))
    many = ran(flow, f"{{given: {{at: end.in, message: {{text: {long[:60_000]}, n: 500}}}}, expect: [{expects}]}}")
    told = [finding for finding in many["findings"] if isinstance(finding["came"], dict)]
    assert len(told) == 17
