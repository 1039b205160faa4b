"""docs/components.md does what it says: its files, written down as they stand there, pass their test."""

import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
PAGE = (ROOT / "docs/components.md").read_text()


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
