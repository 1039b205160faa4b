"""The editor in a real browser, on flows of thousands of nodes, beside Node-RED's in the same run."""

from bench.editor.measure import measure

__all__ = ["measure"]
