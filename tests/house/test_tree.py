"""Rules of the house that no linter knows."""

import os
import re
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
SOURCES = (".py", ".ts", ".tsx", ".css", ".sh")
LONGEST_FILE = 400
NOT_OURS = {
    ".git",
    ".venv",
    "node_modules",
    "__pycache__",
    ".mypy_cache",
    ".ruff_cache",
    ".pytest_cache",
    ".hypothesis",
}
BUILT = ROOT / "static/dist"


def _files() -> list[Path]:
    """Files of the project: neither installed, built, cached, nor data."""
    found = []
    for folder, names, files in os.walk(ROOT):
        place = Path(folder)
        names[:] = [name for name in names if name not in NOT_OURS and place / name not in (ROOT / "var", BUILT)]
        found += [place / name for name in files]
    return found


FILES = _files()


def test_no_source_file_is_a_god_file() -> None:
    long = {
        str(path.relative_to(ROOT)): lines
        for path in FILES
        if path.suffix in SOURCES and (lines := len(path.read_text().splitlines())) > LONGEST_FILE
    }
    assert long == {}


def test_nothing_is_left_to_do() -> None:
    mark = re.compile(r"\b(TO" + r"DO|FIX" + r"ME|XX" + r"X)\b")
    left = [str(path.relative_to(ROOT)) for path in FILES if path.suffix in SOURCES and mark.search(path.read_text())]
    assert left == []


def test_no_test_is_skipped() -> None:
    skip = re.compile(r"pytest\.(mark\.)?(skip|xfail)\b|\b(it|test|describe)\.(skip|only|todo)\(")
    skipped = [
        str(path.relative_to(ROOT))
        for path in FILES
        if (path.is_relative_to(ROOT / "tests") or ".test." in path.name) and skip.search(path.read_text())
    ]
    assert [name for name in skipped if name != "tests/house/test_tree.py"] == []


@pytest.mark.parametrize("page", [path for path in FILES if path.suffix == ".md"], ids=lambda path: path.name)
def test_links_between_documents_lead_somewhere(page: Path) -> None:
    text = re.sub(r"```.*?```", "", page.read_text(), flags=re.DOTALL)
    targets = re.findall(r"\]\(([^)#\s]+)[^)]*\)", text)
    # Pages of components are made when the site is built, which refuses links to those that are not.
    made = ("components/", "../components/")
    here = [
        one for one in targets if "://" not in one and not (page.is_relative_to(ROOT / "docs") and one.startswith(made))
    ]
    broken = [one for one in here if not (page.parent / one).exists()]
    assert broken == []
