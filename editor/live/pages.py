"""The live side of open dashboard pages: each is a flow of its own on the board, of the nodes that its widgets show."""

import logging
import uuid
from collections.abc import Callable, Coroutine, Iterator
from typing import Any

from editor.database import in_database
from editor.live import page_rows
from editor.live.board import Board, Find
from editor.live.flow import LiveFlow, Merged
from editor.live.visitors import MESSAGES, Told

log = logging.getLogger(__name__)

Own = Callable[[Coroutine[Any, Any, Any], str], None]


class LivePage(LiveFlow):
    """``rev`` is that of the whole dashboard's document: whoever looks at one page hears of changes of all."""

    whole_controls = True

    def __init__(self, page_id: uuid.UUID, project_id: uuid.UUID, merged: Merged | None = None) -> None:
        super().__init__(page_id, "", -1, merged)
        self.project_id = project_id
        self.shown: set[str] = set()
        """Ids of the nodes that its widgets show, those that are gone too."""

    def told(self, message: dict[str, Any]) -> Told:
        """Changes are of the whole dashboard: visitors, who see one page of it, are told to read that anew."""
        instead = {"t": "nodes"} if message["t"] in ("change", "changes") else None
        # What its widgets show are the controls.
        return Told(message, instead, hidden=MESSAGES)


class LivePages:
    """Keeps open pages in step with changes of their widgets, and of the nodes that these show."""

    def __init__(self, board: Board, find: Find, own: Own) -> None:
        self._board, self._find, self._own = board, find, own

    def open_pages(self) -> Iterator[LivePage]:
        """All that somebody looks at."""
        for flow in list(self._board.flows.values()):
            if isinstance(flow, LivePage):
                yield flow

    def changed(self, project_id: uuid.UUID, change: dict[str, Any]) -> None:
        """A change of pages was committed: tell all that look at the dashboard, and watch what is new on it."""
        for page in self.open_pages():
            if page.project_id == project_id and change["rev"] > page.rev:
                page.publish_change(change)
                self._own(self.refresh(page), "editor page refresh")

    def flow_changed(self, change: dict[str, Any]) -> None:
        """A flow was edited: who looks at a node of it hears that its name, or that it is there, may be another."""
        touched = {op.get("id") for op in change["ops"]}
        for page in self.open_pages():
            if touched & page.shown:
                page.tell({"t": "nodes"})
                self._own(self.refresh(page), "editor page refresh")

    async def refresh(self, page: LivePage) -> None:
        """Watch the nodes that the page's widgets show now, and no others."""
        opened = await in_database(page_rows.open_page, page.id)
        if opened is None or self._board.flows.get(page.id) is not page:
            return
        page.shown = opened.shown
        self._board.set_nodes(page, opened.nodes, opened.shown, self._find)

    async def catch_up(self) -> None:
        """Tell of changes that other processes committed."""
        revs = {page.project_id: page.rev for page in self.open_pages() if page.rev >= 0}
        if not revs:
            return
        for project_id, changes in (await in_database(page_rows.missed_page_changes, revs)).items():
            for change in changes:
                self.changed(project_id, change)
