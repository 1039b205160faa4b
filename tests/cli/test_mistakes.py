"""What authors of components get wrong: `weirflow validate` says what, where, and what to do."""

import json
import re
import sys
import textwrap
from dataclasses import dataclass
from pathlib import Path

import pytest

from weirflow.cli.app import run
from weirflow.cli.check_class import ICONS
from weirflow.cli.failures import Exit

HEAD = '''from dataclasses import dataclass
from pydantic import BaseModel
from weirflow import Button, Component, Context, Field, Model, Module, button, input, on_control, output

class Message(Model):
    value: int = Field(0, title="Value", description="A number")

class Thing: ...

class One(Component):
    """Does one thing."""

    out = output("out", Message)
'''
INPUT = '@input("in")\n'
CONTROL = 'class Control(Model):\n    reset: Button = button("Reset")\n\n'
PRESS = '@on_control("reset")\n'


@dataclass(frozen=True)
class Mistake:
    """Code in a component's class whose line with `# here` is at fault, unless it is another one."""

    code: str
    says: tuple[str, ...]
    exit: Exit = Exit.WRONG


MISTAKES = {
    "no type": Mistake(INPUT + "async def take(self, ctx, m): ...  # here", ("no type", "m: Any"), Exit.DONE),
    "not async": Mistake(INPUT + "def take(self, ctx, message: Message): ...  # here", ("`async def take(self, ctx,",)),
    "no self": Mistake(INPUT + "async def take(ctx, message: Message): ...  # here", ("`async def take(self, ctx,",)),
    "a dict": Mistake(INPUT + "async def take(self, ctx, m: dict): ...  # here", ("takes a dict", "weirflow.Model")),
    "unknown type": Mistake(INPUT + "async def take(self, ctx, m: 'Mesage'): ...  # here", ("'Mesage'", "define it")),
    "input without name": Mistake("@input  # here\nasync def take(self, ctx, m: Message): ...", ('@input("in")',)),
    "output without name": Mistake("more = output(Message)  # here", ('output("out", Message)',)),
    "output of a dict": Mistake('more = output("more", dict)  # here', ("derived from weirflow.Model", "or nothing")),
    "name of a port": Mistake(
        '@input("to do!")\nasync def take(self, ctx, message: Message): ...  # here', ("'to do!'", "`label`")
    ),
    "two of a port": Mistake('other = output("out", Message)', ("ports out", "name of its own", ":10:")),
    "name of a component": Mistake('name = "My One!"  # here', ("'My One!'", "lower case")),
    "icon": Mistake('icon = "calender"  # here', ("'calender'", "did you mean calendar"), Exit.DONE),
    "runs_on": Mistake('runs_on = "leeder"  # here', ("'leeder'", "'leader' or 'every'")),
    "settings of dataclasses": Mistake("@dataclass\nclass Settings:  # here\n    a: int = 0", ("Settings(Model)",)),
    "settings of pydantic": Mistake("class Settings(BaseModel):  # here\n    a: int = 0", ("Settings(Model)",)),
    "default": Mistake('class Settings(Model):\n    a: int = Field("x")', ("Settings.a", "not integer", ":10:")),
    "field without type": Mistake("class Settings(Model):  # here\n    a = 5", ("`a = 5`", "type annotation")),
    "state of a thing": Mistake("class State(Model):  # here\n    thing: Thing", ("Thing is no type", "derive it")),
    "state without default": Mistake("class State(Model):\n    a: int  # here", ("no a", "default", "initial_state")),
    "button without handler": Mistake(
        'class Control(Model):\n    reset: Button = button("Reset")  # here', ('@on_control("reset")',)
    ),
    "handler without button": Mistake(
        CONTROL + '@on_control("rest")\nasync def press(self, ctx): ...  # here', ("rest", "it has reset")
    ),
    "handler without Control": Mistake(PRESS + "async def press(self, ctx): ...  # here", ("class Control(Model)",)),
    "handler not async": Mistake(CONTROL + PRESS + "def press(self, ctx): ...  # here", ("`async def press(self,",)),
    "start not async": Mistake("def start(self, ctx): ...  # here", ("async def start",)),
    "control async": Mistake("async def control(self): ...  # here", ("not awaited: def control",)),
    "arguments": Mistake("def __init__(self, a): ...  # here", ("without arguments", "self.settings")),
    "no component": Mistake("module = Module('a-v1', '1.0.0', [Thing])  # here", ("Thing", "Thing(Component)")),
    "two of a name": Mistake("module = Module('a-v1', '0.1.0', [One, One])  # here", ("two components named one",)),
    "syntax": Mistake("async def take(self, ctx:  # here", ("never closed",)),
    "import": Mistake("import wheather  # here", ("no module named wheather", "pip install")),
}  # fmt: skip


@pytest.mark.parametrize("name", MISTAKES)
def test_a_mistake_is_said_with_its_line_and_what_to_do(
    name: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    mistake, package = MISTAKES[name], "mistaken_" + re.sub(r"\W", "_", name)
    # One in a method stands in the class, one of the module behind it.
    indent = "" if mistake.code.startswith("module") else "    "
    text = f"{HEAD}{textwrap.indent(mistake.code, indent)}\n\nmodule = Module('mistaken-v1', '0.1.0', [One])\n"
    (tmp_path / package).mkdir()
    (tmp_path / package / "__init__.py").write_text(text)
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr(sys, "path", [*sys.path])
    line = next((at for at, one in enumerate(text.splitlines(), 1) if "# here" in one), 0)

    assert run(["validate", package]) == mistake.exit
    said = capsys.readouterr()
    told = said.out + said.err
    about = [one for one in told.splitlines() if all(part in one for part in mistake.says)]
    assert about, told
    assert not line or f"{package}/__init__.py:{line}" in about[0], (line, told)
    assert "Traceback" not in told

    sys.modules.pop(package, None)
    assert run(["validate", package, "--json"]) == mistake.exit
    answer = json.loads(capsys.readouterr().out)
    places = [answer["error"]] if "error" in answer else answer["findings"]
    assert [one for one in places if not line or one.get("line") == line], places


def test_icons_are_those_that_the_editor_has_and_the_page_names() -> None:
    drawn = Path("frontend/src/ui/icons.ts").read_text()
    assert [one for one in sorted(ICONS) if not re.search(rf'\b{one}"?:\s', drawn)] == []
    page = Path("docs/components.md").read_text()
    named = re.findall(r"`(\w+)`", page[page.index("`icon` is one of these") :].split("\n\n")[1])
    assert set(named) <= ICONS
