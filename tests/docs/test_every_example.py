"""Nothing stands in the documentation as an example that no test runs."""

from collections import Counter

import pytest

from tests.docs.blocks import ROOT, Block, all_blocks, commands_of, matches

#: Kinds of blocks that one test runs, whatever the page.
EVERYWHERE = {
    "console": "tests/docs/test_commands.py",
    "yaml": "tests/docs/test_flow_files.py",
}
#: No examples: drawings, and what somebody's own machine would say.
NO_EXAMPLE = {"text"}
#: What is run with its page.
WITH_ITS_PAGE = {
    ("docs/api.md", "sh"): "tests/house/test_api_page.py",
    ("docs/api.md", "json"): "tests/house/test_api_page.py",
    ("docs/clipboard.md", "json"): "frontend/src/editing/clipboardPage.test.ts",
    ("docs/clusters.md", "sh"): "tests/cluster/test_clusters_page.py",
    ("docs/code.md", "python"): "tests/docs/test_flow_files.py",
    ("docs/export.md", "python"): "tests/docs/test_flow_files.py",
    ("docs/operations.md", "ini"): "tests/house/test_operations_page.py",
    ("docs/operations.md", "nginx"): "tests/house/test_operations_page.py",
    ("docs/operations.md", "systemd"): "tests/house/test_operations_page.py",
    ("docs/howto/csv-to-postgresql.md", "sql"): "tests/docs/howtos.py",
    ("docs/outbound.md", "python"): "tests/docs/test_outbound_page.py",
    ("docs/teams.md", "sh"): "tests/house/test_api_page.py",
    ("docs/components.md", "python"): "tests/house/test_component_page.py",
    ("docs/expressions.md", "expressions"): "tests/expressions/test_reference_page.py",
    ("docs/expressions.md", "mapping"): "tests/expressions/test_reference_page.py",
    ("docs/expressions.md", "json"): "tests/expressions/test_reference_page.py",
    ("docs/expressions.md", "python"): "tests/expressions/test_reference_page.py",
    ("docs/schemas.md", "python"): "tests/house/test_schemas_page.py",
    ("docs/schemas.md", "json"): "tests/house/test_schemas_page.py",
}
BLOCKS = all_blocks()


def _runner(block: Block) -> str | None:
    typed = "console" if block.title else block.kind
    return WITH_ITS_PAGE.get((block.page, block.kind)) or EVERYWHERE.get(typed)


def test_every_block_is_run_by_a_test_or_is_no_example() -> None:
    left = [
        f"{block.page}:{block.line}: {block.kind or 'no kind'}"
        for block in BLOCKS
        if block.kind not in NO_EXAMPLE and _runner(block) is None
    ]
    assert left == []


def test_every_runner_reads_its_page() -> None:
    kinds = Counter((block.page, block.kind) for block in BLOCKS)
    for (page, kind), runner in WITH_ITS_PAGE.items():
        assert kinds[page, kind], f"{page} has no {kind} any more"
        assert page.rsplit("/", 1)[-1] in (ROOT / runner).read_text(), f"{runner} does not read {page}"


def test_what_is_typed_and_shown_is_told_apart() -> None:
    text = "$ one \\\n  two\n$ three\nanswer 5 s\n..."
    commands = commands_of(Block("page", "console", text, 1))
    assert [(one.text, one.shown) for one in commands] == [("one \\\n  two", []), ("three", ["answer 5 s", "..."])]


@pytest.mark.parametrize(
    ("shown", "printed", "same"),
    [
        (["NAME  AGE", "a     ...", "..."], ["NAME     AGE", "a 5s", "b 6s"], True),
        (["a ..."], ["a 5s", "b 6s"], False),
        (['{"value":1}'], ['{"value":2}'], False),
        (["...", "end"], ["much", "more", "end"], True),
    ],
)
def test_dots_stand_for_what_differs(shown: list[str], printed: list[str], same: bool) -> None:
    assert matches(shown, printed) is same
