"""Carrying out one step for one node with the cluster client."""

from typing import TYPE_CHECKING

import orjson

from editor.cluster.observed import observe
from editor.database import in_database
from editor.push.desired import DesiredNode
from editor.push.last_states import keep_last_state, newest_state, restored
from editor.push.step import Amend, Create, Delete, Restore, Step
from weirflow.kube.errors import AlreadyExists, Conflict, Invalid, NotFound
from weirflow.kube.resources import ANNOTATION_RESTORE, TINY_NODE, Object

if TYPE_CHECKING:
    from editor.push.pusher import Pusher

MAX_RESTORE_ANNOTATION = 192 * 1024
"""Bytes; the API server allows 256 KiB for all annotations of an object together."""


class Drift(Exception):
    """The node was not as observed; it has been read again, so plan anew."""


class Undone(Exception):
    """A node that was to be deleted is wanted again; the next round reads its row."""


async def perform(step: Step, name: str, desired: DesiredNode | None, pusher: "Pusher") -> None:
    """Do it. Raises ``Drift`` when the node has to be looked at again, else what the cluster raises."""
    match step:
        case Create() if desired is not None:
            await _create(step, desired, pusher)
        case Restore():
            await _restore(name, desired, pusher)
        case Amend():
            await _amend(step, name, pusher)
        case Delete():
            await _delete(step, name, pusher)


async def _create(step: Create, desired: DesiredNode, pusher: "Pusher") -> None:
    state = newest_state(desired.restore, pusher.last_states.get(desired.name))
    # No wire before the state is back: a message must not meet the component with its initial value.
    edges = () if state else step.edges
    try:
        pusher.view.wrote(
            await pusher.cluster.create(TINY_NODE, desired.new_object(edges, _annotation(state) if state else ""))
        )
    except (AlreadyExists, Conflict) as error:
        await read_again(desired.name, pusher)
        raise Drift from error


async def _restore(name: str, desired: DesiredNode | None, pusher: "Pusher") -> None:
    try:
        live = await pusher.cluster.get(TINY_NODE, name)
        metadata = live["metadata"]
        annotation = (metadata.get("annotations") or {}).get(ANNOTATION_RESTORE)
        if annotation is not None:
            asked = newest_state(_read(annotation), desired.restore if desired else None, pusher.last_states.get(name))
            state = restored(asked or {}, (live.get("status") or {}).get("metadata") or {}, metadata["uid"])
            if state is not None:
                guard = {"resourceVersion": metadata["resourceVersion"]}
                live = await pusher.cluster.patch_status(
                    TINY_NODE, name, {"metadata": guard, "status": {"metadata": state}}
                )
            path = "/metadata/annotations/" + ANNOTATION_RESTORE.replace("/", "~1")
            live = await pusher.cluster.patch(
                TINY_NODE,
                name,
                [
                    {"op": "test", "path": "/metadata/uid", "value": metadata["uid"]},
                    {"op": "test", "path": path, "value": annotation},
                    {"op": "remove", "path": path},
                ],
                kind="json",
            )
        pusher.view.wrote(live)
        pusher.last_states.pop(name, None)
    except (Conflict, Invalid, NotFound) as error:
        await read_again(name, pusher)
        raise Drift from error


async def _amend(step: Amend, name: str, pusher: "Pusher") -> None:
    try:
        pusher.view.wrote(await pusher.cluster.patch(TINY_NODE, name, step.patch, kind="json"))
    except (Conflict, NotFound) as error:
        await read_again(name, pusher)
        raise Drift from error
    except Invalid as error:
        live = await read_again(name, pusher)
        # A failed test and a refused value are the same answer; only the object tells them apart.
        if live is None:
            raise Drift from error
        now = observe(live)
        if (step.seen.uid, step.seen.generation, step.seen.rev) != (now.uid, now.generation, now.rev):
            raise Drift from error
        raise


async def _delete(step: Delete, name: str, pusher: "Pusher") -> None:
    live = await read_again(name, pusher)
    if live is None or live["metadata"].get("uid") != step.uid:
        raise Drift
    state = (live.get("status") or {}).get("metadata") or {}
    if state:
        pusher.remember_state(name, state)
    if not await in_database(keep_last_state, name, state):
        raise Undone
    try:
        answer = await pusher.cluster.delete(TINY_NODE, name, uid=step.uid)
    except NotFound:
        pusher.view.gone(name, step.uid)
        return
    except Conflict as error:
        await read_again(name, pusher)
        raise Drift from error
    if answer.get("kind") == TINY_NODE.kind:
        await read_again(name, pusher)
    else:
        pusher.view.gone(name, step.uid)


async def read_again(name: str, pusher: "Pusher") -> Object | None:
    """The node as the cluster has it now, for the view too; None when there is none."""
    try:
        live = await pusher.cluster.get(TINY_NODE, name)
    except NotFound:
        pusher.view.gone(name, "")
        return None
    pusher.view.wrote(live)
    return live


def _annotation(state: dict[str, str]) -> str:
    text = orjson.dumps(state).decode()
    if len(text.encode()) <= MAX_RESTORE_ANNOTATION:
        return text
    return orjson.dumps({key: value for key, value in state.items() if len(value) <= 1024}).decode()


def _read(annotation: str) -> dict[str, str] | None:
    try:
        state = orjson.loads(annotation)
    except orjson.JSONDecodeError:
        return None
    return {str(k): str(v) for k, v in state.items()} if isinstance(state, dict) else None
