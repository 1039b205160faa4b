"""What the live side does when an action has committed. Called in the thread of the action; it only passes on."""

import threading
import uuid
from typing import TYPE_CHECKING, Any

from config.database import shared
from editor import process
from editor.batch import at_end
from projects.models import Change, PageChange

if TYPE_CHECKING:
    from editor.push.rows import Work


class _Committed(threading.local):
    """Changes that this thread has committed and not told of yet."""

    def __init__(self) -> None:
        self.changes: list[Change] = []


_committed = _Committed()


def flow_changed(*, change: Change, **_: Any) -> None:
    """Push the Change and tell the editors."""
    if not process.is_live():
        return
    _committed.changes.append(change)
    at_end(_tell_committed)


def _tell_committed() -> None:
    """Changes that were committed together are pushed together: what is to be pushed is read once."""
    # Imported here: commands and the worker load this app too, and never push.
    from editor.push.rows import READ_AT_ONCE, load_work

    changes, _committed.changes = _committed.changes, []
    by_project: dict[str, list[Change]] = {}
    for change in changes:
        by_project.setdefault(change.project.resource_name, []).append(change)
    for project, own in by_project.items():
        large = any(len(change.ops) > READ_AT_ONCE for change in own)
        # While a round runs it would be out of date before the next begins, which reads for itself; and where other
        # processes push too, one has to be alone with the project to read it.
        work = None if large or shared() or process.is_pushing(project) else load_work(project)
        messages = [(change.flow_id, change.as_message()) for change in own]
        process.on_loop(_flows_changed, project, messages, work, large)


def pages_changed(*, change: PageChange, **_: Any) -> None:
    """Push the pages and tell who looks at them."""
    if not process.is_live():
        return
    project = change.project.resource_name
    process.on_loop(_pages_changed, change.project_id, project, change.as_message())


def project_changed(**_: Any) -> None:
    """Write or remove the resource of a project or flow; close the editors of what is gone, tell others its name."""
    process.on_loop(_project_changed)


def comments_changed(**_: Any) -> None:
    """Hint the editors, here and in other processes, that comments changed."""
    process.on_loop(_comments_changed)


def tests_changed(**_: Any) -> None:
    """Hint the editors, here and in other processes, that tests or what became of them changed."""
    process.on_loop(_tests_changed)


def access_changed(*, user_id: int, **_: Any) -> None:
    """Check the sockets of a person whose rights are others now, or who signed out."""
    process.on_loop(_rights_changed, frozenset({user_id}), frozenset())


def link_revoked(*, link_id: uuid.UUID, **_: Any) -> None:
    """Close the sockets of whoever came by a share link."""
    process.on_loop(_rights_changed, frozenset(), frozenset({link_id}))


def _flows_changed(
    project: str, changes: list[tuple[uuid.UUID, dict[str, Any]]], work: "Work | None", large: bool
) -> None:
    live = process.live_side()
    live.hub.flows_changed(project, changes, work, large=large)
    if live.broadcast is not None:
        live.broadcast.tell()


def _pages_changed(project_id: uuid.UUID, project: str, change: dict[str, Any]) -> None:
    live = process.live_side()
    live.hub.pages_changed(project_id, project, change)
    if any(op["op"] == "delete_page" for op in change["ops"]):
        live.access.flow_gone()
        if live.broadcast is not None:
            live.broadcast.tell_rights(everyone=True)
    if live.broadcast is not None:
        live.broadcast.tell()


def _comments_changed() -> None:
    live = process.live_side()
    live.hub.own(live.hub.comments.catch_up(), "editor comments")
    if live.broadcast is not None:
        live.broadcast.tell()


def _tests_changed() -> None:
    live = process.live_side()
    live.hub.own(live.hub.tests.catch_up(), "editor tests")
    if live.broadcast is not None:
        live.broadcast.tell()


def _project_changed() -> None:
    live = process.live_side()
    live.access.flow_gone()
    live.hub.own(live.hub.tell_titles(), "editor hub: titles")
    if live.broadcast is not None:
        live.broadcast.tell()
        live.broadcast.tell_rights(everyone=True)
    live.hub.own(live.sweep(), "editor sweep after a project changed")


def _rights_changed(users: frozenset[int], links: frozenset[uuid.UUID]) -> None:
    live = process.live_side()
    live.access.changed(users, links)
    if live.broadcast is not None:
        live.broadcast.tell_rights(users, links)
