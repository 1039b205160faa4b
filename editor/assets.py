"""The built front end: which files the page has to load, read from Vite's manifest."""

import json
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any

from django.conf import settings

ENTRY = "src/main.tsx"


@dataclass(frozen=True, slots=True)
class Assets:
    """Paths below the static root: the entry script, its style sheets, and scripts worth fetching at once."""

    script: str
    styles: tuple[str, ...]
    preload: tuple[str, ...]


def editor_assets() -> Assets | None:
    """The files of the editor's page; None when the front end has not been built.

    Where static files were collected, only what was collected is served: a build made meanwhile waits for a restart.
    """
    for folder in (Path(settings.STATIC_ROOT), Path(settings.BASE_DIR) / "static"):
        path = folder / "dist" / "manifest.json"
        try:
            changed = path.stat().st_mtime_ns
        except OSError:
            continue
        return _read(path, changed)
    return None


@lru_cache(maxsize=1)
def _read(path: Path, changed: int) -> Assets | None:
    """Read once per build: ``changed`` is the manifest's time of change."""
    manifest = json.loads(path.read_text())
    if ENTRY not in manifest:
        return None
    chunks = first_scripts(manifest)
    styles = dict.fromkeys(css for chunk in chunks for css in manifest[chunk].get("css", ()))
    scripts = [f"dist/{manifest[chunk]['file']}" for chunk in chunks if chunk != ENTRY]
    return Assets(f"dist/{manifest[ENTRY]['file']}", tuple(f"dist/{css}" for css in styles), tuple(scripts))


def first_scripts(manifest: dict[str, Any]) -> list[str]:
    """The chunks that the page needs before it can show anything: the entry and all that it imports at once."""
    found: list[str] = []
    _collect(manifest, ENTRY, found)
    return found


def _collect(manifest: dict[str, Any], chunk: str, found: list[str]) -> None:
    if chunk in found:
        return
    found.append(chunk)
    for imported in manifest[chunk].get("imports", ()):
        _collect(manifest, imported, found)
