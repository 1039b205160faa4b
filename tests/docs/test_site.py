"""The documentation site: all is reachable, every component has its page, and nothing is loaded from elsewhere."""

import re
import subprocess
import sys
from pathlib import Path
from urllib.parse import unquote

import pytest

from docs.site.components import shipped
from docs.site.tables import table
from tests.docs.blocks import blocks_of

ROOT = Path(__file__).resolve().parents[2]
COMPONENTS = {one.spec.name: one for one in shipped()}


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The built site. The builder refuses links and anchors that lead nowhere."""
    to = tmp_path_factory.mktemp("site")
    built = subprocess.run(
        [sys.executable, "-m", "mkdocs", "build", "--quiet", "--site-dir", str(to)],
        cwd=ROOT,
        capture_output=True,
        text=True,
        timeout=120,
    )
    assert built.returncode == 0, built.stdout + built.stderr
    return to


def test_every_component_has_a_page_with_its_ports_and_fields(site: Path) -> None:
    index = (site / "components/index.html").read_text()
    for name, one in COMPONENTS.items():
        page = (site / "components" / name / "index.html").read_text()
        assert f'href="{name}/"' in index, f"{name} is missing in the table of components"
        for port in one.spec.ports:
            if not port.system:
                assert f'id="{"outputs" if port.source else "inputs"}-{port.name}"' in page, f"{name}.{port.name}"
        for field in one.spec.settings.model_json_schema()["properties"] if one.spec.settings.model_fields else ():
            assert f"<code>{field}</code>" in page, f"{name}: the setting {field}"


def test_links_to_templates_lead_to_those_there_are(site: Path) -> None:
    pages = [*site.glob("howto/*/index.html"), *(site / "components").glob("*/index.html")]
    linked = {found for page in pages for found in re.findall(r"8000/templates/([^/]+/[^/]+)/", page.read_text())}
    there = {f"{file.parent.parent.name}/{file.stem}" for file in (ROOT / "modules").glob("*/examples/*.yaml")}
    assert linked <= there
    assert len(linked) > len(COMPONENTS)


def test_every_example_of_an_expression_leads_to_where_it_can_be_tried(site: Path) -> None:
    page = (site / "expressions/index.html").read_text()
    tried = {unquote(found) for found in re.findall(r'8000/expressions/\?text=([^"]+)"', page)}
    blocks = blocks_of(ROOT / "docs/expressions.md")
    lines = [line for block in blocks if block.kind == "expressions" for line in block.text.splitlines()]
    pairs = [pair for block in blocks if block.kind == "mapping" for pair in block.text.split("\n\n")]
    examples = {line.rsplit(" -> ", 1)[0].rstrip() for line in lines} | {pair.splitlines()[0] for pair in pairs}
    assert examples <= tried
    assert {"upper('héllo')", "now()", "root(@).path"} <= tried


def test_nothing_is_loaded_from_other_hosts(site: Path) -> None:
    for page in site.rglob("*.html"):
        loaded = re.findall(
            r"<(?:script|link|img|iframe)[^>]*?(?:src|href)=[\"']?(https?://[^\"' >]+)", page.read_text()
        )
        assert not loaded, f"{page.relative_to(site)} loads {loaded}"


def test_the_search_has_a_name_for_those_who_do_not_see_it(site: Path) -> None:
    (search,) = re.findall(r"<[^>]*role=.?dialog[^>]*>", (site / "index.html").read_text())
    assert 'aria-label="Search"' in search


def test_threat_model_and_decisions_are_part_of_it(site: Path) -> None:
    assert (site / "threat-model/index.html").exists()
    decisions = {file.stem for file in (ROOT / "docs/adr").glob("*.md")}
    assert decisions <= {page.parent.name for page in (site / "adr").glob("*/index.html")}


def test_a_table_tells_fields_of_fields_and_their_limits() -> None:
    schema = {
        "properties": {
            "files": {"type": "array", "items": {"$ref": "#/$defs/File"}, "title": "Files", "description": "To send"},
            "mode": {"enum": ["a", "b"], "default": "a"},
        },
        "required": ["files"],
        "$defs": {"File": {"properties": {"size": {"type": "integer", "minimum": 1, "maximum": 9000}}}},
    }
    assert table(schema).splitlines()[2:] == [
        "| `files` | list of any | required | Files. To send |",
        "| `files[].size` | integer, 1 to 9,000 |  |  |",
        '| `mode` | one of `"a"`, `"b"` | `"a"` |  |',
    ]
