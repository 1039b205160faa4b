"""What the site builder calls: pages that come from code and from files outside docs/, and the menu for them."""

from __future__ import annotations

import re
import sys
from pathlib import Path
from typing import Any

from mkdocs.config.defaults import MkDocsConfig
from mkdocs.structure.files import File, Files
from mkdocs.structure.pages import Page

ROOT = Path(__file__).resolve().parents[2]
sys.path.insert(0, str(ROOT))

from docs.site import components, trials  # noqa: E402

#: Documents at the top of the repository that the site shows too, and where.
OF_THE_REPOSITORY = {"THREAT_MODEL.md": "threat-model.md", "CONTRIBUTING.md": "contributing.md"}

#: `[text](../../modules/howto/examples/name.yaml)`, alone in its line.
FLOW_FILE = re.compile(r"^\[[^\]]*\]\((?:\.\./)+modules/(\S+\.yaml)\)$", re.MULTILINE)
#: How much what is found in a folder counts beside what is found elsewhere, which counts 1.
BOOSTS = {"components": 2, "adr": 0.1}
_SEARCH = 'data-md-component="search" role="dialog"'
#: What the site has in common with the product.
SHARED = {
    "images/mark.svg": "static/icon.svg",
    "fonts/inter-latin-wght-normal.woff2": "static/fonts/inter-latin-wght-normal.woff2",
}


def on_config(config: MkDocsConfig) -> MkDocsConfig:
    """Fill the menu's places for components and decisions."""
    decisions = [{_title(file): f"adr/{file.name}"} for file in sorted((ROOT / "docs/adr").glob("*.md"))]
    places: dict[str, list[Any]] = {
        "COMPONENTS": components.navigation(components.shipped()),
        "DECISIONS": [{"All decisions": "adr/index.md"}, *decisions],
    }
    config.nav = [_filled(entry, places) for entry in config.nav or []]
    return config


def on_files(files: Files, config: MkDocsConfig) -> Files:
    """Add the pages that no file in docs/ holds."""
    shipped = components.shipped()
    made = {one.page: components.page(one) for one in shipped}
    made["components/index.md"] = components.index(shipped)
    made["adr/index.md"] = _decisions()
    for name, page in OF_THE_REPOSITORY.items():
        made[page] = _moved((ROOT / name).read_text())
    for uri, text in made.items():
        files.append(File.generated(config, uri, content=text))
    for uri, source in SHARED.items():
        files.append(File.generated(config, uri, abs_src_path=str(ROOT / source)))
    return files


def on_page_markdown(markdown: str, page: Page, config: MkDocsConfig, files: Files) -> str:
    """Links out of docs/ lead to the copies that the site has of those documents, a link to a flow file that stands
    alone in its line shows the file, and examples of expressions lead to where they can be tried. Who searches is told
    of components first, and of decisions last."""
    boost = BOOSTS.get(page.file.src_uri.split("/")[0])
    if boost is not None:
        page.meta["search"] = {"boost": boost}
    if page.file.src_uri == "expressions.md":
        markdown = trials.with_trials(markdown)
    markdown = FLOW_FILE.sub(lambda link: _shown((ROOT / "modules" / link[1]).read_text()), markdown)
    for name, target in OF_THE_REPOSITORY.items():
        markdown = markdown.replace(f"](../{name}", f"]({target}").replace(f"](../../{name}", f"](../{target}")
    return markdown


def on_post_page(output: str, page: Page, config: MkDocsConfig) -> str:
    """The theme's search is a dialog, to which it gives no name."""
    return output.replace(_SEARCH, f'{_SEARCH} aria-label="Search"')


def _shown(file: str) -> str:
    return f"```yaml\n{file.strip()}\n```"


def _filled(entry: Any, places: dict[str, list[Any]]) -> Any:
    if not isinstance(entry, dict):
        return entry
    return {
        title: places.get(inside, inside) if isinstance(inside, str) else [_filled(one, places) for one in inside]
        for title, inside in entry.items()
    }


def _decisions() -> str:
    lines = ["# Decisions\n", "What was decided, why, and what follows from it; each on a page of its own.\n"]
    lines += [f"- [{_title(file)}]({file.name})" for file in sorted((ROOT / "docs/adr").glob("*.md"))]
    return "\n".join(lines) + "\n"


def _title(file: Path) -> str:
    return file.read_text().split("\n", 1)[0].removeprefix("# ")


def _moved(markdown: str) -> str:
    """A document of the repository's top, as if it stood in docs/."""
    markdown = re.sub(r"\]\(docs/", "](", markdown).replace("](adr)", "](adr/index.md)")
    return re.sub(r"\[(.*?)\]\(LICENSE\)", r"\1", markdown)
