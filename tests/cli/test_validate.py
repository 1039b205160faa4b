"""What `weirflow validate` finds in modules and in flow files."""

import json
from pathlib import Path
from typing import Any

import pytest

from weirflow.cli.app import run
from weirflow.cli.failures import Exit

CARELESS = '''
from weirflow import Component, Context, Model, Module, input, output

class Message(Model):
    value: int

class Careless(Component):
    """Does something."""
    out = output("out", Message)

    @input("in")
    async def take(self, ctx: Context, message: Message) -> None:
        await self.out.emit(ctx, message)

class Mute(Component):
    category, icon, tags = 3, "table", "nothing"

module = Module("careless-v1", "1", [Careless, Mute])
'''
FLOW = """weirflow: 1
kind: Flow
name: Wrong
nodes:
  send:
    component: common-v1/signal
    at: [0, 0]
  greet:
    component: NAME-v1/greet
    at: [320, 0]
    settings: {greeting: ""}
  gret:
    component: NAME-v1/gret
    at: [640, 0]
wires:
  - from: send.out
    to: greet.gest
    mapping: {name: "{{$.name +}}"}
"""


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    return tmp_path


def findings(capsys: pytest.CaptureFixture[str], *arguments: str, code: Exit) -> list[dict[str, Any]]:
    assert run(["validate", "--json", *arguments]) == code
    answer = json.loads(capsys.readouterr().out)
    assert answer["ok"] is (code == Exit.DONE)
    return list(answer["findings"])


def test_what_people_would_miss_of_a_module_is_said(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (folder / "careless_one").mkdir()
    (folder / "careless_one" / "__init__.py").write_text(CARELESS)
    found = findings(capsys, code=Exit.WRONG)
    errors = [one["message"][:15] for one in found if one["level"] == "error"]
    assert errors == ["the version '1'", "it has no docst", "`category` is 3", "`tags` is 'noth"]
    warnings = [f"{one['where']}: {one['message']}" for one in found if one["level"] == "warning"]
    for expected in (
        "careless: the docstring has nothing below",
        "careless: it has no `icon`",
        "careless: it has no `tags`",
        "careless in /value: it has no description",
        "careless out /value: it has no description",
        "careless: it has no example",
        "mute: it has neither inputs nor outputs",
    ):
        assert any(warning.startswith(expected) for warning in warnings), (expected, warnings)


def test_warnings_are_errors_where_they_are_asked_to_be(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["new", "module", "strictly"]) == Exit.DONE
    (folder / "strictly" / "strictly" / "examples" / "greet.yaml").unlink()
    capsys.readouterr()
    assert len(findings(capsys, "strictly", code=Exit.DONE)) == 1
    assert len(findings(capsys, "strictly", "--strict", code=Exit.WRONG)) == 1


def test_faults_of_a_flow_file_have_their_lines(
    folder: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run(["new", "module", "lines"]) == Exit.DONE
    monkeypatch.chdir(folder / "lines")
    Path("wrong.yaml").write_text(FLOW.replace("NAME", "lines"))
    Path("broken.yaml").write_text("weirflow: 1\nkind: Flow\nname: A\nnodes:\n  a: {component: x}\n")
    capsys.readouterr()
    found = {one["where"]: (one["line"], one["message"]) for one in findings(capsys, "wrong.yaml", code=Exit.WRONG)}
    assert found["nodes.greet.settings"][0] == 11
    assert found["wires[0].to"] == (17, "greet has no port gest (there are guest)")
    assert found["wires[0].mapping"][0] == 18
    assert found["nodes.gret.component"] == (13, "the module here has no component gret; did you mean lines-v1/greet?")
    assert len(found) == 4, "nothing is said of the components of modules that are not here"
    assert findings(capsys, "broken.yaml", code=Exit.WRONG)[0]["line"] == 5
    assert run(["validate", "wrong.yaml"]) == Exit.WRONG
    assert "wrong.yaml:17 wires[0].to: greet has no port gest" in capsys.readouterr().out
