"""Differences as text: what reads like a unified diff of YAML, thing by thing."""

import difflib
from collections.abc import Iterator

from projects.history.document import Document, Row
from projects.versions.differences import Difference, Kind, title_of
from projects.versions.past import Past
from projects.versions.yaml_lines import lines_of

MAX_TEXT_CHARACTERS = 1024 * 1024
MAX_COMPARED = 400
"""Lines of one thing that are compared one by one; of more, all go and all come."""
CONTEXT = 2
"""Lines around what differs."""
_WORDS: dict[Kind, str] = {"group": "group", "node": "node", "edge": "wire", "note": "note"}


def as_text(one: Past, other: Past, found: list[Difference]) -> str:
    """The whole diff, at most about a megabyte of it; the last line says what was left out."""
    lines = [f"--- {one.name} (revision {one.rev})", f"+++ {other.name} (revision {other.rev})"]
    if not found:
        lines += ["", "# There is no difference."]
    room = MAX_TEXT_CHARACTERS
    for at, difference in enumerate(found):
        some = ["", *_lines(difference, one.document, other.document)]
        room -= sum(len(line) + 1 for line in some)
        if room < 0:
            lines += ["", f"# {len(found) - at} more differences are left out."]
            break
        lines += some
    return "\n".join(lines) + "\n"


def _lines(found: Difference, before: Document, after: Document) -> Iterator[str]:
    row = found.after or found.before
    assert row is not None
    more = f", {row['module']}/{row['component']}" if found.kind == "node" else ""
    yield f"@@ {_WORDS[found.kind]} {found.title} ({found.outcome}{more}, {found.id}) @@"
    was = list(lines_of(_readable(found.kind, found.before, before))) if found.before else []
    now = list(lines_of(_readable(found.kind, found.after, after))) if found.after else []
    yield from _compared(was, now)


def _compared(was: list[str], now: list[str]) -> Iterator[str]:
    begin = _alike(was, now)
    end = _alike(was[begin:][::-1], now[begin:][::-1])
    gone, come = was[begin : len(was) - end], now[begin : len(now) - end]
    yield from (f" {line}" for line in was[max(0, begin - CONTEXT) : begin])
    if max(len(gone), len(come)) > MAX_COMPARED:
        yield from (f"-{line}" for line in gone)
        yield from (f"+{line}" for line in come)
    else:
        hunks = difflib.unified_diff(gone, come, n=CONTEXT, lineterm="")
        yield from (line if not line.startswith("@@") else " …" for line in list(hunks)[3:])
    yield from (f" {line}" for line in was[len(was) - end : len(was) - end + CONTEXT])


def _alike(one: list[str], other: list[str]) -> int:
    """How many lines the two begin with in common."""
    count = 0
    for left, right in zip(one, other, strict=False):
        if left != right:
            break
        count += 1
    return count


def _readable(kind: Kind, row: Row | None, document: Document) -> Row:
    """The fields in the order in which people think of them, without those that say nothing."""
    assert row is not None
    told: Row = {}
    match kind:
        case "node":
            told = {"label": row["label"], "comment": row["comment"], "place": _place(row)}
            told["group"] = _group(row["group"], document)
            told |= {"belongs to": row["foreign"], "shared into": row["shared"]}
            told |= {"settings": row["settings"], "schemas": row["schemas"]}
        case "edge":
            for end in ("source", "target"):
                node = document.nodes.get(row[end])
                title = title_of(document, "node", node) if node else row[end]
                told["from" if end == "source" else "to"] = f"{title}.{row[f'{end}_port']}"
            told |= {name: row[name] for name in ("mapping", "timeout_ms", "retry_policy")}
        case "group":
            told = {name: row[name] for name in ("name", "colour", "collapsed", "ports")}
            told |= {"place": _place(row), "size": f"{row['width']} x {row['height']}"}
        case "note":
            told = {"text": row["text"], "colour": row["colour"], "group": _group(row["group"], document)}
            told |= {"place": _place(row), "size": f"{row['width']} x {row['height']}"}
    return {name: value for name, value in told.items() if value not in (None, "", {}, [])}


def _place(row: Row) -> str:
    return f"at {row['x']}, {row['y']}"


def _group(pk: str | None, document: Document) -> str | None:
    group = document.groups.get(pk) if pk else None
    return title_of(document, "group", group) if group else pk
