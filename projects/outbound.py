"""What the flows of a project may call beside the internet, as its owners list it; the guard is `weirflow.outbound`."""

from typing import Any

import orjson

from projects.errors import ProjectError
from projects.models import Project
from weirflow.outbound.entries import BadEntry, read_entry

MAX_ENTRIES = 200


def outbound_of(project: Project) -> dict[str, Any]:
    """`{"allow": [entries], "only": bool}`, whatever is stored."""
    return {"allow": list(project.outbound.get("allow", ())), "only": bool(project.outbound.get("only", False))}


def outbound_text(project: Project) -> str:
    """As it stands in the TinyProject's annotation; empty where the project has no rules of its own."""
    rules = outbound_of(project)
    return orjson.dumps(rules).decode() if rules["allow"] or rules["only"] else ""


def checked_entries(lines: list[str]) -> list[str]:
    """The entries, each once, in their order. Raises ProjectError naming the first that is none."""
    found: dict[str, None] = {}
    for place, line in enumerate(lines):
        try:
            entry = read_entry(line)
        except BadEntry as error:
            raise ProjectError("invalid_entry", f"{_shown(line)}: {error}.", field=f"/allow/{place}") from None
        found.setdefault(entry.text.lower())
    if len(found) > MAX_ENTRIES:
        message = f"A project lists at most {MAX_ENTRIES} places: write *.domain or a network for many of them."
        raise ProjectError("too_many_entries", message, field="/allow")
    return list(found)


def _shown(line: str) -> str:
    text = line.strip()
    return f"“{text[:80]}{'…' if len(text) > 80 else ''}”" if text else "An empty entry"
