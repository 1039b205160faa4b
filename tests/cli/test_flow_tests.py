"""`weirflow test`: what it says of tests that pass and fail, to people, programs and build servers."""

import json
from pathlib import Path
from typing import Any
from xml.etree import ElementTree

import pytest

from tests.cli.calling import Called
from weirflow.cli.app import run

FLOW = """
weirflow: 1
kind: Flow
name: Greeting
nodes:
  hello: {component: common-v1/signal}
  out: {component: common-v1/debug}
  other: {component: common-v1/debug}
wires:
  - {from: hello.out, to: out.in, mapping: {text: "Hello {{$.name}}!"}}
  - {from: out.in, to: other.in}
tests:
  - name: greets
    given: {at: hello.out, message: {name: Ada}}
    expect:
      - {at: out.in, message: {text: Hello Ada!}}
"""
WRONG = """
  - name: shouts
    given: {at: hello.out, message: {name: Ada}}
    expect:
      - {at: out.in, message: {text: HELLO, tone: loud}}
"""


@pytest.fixture(autouse=True)
def _in_an_empty_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)


@pytest.fixture
def weirflow(capsys: pytest.CaptureFixture[str]) -> Any:
    """Run `weirflow` in this process: it would only take longer in one of its own."""

    def call(*arguments: str) -> Called:
        code = run(arguments)
        said = capsys.readouterr()
        return Called(code, said.out, said.err)

    return call


def test_tests_that_pass_end_with_0_and_those_that_do_not_with_1_and_what_came_instead(
    tmp_path: Path, weirflow: Any
) -> None:
    good, bad, junit = tmp_path / "good.yaml", tmp_path / "bad.yaml", tmp_path / "junit.xml"
    good.write_text(FLOW)
    bad.write_text(FLOW + WRONG.lstrip("\n"))
    passed = weirflow("test", str(good))
    assert (passed.code, passed.err) == (0, ""), passed
    assert "✓ greets" in passed.out
    assert "1 passed; messages went along 1 of 2 wires" in passed.out

    failed = weirflow("test", str(good), str(bad), "--junit", str(junit))
    assert failed.code == 1
    assert "✗ shouts" in failed.out
    assert '- /text: "HELLO"' in failed.out
    assert '+ /text: "Hello Ada!"' in failed.out
    assert "+ /tone: nothing" in failed.out
    assert "2 passed, 1 failed" in failed.out
    suites = ElementTree.parse(junit).getroot()
    assert [(suite.get("tests"), suite.get("failures")) for suite in suites] == [("1", "0"), ("2", "1")]
    assert 'out.in: it came differently: /text is "Hello Ada!"' in suites[1][1][0].get("message", "")


def test_programs_get_one_document(tmp_path: Path, weirflow: Any) -> None:
    file = tmp_path / "bad.yaml"
    file.write_text(FLOW + WRONG.lstrip("\n"))
    said = weirflow("test", str(file), "--json", "--only", "SHOUT")
    assert said.code == 1
    assert said.json["counts"] == {"passed": 0, "failed": 1, "error": 0}
    (flow,) = said.json["flows"]
    assert flow["untried"] == ["out.in -> other.in"]
    assert flow["results"][0]["findings"][0]["differences"][1] == {"pointer": "/tone", "expected": "loud"}


def test_programs_that_do_not_want_to_wait_get_a_line_for_each(tmp_path: Path, weirflow: Any) -> None:
    file = tmp_path / "bad.yaml"
    file.write_text(FLOW + WRONG.lstrip("\n"))
    said = weirflow("test", str(file), "--json", "--lines")
    assert said.code == 1
    first, second, whole = (json.loads(line) for line in said.out.splitlines())
    assert [(one["flow"], one["name"], one["outcome"]) for one in (first, second)] == [
        ("Greeting", "greets", "passed"),
        ("Greeting", "shouts", "failed"),
    ]
    assert whole["counts"] == {"passed": 1, "failed": 1, "error": 0}
    assert "results" not in whole["flows"][0], "they stand in the lines"


def test_the_module_of_the_folder_takes_part(tmp_path: Path, weirflow: Any) -> None:
    package = tmp_path / "shouting"
    package.mkdir()
    (package / "__init__.py").write_text(
        "from typing import Any\n"
        "from weirflow import Component, Context, Module, Result, input, output\n\n\n"
        "class Shout(Component):\n"
        '    """Louder."""\n\n'
        '    out = output("out")\n\n'
        '    @input("in")\n'
        "    async def shout(self, ctx: Context, message: Any) -> Result:\n"
        '        return await self.out.emit(ctx, {"text": message["text"].upper()})\n\n\n'
        'module = Module("shouting-v1", "0.1.0", [Shout])\n'
    )
    flow = {
        "weirflow": 1,
        "kind": "Flow",
        "name": "Shout",
        "nodes": {"it": {"component": "shouting-v1/shout"}},
        "tests": [
            {
                "name": "is loud",
                "given": {"at": "it.in", "message": {"text": "ho"}},
                "expect": [{"at": "it.out", "message": {"text": "HO"}}],
            }
        ],
    }
    (tmp_path / "flow.yaml").write_text(json.dumps(flow))
    said = weirflow("test", "flow.yaml")
    assert said.code == 0, said


def test_what_cannot_be_understood_is_said_with_its_place(tmp_path: Path, weirflow: Any) -> None:
    file = tmp_path / "flow.yaml"
    file.write_text(FLOW.replace("expect:", "expects:"))
    said = weirflow("test", str(file))
    assert said.code == 2
    assert "a test of Greeting cannot be understood: /0/expects: this is not known here" in said.err
    missing = weirflow("test", "nowhere.yaml")
    assert (missing.code, "nowhere.yaml cannot be read" in missing.err) == (5, True)
