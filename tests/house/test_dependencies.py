"""Every direct dependency is pinned, and has a reason in docs/dependencies.md."""

import json
import re
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
DOCUMENT = (ROOT / "docs/dependencies.md").read_text()


def _names(requirements: str) -> set[str]:
    lines = (line.strip() for line in (ROOT / requirements).read_text().splitlines())
    return {re.split(r"[\[=<>~ ]", line)[0].lower() for line in lines if line and not line.startswith(("#", "-"))}


def _packages() -> set[str]:
    package = json.loads((ROOT / "frontend/package.json").read_text())
    return {*package["dependencies"], *package["devDependencies"]}


def _section(title: str) -> dict[str, str]:
    """The rows of one table: name and reason."""
    body = DOCUMENT.split(title, 1)[1].split("\n## ", 1)[0]
    rows = re.findall(r"^\| ([^|]+) \| ([^|]+) \|$", body, re.MULTILINE)
    return {name.strip(): why.strip() for name, why in rows if name not in ("package", "---")}


@pytest.mark.parametrize(
    ("title", "names"),
    [
        ("`requirements.in`", _names("requirements.in")),
        ("`requirements-dev.in`", _names("requirements-dev.in")),
        ("`requirements-node.txt`", _names("requirements-node.txt")),
        ("`frontend/package.json`", _packages()),
    ],
)
def test_the_document_names_exactly_the_direct_dependencies(title: str, names: set[str]) -> None:
    assert set(_section(f"({title})")) == names


def test_each_has_a_reason() -> None:
    for title in ("Product", "Development", "Node.js where", "Front end"):
        for name, why in _section(f"## {title}").items():
            assert len(why) >= 10, name


@pytest.mark.parametrize("file", ["requirements.txt", "requirements-dev.txt", "requirements-node.txt"])
def test_everything_that_pip_installs_is_pinned(file: str) -> None:
    for line in (ROOT / file).read_text().splitlines():
        if line.strip() and not line.lstrip().startswith(("#", "-r")):
            assert re.fullmatch(r"[A-Za-z0-9._-]+(\[[a-z,]+\])?==[^\s;]+( ;.*)?( \\)?", line.rstrip()), line


@pytest.mark.parametrize("name", ["requirements", "requirements-dev"])
def test_the_compiled_file_holds_every_direct_dependency(name: str) -> None:
    compiled = _names(f"{name}.txt")
    assert {each.replace("_", "-") for each in _names(f"{name}.in")} <= compiled


def test_what_tests_and_product_share_has_one_version() -> None:
    product, development = ({line for line in (ROOT / f).read_text().splitlines() if "==" in line and "#" not in line}
                            for f in ("requirements.txt", "requirements-dev.txt"))  # fmt: skip
    names = {line.split("==")[0]: line for line in product}
    for line in development:
        assert names.get(line.split("==")[0], line) == line


def test_the_front_end_pins_exact_versions() -> None:
    package = json.loads((ROOT / "frontend/package.json").read_text())
    for name, version in {**package["dependencies"], **package["devDependencies"]}.items():
        assert re.fullmatch(r"\d+\.\d+\.\d+", version), name
