"""A recorded run, drawn as a tree."""

from __future__ import annotations

import json
from datetime import datetime
from typing import TYPE_CHECKING

from weirflow.cli.out import styled

if TYPE_CHECKING:
    from weirflow.cli.runs import Run

MAX_MESSAGE = 60


def drawn(run: Run, titles: dict[str, str]) -> str:
    """The run as lines. ``titles`` are what nodes are called, by name."""
    at = datetime.fromtimestamp(run["at"] / 1000).astimezone().strftime("%Y-%m-%d %H:%M:%S")
    head = f"{styled(run['trace'], 'bold')}  {_state(run)}  {_time(run['duration_ms'])}  {at}"
    lines = [head + ("  more hops than are kept" if run.get("cut") else "")]
    spans = {span["id"]: span for span in run["spans"]}
    below: dict[str | None, list[Run]] = {}
    for span in run["spans"]:
        parent = span["parent"] if span["parent"] in spans else None
        below.setdefault(parent, []).append(span)

    def draw(parent: str | None, indent: str) -> None:
        children = below.get(parent, [])
        for number, span in enumerate(children, 1):
            last = number == len(children)
            branch, further = ("", "") if parent is None else ("└─ ", "   ") if last else ("├─ ", "│  ")
            lines.append(indent + branch + _hop(span, titles))
            if span["error"]:
                lines.append(indent + further + styled(f"   {span['error']['message']}", "red"))
            draw(span["id"], indent + further)

    draw(None, "")
    return "\n".join(lines)


def _hop(span: Run, titles: dict[str, str]) -> str:
    title = titles.get(span["node"], span["node"])
    text = f"{title}  {styled(span['port'], 'dim')}  {_time(span['duration_ms'])}"
    if "message" in span:
        message = json.dumps(span["message"], ensure_ascii=False, separators=(",", ":"))
        text += "  " + styled(message if len(message) <= MAX_MESSAGE else message[:MAX_MESSAGE] + "...", "dim")
    return text


def _state(run: Run) -> str:
    state = str(run["state"])
    return styled(state, "red" if state == "error" else "yellow" if state == "running" else "green")


def _time(milliseconds: float | None) -> str:
    if milliseconds is None:
        return "under way"
    return f"{milliseconds / 1000:.2f} s" if milliseconds >= 1000 else f"{milliseconds:.3g} ms"
