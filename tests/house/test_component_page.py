"""docs/components.md does what it says: its files, written down as they stand there, pass their test."""

import os
import re
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any

from weirflow import Component, Context, Model, input
from weirflow.testing import run

ROOT = Path(__file__).resolve().parents[2]
PAGE = (ROOT / "docs/components.md").read_text()


async def test_the_lock_of_the_page_is_held_while_it_prints() -> None:
    (code,) = re.findall(r"^```python\n(class Printer.*?)^```$", PAGE, re.MULTILINE | re.DOTALL)
    printed: list[tuple[str, int]] = []

    class Job(Model):
        text: str

    class Device:
        async def print(self, text: str, fence: int) -> None:
            printed.append((text, fence))

    scope = {"Component": Component, "Context": Context, "Result": Any, "input": input, "Job": Job, "__name__": "page"}
    exec(code, scope)
    scope["Printer"].device = Device()
    async with run(scope["Printer"]) as node:
        assert await node.send("print", {"text": "a"}) == {"printed": True}
        await node.send("print", {"text": "b"})
    assert [text for text, _ in printed] == ["a", "b"]
    assert printed[0][1] < printed[1][1]


def test_the_files_of_the_page_pass_their_test(tmp_path: Path) -> None:
    named = re.findall(r"^`(\S+\.py)`.*?\n\n```python\n(.*?)^```$", PAGE, re.MULTILINE | re.DOTALL)
    assert [name for name, _ in named] == [
        "modules/stats/average.py",
        "modules/stats/__init__.py",
        "tests/modules/test_average.py",
    ]
    shutil.copytree(ROOT / "modules", tmp_path / "modules")
    (tmp_path / "tests/modules").mkdir(parents=True)
    for name, text in named:
        path = tmp_path / name
        path.parent.mkdir(exist_ok=True)
        path.write_text(text)
    options = ["-p", "no:django", "-o", "asyncio_mode=auto", "-o", "asyncio_default_fixture_loop_scope=function"]
    ended = subprocess.run(
        [sys.executable, "-m", "pytest", *options, "tests"],
        cwd=tmp_path,
        env={**os.environ, "PYTHONPATH": f"{tmp_path}{os.pathsep}{ROOT}"},
        capture_output=True,
        text=True,
        timeout=60,
    )
    assert "1 passed" in ended.stdout, ended.stdout + ended.stderr
