"""A shipped component's schemas are a contract: flows that people drew hang on them."""

import json
from pathlib import Path

import pytest

from tests.schema.golden import FOLDER, schemas, shipped
from weirflow.spec import ComponentSpec

SHIPPED = list(shipped())


@pytest.mark.parametrize(("path", "spec"), SHIPPED, ids=[path.stem for path, _ in SHIPPED])
def test_schemas_change_only_on_purpose(path: Path, spec: ComponentSpec) -> None:
    again = "if the change is meant: python -m tests.schema.golden"
    assert path.exists(), again
    assert schemas(spec) == json.loads(path.read_text()), again
    # Fields keep their order: forms show it, and JSON Schema alone does not say it.
    assert json.dumps(schemas(spec)) == json.dumps(json.loads(path.read_text())), again


def test_every_golden_file_has_its_component() -> None:
    assert {path.name for path in FOLDER.glob("*.json")} == {path.name for path, _ in SHIPPED}
