"""Live entries: what a frame carries of one node or edge (NodeLive and EdgeLive in docs/protocols.md section 3)."""

from typing import Any

Entry = dict[str, Any]


def difference(before: Entry, after: Entry) -> Entry:
    """The keys of ``after`` that are new or have another value; what is no longer there is null."""
    changed = {key: value for key, value in after.items() if key not in before or before[key] != value}
    return changed | {key: None for key in before if key not in after}
