"""What `weirflow new module` writes."""

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from tests.cli.calling import environment, weirflow
from weirflow.cli.app import run
from weirflow.cli.failures import Exit
from weirflow.cli.scaffold import TEMPLATES, scaffold


def test_a_new_module_passes_its_tests_and_has_nothing_to_mend(tmp_path: Path) -> None:
    made = weirflow("new", "module", "tide-tables", "--json", cwd=tmp_path).json
    assert (made["package"], made["module"]) == ("tide_tables", "tide-tables-v1")
    folder = tmp_path / "tide-tables"
    assert sorted(made["files"]) == sorted(
        str(path.relative_to(folder)) for path in folder.rglob("*") if path.is_file()
    )
    assert len(made["files"]) == len(list(TEMPLATES.rglob("*.tmpl")))
    tests = [sys.executable, "-m", "pytest", "-q", "-p", "no:cacheprovider"]
    tested = subprocess.run(tests, cwd=folder, env=environment(), capture_output=True, text=True, timeout=60)
    assert "2 passed" in tested.stdout, tested.stdout + tested.stderr
    checked = weirflow("validate", "--strict", "--json", cwd=folder)
    assert (checked.code, checked.json["findings"]) == (0, [])
    example = weirflow("validate", "tide_tables/examples/greet.yaml", cwd=folder)
    assert (example.code, example.err) == (0, "")
    assert weirflow("components", "--package", ".", cwd=folder).out.startswith("COMPONENT")


def test_its_code_is_as_we_write_our_own(tmp_path: Path) -> None:
    scaffold("weather", tmp_path)
    folder = tmp_path / "weather"
    ruff, mypy = ([sys.executable, "-m", tool] for tool in ("ruff", "mypy"))
    for check in (
        [*ruff, "check", "--no-cache", "--select", "E,F,W,I,UP,B,RUF", "."],
        [*ruff, "format", "--no-cache", "--check", "."],
        [*mypy, "--cache-dir", os.devnull, "weather", "tests"],
    ):
        done = subprocess.run(check, cwd=folder, env=environment(), capture_output=True, text=True, timeout=120)
        assert done.returncode == 0, done.stdout + done.stderr


def test_what_cannot_be_written_whole_is_not_there_at_all(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    def full(self: Path, *_: object) -> int:
        raise OSError(28, "No space left on device", str(self))

    monkeypatch.setattr(Path, "write_text", full)
    assert run(["new", "module", "weather", "--in", str(tmp_path), "--json"]) == Exit.REFUSED
    assert "No space left" in json.loads(capsys.readouterr().out)["error"]["message"]
    assert list(tmp_path.iterdir()) == []
