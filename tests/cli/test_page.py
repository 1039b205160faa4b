"""docs/cli.md says what the commands say."""

import re

from tests.cli import page
from weirflow.cli.failures import Exit
from weirflow.cli.table import COMMANDS


def test_the_reference_is_what_help_says() -> None:
    assert page.whole_page() == page.PAGE.read_text(), "write it anew: python -m tests.cli.page"


def test_every_exit_code_and_every_answer_is_described() -> None:
    text = page.PAGE.read_text().partition(page.BEGIN)[0]
    listed = re.findall(r"^\| (\d+) \|", text, re.MULTILINE)
    assert [int(code) for code in listed] == sorted(Exit)
    described = set(re.findall(r"^\| `([a-z]+)", text, re.MULTILINE))
    assert described >= set(COMMANDS), "what each command answers with --json"
