"""Runs as the link tells of them: without secrets, times in milliseconds from the run's beginning on this host."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from weirflow.runtime.concealing import Concealers
from weirflow.runtime.node import Node
from weirflow.runtime.state_view import state_of, value_of
from weirflow.runtime.telemetry import node_message
from weirflow.runtime.trace import RunTrace, Span
from weirflow.runtime.traces import Traces

LIST_LIMIT = 100


class TraceView:
    """Answers what a reader of the link asks: about runs, where in its code a component failed, what its state is."""

    def __init__(self, traces: Traces, nodes: Mapping[str, Node], concealers: Concealers | None = None) -> None:
        self.traces, self._nodes = traces, nodes
        self._concealers = concealers or Concealers()

    def answer(self, question: dict[str, Any]) -> dict[str, Any]:
        """``{"runs": {"flow", "errors"?, "limit"?}}``, ``{"run": trace id}``, ``{"stack": node name}`` or
        ``{"state": node name, "field"?: name}``. Raises ``ValueError`` for another."""
        match question:
            case {"runs": {"flow": str(flow), **options}}:
                limit = options.get("limit", LIST_LIMIT)
                if not isinstance(limit, int) or not 0 < limit <= LIST_LIMIT:
                    raise ValueError(f"limit must be 1 to {LIST_LIMIT}")
                runs = self.traces.store.of_flow(flow, errors=options.get("errors") is True)
                return {"runs": [self._summary(run) for run, _ in zip(runs, range(limit), strict=False)]}
            case {"run": str(trace)}:
                run = self.traces.store.get(trace)
                return {"run": self._whole(run) if run is not None else None}
            case {"stack": str(name)}:
                node = self._nodes.get(name)
                return {"stack": node.stack.to_json() if node is not None else None}
            case {"state": str(name), **rest}:
                node, field = self._nodes.get(name), rest.get("field")
                if field is not None and not isinstance(field, str):
                    raise ValueError("field must be a name")
                return {"state": None if node is None else state_of(node) if field is None else value_of(node, field)}
        raise ValueError("a question about runs, a stack or a state was expected")

    def _whole(self, run: RunTrace) -> dict[str, Any]:
        return {**self._summary(run), "spans": [self._span(run, span) for span in run.spans]}

    def _summary(self, run: RunTrace) -> dict[str, Any]:
        told = summary(run)
        return {**told, "error": self._concealers.of(told["node"]).problem(told["error"])}

    def _span(self, run: RunTrace, span: Span) -> dict[str, Any]:
        hidden = self._concealers.of(span.node)
        told: dict[str, Any] = {
            "id": span.id,
            "parent": span.parent or None,
            "node": span.node,
            "port": span.port,
            "edge": span.edge,
            "start_ms": _ms(span.began - run.began),
            "duration_ms": _ms(span.ended - span.began) if span.ended is not None else None,
            "error": hidden.problem(span.error.to_json()) if span.error is not None else None,
            "bytes": span.size,
        }
        if span.message is not None:
            told["message"] = node_message(self._nodes.get(span.node), span.port, span.message, hidden)
        if span.sent is not None:
            node, port, value = span.sent
            shown = node_message(self._nodes.get(node), port, value, self._concealers.of(node))
            told["sent"] = {"node": node, "port": port, "message": shown}
        return told


def summary(run: RunTrace) -> dict[str, Any]:
    """A run in a list."""
    first = run.entry or (run.spans[0] if run.spans else None)
    return {
        "trace": run.id,
        "flow": run.flow,
        "entered": run.entry is not None,
        "node": first.node if first is not None else "",
        "port": first.port if first is not None else "",
        "at": int(run.at),
        "duration_ms": _ms(run.ended - run.began) if run.ended is not None else None,
        "state": "running" if run.ended is None else "error" if run.error is not None else "ok",
        "error": run.error.to_json() if run.error is not None else None,
        "spans": len(run.spans),
        "cut": run.is_full,
    }


def _ms(seconds: float) -> float:
    return round(seconds * 1000, 3)
