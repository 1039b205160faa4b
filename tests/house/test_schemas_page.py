"""docs/schemas.md says what the code does: each example gives the schema beside it, and no keyword is left out."""

import inspect
import json
import re
from pathlib import Path
from typing import Any, Literal

import pytest

from weirflow import Button, Field, Model, button
from weirflow.keywords import Format
from weirflow.schema import schema_of

PAGE = (Path(__file__).resolve().parents[2] / "docs/schemas.md").read_text()
EXAMPLES = re.findall(r"```python\n(.*?)```\n```json\n(.*?)```", PAGE, re.DOTALL)
NAMES = {"Any": Any, "Literal": Literal, "Button": Button, "Field": Field, "Model": Model, "button": button}


@pytest.mark.parametrize(("code", "schema"), EXAMPLES, ids=[code.split(":")[0] for code, _ in EXAMPLES])
def test_an_example_gives_the_schema_beside_it(code: str, schema: str) -> None:
    *_, last = re.findall(r"^(\w+): ", code, re.MULTILINE)
    scope: dict[str, Any] = dict(NAMES, __name__="example.page")
    exec("class Example(Model):\n" + "".join(f"    {line}\n" for line in code.splitlines()), scope)
    model = scope["Example"]
    fields = schema_of(model)["properties"]
    assert fields[model.model_fields[last].alias] == json.loads(schema)


def test_every_argument_of_field_is_shown() -> None:
    shown = "".join(code for code, _ in EXAMPLES)
    arguments = set(inspect.signature(Field).parameters) - {"default"}
    assert {name for name in arguments if f"{name}=" not in shown} == set()


def test_every_format_is_listed() -> None:
    assert {name for name in Format.__args__ if f"`{name}`" not in PAGE} == set()  # type: ignore[attr-defined]
