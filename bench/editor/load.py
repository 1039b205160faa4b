"""How much JavaScript the editor's page loads before it shows a flow."""

import gzip
import json
from pathlib import Path

from editor.assets import first_scripts

DIST = Path(__file__).parents[2] / "static" / "dist"


def first_load_kib() -> float:
    """KiB over the wire, of the entry and all that it imports at once."""
    manifest = json.loads((DIST / "manifest.json").read_text())
    files = [DIST / manifest[chunk]["file"] for chunk in first_scripts(manifest)]
    return round(sum(len(gzip.compress(file.read_bytes(), 9)) for file in files) / 1024, 1)
