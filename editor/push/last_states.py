"""The state of a node across its deletion: taken from the cluster right before, put back by an undo right after."""

from django.db import transaction
from django.db.models import TextField
from django.db.models.functions import Cast

from projects.models import Change, Kind, Node, Removed

State = dict[str, str]

RESTORED = "state-restored"
"""Key in ``status.metadata``: uid of the object whose restore annotation has been carried out, so that it is never
carried out twice, not even by another process after a crash."""


def newest_state(*candidates: State | None) -> State | None:
    """The one written last, by epoch and version; a later candidate wins over an equal one."""
    best: State | None = None
    for candidate in candidates:
        if candidate and (best is None or _order(candidate) >= _order(best)):
            best = candidate
    return best


def restored(asked: State, current: State, uid: str) -> State | None:
    """What to write into ``status.metadata`` so that ``asked`` is in force; None when that has been done.

    A host may have claimed the new node before us with an initial state of its own epoch. Replicas order states by
    epoch and version, so the restored one takes the newer epoch and a version above both.
    """
    if current.get(RESTORED) == uid:
        return None
    state = {**asked, RESTORED: uid}
    if current:
        epoch = max(_number(asked, "state-epoch"), _number(current, "state-epoch"))
        version = max(_number(asked, "state-version"), _number(current, "state-version") + 1)
        state |= {"state-epoch": str(epoch), "state-version": str(version)}
    return state


@transaction.atomic
def keep_last_state(name: str, state: State) -> bool:
    """Store the state of a node that is about to be deleted. False when an undo wants the node back meanwhile.

    It goes into the Change that deleted the node, where an undo looks for it; what stood there was read when the
    person pressed delete, and the node may have counted on until now.
    """
    removed = Removed.objects.filter(kind=Kind.NODE, resource_name=name).first()
    if removed is None:
        return False
    if state:
        keep_final_state(name, removed.project_name, state)
    return True


@transaction.atomic
def keep_final_state(name: str, project: str, state: State) -> None:
    """Store the last state a deleted node ever had."""
    Node.objects.filter(name=name, dirty=True).update(last_state=state)
    node_id = name.rsplit("-", 1)[-1]
    change = (
        Change.objects.filter(project__resource_name=project)
        .annotate(text=Cast("ops", TextField()))
        .filter(text__contains="delete_node")
        .filter(text__contains=node_id)
        .order_by("-rev")
        .first()
    )
    if change is None:
        return
    for op, before in zip(change.ops, change.before, strict=True):
        if op["op"] == "delete_node" and op["id"] == node_id:
            if newest_state(before.get("last_state"), state) is state:
                before["last_state"] = state
                change.save(update_fields=["before"])
            return


def _order(state: State) -> tuple[int, int]:
    return _number(state, "state-epoch"), _number(state, "state-version")


def _number(state: State, key: str) -> int:
    text = str(state.get(key, ""))
    return int(text) if text.isdecimal() else 0
