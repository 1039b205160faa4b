"""The built front end: which files the page has to load, read from Vite's manifest."""

import json
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any

from django.conf import settings

EDITOR = "src/main.tsx"
DASHBOARD = "src/dashboard/main.tsx"


@dataclass(frozen=True, slots=True)
class Assets:
    """Paths below the static root: the entry script, its style sheets, and scripts worth fetching at once."""

    script: str
    styles: tuple[str, ...]
    preload: tuple[str, ...]


def editor_assets() -> Assets | None:
    """The files of the editor's page; None when the front end has not been built."""
    return _assets(EDITOR)


def dashboard_assets() -> Assets | None:
    """The files of the page of dashboards, in the same way."""
    return _assets(DASHBOARD)


def _assets(entry: str) -> Assets | None:
    """Where static files were collected, only what was collected is served: a build made meanwhile waits for a
    restart.
    """
    for folder in (Path(settings.STATIC_ROOT), Path(settings.BASE_DIR) / "static"):
        path = folder / "dist" / "manifest.json"
        try:
            changed = path.stat().st_mtime_ns
        except OSError:
            continue
        return _read(path, changed, entry)
    return None


@lru_cache(maxsize=2)
def _read(path: Path, changed: int, entry: str) -> Assets | None:
    """Read once per build: ``changed`` is the manifest's time of change."""
    manifest = json.loads(path.read_text())
    if entry not in manifest:
        return None
    chunks = first_scripts(manifest, entry)
    styles = dict.fromkeys(css for chunk in chunks for css in manifest[chunk].get("css", ()))
    scripts = [f"dist/{manifest[chunk]['file']}" for chunk in chunks if chunk != entry]
    return Assets(f"dist/{manifest[entry]['file']}", tuple(f"dist/{css}" for css in styles), tuple(scripts))


def first_scripts(manifest: dict[str, Any], entry: str = EDITOR) -> list[str]:
    """The chunks that the page needs before it can show anything: the entry and all that it imports at once."""
    found: list[str] = []
    _collect(manifest, entry, found)
    return found


def _collect(manifest: dict[str, Any], chunk: str, found: list[str]) -> None:
    if chunk in found:
        return
    found.append(chunk)
    for imported in manifest[chunk].get("imports", ()):
        _collect(manifest, imported, found)
