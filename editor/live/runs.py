"""Runs as several hosts tell of them, made one: what each recorded of the same trace belongs together.

Clocks of two machines are never compared: what another host recorded is put in the middle of the time in which its
answer was awaited.
"""

from typing import Any

Told = dict[str, Any]


def merged_list(parts: list[tuple[str, Told]], limit: int) -> list[Told]:
    """The runs of all hosts, by trace, newest first. ``parts`` are ``(host, run)``."""
    by_trace: dict[str, list[tuple[str, Told]]] = {}
    for host, run in parts:
        by_trace.setdefault(run["trace"], []).append((host, run))
    runs = [merged_summary(of_trace) for of_trace in by_trace.values()]
    return sorted(runs, key=lambda run: run["at"], reverse=True)[:limit]


def merged_summary(parts: list[tuple[str, Told]]) -> Told:
    """One run in a list: as the host tells of it at which it entered."""
    _, first = _first(parts)
    return {
        **{key: first[key] for key in ("trace", "node", "port", "at", "duration_ms", "state", "error")},
        "spans": sum(run["spans"] if isinstance(run["spans"], int) else len(run["spans"]) for _, run in parts),
        "cut": any(run["cut"] for _, run in parts),
        "whole": first["entered"],
        "hosts": sorted({host for host, _ in parts}),
    }


def merged_run(parts: list[tuple[str, Told]]) -> Told:
    """One run with all its hops, in the order in which they began; ``start_ms`` counts from the run's beginning."""
    host, first = _first(parts)
    spans = {span["id"]: {**span, "host": host} for span in first["spans"]}
    waiting = [part for part in parts if part[1] is not first]
    while waiting:
        known = next((part for part in waiting if _anchor(part[1], spans) is not None), waiting[0])
        waiting.remove(known)
        offset = _offset(known[1], spans)
        for span in known[1]["spans"]:
            spans[span["id"]] = {**span, "host": known[0], "start_ms": round(span["start_ms"] + offset, 3)}
    ordered = sorted(spans.values(), key=lambda span: span["start_ms"])
    return {**merged_summary(parts), "spans": ordered}


def _first(parts: list[tuple[str, Told]]) -> tuple[str, Told]:
    return min(parts, key=lambda part: (not part[1]["entered"], part[1]["at"]))


def _anchor(run: Told, spans: dict[str, Told]) -> tuple[Told, Told] | None:
    """A hop of ``run`` and the one of another host that waited for it."""
    return next(((span, spans[span["parent"]]) for span in run["spans"] if span["parent"] in spans), None)


def _offset(run: Told, spans: dict[str, Told]) -> float:
    anchor = _anchor(run, spans)
    if anchor is None:
        return 0.0
    hop, sender = anchor
    spare = (sender["duration_ms"] or 0.0) - (hop["duration_ms"] or 0.0)
    return float(sender["start_ms"] + max(spare, 0.0) / 2 - hop["start_ms"])
