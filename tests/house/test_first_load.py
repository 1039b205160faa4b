"""What the editor's page loads before it shows a flow stays small: what is needed later is loaded later."""

import gzip
import json
from pathlib import Path

from editor.assets import first_scripts

DIST = Path(__file__).parents[2] / "static" / "dist"
MOST_KIB = 210


def test_the_first_load_of_the_editor_is_within_its_budget() -> None:
    manifest_file = DIST / "manifest.json"
    assert manifest_file.is_file(), "the front end is not built: npm run build --prefix frontend"
    manifest = json.loads(manifest_file.read_text())
    sizes = {
        chunk: len(gzip.compress((DIST / manifest[chunk]["file"]).read_bytes(), 9)) / 1024
        for chunk in first_scripts(manifest)
    }
    assert sum(sizes.values()) < MOST_KIB, f"KiB, compressed: {sizes}; load what comes later with import()"
