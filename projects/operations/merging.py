"""Two people who change different fields of one mapping at the same time: both stand.

A mapping travels as a whole. Whoever sends one has not seen what others changed since the revision it was made on;
without a merge their fields would go back, and nobody would have wanted it. The same field takes the later word, as
everywhere.
"""

from typing import Any

from projects.models import Change, Edge, Flow
from projects.operations.documents import ABSENT, same


def merged_mapping(flow: Flow, base_rev: int, edge: Edge, sent: dict[str, Any]) -> dict[str, Any]:
    """`sent`, with what others changed in other fields since `base_rev`.

    Reads the log only when the wire has been touched since. Where the log has been trimmed, `sent` counts as it is.
    """
    if edge.rev <= base_rev:
        return sent
    later = Change.objects.filter(flow=flow, rev__gt=base_rev).order_by("rev").only("ops", "before")
    for change in later.iterator(chunk_size=50):
        for op, was in zip(change.ops, change.before, strict=True):
            if op["op"] == "set_mapping" and op["id"] == str(edge.pk):
                merged = _merged(was["mapping"], sent, edge.mapping)
                return merged if isinstance(merged, dict) else sent
    return sent


def _merged(base: Any, sent: Any, current: Any) -> Any:
    """Field by field: what was changed in `sent` counts, else what stands."""
    if same(sent, base):
        return current
    if not (isinstance(base, dict) and isinstance(sent, dict) and isinstance(current, dict)):
        return sent
    merged: dict[str, Any] = {}
    for key in [*current, *(key for key in sent if key not in current)]:
        value = _merged(base.get(key, ABSENT), sent.get(key, ABSENT), current.get(key, ABSENT))
        if value is not ABSENT:
            merged[key] = value
    return merged
