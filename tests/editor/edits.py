"""Edits as a browser makes them, straight to the actions on the database thread."""

import random
import string
import uuid
from typing import Any

from django.contrib.auth.models import User

from editor.cluster.modules import ActionCatalogue
from editor.database import in_database
from editor.process import LiveSide
from projects.actions import do_apply_changes, do_undo
from projects.models import Change, Flow, Node, Removed


def new_id() -> str:
    return "n" + "".join(random.choices(string.ascii_lowercase + string.digits, k=11))


class Editor:
    """One person at one flow."""

    def __init__(self, live: LiveSide, person: User, flow: Flow) -> None:
        self.live, self.person, self.flow = live, person, flow
        self.catalogue: ActionCatalogue | None = None

    async def edit(self, *ops: dict[str, Any]) -> Change:
        def apply() -> Change:
            flow = Flow.objects.get(pk=self.flow.pk)
            self.catalogue = self.live.hub.catalogue() or self.catalogue
            assert self.catalogue is not None
            return do_apply_changes(self.person, flow, flow.rev, list(ops), uuid.uuid4().hex, self.catalogue)

        return await in_database(apply)

    async def undo(self, rev: int) -> Change:
        return await in_database(do_undo, self.person, self.flow, rev, uuid.uuid4().hex)

    async def add(self, component: str = "counter", **fields: Any) -> str:
        node_id = new_id()
        place = {"op": "add_node", "id": node_id, "module": "test-v1", "component": component, "x": 0, "y": 0}
        await self.edit({**place, **fields})
        return node_id

    async def wire(self, source: str, target: str, mapping: dict[str, Any] | None = None) -> str:
        edge_id = str(uuid.uuid4())
        await self.edit(edge(edge_id, source, target, mapping))
        return edge_id

    async def name(self, node_id: str) -> str:
        return (await in_database(Node.objects.get, pk=node_id)).name

    async def settled(self) -> bool:
        """Whether nothing is left to push."""

        def clean() -> bool:
            dirty = Node.objects.filter(flow=self.flow, dirty=True).exists()
            return not dirty and not Removed.objects.exists()

        return await in_database(clean)


def edge(edge_id: str, source: str, target: str, mapping: dict[str, Any] | None = None) -> dict[str, Any]:
    ends = {"source": source, "source_port": "out", "target": target, "target_port": "in"}
    return {"op": "add_edge", "id": edge_id, **ends, "mapping": mapping or {}}
