"""How far a node's edits have come: pending, applied, observed, or failed."""

from typing import Any

from editor.cluster.observed import ObservedNode
from editor.push.rows import RowFacts


def push_state(facts: RowFacts, observed: ObservedNode | None) -> dict[str, Any]:
    """The ``push`` entry of the live stream. Observed means: this incarnation, not going away, and its host has
    taken in the generation we wrote."""
    if facts.dirty:
        state = "failed" if facts.problem else "pending"
        return {"state": state, "rev": facts.desired_rev, "problem": facts.problem}
    state = "applied"
    if (
        observed is not None
        and not observed.deleting
        and observed.uid == facts.applied_uid
        and observed.generation >= facts.applied_generation
        and observed.status.observed_generation >= facts.applied_generation
    ):
        state = "observed"
    return {"state": state, "rev": facts.applied_rev, "problem": None}


def drifted(facts: RowFacts, observed: ObservedNode | None) -> bool:
    """Whether the cluster no longer has what we applied, so that the node must be looked at again."""
    if facts.dirty:
        return True
    if observed is None or observed.uid != facts.applied_uid:
        return True
    return observed.generation != facts.applied_generation or not _is_ours(observed.rev, facts.applied_rev)


def _is_ours(rev: str | None, applied: int) -> bool:
    """Whether the revision on the cluster is of what we applied. An edit that came to the same as what was there, such
    as one that was undone, is applied without a write: the revision of the last write stays there."""
    return rev is not None and rev.isdecimal() and int(rev) <= applied


def redrawn(before: ObservedNode | None, now: ObservedNode | None) -> bool:
    """Whether somebody else changed the labels or the drawn annotations: they do not count in ``metadata.generation``,
    and every write of ours to them raises the rev annotation."""
    if before is None or now is None:
        return False
    if (before.uid, before.generation, before.rev) != (now.uid, now.generation, now.rev):
        return False
    return (before.project, before.flow, before.annotations) != (now.project, now.flow, now.annotations)
