"""What a flow file may say, and how it is told what is wrong."""

import pytest

from weirflow.flowfile import FileFlow, FileProject, FlowFileError, read_flow_file, values

FLOW = """\
weirflow: 1
kind: Flow
name: A flow
nodes:
  every-morning: {component: common-v1/ticker}
  debug: {component: common-v1/debug, at: [320, 0]}
wires:
  - {from: every-morning.tick, to: debug.in}
"""


def refusals(text: str) -> list[str]:
    with pytest.raises(FlowFileError) as refused:
        read_flow_file(text)
    return [str(fault) for fault in refused.value.faults]


def flow(text: str) -> FileFlow:
    file = read_flow_file(text)
    assert isinstance(file, FileFlow)
    return file


def test_a_node_is_titled_by_its_name_unless_that_is_the_components() -> None:
    nodes = flow(FLOW).nodes
    assert nodes["every-morning"].title == "Every morning"
    assert nodes["debug"].title == ""


def test_only_json_scalars_are_more_than_texts() -> None:
    said = flow(FLOW + "tests:\n  - {name: a, v: [yes, 012, 1e3, 2026-01-01, .5, 1:30, ~, 7, true, 0x1F, 'true']}\n")
    assert said.tests[0]["v"] == ["yes", "012", 1000.0, "2026-01-01", ".5", "1:30", None, 7, True, "0x1F", "true"]


@pytest.mark.parametrize(
    ("change", "told"),
    [
        (("debug.in", "debag.in"), "line 8 (wires[0].to): there is no node debag in this flow"),
        (("at:", "att:"), "line 6 (nodes.debug.att): there is no att here; is it at?"),
        (("[320, 0]", "[320]"), "line 6 (nodes.debug.at): this has to be two whole numbers: [x, y]"),
        (("[320, 0]", "[320, 1.5]"), "line 6 (nodes.debug.at[1]): this has to be a whole number from"),
        (("common-v1/debug", "debug"), "line 6 (nodes.debug.component): this has to be a module and its component"),
        (("  debug:", "  Debug:"), "line 6 (nodes.Debug): names have small letters"),
        (("name: A flow", "name: 7"), "line 3 (name): this has to be a text, not a number"),
        (("weirflow: 1", "weirflow: 2"), "line 1 (weirflow): a flow file begins with `weirflow: 1`"),
        (("kind: Flow", "kind: Flaw"), "line 2 (kind): this is Flow or Project"),
        (("  debug:", "  every-morning:"), "line 6: the key 'every-morning' stands here a second time"),
        (("[320, 0]", "&a [320, 0]"), "line 6: anchors (&a) are not read"),
        (("[320, 0]", "*a"), "line 6: references to other parts (*a) are not read"),
        (("[320, 0]", "!!python/tuple [320, 0]"), "line 6: tags (tag:yaml.org,2002:python/tuple) are not read"),
        (("at:", "<<:"), "line 6: merges (<<) are not read"),
        (("[320, 0]", "[320, 0"), "line 6: this is not YAML: while parsing a flow sequence"),
        (("at: [320, 0]", "title: \"a\\0b\""), "line 6: the text holds a NUL character"),
        (("at: [320, 0]", "settings: {a: 99999999999999999999}"), "line 6: whole numbers have at most 64 bits"),
        (("at: [320, 0]", "settings: {a: 1e999}"), "line 6: the number is too large"),
    ],
)  # fmt: skip
def test_what_is_wrong_is_told_with_its_line_and_place(change: tuple[str, str], told: str) -> None:
    assert told in refusals(FLOW.replace(*change))[0]


def test_all_faults_are_told_at_once() -> None:
    text = FLOW.replace("debug.in", "nobody.in").replace("at:", "where:")
    assert [line.split(" (")[0] for line in refusals(text)] == ["line 6", "line 8"]


def test_faults_are_told_from_the_top_down() -> None:
    text = FLOW.replace("debug.in", "nobody.in") + "colour: red\n"
    lines = [int(line.split()[1]) for line in refusals(text)]
    assert len(lines) == 2
    assert lines == sorted(lines)


def test_a_second_wire_between_the_same_ports_is_refused() -> None:
    twice = FLOW + "  - {from: every-morning.tick, to: debug.in}\n"
    assert "line 9 (wires[1]): there is a wire between these two ports already" in refusals(twice)[0]


@pytest.mark.parametrize("text", ["", "# nothing\n", "[]", "7", "--- a\n--- b\n", "\x00", "\ud800", b"\xff\xfe\xfa"])
def test_what_is_no_flow_file_is_refused(text: str | bytes) -> None:
    with pytest.raises(FlowFileError):
        read_flow_file(text)


def test_nesting_and_size_are_bounded(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(values, "MAX_VALUES", 2_000)
    assert "nested deeper" in refusals(FLOW + "tests: " + "[" * 5_000 + "]" * 5_000)[0]
    assert "more than 32 MiB" in refusals(FLOW + "#" * (32 * 1024 * 1024))[0]
    assert "more than 2,000 values" in refusals(FLOW + "tests: [" + "1," * 2_001 + "1]")[0]


def test_faults_are_told_up_to_a_number() -> None:
    many = "".join(f"  - {{from: a{n}.x, to: b{n}.y}}\n" for n in range(200))
    assert len(refusals(FLOW + many)) == 50


def test_a_project_names_what_its_flows_share() -> None:
    project = read_flow_file(PROJECT)
    assert isinstance(project, FileProject)
    assert project.flows["big-orders"].name == "Big orders"
    assert project.flows["reports"].shown["count"].node == "counter"
    assert project.pages[0].widgets[0].size == (2, 4)


def test_what_is_shown_from_nowhere_is_refused() -> None:
    broken = PROJECT.replace("flow: big-orders, node: counter", "flow: big-orders, node: nobody")
    assert refusals(broken)[0].startswith(
        "line 9 (flows.reports.shown.count.node): the flow big-orders has no node nobo"
    )


PROJECT = """\
weirflow: 1
kind: Project
name: Shop
flows:
  big-orders:
    nodes:
      counter: {component: common-v1/stateful_counter}
  reports:
    shown: {count: {flow: big-orders, node: counter}}
dashboards:
  - name: Today
    widgets: [{node: big-orders/counter}]
"""
