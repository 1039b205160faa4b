"""Components that are made for each other, on a host's own nodes."""

from weirflow.flowfile import read_flow_file
from weirflow.flowtest.cases import read_tests
from weirflow.flowtest.files import flows_in
from weirflow.flowtest.modules import load_modules, shipped_packages
from weirflow.flowtest.run import run_tests

FLOW = """
weirflow: 1
kind: Flow
name: Items through a split and back
nodes:
  request: {component: http-v1/http_server, at: [0, 0], settings: {method: POST, path: /items}}
  items: {component: common-v1/split, at: [300, 0], settings: {concurrency: 3}}
  slower: {component: common-v1/delay, at: [600, 0]}
  even: {component: common-v1/filter, at: [900, 0], settings: {enableRejectedPort: true}}
  list: {component: common-v1/collect, at: [1200, 0], settings: {size: 100}}
  seen: {component: common-v1/debug, at: [1500, 0]}
wires:
  - {from: request.request, to: items.in, mapping: {items: "{{$.body}}"}}
  - {from: items.item, to: slower.in, mapping: {context: "{{$}}", delay: "{{1000 - 100 * $.item}}"}}
  - {from: slower.out, to: even.in, mapping: {context: "{{$}}", condition: "{{$.item % 2 == 0}}"}}
  - {from: even.out, to: list.in, mapping: {item: "{{$.item}}", key: "{{$.batch}}", size: "{{$.count}}"}}
  - {from: even.rejected, to: list.in, mapping: {item: odd, key: "{{$.batch}}", size: "{{$.count}}"}}
  - {from: list.batch, to: seen.in, mapping: {items: "{{$.items}}", because: "{{$.reason}}"}}
  - {from: items.done, to: request.response, mapping: {body: {done: "{{$.count}}", failed: "{{$.failed}}"}}}
tests:
  - name: come back as one list, in the order in which they were through
    given: {at: request.request, message: {body: [2, 3, 6]}}
    expect:
      - {at: seen.in, count: 1, message: {because: size, items: [6, odd, 2]}}
      - {reply: {status: 200, body: {done: 3, failed: 0}}}
  - name: of two requests make two lists
    given:
      - {at: request.request, message: {body: [2]}}
      - {at: request.request, message: {body: [4, 6]}}
    expect:
      - {at: seen.in, nth: 1, message: {items: [2]}}
      - {at: seen.in, nth: 2, message: {items: [6, 4]}}
"""


def test_items_go_through_a_split_and_come_back_by_its_batch() -> None:
    modules, _ = load_modules(shipped_packages())
    results = [
        result
        for flow, tested in flows_in(read_flow_file(FLOW))
        for result in run_tests(tested, read_tests(flow.tests), modules)
    ]
    assert len(results) == 2
    assert [result.to_json() for result in results if result.outcome != "passed"] == []
