"""The port `_reconcile` of components that implement the direct interface.

They are handed the node, and change its status by emitting a function on the port: `await output(ctx, "_reconcile",
update)`, where `update(node)` writes texts into `node["status"]["metadata"]`. It is stored under the same rules as
declared state: by the leader only, fenced, ordered by epoch and version. Repeats of an operation are the author's to
recognise.
"""

from __future__ import annotations

import copy
from collections.abc import Awaitable, Callable
from typing import Any

from weirflow.context import Context, new_operation_id
from weirflow.errors import JSON, NotLeader, StateError, problem_of
from weirflow.fields import Model
from weirflow.services import NodeServices
from weirflow.state import StateStore
from weirflow.state_codec import RESTORED_KEY, RUNTIME_KEYS, ListTexts, Seal, StateCodec, Unseal

#: Changes the node it is given: `{"metadata": {"name"}, "status": {"metadata": {key: text}}}`.
Update = Callable[[dict[str, Any]], Any]


class Metadata(Model):
    """The texts of `status.metadata`, those of the runtime left out."""

    texts: dict[str, str] = {}


class MetadataCodec(StateCodec):
    """Texts as they are: nothing is known of them."""

    def __init__(self) -> None:
        super().__init__(Metadata)

    def encode(self, state: Model, lists: ListTexts, seal: Seal) -> dict[str, str]:
        """The texts themselves. Raises `StateError` for what is no text."""
        texts: dict[str, str] = dict(state.texts)  # type: ignore[attr-defined]
        for key, text in texts.items():
            if not isinstance(text, str) or not _is_authors(key):
                raise StateError(f"status.metadata[{key!r}] must be a text, under a key that is not the runtime's")
        return texts

    def is_stored(self, metadata: dict[str, str]) -> bool:
        """Whether there is anything."""
        return bool(metadata)

    def decode(self, metadata: dict[str, str], unseal: Unseal) -> Metadata:
        """The texts themselves."""
        return Metadata(texts={key: text for key, text in metadata.items() if _is_authors(key)})


class ReconcilePort:
    """Delivers the node to one component, and stores what it makes of it."""

    def __init__(self, services: NodeServices, deliver: Callable[[Context, JSON], Awaitable[Any]]) -> None:
        self._services = services
        self._deliver = deliver
        self._due = True
        self._store: StateStore[Metadata] = StateStore(
            MetadataCodec(), services, initial=Metadata, validate=lambda state: state, persistent=lambda: True
        )

    @property
    def store(self) -> StateStore[Metadata]:
        """The texts as a state."""
        return self._store

    def load(self, metadata: dict[str, str]) -> bool:
        """Take up newer texts; the component is handed them before its next message, or by `deliver_due`."""
        newer = self._store.load(metadata)
        self._due |= newer
        return newer

    async def deliver_due(self, ctx: Context) -> None:
        """Hand the component the node if there is something new in it. Raises what the component raises."""
        if self._due:
            self._due = False
            try:
                await self._deliver(ctx, self._node(self._store.value.texts))
            except BaseException:
                self._due = True
                raise

    async def deliver_soon(self) -> None:
        """`deliver_due` outside any message: a failure is shown on the node."""
        try:
            await self.deliver_due(self._services.begin())
        except (Exception, SystemExit) as error:
            self._services.report_error(problem_of(error))

    async def update(self, ctx: Context, update: Update) -> None:
        """Store what `update` changes; nothing is written if it changes nothing. Raises `NotLeader`."""
        if not callable(update):
            raise StateError("emit a function on _reconcile: it is given the node, and changes its status.metadata")
        if not self._services.is_leader(ctx):
            raise NotLeader
        if self._updated(self._store.value.texts, update) == self._store.value.texts:
            return
        own = Context(new_operation_id(), deadline=ctx.deadline, leader=ctx.leader, epoch=ctx.epoch)
        async with self._store.change(own) as state:
            state.texts = self._updated(state.texts, update)

    def _updated(self, texts: dict[str, str], update: Update) -> dict[str, str]:
        node = self._node(copy.copy(texts))
        update(node)
        changed: dict[str, str] = node["status"]["metadata"]
        return changed

    def _node(self, texts: dict[str, str]) -> dict[str, Any]:
        return {"metadata": {"name": self._services.node_name}, "status": {"metadata": texts}}


def _is_authors(key: str) -> bool:
    return key not in RUNTIME_KEYS and key != RESTORED_KEY
