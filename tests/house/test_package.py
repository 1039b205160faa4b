"""`weirflow` can be installed by itself: what an author needs, and no Django."""

import re
import subprocess
import sys
import tomllib
import venv
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]

#: What an author writes, run where nothing but the wheel and what it asks for is installed.
AUTHOR = '''
import asyncio, sys
from weirflow import Component, Context, Model, output, input
from weirflow.testing import run

class Double(Component):
    """Doubles a number."""
    class Number(Model):
        n: int
    out = output("out", Number)

    @input("in")
    async def double(self, ctx: Context, message: Number) -> None:
        await self.out.emit(ctx, self.Number(n=message.n * 2))

async def main():
    async with run(Double) as node:
        await node.send("in", {"n": 21})
        print([sent.value for sent in node.emitted])

asyncio.run(main())
import weirflow.runtime.host, weirflow.embedded
print(sorted(name for name in sys.modules if name.split(".")[0] in ("django", "channels", "celery", "kubernetes")))
'''


def _install(into: Path, *arguments: str) -> None:
    """By the pip that is here already: one of its own in `into` would take longer than what it installs. What nobody
    imports is not compiled."""
    pip = [sys.executable, "-m", "pip", "--quiet", "--disable-pip-version-check", "--python", str(into)]
    subprocess.run([*pip, "install", "--no-compile", *arguments], check=True, cwd=ROOT)


@pytest.mark.server
def test_an_author_installs_weirflow_and_tests_a_component_without_django(tmp_path: Path) -> None:
    venv.create(tmp_path / "venv", symlinks=True)
    python = tmp_path / "venv" / "bin" / "python"
    _install(python, "--constraint", str(_pins(tmp_path)), f"{ROOT}[cli]")
    (tmp_path / "author.py").write_text(AUTHOR)
    ran = subprocess.run([python, "author.py"], cwd=tmp_path, capture_output=True, text=True, check=False)
    assert ran.stderr == ""
    assert ran.stdout.splitlines() == ["[{'n': 42}]", "[]"]
    command = tmp_path / "venv" / "bin" / "weirflow"
    subprocess.run([command, "new", "module", "weather"], cwd=tmp_path, check=True, capture_output=True, timeout=60)
    checked = subprocess.run([command, "validate", "--strict"], cwd=tmp_path / "weather", check=False)
    assert checked.returncode == 0


def test_what_the_package_asks_for_is_what_the_product_pins() -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]
    asked = [
        *project["dependencies"],
        *project["optional-dependencies"]["kubernetes"],
        *project["optional-dependencies"]["cli"],
    ]
    pinned = (ROOT / "requirements.in").read_text()
    missing = [one for one in asked if f"\n{re.split('[ ;<>=]', one)[0]}==" not in f"\n{pinned}"]
    assert missing == []


def _pins(folder: Path) -> Path:
    """The product's pins without their hashes and their reasons."""
    lines = re.findall(r"^[\w.-]+(?:\[[\w,-]+\])?==\S+", (ROOT / "requirements.txt").read_text(), re.MULTILINE)
    file = folder / "pins.txt"
    file.write_text("\n".join(re.sub(r"\[.*?\]", "", line) for line in lines) + "\n")
    return file
