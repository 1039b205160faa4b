"""Which files of a package are looked at for changes."""

from pathlib import Path

import pytest

from weirflow.cli import reload
from weirflow.cli.failures import Failure
from weirflow.cli.reload import changes, snapshot


def test_what_is_saved_added_or_removed_is_a_change(tmp_path: Path) -> None:
    for name in ("a.py", "b.py", "data/c.json"):
        (tmp_path / name).parent.mkdir(exist_ok=True)
        (tmp_path / name).write_text("1")
    before = snapshot(tmp_path)
    (tmp_path / "a.py").write_text("12")
    (tmp_path / "b.py").unlink()
    (tmp_path / "d.py").write_text("")
    assert changes(before, snapshot(tmp_path)) == ["a.py", "b.py", "d.py"]


def test_what_tools_leave_behind_is_none(tmp_path: Path) -> None:
    before = snapshot(tmp_path)
    for name in ("__pycache__/a.pyc", ".venv/lib.py", ".a.py.swp", "node_modules/x.json", "notes.log", ".#a.py"):
        (tmp_path / name).parent.mkdir(exist_ok=True)
        (tmp_path / name).write_text("")
    assert snapshot(tmp_path) == before


def test_a_folder_of_everything_is_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(reload, "MAX_FILES", 3)
    for number in range(5):
        (tmp_path / f"{number}.py").touch()
    with pytest.raises(Failure, match="without --reload"):
        snapshot(tmp_path)
