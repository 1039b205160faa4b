"""YAML in the documentation is a flow file that can be read, of components that there are; or plain YAML."""

from pathlib import Path

import pytest
import yaml

from docs.site.components import shipped
from tests.docs.blocks import ROOT, Block, all_blocks
from weirflow.flowfile import FileFlow, OfferedComponents, read_flow_file, unknown_in

BLOCKS = [block for block in all_blocks() if block.kind == "yaml"]


@pytest.mark.parametrize("block", BLOCKS, ids=lambda block: f"{block.page}:{block.line}")
def test_it_can_be_read_and_names_what_there_is(block: Block) -> None:
    if "weirflow: 1" not in block.text:
        assert list(yaml.safe_load_all(block.text))
        return
    modules = {one.module.name: one.module for one in shipped()}
    faults = unknown_in(read_flow_file(block.text), OfferedComponents(modules.values()))
    assert [str(fault) for fault in faults] == []


def test_a_file_is_read_and_printed_as_the_page_says(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    on_page = [block for block in all_blocks() if block.page == "docs/export.md"]
    file, code = (next(block.text for block in on_page if block.kind == kind) for kind in ("yaml", "python"))
    (tmp_path / "report.yaml").write_text(file)
    monkeypatch.chdir(tmp_path)
    scope: dict[str, str] = {}
    exec(code, scope)
    assert scope["text"].strip() == file.strip()


def test_the_code_of_its_page_is_that_of_the_example_whose_tests_run() -> None:
    (code,) = [block.text for block in all_blocks() if (block.page, block.kind) == ("docs/code.md", "python")]
    example = read_flow_file((ROOT / "modules/common/examples/code.yaml").read_text())
    assert isinstance(example, FileFlow)
    assert example.tests
    assert str(example.nodes["total"].settings["code"]).strip() == code.strip()
